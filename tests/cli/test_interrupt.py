"""Ctrl-C stops the engine at once, and nothing half done remains."""

import os
import signal
import subprocess
import sys

import pytest

WAITING = """
from pathlib import Path
import typer
from segmentry.cli.main import app, main
from segmentry.cli.session import opened

@app.command()
def wait():
    with opened(Path({folder!r})) as workspace, workspace.engine.transaction():
        workspace.engine.execute("CREATE TABLE half_done (a INTEGER)")
        print("waiting", flush=True)
        workspace.engine.rows("SELECT count(*) FROM range(1000000) a, range(1000000) b"
                              " WHERE a.range * b.range % 7 = 3")

import sys
sys.argv = ["segmentry", "wait"]
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent differently there")
def test_an_interrupt_ends_a_running_statement(own_shop):
    process = subprocess.Popen(
        [sys.executable, "-c", WAITING.format(folder=str(own_shop))],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "waiting\n"
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert said == "error[stopped]: stopped; nothing half done remains.\n"
    assert process.returncode == 130
    from segmentry.workspace.workspace import Workspace

    with Workspace.open(own_shop) as workspace:
        assert "half_done" not in workspace.engine.tables()


def test_what_goes_wrong_because_of_a_signal_is_not_told_as_a_fault(run, shop, monkeypatch):
    """Tidying up in a transaction that was cut off fails too; the person asked to stop."""
    from segmentry.cli import refresh
    from segmentry.core.errors import EngineError

    def cut_off(*_):
        try:
            os.kill(os.getpid(), signal.SIGTERM)
        finally:
            raise EngineError("the database refused: current transaction is aborted")

    monkeypatch.setattr(refresh, "instant_of", cut_off)
    result = run("refresh", "-w", shop)
    assert result.exit_code == 143
    assert result.stderr == "error[stopped]: stopped; nothing half done remains.\n"
    assert run("runs", "-w", shop).exit_code == 0
