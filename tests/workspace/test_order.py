"""Order does not matter: any shuffle, repetition and lateness of records gives the same bytes."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from tests.language.test_time import moment
from tests.workspace.conftest import CLOCK, START, frames, things
from tests.workspace.content import content

from segmentry.workspace.workspace import Workspace

SHUFFLES = int(os.environ.get("SEGMENTRY_SHUFFLES", "2"))
"""How many are drawn: as many as take half a minute; `make shuffle` draws 200."""
DAYS = 110
WHEN = "2025-05-15"
CUSTOMERS = range(24)
SEGMENTS = {
    "buyers": "frequency >= 2",
    "tea": "any(order_lines, where => category = 'tea', last => '90 days')",
    "readers": "last(survey_answers.answer, where => question = 'read') = 'yes'",
    "dear": "average_order_amount > base_median(average_order_amount)",
}
Row = dict[str, object]
Piece = tuple[str, list[Row]]


def surveys(seed: int) -> dict[str, pa.Table]:
    """Answers, consents, costs and companies."""
    draw = random.Random(seed)
    at = [START + timedelta(minutes=draw.randrange(DAYS * 1440)) for _ in range(60)]
    who = [f"c{draw.randrange(30)}" for _ in at]
    return {
        "survey_answers": pa.table(
            {
                "answer_id": [f"a{number}" for number in range(60)],
                "customer_id": who,
                "answered_at": at,
                "survey": [draw.choice(("spring", "autumn")) for _ in at],
                "question": [draw.choice(("read", "travel")) for _ in at],
                "answer": [draw.choice(("yes", "no", "3", None)) for _ in at],
            }
        ),
        "consents": pa.table(
            {
                "consent_id": [f"k{number}" for number in range(60)],
                "customer_id": who,
                "recorded_at": at[::-1],
                "channel": [draw.choice(("email", "sms")) for _ in at],
                "purpose": [draw.choice(("offers", "survey")) for _ in at],
                "given": [draw.random() < 0.6 for _ in at],
            }
        ),
    }


EVERYTHING = things(CUSTOMERS) | frames(1, START, DAYS, range(4, 30)) | surveys(2)
SEVENTHS = {"events": "duration_seconds", "order_lines": "quantity"}
"""Doubles whose sums differ in the last digit when they are added in another order."""
for entity, name in SEVENTHS.items():
    column = EVERYTHING[entity].column_names.index(name)
    values = [each / 7 for each in EVERYTHING[entity][name].to_pylist()]
    EVERYTHING[entity] = EVERYTHING[entity].set_column(column, name, pa.array(values))
SCHEMAS = {name: table.schema for name, table in EVERYTHING.items()}
COUNTED = ("survey_answers",)
"""Records without an id of their own: a second one in a file is a second one."""
INSTANTS = ("ordered_at", "occurred_at", "answered_at", "recorded_at")


def in_order() -> Iterator[Piece]:
    """Every entity as one file, sorted by time."""
    for name, table in EVERYTHING.items():
        yield name, sorted(table.to_pylist(), key=instant)


def instant(row: Row) -> datetime:
    return next((row[name] for name in INSTANTS if name in row), START)


def shuffled(draw: random.Random) -> list[Piece]:
    """Records late by up to 90 days, some of them up to three times, cut into files anyhow."""
    pieces: list[Piece] = []
    for name, table in EVERYTHING.items():
        times = (1,) if name in COUNTED else (1, 1, 1, 2, 3)
        rows = [row for row in table.to_pylist() for _ in range(draw.choice(times))]
        late = [(instant(row), draw.random() * 90, row) for row in rows]
        if draw.random() < 0.5:
            late.sort(key=lambda each: (each[0] - START).days + each[1])
        else:
            draw.shuffle(late)
        rows = [row for _, _, row in late]
        cuts = sorted(draw.sample(range(1, len(rows)), draw.choice((0, 0, 1, 2))))
        ends = [*cuts, len(rows)]
        pieces += [(name, rows[a:b]) for a, b in zip([0, *cuts], ends, strict=True)]
    draw.shuffle(pieces)
    return pieces


def made(
    folder: Path, pieces: Sequence[Piece], draw: random.Random | None, past: str = ""
) -> Workspace:
    """A workspace from pieces, refreshed in between now and then if there is chance, and at last."""
    shop = Workspace.create(folder, timezone="Europe/Kyiv")
    shop.clock = lambda: CLOCK
    for name, rows in pieces:
        shop.load(**{name: pa.Table.from_pylist(rows, schema=SCHEMAS[name])})
        if draw and draw.random() < 0.15:
            shop.refresh(WHEN)
    for name, rule in SEGMENTS.items():
        shop.segment(name, rule)
    if past:
        shop.refresh(past)
    shop.refresh(WHEN)
    return shop


@pytest.fixture(scope="module")
def sorted_content(tmp_path_factory):
    with made(tmp_path_factory.mktemp("order") / "sorted", list(in_order()), None) as shop:
        return content(shop, WHEN)


@pytest.mark.parametrize("seed", range(SHUFFLES))
def test_any_order_gives_the_same_bytes(tmp_path, sorted_content, seed):
    draw = random.Random(seed)
    pieces = shuffled(draw)
    with made(tmp_path / "shuffled", pieces, draw) as shop:
        found = content(shop, WHEN)
    differing = [name for name in sorted_content if found.get(name) != sorted_content[name]]
    assert not differing, [(name, rows[:2]) for name, rows in pieces]
    assert found == sorted_content


def test_a_refresh_of_the_past_changes_nothing_of_the_present(tmp_path, sorted_content):
    with made(tmp_path / "past", list(in_order()), None, past="2025-03-01") as shop:
        assert content(shop, WHEN) == sorted_content
        shop.refresh(WHEN)
        assert content(shop, WHEN) == sorted_content
        assert [each.as_of for each in shop.segment("buyers").history()] == [
            *(moment(datetime(2025, month, 1), "Europe/Kyiv") for month in (2, 3, 4, 5)),
            moment(datetime(2025, 5, 15), "Europe/Kyiv"),
        ]
