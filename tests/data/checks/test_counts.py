"""What is counted from kept counts is what is counted whole, whatever is loaded in between."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
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
from segmentry.data.checks.counts import KEPT
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
