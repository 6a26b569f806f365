"""One process has a workspace at a time; the others wait, or are told which."""

import subprocess
import sys
from datetime import datetime

import pytest

from segmentry.core.errors import BusyError, EngineError
from segmentry.workspace import hold
from segmentry.workspace.hold import FILE, Caller, Hold
from segmentry.workspace.workspace import Workspace

HOLDING = """
import sys
from datetime import datetime
from pathlib import Path
from segmentry.workspace.hold import Caller, Hold
held = Hold(Path(sys.argv[1]), Caller("segmentry refresh"), lambda: datetime(2026, 11, 1, 12))
print("held", flush=True)
sys.stdin.read()
"""
NOON = datetime(2026, 11, 1, 12)


@pytest.fixture
def other(tmp_path):
    """Another process that has the folder until its input ends."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_the_second_process_is_told_who_holds_it(tmp_path, other):
    with pytest.raises(BusyError, match=r"segmentry refresh.*since 12:00:00 UTC") as caught:
        Hold(tmp_path, Caller(), lambda: NOON)
    assert (caught.value.details["process"], caught.value.exit_code) == (other.pid, 4)
    assert hold.holder(tmp_path) == hold.Holder(other.pid, "segmentry refresh", NOON)


def test_the_second_process_waits_and_then_has_it(tmp_path, other):
    def told(holder):
        assert holder.process == other.pid
        other.stdin.close()

    Hold(tmp_path, Caller(wait_seconds=60, waiting=told), lambda: NOON).close()


def test_a_dead_process_stops_nobody(tmp_path, other):
    other.kill()
    other.wait()
    assert (tmp_path / FILE).stat().st_size > 0
    assert hold.holder(tmp_path) is None
    Hold(tmp_path, Caller(), lambda: NOON).close()


def test_one_process_may_have_it_twice(tmp_path):
    first, second = (Hold(tmp_path, Caller(), lambda: NOON) for _ in range(2))
    first.close()
    assert hold.holder(tmp_path).since == NOON
    second.close()
    assert hold.holder(tmp_path) is None


def test_what_cannot_be_opened_lets_go(tmp_path):
    Workspace.create(tmp_path / "shop").close()
    (tmp_path / "shop" / "warehouse.duckdb").write_bytes(b"garbage" * 1000)
    with Workspace.open(tmp_path / "shop") as shop:
        for _ in range(2):
            with pytest.raises(EngineError, match="cannot open"):
                assert shop.engine
            assert hold.holder(shop.folder) is None


def test_a_run_whose_process_died_is_interrupted(tmp_path):
    with Workspace.create(tmp_path / "shop") as shop:
        with shop.catalogue.runs.run("refresh", "2026-11-01", shop.clock):
            dead = Workspace.open(shop.folder)
            assert dead.catalogue.runs.latest()[0]["status"] == "interrupted"
            assert shop.engine.value("SELECT 1") == 1
        assert shop.catalogue.runs.latest()[0]["status"] == "done"
        assert shop.engine
        with shop.catalogue.runs.run("refresh", "2026-11-01", shop.clock):
            assert shop.catalogue.runs.latest()[0]["status"] == "running"
        dead.close()
