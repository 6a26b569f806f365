"""A small shop on disk, and a way to run commands on it."""

from __future__ import annotations

import csv
import json
import random
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from segmentry.cli.main import app

Run = Callable[..., Result]
AS_OF = "2024-07-01"


@pytest.fixture(scope="session")
def run() -> Run:
    """Run a command line in this process."""

    def invoke(*args: object, **more: Any) -> Result:
        result = CliRunner().invoke(
            app, [str(each) for each in args], prog_name="segmentry", **more
        )
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return invoke


@pytest.fixture(scope="session")
def answer(run: Run) -> Callable[..., Any]:
    """Run a command with `--json`; what it printed, read back."""

    def ask(*args: object, code: int = 0) -> Any:
        result = run(*args, "--json")
        assert result.exit_code == code, result.output
        return json.loads(result.stdout)

    return ask


Write = Callable[[str, str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a text into a new file."""

    def written(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return written


@pytest.fixture
def empty_shop(tmp_path: Path, run: Run) -> Path:
    """A workspace without data."""
    run("init", tmp_path / "empty")
    return tmp_path / "empty"


def write_csv(path: Path, header: list[str], rows: list[list[object]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
    return path


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with orders.csv and customers.csv: 80 customers, half a year."""
    folder = tmp_path_factory.mktemp("files")
    choose = random.Random(5)
    first = datetime(2024, 1, 1, 8)
    orders: list[list[object]] = []
    for number in range(600):
        customer = min(int(choose.paretovariate(1.1) * 4), 80)
        moment = first + timedelta(days=choose.random() * 181)
        orders.append(
            [f"O{number:04}", f"C{customer:03}", moment.strftime("%Y-%m-%d %H:%M:%S"),
             f"{choose.uniform(5, 200):.2f}", choose.choice(["web", "shop"])]
        )  # fmt: skip
    write_csv(
        folder / "orders.csv",
        ["order_id", "customer_id", "ordered_at", "amount", "channel"],
        orders,
    )
    people: list[list[object]] = [
        [f"C{number:03}", choose.choice(["UA", "PL", ""]), choose.choice(["f", "m"])]
        for number in range(1, 81)
    ]
    write_csv(folder / "customers.csv", ["customer_id", "country", "sex"], people)
    return folder


@pytest.fixture(scope="session")
def shop(files: Path, tmp_path_factory: pytest.TempPathFactory, run: Run) -> Path:
    """A workspace with the files loaded, two segments saved, refreshed. Not to be changed."""
    folder = tmp_path_factory.mktemp("work") / "shop"
    steps = (
        ("init", folder, "--currency", "UAH", "--timezone", "Europe/Kyiv"),
        ("load", files / "orders.csv", files / "customers.csv", "-w", folder, "--yes"),
        ("segments", "save", "regulars", "frequency >= 3", "-w", folder, "--label", "Regulars"),
        ("segments", "save", "abroad", "country = 'PL' AND in_segment('regulars')", "-w", folder),
        ("refresh", "-w", folder, "--as-of", AS_OF),
    )
    for step in steps:
        result = run(*step)
        assert result.exit_code == 0, result.output
    return folder


@pytest.fixture
def own_shop(shop: Path, tmp_path: Path) -> Path:
    """A copy of the shop that a test may change."""
    return Path(shutil.copytree(shop, tmp_path / "shop"))
