"""The same workspace on every engine: the same customers, groups, members and history."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.engines.servers import NotInstalledError
from tests.engines.start import ENGINES, address, for_few_rows
from tests.workspace.conftest import CLOCK, START, Frames, frames, things

from segmentry.workspace.workspace import Workspace

PEOPLE = range(60)
DAYS = 130
SEGMENTS = {
    "regulars": "frequency >= 3",
    "sleeping": "in_segment('regulars') AND NOT any(orders, last => '60 days')",
    "tea": "share(order_lines.net_amount, where => category = 'tea') > 0.3 OR city = 'Łódź'",
    "path": "sequence(events, 'page_view', 'add_to_cart', within => '30 days')",
    "unlike": "city <> 'Kyiv' AND NOT last(orders.channel) = 'web'",
    "chance": "random_share('a') < 0.5",
}
OTHERS = [name for name in ENGINES if name != "duckdb"]


def first_load() -> Frames:
    return {**things(PEOPLE), **frames(7, START, DAYS, PEOPLE)}


def next_day() -> Frames:
    return frames(8, START + timedelta(days=DAYS), 1, PEOPLE, mark="n")


@contextmanager
def shop(folder: Path, engine: str) -> Iterator[Workspace]:
    """A shop with saved segments, refreshed on its first data."""
    with Workspace.create(folder, timezone="Europe/Kyiv", engine=engine) as made:
        made.clock = lambda: CLOCK
        made.load(**first_load())
        for name, rule in SEGMENTS.items():
            made.segment(name, rule)
        with for_few_rows(made.warehouse.engine):
            made.refresh(START + timedelta(days=DAYS))
            yield made


def customers(workspace: Workspace, when: datetime) -> dict[str, Any]:
    """Every feature and group of every customer, and the members of every segment."""
    members = {name: workspace.segment(name).members(when).to_arrow() for name in SEGMENTS}
    return {
        "table": workspace.table(when).to_arrow().to_pylist(),
        "members": {name: rows.to_pylist() for name, rows in members.items()},
        "available": [each.name for each in workspace.methods(when) if each.available],
        "history": {name: workspace.segment(name).history() for name in SEGMENTS},
    }


def answers(workspace: Workspace, when: datetime) -> dict[str, Any]:
    """What it says when it is asked; the text of a query is the engine's own."""
    preview = asdict(workspace.preview(SEGMENTS["tea"], when))
    return {
        "preview": {name: value for name, value in preview.items() if name != "sql"},
        "groups": {name: asdict(workspace.divide(name, when)) for name in ("rfm", "lifecycle")},
        "why": asdict(workspace.customer("c1", SEGMENTS["sleeping"], when)),
        "effect": asdict(workspace.effect(SEGMENTS["regulars"], SEGMENTS["tea"], when)),
    }


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What DuckDB says: after the first refresh, as of a past day, after the next day's data."""
    with shop(tmp_path_factory.mktemp("shop") / "duckdb", "duckdb") as made:
        return list(story(made))


def story(workspace: Workspace) -> Iterator[dict[str, Any]]:
    """What a workspace says as time goes on."""
    end = START + timedelta(days=DAYS)
    yield customers(workspace, end) | answers(workspace, end)
    yield answers(workspace, START + timedelta(days=DAYS // 2))
    workspace.load(**next_day())
    workspace.refresh(end + timedelta(days=1))
    yield customers(workspace, end + timedelta(days=1))


@pytest.mark.parametrize("name", OTHERS)
def test_every_engine_says_the_same(
    name: str, expected: list[dict[str, Any]], tmp_path: Path
) -> None:
    try:
        with address(name) as engine, shop(tmp_path / "shop", engine) as made:
            assert made.customers().engine is not made.engine
            for step, (found, wanted) in enumerate(zip(story(made), expected, strict=True)):
                for part, value in found.items():
                    assert value == wanted[part], (name, step, part)
    except NotInstalledError as error:
        pytest.skip(str(error))


@pytest.mark.parametrize("name", [name for name in OTHERS if name != "spark"])
def test_what_nobody_reads_is_not_kept_and_computed_when_asked_for(
    name: str, tmp_path: Path
) -> None:
    when = START + timedelta(days=DAYS)
    try:
        with address(name) as engine, shop(tmp_path / "shop", engine) as made:
            everything = customers(made, when)
            assert {"season_group", "city"} <= made.customers(when).source.ready
            made.settings = made.settings.model_copy(update={"features": "used"})
            made.refresh(when)
            kept = made.customers(when).source.ready
            assert {"frequency", "rfm_group", "city"} <= kept
            assert "season_group" not in kept
            assert customers(made, when) == everything
    except NotInstalledError as error:
        pytest.skip(str(error))
