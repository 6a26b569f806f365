"""Some weeks in the life of a small shop; every step of it is killed, starved and cancelled."""

from __future__ import annotations

import csv
import random
import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from fcntl import LOCK_EX, flock
from functools import cached_property
from pathlib import Path

from tests.torture.stage import Point, look, points, run
from tests.torture.state import Seen

FIRST = datetime(2024, 1, 1, 8)
DAYS = 70
"""How long it sold before its last file: three points of history."""
RULE = "frequency >= 3 AND recency_days <= 60"


@dataclass(frozen=True)
class Step:
    """A command.

    Args:
        again: Whether the same command once more gives the same state; else it may refuse.
    """

    name: str
    argv: tuple[str, ...]
    again: bool = True


def _step(name: str, *argv: str, again: bool = True) -> Step:
    return Step(name, (*argv, "-w", "shop"), again)


STEPS = (
    Step("init", ("init", "shop", "--timezone", "Europe/Kyiv"), again=False),
    _step("load", "load", "orders.csv", "--yes"),
    _step("load people", "load", "customers.csv", "--yes"),
    _step("save", "segments", "save", "regulars", RULE),
    _step("refresh", "refresh"),
    _step("list", "lists", "add", "wholesale", "list.csv", again=False),
    _step(
        "include", "segments", "include", "regulars", "C001", "--reason", "a friend", again=False
    ),
    _step("find", "duplicates", "find"),
    _step("merge", "duplicates", "merge", "--at-least", "0.9"),
    _step("load corrected", "load", "corrected.csv", "--yes"),
    _step("refresh rebuilt", "refresh"),
    _step("load later", "load", "later.csv", "--yes"),
    _step("refresh later", "refresh"),
    _step("apply", "apply", "definitions", "--yes"),
    _step("freeze", "lists", "snapshot", "frozen", "--segment", "regulars", again=False),
    _step("report", "report", "--to", "report.html"),
    _step("export", "export", "members", "regulars", "--to", "regulars.csv"),
    _step("workbook", "export", "features", "--to", "features.xlsx"),
    _step("definitions", "export", "definitions", "out"),
)
NAMES = [each.name for each in STEPS]


class Life:
    """The states of a shop before and after each step, made once; nothing disturbed them.

    Several processes may share the folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def case(self, name: str) -> Case:
        """A step with the states around it; makes those that are not there yet, one at a time."""
        number = NAMES.index(name)
        with (self._folder / "making").open("w") as file:
            flock(file, LOCK_EX)
            return Case(STEPS[number], self._before(number), self._before(number + 1))

    def _before(self, number: int) -> Path:
        folder = self._folder / f"{number}"
        if folder.exists():
            return folder
        if number == 0:
            write_files(folder)
            return folder
        making = self._folder / f"{number}.making"
        shutil.rmtree(making, ignore_errors=True)
        shutil.copytree(self._before(number - 1), making)
        ended = run(making, *STEPS[number - 1].argv)
        assert ended.code == 0, ended
        making.rename(folder)
        return folder


@dataclass(frozen=True)
class Case:
    """A step, and folders as they were before it and after it; not to be changed."""

    step: Step
    before: Path
    after: Path

    @cached_property
    def old(self) -> Seen:
        """What was shown before."""
        return self._look(self.before)

    @cached_property
    def new(self) -> Seen:
        """What is shown afterwards."""
        return self._look(self.after)

    def points(self, scratch: Path) -> list[Point]:
        """Every moment at which the step may be killed."""
        folder = self.copy(scratch)
        found, ended = points(folder, *self.step.argv)
        assert ended.code == 0, ended
        shutil.rmtree(folder)
        return found

    def copy(self, scratch: Path) -> Path:
        """A folder as it was before the step, to be changed."""
        return Path(shutil.copytree(self.before, scratch / "case"))

    def _look(self, folder: Path) -> Seen:
        with tempfile.TemporaryDirectory() as looked:
            return look(Path(shutil.copytree(folder, looked, dirs_exist_ok=True)) / "shop")


def write_files(folder: Path) -> None:
    """The files that the shop loads."""
    (folder / "temporary").mkdir(parents=True)
    draw = random.Random(5)
    orders = [_order(draw, number, FIRST, DAYS) for number in range(400)]
    wrong = [[*orders[0][:3], "a lot", "web"], ["O9999", "C001", "soon", "1", "web"]]
    header = ["order_id", "customer_id", "ordered_at", "amount", "channel"]
    _csv(folder / "orders.csv", header, [*orders[1:], *wrong])
    corrected = [[*each[:3], "1.00", each[4]] for each in orders[5:40]]
    _csv(folder / "corrected.csv", header, corrected)
    later = [_order(draw, 1000 + each, FIRST + timedelta(days=DAYS), 3) for each in range(12)]
    _csv(folder / "later.csv", header, later)
    people = [_person(number) for number in range(1, 61)]
    _csv(folder / "customers.csv", ["customer_id", "first_name", "last_name", "email"], people)
    _csv(folder / "list.csv", ["customer_id"], [[f"C{each:03}"] for each in range(1, 9)])
    definitions = folder / "definitions"
    (definitions / "segments").mkdir(parents=True)
    for name, least in (("often", 4), ("seldom", 1)):
        text = f"rule: |\n  frequency <= {least}\nlabel: {name.title()}\n"
        (definitions / "segments" / f"{name}.yaml").write_text(text)
    (definitions / "parameters.yaml").write_text("rfm: {lost_after_days: 60}\n")


def big_orders(path: Path, count: int) -> None:
    """A file of so many orders of a few thousand customers."""
    draw = random.Random(7)
    header = ["order_id", "customer_id", "ordered_at", "amount", "channel"]
    rows = []
    for number in range(count):
        moment = FIRST + timedelta(minutes=draw.randrange(365 * 1440))
        customer = f"B{draw.randrange(count // 20):05}"
        rows.append([f"P{number}", customer, moment.isoformat(sep=" "), "9.50", "web"])
    _csv(path, header, rows)


def _order(draw: random.Random, number: int, first: datetime, days: int) -> list[str]:
    customer = min(int(draw.paretovariate(1.1) * 4), 60)
    moment = first + timedelta(minutes=draw.randrange(days * 1440))
    amount, channel = f"{draw.uniform(5, 200):.2f}", draw.choice(["web", "shop"])
    return [f"O{number:04}", f"C{customer:03}", moment.isoformat(sep=" "), amount, channel]


def _person(number: int) -> list[str]:
    """Every tenth is the one before it again."""
    who = number - 1 if number % 10 == 0 else number
    return [f"C{number:03}", f"Olena{who}", f"Koval{who}", f"olena{who}@shop.test"]


def _csv(path: Path, header: list[str], rows: list[list[str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
