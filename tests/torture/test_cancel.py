"""Ctrl-C and SIGTERM in the middle: over at once, nothing half done, nothing left lying about."""

import os
import shutil
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
from tests.torture.scenario import big_orders
from tests.torture.stage import look, run, said, started
from tests.torture.state import Seen, leftovers

SIGNALS = {signal.SIGINT: 130, signal.SIGTERM: 143}
AT_ONCE = 2.0
ORDERS = 20_000
TIMES = 1
COMMANDS = {
    "load": ("load", "big.csv", "--yes", "-w", "shop"),
    "refresh": ("refresh", "-w", "shop"),
    "report": ("report", "-w", "shop", "--to", "report.html"),
}
CANCELLED = (
    ("load", signal.SIGINT), ("refresh", signal.SIGINT), ("refresh", signal.SIGTERM),
    ("report", signal.SIGTERM),
)  # fmt: skip


@pytest.fixture(scope="module")
def shop(life, tmp_path_factory):
    """A shop with enough in it for each step to take a while."""
    folder = shutil.copytree(life.case("save").before, tmp_path_factory.mktemp("big") / "case")
    big_orders(folder / "big.csv", ORDERS)
    return folder


@pytest.fixture(scope="module")
def loaded(shop):
    """The same, loaded."""
    folder = shutil.copytree(shop, shop.with_name("loaded"))
    ended = run(folder, "load", "big.csv", "--yes", "-w", "shop")
    assert ended.code == 0, ended
    return folder


@dataclass(frozen=True)
class Undisturbed:
    """A command on a folder, how long it takes, and what is shown before and after it."""

    argv: tuple[str, ...]
    before: Path
    seconds: float
    old: Seen
    new: Seen


@pytest.fixture(scope="module")
def undisturbed(request, tmp_path_factory):
    """A command that nobody cancels."""
    argv = COMMANDS[request.param]
    before = request.getfixturevalue("shop" if request.param == "load" else "loaded")
    folder = tmp_path_factory.mktemp("undisturbed")
    whole = shutil.copytree(before, folder / "whole")
    began = time.perf_counter()
    assert run(whole, *argv).code == 0
    seconds = time.perf_counter() - began
    old, new = look(shutil.copytree(before, folder / "old") / "shop"), look(whole / "shop")
    return Undisturbed(argv, before, seconds, old, new)


@pytest.mark.parametrize(
    ("undisturbed", "number"), CANCELLED, indirect=["undisturbed"], scope="module"
)
def test_a_cancelled_command_ends_at_once_and_can_be_run_again(undisturbed, tmp_path, number):
    argv, before, seconds = undisturbed.argv, undisturbed.before, undisturbed.seconds
    old, new, draw = undisturbed.old, undisturbed.new, Random(number)
    for turn in range(TIMES):
        folder = shutil.copytree(before, tmp_path / f"{turn}")
        with started(folder, *argv) as process:
            process.join(seconds * draw.uniform(0.1, 0.8))
            asked = time.perf_counter()
            if process.is_alive():
                os.kill(process.pid, number)
            process.join(60)
            took = time.perf_counter() - asked
        assert process.exitcode in {SIGNALS[number], 0, -number}, said(folder)
        assert took < AT_ONCE + seconds / 2, f"it went on for {took:.1f} of {seconds:.1f} s"
        assert leftovers(folder) == []
        assert list((folder / "temporary").iterdir()) == []
        assert look(folder / "shop").answers in (old.answers, new.answers)
        assert run(folder, *argv).code == 0
        assert look(folder / "shop").answers == new.answers
