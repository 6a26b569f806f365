"""A refresh that goes on from the one before gives what one gives that begins anew."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from tests.workspace.conftest import START, frames, things
from tests.workspace.content import content

from segmentry.features import carry
from segmentry.features.column_files import ColumnFiles
from segmentry.features.compile import CUSTOMERS
from segmentry.features.declaration import Feature
from segmentry.workspace import basis, snapshot
from segmentry.workspace.declarations import FEATURE, KINDS
from segmentry.workspace.workspace import Workspace

SEEDS = (3, 9)
"""Of the whole library; rule sets are drawn by the hundred in `test_carry_pairs`."""
SCHEMAS = {name: each.schema for name, each in frames(1, START, 365, range(40)).items()}
INSTANTS = {"orders": "ordered_at", "order_lines": "ordered_at"}
WINDOWS = (
    "", "last => '1 day'", "last => '30 days'", "last => '1 month'", "last => '12 months'",
    "last => '400 days'", "before => '7 days ago'", "between => '90 days and 7 days ago'",
    "during => 'this month'", "during => 'last month'", "during => 'this year'",
    "since => '2025-06-01'", "during => '2025-03-01 to 2025-08-31'", "during => 'last week'",
)  # fmt: skip
CONDITIONS = {
    "orders": ("", "channel = 'web'", "amount >= 100", "store = 'north' AND channel <> 'web'"),
    "order_lines": ("", "category = 'tea'", "quantity > 1", "product_id = 'p3'"),
    "events": ("", "name = 'purchase'", "duration_seconds > 200"),
}
ASKED = {
    "orders": (
        "count(orders{})", "sum(orders.net_amount{})", "avg(orders.net_amount{})",
        "min(orders.net_amount{})", "max(orders.ordered_on{})", "days_since_last(orders{})",
        "days_since_first(orders{})", "share(orders.net_amount, where => channel = 'web')",
        "last(orders.channel{})", "first(orders.store{})", "last(orders.net_amount{})",
        "median(orders.net_amount{})", "count_distinct(orders.store{})", "any(orders{})",
        "most_frequent(orders.channel{})",
    ),
    "order_lines": (
        "count(order_lines{})", "sum(order_lines.net_amount{})", "max(order_lines.net_amount{})",
        "count(order_lines.category{})", "last(order_lines.category{})",
        "count_distinct(order_lines.product_id{})",
    ),
    "events": (
        "count(events{})", "max(events.duration_seconds{})", "first(events.device{})",
        "avg(events.duration_seconds{})", "last(events.duration_seconds{})",
    ),
}  # fmt: skip
STEPS = (0, 0, 1, 1, 1, 7, 31, 90, 400)


def drawn_feature(draw: random.Random) -> str:
    fact = draw.choice([*ASKED])
    where, window = draw.choice(CONDITIONS[fact]), draw.choice(WINDOWS)
    told = "".join(f", {each}" for each in (where and f"where => {where}", window) if each)
    return draw.choice(ASKED[fact]).format(told)


def declare(draw: random.Random, shop: Workspace) -> None:
    """Some features of every kind, and formulas over them."""
    for number in range(8):
        keep(shop, f"n{number}", drawn_feature(draw))
    keep(shop, "both", "frequency * 2 + monetary")
    keep(shop, "told", "city = 'Kyiv' AND frequency > 1")


def keep(shop: Workspace, name: str, expression: str) -> None:
    feature = Feature(name=name, expression=expression)
    bodies = {(FEATURE, name): KINDS[FEATURE].body(feature)}
    shop.catalogue.change(bodies, (), shop.clock())


def pieces(draw: random.Random, seed: int) -> list[tuple[datetime, str, dict[str, object]]]:
    """Records with the moments at which they come, a tenth of them late."""
    found = []
    for name, table in frames(seed, START, 365, range(3, 34)).items():
        for row in table.to_pylist():
            late = draw.random() * 200 if draw.random() < 0.1 else 0
            at = row[INSTANTS.get(name, "occurred_at")]
            found.append((at + timedelta(days=late), name, row))
    return found


def load(shop: Workspace, rows: list[tuple[str, dict[str, object]]]) -> None:
    by_name: dict[str, list[dict[str, object]]] = {}
    for name, row in rows:
        by_name.setdefault(name, []).append(row)
    for name in ("orders", "order_lines", "events", "touchpoints"):
        if name in by_name:
            shop.load(**{name: pa.Table.from_pylist(by_name[name], schema=SCHEMAS[name])})


def take(shop: Workspace, day: datetime) -> snapshot.Taken:
    with shop.engine.transaction():
        asked = replace(shop.customers(f"{day:%Y-%m-%d}"), source=CUSTOMERS)
        return shop.warehouse.take(asked)


def values(taken: snapshot.Taken) -> dict[str, list[object]]:
    files = taken.source.columns
    assert isinstance(files, ColumnFiles)
    return {name: files[name].to_pylist() for name in files}


def check(shop: Workspace, day: datetime, told: str) -> snapshot.Taken:
    """Go on from the columns there are; then do without them, and compare every column."""
    carried = take(shop, day)
    files = carried.source.columns
    assert isinstance(files, ColumnFiles)
    found = values(carried)
    if carried.source.moved is not None:
        check_moved(carried)
    basis_file = files.folder / basis.FILE
    kept = basis_file.read_text()
    basis_file.unlink()
    anew = take(shop, day)
    assert anew.source.moved is None
    expected = values(anew)
    assert found.keys() == expected.keys()
    for name, column in expected.items():
        differing = [place for place, each in enumerate(column) if found[name][place] != each]
        assert not differing, (told, name, differing[:5])
    assert json.loads(kept)["keys"] == json.loads(_basis(anew).read_text())["keys"]
    return carried


def check_moved(taken: snapshot.Taken) -> None:
    """What is not among the places that moved is what it was."""
    moved = taken.source.moved
    assert moved is not None
    before, now = ColumnFiles(moved.since), taken.source.columns
    for name, places in moved.places.items():
        old, new = before[name].to_pylist(), now[name].to_pylist()
        others = {*range(len(new))} - {*places.tolist()}
        assert all(new[each] == old[each] for each in others), name


def _basis(taken: snapshot.Taken) -> Path:
    assert isinstance(taken.source.columns, ColumnFiles)
    return taken.source.columns.folder / basis.FILE


@pytest.mark.parametrize("seed", SEEDS)
def test_carried_on_is_as_computed_anew(make_shop, seed):
    draw = random.Random(seed)
    shop = make_shop(things(range(20)))
    shop.engine.execute("SET threads = 1")
    waiting, day = pieces(draw, seed), START + timedelta(days=draw.randrange(20, 330))
    declare(draw, shop)
    first = min(row["ordered_at"] for _, name, row in waiting if name == "orders")
    came = [each for each in waiting if each[0] < max(day, first + timedelta(days=1))]
    told = []
    for step in range(3):
        load(shop, [each[1:] for each in came])
        waiting = [each for each in waiting if each not in came]
        if step == 1 and draw.random() < 0.5:
            shop.load(customers=things(range(draw.choice((20, 25, 34))))["customers"])
            told.append("customers")
        if step == 1 and draw.random() < 0.2:
            declare(draw, shop)
            told.append("declared")
        told.append(f"{day:%Y-%m-%d} {len(came)}")
        check(shop, day, f"{told}")
        day += timedelta(days=draw.choice(STEPS))
        came = [each for each in waiting if each[0] < day]


def week(shop: Workspace, number: int) -> None:
    """A week of everything; in the second one a new customer comes, and an order is corrected."""
    begins = START + timedelta(days=7 * number)
    shop.load(**frames(number, begins, 7, range(5, 40 + number), mark=f"w{number}-"))
    if number == 1:
        orders = frames(0, START, 7, range(5, 40), mark="w0-")["orders"].slice(3, 1)
        shop.load(orders=orders.set_column(3, "amount", pa.array([Decimal(750) / 100])))


@pytest.mark.parametrize("days", [(7, 14), (40, 41), (7, 7)])
def test_a_workspace_refreshed_on_is_as_one_refreshed_from_nothing(make_shop, monkeypatch, days):
    monkeypatch.setattr(carry, "LARGEST_SHARE", 1)
    carried = noted(monkeypatch)
    going_on, beginning = (make_shop(things(range(60))) for _ in range(2))
    when = [START + timedelta(days=each) for each in days]
    for shop in (going_on, beginning):
        for number, instant in enumerate(when):
            week(shop, number)
            if number == 0:
                shop.segment("regulars", "frequency >= 2 AND recency_days <= 10")
            if shop is beginning:
                snapshot.forget(shop.engine)
            shop.refresh(instant)
    assert carried == [False, True, False, False]
    assert going_on.result_hash(when[-1]) == beginning.result_hash(when[-1])
    assert content(going_on, when[-1]) == content(beginning, when[-1])


def noted(monkeypatch) -> list[bool]:
    """Whether each refresh from now on went on from columns before."""
    found: list[bool] = []
    taking = snapshot.take

    def take(*asked: object) -> snapshot.Taken:
        taken = taking(*asked)
        found.append(taken.source.moved is not None and bool(taken.source.moved.places))
        return taken

    monkeypatch.setattr(snapshot, "take", take)
    return found
