from datetime import date, datetime
from decimal import Decimal

import pytest
from sqlglot import exp, parse

from segmentry.core.errors import UnsupportedOperationError
from segmentry.core.types import Type
from segmentry.engines.duckdb import DuckDB
from segmentry.sql.dialects.duckdb import DUCKDB
from segmentry.sql.expression import (
    FALSE,
    TRUE,
    Column,
    Join,
    Literal,
    Order,
    Over,
    Query,
    Select,
    Table,
    Union,
    all_of,
    call,
    literal,
)
from segmentry.sql.operators import Op
from segmentry.sql.render import Dialect

NUMBER, TEXT = Type.NUMBER, Type.TEXT


@pytest.fixture(scope="module")
def engine():
    with DuckDB() as session:
        session.execute("CREATE TABLE one AS SELECT 1 AS x")
        session.execute(
            "CREATE TABLE sale AS SELECT * FROM (VALUES"
            " (1, 'a', 5.0, DATE '2026-01-01'), (1, 'b', 7.0, DATE '2026-01-03'),"
            " (2, NULL, 1.0, DATE '2026-01-02')) AS t(customer, product, paid, day)"
        )
        yield session


def value(engine, expression):
    return engine.value(Select(Table("one"), {"v": expression}))


def missing(kind=NUMBER):
    return Literal(None, kind)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (call(Op.DIVIDE, literal(1), literal(0), type=NUMBER), None),
        (call(Op.DIVIDE, literal(7), literal(2), type=NUMBER), 3.5),
        (call(Op.MET, call(Op.EQUAL, missing(), literal(1))), False),
        (call(Op.NOT, call(Op.MET, call(Op.EQUAL, missing(), literal(1)))), True),
        (call(Op.IF, missing(Type.BOOLEAN), literal("yes"), literal("no"), type=TEXT), "no"),
        (call(Op.FIRST_KNOWN, missing(), literal(2), type=NUMBER), 2),
        (call(Op.LEAST, missing(), literal(2), literal(1), type=NUMBER), 1),
        (call(Op.DAYS_BETWEEN, literal(date(2024, 2, 28)), literal(date(2024, 3, 1))), 2),
        (call(Op.YEARS_BETWEEN, literal(date(2000, 3, 1)), literal(date(2026, 2, 28))), 25),
        (call(Op.YEARS_BETWEEN, literal(date(2000, 3, 1)), literal(date(2026, 3, 1))), 26),
        (call(Op.WEEKDAY, literal(date(2026, 11, 22))), 7),
        (call(Op.IN, literal("b"), literal("a"), literal("b")), True),
        (call(Op.MATCHES, literal("VIP-12"), literal(r"-\d+$")), True),
        (call(Op.CONTAINS, literal("100% sure"), literal("0%")), True),
        (call(Op.SUBTRACT, literal(10), call(Op.SUBTRACT, literal(3), literal(2))), 9),
        (call(Op.NEGATE, call(Op.ADD, literal(1), literal(2)), type=NUMBER), -3),
        (literal("O'Brien; DROP TABLE one --"), "O'Brien; DROP TABLE one --"),
        (literal("ключ \u202e"), "ключ \u202e"),
        (literal(Decimal("12.3400")), Decimal("12.3400")),
        (literal(-0.25), -0.25),
        (literal(datetime(2026, 1, 2, 3, 4, 5, 6)), datetime(2026, 1, 2, 3, 4, 5, 6)),
        (call(Op.ROUND, literal(2.5), literal(0), type=NUMBER), 3),
    ],
)
def test_operators_mean_what_the_table_says(engine, expression, expected):
    assert value(engine, expression) == expected


def test_random_share_is_the_stated_hash(engine):
    import hashlib

    for identity in ("1", "клієнт", ""):
        share = value(engine, call(Op.RANDOM_SHARE, literal("spring"), literal(identity)))
        digest = hashlib.md5(f"spring:{identity}".encode(), usedforsecurity=False).hexdigest()
        assert share == int(digest[:8], 16) / 2**32


def test_group_join_window_union(engine):
    customer, paid = Column("customer", Type.INTEGER), Column("paid", NUMBER)
    per_customer = Select(
        Table("sale"),
        {
            "customer": customer,
            "paid": call(Op.SUM, paid, type=NUMBER),
            "last": call(Op.LAST_BY, Column("product", TEXT), Column("day", Type.DATE), type=TEXT),
            "middle": call(Op.MEDIAN, paid, type=NUMBER),
        },
        group_by=(customer,),
    )
    ranked = Select(
        Table("t"),
        {
            "customer": Column("customer", Type.INTEGER, "t"),
            "rank": Over(
                call(Op.ROW_NUMBER, type=Type.INTEGER),
                (),
                (Order(Column("paid", NUMBER, "t"), True),),
            ),
            "last": Column("last", TEXT, "t"),
            "middle": Column("middle", NUMBER, "t"),
            "x": Column("x", Type.INTEGER, "o"),
        },
        alias="t",
        joins=(Join(Table("one"), "o", None),),
        order_by=(Order(Column("rank", Type.INTEGER)),),
    )
    query = Query({"t": per_customer}, result=ranked)
    assert engine.rows(query) == [(1, 1, "b", 6.0, 1), (2, 2, None, 1.0, 1)]
    twice = Union((Select(query, {"customer": customer}), Select(query, {"customer": customer})))
    assert len(engine.rows(twice)) == 4


def test_met_is_dropped_only_where_a_filter_cannot_tell():
    leaf = call(Op.MET, call(Op.EQUAL, Column("x", NUMBER), literal(1)))
    kept = Select(Table("one"), {"x": Column("x", NUMBER)}, where=call(Op.NOT, leaf))
    dropped = Select(Table("one"), {"x": Column("x", NUMBER)}, where=call(Op.AND, leaf, leaf))
    assert "COALESCE" in DUCKDB.render(kept)
    assert "COALESCE" not in DUCKDB.render(dropped)


def test_names_and_texts_cannot_leave_their_place():
    hostile = 'x"; DROP TABLE one; --'
    query = Select(Table(hostile), {hostile: literal("'; DROP TABLE one; --")})
    statements = parse(DUCKDB.render(query), dialect="duckdb")
    assert len(statements) == 1
    assert [each.name for each in statements[0].find_all(exp.Table)] == [hostile]


def test_what_a_dialect_does_not_spell_is_refused_by_name():
    poor = Dialect("duckdb", DUCKDB.types, {}, DUCKDB.parquet)
    with pytest.raises(UnsupportedOperationError, match="median"):
        poor.render(call(Op.MEDIAN, Column("x", NUMBER), type=NUMBER))


def test_duckdb_spells_every_operator():
    assert set(DUCKDB.spellings) == set(Op)
    assert set(DUCKDB.types) == set(Type)


def test_all_of():
    assert all_of([None]) is None
    assert all_of([TRUE, None]) == TRUE
    assert all_of([TRUE, FALSE]) == call(Op.AND, TRUE, FALSE)
