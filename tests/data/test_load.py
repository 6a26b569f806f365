"""Loading as a whole: complete, atomic, idempotent, and blind to the order of records."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zlib import crc32

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentry.core.errors import MappingError
from segmentry.data.load import LoadResult, load, rehearse, rejected_file
from segmentry.data.mapping import Mapping
from segmentry.data.source import stage
from segmentry.engines.duckdb import DuckDB

Load = Callable[..., LoadResult]
State = Callable[[DuckDB], dict[str, list[Any]]]
START = datetime(2024, 1, 1)

LINES = {
    "order_lines": {
        "order_id": "order",
        "product_id": "item",
        "quantity": "n",
        "unit_price": "price",
    },
    "orders": {"customer_id": "who", "ordered_at": "at", "channel": "channel"},
    "products": {"name": "title"},
    "customers": {"city": "town"},
}
ORDERS = {
    "orders": {"order_id": "order", "customer_id": "who", "ordered_at": "at", "amount": "sum"}
}
SCHEMA = pa.schema(
    {
        "order": pa.string(), "who": pa.string(), "at": pa.string(), "item": pa.string(),
        "n": pa.string(), "price": pa.string(), "channel": pa.string(), "title": pa.string(),
        "town": pa.string(),
    }
)  # fmt: skip


def order(
    number: object, amount: object = 10, who: str | None = "ann", day: int = 1
) -> dict[str, Any]:
    return {"order": number, "who": who, "at": START.replace(day=day), "sum": amount}


def shop(seed: int, size: int = 60) -> list[dict[str, str | None]]:
    """Lines of a made-up shop, as text: guests, returns, cancellations, repeats, and lines that
    stand under another customer or time than the rest of their order.
    """
    draw = random.Random(seed)
    rows = []
    for _ in range(size):
        number = draw.randrange(size // 3)
        rows.append(
            {
                "order": f"C{number}" if number % 6 == 1 else str(number),
                "who": draw.choice((f"c{number % 7}", "c1")) if number % 5 else None,
                "at": (START + timedelta(hours=number * 7 + draw.choice((0, 0, 1)))).isoformat(" "),
                "item": draw.choice(("a", "b", "c", "POST", None)),
                "n": str(draw.choice((1, 1, 2, -1, 0))),
                "price": draw.choice(("1.00", "2.50", "0", "3.3333")),
                "channel": draw.choice(("web", "shop", None)),
                "title": None,
                "town": f"town {number % 7 % 3}",
            }
        )
    return rows


def table(rows: list[dict[str, str | None]]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=SCHEMA)


# the same again


def test_the_same_source_twice_changes_nothing(
    session: DuckDB, load_rows: Load, state: State
) -> None:
    rows = table(shop(1))
    first = load_rows(rows, entities=LINES)
    before, ledger = state(session), session.rows("FROM loads")
    second = load_rows(rows, entities=LINES)
    assert (state(session), session.rows("FROM loads")) == (before, ledger)
    assert second.load_id == first.load_id
    for name, counts in second.entities.items():
        assert counts.records == counts.unchanged == first.entities[name].records
    assert second.treatments == first.treatments


def test_equal_records_in_another_order_are_unchanged(
    session: DuckDB, load_rows: Load, state: State
) -> None:
    rows = shop(2)
    load_rows(table(rows), entities=LINES)
    before = state(session)
    random.Random(0).shuffle(rows)
    again = load_rows(table(rows), entities=LINES)
    assert state(session) == before
    assert {name: each.accepted for name, each in again.entities.items()} == dict.fromkeys(
        again.entities, 0
    )


def test_a_corrected_file_updates(session: DuckDB, load_rows: Load) -> None:
    load_rows([order("1"), order("2"), order("3")], entities=ORDERS)
    result = load_rows([order("1"), order("2", 12), order("4", day=9)], entities=ORDERS)
    counts = result.entities["orders"]
    assert (counts.records, counts.accepted, counts.updated, counts.unchanged) == (3, 2, 1, 1)
    assert session.rows("SELECT order_id, gross_amount FROM orders ORDER BY 1") == [
        ("1", 10), ("2", 12), ("3", 10), ("4", 10),
    ]  # fmt: skip
    assert result.sums == {
        "read": 32, "accepted": 22, "unchanged": 10, "rejected": 0, "left_out": 0,
    }  # fmt: skip


def test_going_back_to_an_earlier_file_updates_back(session: DuckDB, load_rows: Load) -> None:
    load_rows([order("1", 10)], entities=ORDERS)
    load_rows([order("1", 11)], entities=ORDERS)
    back = load_rows([order("1", 10)], entities=ORDERS)
    assert back.entities["orders"].updated == 1
    assert session.value("SELECT gross_amount FROM orders") == 10


def test_corrected_lines_move_their_order(session: DuckDB, load_rows: Load) -> None:
    def line(item: str, n: int, day: int, who: str = "ann") -> dict[str, Any]:
        at = START.replace(day=day)
        return {"order": "1", "who": who, "at": at, "item": item, "n": n, "price": 1} | {
            "channel": None, "title": None, "town": None,
        }  # fmt: skip

    load_rows([line("a", 1, 3), line("b", 1, 3)], entities=LINES)
    result = load_rows([line("a", 5, 8, "bob"), line("b", 1, 8, "bob")], entities=LINES)
    query = "SELECT DISTINCT customer_id, ordered_on FROM {} JOIN customers USING (customer_no)"
    for name in ("orders", "order_lines"):
        assert session.rows(query.format(name)) == [("bob", START.replace(day=8).date())]
    assert session.value("SELECT gross_amount FROM orders") == 6
    assert result.entities["orders"].updated == 1
    assert result.entities["order_lines"].updated == 2


# order of records and files


@settings(max_examples=6)
@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
def test_neither_order_nor_division_matters(seed: int, draw: random.Random) -> None:
    rows = shop(seed, 30)
    shuffled = draw.sample(rows, len(rows))
    # lines of one product of one order stay together: without numbers they are told apart by place
    first = [row for row in shuffled if crc32(repr((row["order"], row["item"])).encode()) % 2]
    second = [row for row in shuffled if row not in first]
    states = []
    for parts in ([rows], [shuffled], [first, second], [second, first, shuffled]):
        with DuckDB(threads=1) as session:
            for part in parts:
                if part:
                    _load(session, table(part))
            states.append(_facts(session))
    assert states[1:] == states[:-1]


def _load(session: DuckDB, rows: pa.Table) -> LoadResult:
    staged = stage(session, rows)
    mapping = Mapping.model_validate({"entities": LINES})
    return load(session, staged, mapping, timezone="UTC", currency="EUR", rates={}, loaded_at=START)


def _facts(session: DuckDB) -> dict[str, list[tuple[Any, ...]]]:
    lines = (
        "SELECT l.order_id, line_key, customer_id, ordered_at, ordered_on, product_id, quantity,"
        " net_amount, kind FROM order_lines l LEFT JOIN customers USING (customer_no) ORDER BY ALL"
    )
    orders = (
        "SELECT o.order_id, customer_id, ordered_at, gross_amount, returned_amount, is_purchase"
        " FROM orders o LEFT JOIN customers USING (customer_no) ORDER BY ALL"
    )
    known = "SELECT customer_id, known_at FROM customers ORDER BY ALL"
    return {query: session.rows(query) for query in (lines, orders, known)}


def test_customers_keep_their_numbers(session: DuckDB, load_rows: Load) -> None:
    load_rows([order("1", who="zoe", day=2), order("2", who="bob", day=1)], entities=ORDERS)
    numbers = "SELECT customer_id, customer_no FROM customers ORDER BY customer_no"
    assert session.rows(numbers) == [("bob", 0), ("zoe", 1)]
    load_rows([order("3", who="ann", day=1), order("4", who="zoe", day=1)], entities=ORDERS)
    assert session.rows(numbers) == [("bob", 0), ("zoe", 1), ("ann", 2)]
    assert session.value("SELECT known_at FROM customers WHERE customer_id = 'zoe'") == START


# nothing is lost

MESSY = st.fixed_dictionaries(
    {
        "order": st.sampled_from(["1", "2", "C3", "", None]),
        "who": st.sampled_from(["ann", "bob", "", None]),
        "at": st.sampled_from(["2024-01-01", "2024-01-02 10:00:00", "soon", None, ""]),
        "item": st.sampled_from(["a", "b", None]),
        "n": st.sampled_from(["1", "2", "-1", "0", "many", None]),
        "price": st.sampled_from(["1.5", "0", "-3", "free", None, "99999999999999999"]),
        "channel": st.sampled_from(["web", None]),
        "title": st.sampled_from(["Cup", None]),
        "town": st.sampled_from(["Kyiv", None]),
    }
)


@settings(max_examples=25)
@given(st.lists(MESSY, min_size=1, max_size=25), st.sampled_from(["keep", "reject"]))
def test_records_and_amounts_are_accounted_for(rows: list[dict[str, Any]], policy: str) -> None:
    with DuckDB(threads=1) as session:
        staged = stage(session, table(rows))
        formats = {"n": {"kind": "number"}, "price": {"kind": "money"}, "at": {"kind": "instant"}}
        policies = {"exact_duplicates": policy}
        mapping = Mapping.model_validate(
            {"entities": LINES, "formats": formats, "policies": policies}
        )
        try:
            result = load(
                session, staged, mapping, timezone="UTC", currency="EUR", rates={}, loaded_at=START
            )
        except MappingError:
            assert not session.rows("SELECT 1 FROM loads UNION ALL SELECT 1 FROM order_lines")
            return
        for counts in result.entities.values():
            assert counts.records == counts.accepted + counts.unchanged + counts.rejected
        lines = result.entities["order_lines"]
        assert lines.records == staged.records
        listed = session.value("SELECT count(DISTINCT record_no) FROM rejected_records")
        assert listed == lines.rejected
        assert session.value("SELECT count(*) FROM order_lines") == lines.accepted
        read = result.sums["read"]
        assert read == sum(each for name, each in result.sums.items() if name != "read")


def test_a_record_is_refused_once_with_every_reason(session: DuckDB, load_rows: Load) -> None:
    rows = [
        {"order": "1", "who": "ann", "at": "2024-01-01", "sum": "5"},
        {"order": "2", "who": "ann", "at": "soon", "sum": "lots"},
        {"order": "3", "who": "ann", "at": None, "sum": "5"},
        {"order": "4", "who": "ann", "at": "2024-01-02", "sum": "6"},
        {"order": "5", "who": "ann", "at": "2024-01-03", "sum": "7"},
    ]
    result = load_rows(
        rows,
        entities=ORDERS,
        formats={"sum": {"kind": "money"}, "at": {"kind": "instant"}},
    )
    assert result.entities["orders"].rejected == 2
    assert session.rows(
        "SELECT record_no, column_name, value, reason FROM rejected_records ORDER BY ALL"
    ) == [
        (2, "at", "soon", "the value is not a time"),
        (2, "sum", "lots", "the value is not an amount"),
        (3, "at", None, "the ordered_at is missing"),
    ]


def test_a_column_that_does_not_convert_is_a_fault_of_the_mapping(
    session: DuckDB, load_rows: Load
) -> None:
    rows = [
        {"order": str(number), "who": "ann", "at": "2024-01-01", "sum": "5" if number < 2 else "x"}
        for number in range(5)
    ]
    with pytest.raises(MappingError, match=r"3 of 5 values of column `sum`.*`x`") as caught:
        load_rows(
            rows, entities=ORDERS, formats={"sum": {"kind": "money"}, "at": {"kind": "instant"}}
        )
    assert caught.value.exit_code == 3
    assert session.value("SELECT count(*) FROM orders") == 0
    assert session.value("SELECT count(*) FROM loads") == 0


def test_a_missing_attribute_is_named(load_rows: Load) -> None:
    with pytest.raises(MappingError, match=r"orders need `amount` \(what was paid"):
        load_rows([order("1")], entities={"orders": {"customer_id": "who", "ordered_at": "at"}})


def test_entities_that_do_not_belong_together(load_rows: Load) -> None:
    entities = ORDERS | {"events": {"customer_id": "who", "occurred_at": "at", "name": "order"}}
    with pytest.raises(MappingError, match="cannot tell about events"):
        load_rows([order("1")], entities=entities)


# rehearsal


def test_a_rehearsal_changes_nothing(session: DuckDB, state: State) -> None:
    staged = stage(session, table(shop(3)))
    mapping = Mapping.model_validate({"entities": LINES, "extras": {"orders": {"remark": "title"}}})
    tried = rehearse(session, staged, mapping, timezone="UTC", currency="EUR", rates={})
    assert not any(state(session).values())
    assert "remark" not in session.columns("orders")
    done = load(session, staged, mapping, timezone="UTC", currency="EUR", rates={}, loaded_at=START)
    assert tried == done


# currencies


def test_amounts_are_converted_by_declared_rates(session: DuckDB, load_rows: Load) -> None:
    entities = {"orders": ORDERS["orders"] | {"currency": "money"}}
    rows = [
        order("1", "10.00") | {"money": "usd"}, order("2", "10.00") | {"money": None},
        order("3", "10.00") | {"money": "EUR"}, order("4", "10.00") | {"money": "PLN"},
    ]  # fmt: skip
    result = load_rows(rows, entities=entities, rates={"USD": Decimal("0.92345")})
    assert session.rows("SELECT order_id, gross_amount, currency FROM orders ORDER BY 1") == [
        ("1", Decimal("9.2345"), "usd"), ("2", 10, None), ("3", 10, "EUR"),
    ]  # fmt: skip
    assert result.entities["orders"].rejected == 1
    [(value, reason, fix)] = session.rows("SELECT value, reason, fix FROM rejected_records")
    assert (value, reason) == ("PLN", "there is no rate for the currency")
    assert fix.startswith("Declare a rate")


def test_a_source_in_a_currency_without_a_rate(load_rows: Load) -> None:
    with pytest.raises(MappingError, match="amounts are in USD") as caught:
        load_rows(
            [order("1")],
            entities=ORDERS,
            currency="EUR",
            constants={"orders": {"currency": "USD"}},
        )
    assert "Declare a rate" in caught.value.fix


# the file of rejected records


def test_rejected_records_as_a_file(session: DuckDB, load_rows: Load, tmp_path: Path) -> None:
    rows = [order("1", "5"), order("2", "6"), order("=1+1", "x"), order("4", "7")]
    rows = [each | {"at": each["at"].isoformat(), "reason": "none"} for each in rows]
    result = load_rows(
        rows, entities=ORDERS, formats={"sum": {"kind": "money"}, "at": {"kind": "instant"}}
    )
    path = tmp_path / "rejected.csv"
    assert rejected_file(session, result.load_id, path) == 1
    with path.open(encoding="utf-8-sig", newline="") as file:
        [found] = csv.DictReader(file)
    assert found["record"] == "3"
    assert (found["column"], found["value"]) == ("sum", "x")
    assert found["order"] == "'=1+1"
    assert found["source reason"] == "none"


def test_nothing_rejected_is_a_file_of_a_header(
    session: DuckDB, load_rows: Load, tmp_path: Path
) -> None:
    result = load_rows([order("1")], entities=ORDERS)
    path = tmp_path / "rejected.csv"
    assert rejected_file(session, result.load_id, path) == 0
    assert path.read_text("utf-8-sig").splitlines() == ["record,column,value,reason,fix"]


def test_facts_are_stored_in_order_of_time(session: DuckDB, load_rows: Load) -> None:
    load_rows(table(shop(4)), entities=LINES)
    for name in ("orders", "order_lines"):
        found = [at for (at,) in session.rows(f"SELECT ordered_at FROM {name} ORDER BY rowid")]
        assert found == sorted(found)
        assert len(set(found)) > 5
