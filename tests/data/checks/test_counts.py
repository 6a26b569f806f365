"""What is counted from kept counts is what is counted whole, whatever is loaded in between."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from segmentry.core.errors import MappingError
from segmentry.core.time import AsOf
from segmentry.data.available import loaded_columns, schema_of
from segmentry.data.checks import CheckResult, remember, run_checks
from segmentry.data.checks.check import Check
from segmentry.data.checks.counts import KEPT, KEPT_AT, ROWS, SIDE, Count, keep, take
from segmentry.data.checks.run import _prepared, all_checks
from segmentry.data.load import LoadResult
from segmentry.engines.duckdb import DuckDB

Load = Callable[..., LoadResult]
Row = dict[str, Any]
START = datetime(2024, 1, 1, 9)
RATES = {"USD": Decimal(1)}
MANY = 1_000_000
"""Of so many ids none comes twice: nothing is replaced."""


# random shops


def customers(random: Random) -> Iterator[Row]:
    some = random.choice([15, MANY])
    for _ in range(random.randint(1, 9)):
        yield {
            "id": f"c{random.randint(1, some)}",
            "mail": random.choice(["a@x.ua", "A@X.ua", "nobody", "info@shop.ua", None]),
            "sex": random.choice(["female", "male", "femal", "qq", None]),
            "town": random.choice(["Kyiv", "Lviv", "Lvov", "Odesa", None]),
            "born": random.choice([START.date(), datetime(1980, 5, 1).date(), None]),
            "joined": random.choice([moment(random), None]),
        }


def products(random: Random) -> Iterator[Row]:
    for _ in range(random.randint(1, 3)):
        yield {"id": what(random), "price": random.choice([1, 5, None]), "cost": 3}


def orders(random: Random) -> Iterator[Row]:
    some = random.choice([40, MANY, MANY])
    for _ in range(random.randint(1, 12)):
        yield {
            "order": f"o{random.randint(1, some)}",
            "who": random.choice([who(random), None]),
            "at": random.choice([moment(random), START + timedelta(days=5)]),
            "sum": random.choice([0, 5, 10, 10, 12, 5000, -20]),
            "money": random.choice(["EUR", "EUR", "USD", None]),
            "channel": random.choice(["web", "web", "shop", "Web", None]),
        }


def lines(random: Random) -> Iterator[Row]:
    for order in orders(random):
        for _ in range(random.randint(1, 3)):
            sold = {"item": random.choice([what(random), None]), "n": random.choice([0, 1, 2])}
            yield {**order, **sold, "order": order["order"].replace("o", random.choice("ol"))}


def events(random: Random) -> Iterator[Row]:
    for _ in range(random.randint(1, 9)):
        device = random.choice(["phone", "phone", "phones", None])
        yield {"who": who(random), "at": moment(random), "name": "visit", "device": device}


def who(random: Random) -> str:
    return f"c{random.randint(1, 15)}"


def what(random: Random) -> str:
    return random.choice(["p1", "p2", "P-2", "p3", "p4"])


def moment(random: Random) -> datetime:
    if random.random() < 0.05:
        return random.choice([datetime(1970, 1, 1), datetime(2031, 5, 5)])
    return START + timedelta(days=random.randint(0, 40), hours=random.randint(0, 20))


HEAD = {"order_id": "order", "customer_id": "who", "ordered_at": "at", "currency": "money"}
LINE = {"order_id": "order", "product_id": "item", "quantity": "n", "amount": "sum"}
FILES: Mapping[Callable[[Random], Iterator[Row]], Mapping[str, Mapping[str, str]]] = {
    customers: {
        "customers": {
            "customer_id": "id", "email": "mail", "sex": "sex", "city": "town",
            "birth_on": "born", "signed_up_at": "joined",
        }
    },
    products: {"products": {"product_id": "id", "price": "price", "cost": "cost"}},
    orders: {"orders": {**HEAD, "amount": "sum", "channel": "channel"}},
    lines: {"orders": {**HEAD, "channel": "channel"}, "order_lines": LINE},
    events: {
        "events": {"customer_id": "who", "occurred_at": "at", "name": "name", "device": "device"}
    },
}  # fmt: skip


# what is compared


def checked(session: DuckDB, as_of: AsOf) -> list[CheckResult]:
    return run_checks(session, schema_of(session), as_of)


def whole(session: DuckDB, as_of: AsOf) -> list[CheckResult]:
    """The same without anything kept."""
    if KEPT not in session.tables():
        return checked(session, as_of)
    session.execute(f"ALTER TABLE {KEPT} RENAME TO put_aside")
    try:
        return checked(session, as_of)
    finally:
        session.execute(f"ALTER TABLE put_aside RENAME TO {KEPT}")


def by_rows(session: DuckDB, as_of: AsOf) -> Mapping[tuple[str, str], int]:
    """Failing rows of each check that can show some, counted where the sample is taken from."""
    checks = [_prepared(each, as_of) for each in all_checks(loaded_columns(session))]
    return {
        (each.name, each.entity): session.value(
            f"SELECT count(*) FROM {each.rows} t WHERE ({each.among}) AND ({each.failing})"
        )
        for each in checks
        if isinstance(each, Check)
    }


@pytest.mark.parametrize("seed", range(4))
def test_counting_what_came_is_counting_all(session: DuckDB, load_rows: Load, seed: int) -> None:
    random = Random(seed)
    steps = [customers, lines, orders, events, *random.choices(list(FILES), k=3)]
    random.shuffle(steps)
    for number, make in enumerate(steps):
        with suppress(MappingError):  # a column of nothing but missing values
            load_rows(list(make(random)), entities=FILES[make], rates=RATES)
        day = START + timedelta(days=random.choice([20, 35, 41, 45]), hours=random.choice([0, 11]))
        as_of = AsOf.parse(day.isoformat(), "UTC")
        found = checked(session, as_of)
        if random.random() < 0.8:
            remember(session, found, datetime(2025, 1, 1) + timedelta(days=number))
            found = checked(session, as_of)
        assert found == whole(session, as_of)
    counted = {(each.name, each.entity): each.failing for each in found}
    rows = by_rows(session, as_of)
    assert {name: counted[name] for name in rows} == rows


# one by one


def some(number: int, **fields: Any) -> Row:
    row = {"order": f"o{number}", "who": "c1", "at": START, "sum": 10, "money": "EUR"}
    return {**row, "channel": "web", **fields}


def load_orders(load_rows: Load, *rows: Row) -> None:
    load_rows(list(rows), entities=FILES[orders], rates=RATES)


def numbers(session: DuckDB, count: Count) -> dict[str, Decimal]:
    take(session, [count])
    return dict(session.rows(f"SELECT key, n FROM {count.by_key}"))


BY_CHANNEL = Count("orders", key="channel")
FIRST = Count("orders", "min(gross_amount)", key="channel", merged="min")
TWICE = Count(
    "orders",
    "count(*) FILTER (n > 1)",
    rows=f"(SELECT {SIDE} count(*) AS n FROM {ROWS} GROUP BY {SIDE} channel)",
    group=("channel",),
)


@pytest.mark.parametrize(
    ("count", "before", "after"),
    [
        (BY_CHANNEL, {"web": 2, "app": 1}, {"web": 2, "app": 2, "shop": 1}),
        (FIRST, {"web": 10, "app": 10}, {"web": 10, "app": 5, "shop": 10}),
        (TWICE, {"": 1}, {"": 2}),
    ],
)
def test_new_rows_are_added_to_what_is_kept(
    session: DuckDB, load_rows: Load, count: Count, before: Row, after: Row
) -> None:
    load_orders(load_rows, some(1), some(2), some(3, channel="app"))
    assert numbers(session, count) == before
    keep(session)
    load_orders(load_rows, some(4, channel="app", sum=5), some(5, channel="shop"), some(1))
    assert numbers(session, count) == after
    keep(session)
    assert numbers(session, count) == after


def test_rows_that_are_counted_are_not_read_again(session: DuckDB, load_rows: Load) -> None:
    load_orders(load_rows, some(1), some(2))
    numbers(session, BY_CHANNEL)
    keep(session)
    session.execute("UPDATE orders SET channel = 'unheard of'")  # no load does, none notes it
    load_orders(load_rows, some(3))
    assert numbers(session, BY_CHANNEL) == {"web": 3}


def test_rows_that_a_load_changed_are_counted_anew(session: DuckDB, load_rows: Load) -> None:
    load_orders(load_rows, some(1), some(2))
    numbers(session, BY_CHANNEL)
    keep(session)
    load_orders(load_rows, some(2, channel="app"))
    assert numbers(session, BY_CHANNEL) == {"web": 1, "app": 1}


def test_too_many_numbers_are_not_kept(
    session: DuckDB, load_rows: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("segmentry.data.checks.counts.MOST_KEYS", 2)
    load_orders(load_rows, some(1), some(2, channel="app"))
    take(session, [BY_CHANNEL, TWICE])
    keep(session)
    assert session.rows(f"SELECT DISTINCT id FROM {KEPT}") == [(TWICE.id,)]


def test_what_is_taken_back_was_never_kept(session: DuckDB, load_rows: Load) -> None:
    as_of = AsOf.parse("2024-02-01", "UTC")
    load_orders(load_rows, some(1))
    remember(session, checked(session, as_of), START)
    load_orders(load_rows, some(2, channel=None), some(3))
    with suppress(ZeroDivisionError), session.transaction():
        remember(session, checked(session, as_of), START)
        raise ZeroDivisionError
    assert checked(session, as_of) == whole(session, as_of)


@pytest.mark.parametrize("lost", [KEPT, KEPT_AT])
def test_nothing_kept_is_counted_whole(session: DuckDB, load_rows: Load, lost: str) -> None:
    as_of = AsOf.parse("2024-02-01", "UTC")
    load_orders(load_rows, some(1), some(2, who=None))
    found = checked(session, as_of)
    remember(session, found, START)
    session.drop(lost)
    assert [(each.name, each.failing, each.of) for each in checked(session, as_of)] == [
        (each.name, each.failing, each.of) for each in found
    ]


def test_a_column_that_was_locked_is_counted_whole_when_it_is_open(
    session: DuckDB, load_rows: Load
) -> None:
    as_of, random = AsOf.parse("2024-02-01", "UTC"), Random(1)
    load_rows([*customers(random), *customers(random)], entities=FILES[customers])
    schema = schema_of(session)
    locked = replace(schema, locked={"sex": "locked"})
    run_checks(session, locked, as_of)
    keep(session)
    load_rows(list(customers(random)), entities=FILES[customers])
    assert not any("sex" in each.name for each in run_checks(session, locked, as_of))
    assert any("sex" in each.name for each in checked(session, as_of))
    assert checked(session, as_of) == whole(session, as_of)
