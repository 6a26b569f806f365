"""The session on PostgreSQL: rights, locks, transactions, Arrow, errors."""

import datetime as dt
import subprocess
import sys
import threading
from decimal import Decimal
from itertools import count

import psycopg
import pyarrow as pa
import pytest

from segmentry.core.errors import (
    BusyError,
    CancelledError,
    EngineError,
    OutOfResourcesError,
    UnsupportedOperationError,
)
from segmentry.core.types import Type
from segmentry.engines.duckdb import DuckDB
from segmentry.engines.postgres import Postgres
from segmentry.sql.expression import Column, Join, Order, Parquet, Select, Table, call, literal
from segmentry.sql.operators import Op

NUMBERS = count(1)
X = Column("x", Type.INTEGER)
ROWS = pa.table(
    {
        "customer_no": pa.array([0, 1, 2, 3], pa.int32()),
        "total": pa.array([1, None, -(2**63), 2**63 - 1], pa.int64()),
        "ratio": pa.array([0.1, -1e300, 5e-324, None]),
        "money": pa.array([Decimal("1.5"), None, Decimal("-99999999999999.9999"), Decimal(0)],
                          pa.decimal128(18, 4)),
        "city": pa.array(["", None, 'a "b"\n,c\\', "Львів تهران 🎉"]),
        "yes": pa.array([True, False, None, True]),
        "day": pa.array([dt.date(2024, 2, 29), None, dt.date(1, 1, 1), dt.date(9999, 12, 31)]),
        "at": pa.array([dt.datetime(2024, 2, 29, 1, 2, 3, 4), None, dt.datetime(1970, 1, 1),
                        dt.datetime(1900, 1, 1)], pa.timestamp("us")),
    }
)  # fmt: skip


def everything(table=ROWS, name="rows"):
    columns = {each: Column(each, Type.TEXT) for each in table.column_names}
    return Select(Table(name), columns, order_by=(Order(Column(table.column_names[0], Type.TEXT)),))


@pytest.fixture
def session(server):
    """A session in a schema of its own."""
    with Postgres(server.url(), schema=f"own {next(NUMBERS)}") as opened:
        yield opened


@pytest.fixture
def database(server):
    """The address of a new database without rights for everybody."""
    name = f"shop_{next(NUMBERS)}"
    server.run(
        f"CREATE DATABASE {name}", f"REVOKE ALL ON DATABASE {name} FROM PUBLIC",
        f"CREATE ROLE user_{name} LOGIN PASSWORD 'hidden-word'",
        f"GRANT CONNECT ON DATABASE {name} TO user_{name}",
    )  # fmt: skip
    return server, name, f"user_{name}"


# Arrow


def test_rows_come_back_as_they_went(session):
    session.write("rows", ROWS)
    assert session.fetch(everything()).equals(ROWS)
    session.append("rows", ROWS.select(["city", "customer_no"]).slice(3))
    found = session.fetch(everything())
    assert found.num_rows == 5
    assert found.column("total").to_pylist()[-1] is None


def test_arrow_types_are_those_of_the_embedded_engine(session):
    columns = {name: Column(name, Type.TEXT) for name in ROWS.column_names}
    money, number, day = (
        Column("money", Type.MONEY), Column("ratio", Type.NUMBER), Column("day", Type.DATE)
    )  # fmt: skip
    columns |= {
        "weekday": call(Op.WEEKDAY, day, type=Type.INTEGER),
        "most": call(Op.GREATEST, money, literal(Decimal(0)), type=Type.MONEY),
        "share": call(Op.DIVIDE, money, number, type=Type.NUMBER),
        "days": call(Op.DAYS_BETWEEN, day, literal(dt.date(2024, 1, 1)), type=Type.INTEGER),
        "one": literal(1),
        "none": literal(None, Type.MONEY),
    }
    query = Select(Table("rows"), columns, order_by=(Order(Column("customer_no", Type.INTEGER)),))
    session.write("rows", ROWS)
    with DuckDB() as desk:
        desk.write("rows", ROWS)
        assert session.fetch(query).schema.types == desk.fetch(query).schema.types
        assert session.fetch(query).to_pydict() == desk.fetch(query).to_pydict()


def test_nothing_is_a_table_too(session):
    session.write("rows", ROWS.slice(0, 0))
    assert session.fetch(everything()).equals(ROWS.slice(0, 0))
    only = pa.table({"city": pa.array([None, "", None], pa.string())})
    session.write("only", only)
    assert session.fetch(everything(only, "only")).column("city").null_count == 2


def test_streams_and_dictionaries_are_written(session):
    words = pa.table({"x": pa.array(["b", "a", None]).dictionary_encode()})
    session.write("words", words.to_reader())
    assert session.fetch(everything(words, "words")).to_pydict() == {"x": ["a", "b", None]}


def test_what_cannot_be_kept_is_refused(session):
    with pytest.raises(EngineError, match="`tags`"):
        session.write("lists", pa.table({"tags": [[1], [2]]}))
    with pytest.raises(EngineError, match="zero byte"):
        session.write("texts", pa.table({"x": ["a\0b"]}))
    assert session.tables() == set()
    with pytest.raises(UnsupportedOperationError, match="Parquet"):
        session.fetch(Parquet(("a.parquet",)))


# tables


def test_a_table_is_replaced_even_from_itself(session):
    session.write("t", pa.table({"x": [1, 2]}))
    more = {"x": call(Op.ADD, X, literal(1), type=Type.INTEGER)}
    session.create("t", Select(Table("t"), more))
    assert sorted(session.rows(Select(Table("t"), {"x": X}))) == [(2,), (3,)]
    session.create("passing", Table("t"), temporary=True)
    assert session.tables() == {"t"}
    assert session.value(Select(Table("passing"), {"n": call(Op.COUNT_ROWS)})) == 2
    session.drop("t")
    session.drop("t")
    assert session.tables() == set()


def test_a_transaction_is_all_or_nothing(server, session):
    session.write("t", pa.table({"x": [1]}))
    with pytest.raises(RuntimeError), session.transaction():  # noqa: PT012
        session.append("t", pa.table({"x": [2]}))
        with session.transaction():
            session.write("t", pa.table({"x": [3]}))
            session.write("u", pa.table({"x": [3]}))
        raise RuntimeError
    with pytest.raises(EngineError), session.transaction():
        session.append("t", pa.table({"y": [2]}))
    assert session.tables() == {"t"}
    with session.transaction():
        session.append("t", pa.table({"x": [4]}))
        with psycopg.connect(server.url()) as other:
            seen = other.execute(f'SELECT count(*) FROM "{session.schema}".t').fetchone()
    assert seen == (1,)
    assert session.value(Select(Table("t"), {"n": call(Op.COUNT_ROWS)})) == 2


# who may, and who is in the way


def test_a_second_session_is_told_who_is_in_the_way(server, session):
    with pytest.raises(BusyError, match=r"segmentry, process \d+ on .* \(user postgres, since"):
        Postgres(server.url(), schema=session.schema)
    Postgres(server.url(), schema="another").close()
    session.close()
    Postgres(server.url(), schema=session.schema).close()


def test_a_killed_process_does_not_stay_in_the_way(server):
    schema = f"own {next(NUMBERS)}"
    script = f"""
from segmentry.engines.postgres import Postgres
with Postgres({server.url()!r}, schema={schema!r}) as session:
    print("here", flush=True)
    session._run("SELECT count(*) FROM generate_series(1, 1000000000000)")
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as other:
        assert other.stdout.readline() == b"here\n"
        other.kill()
    Postgres(server.url(), schema=schema).close()


def test_lacking_rights_are_named(database):
    server, name, user = database
    with pytest.raises(EngineError, match=f'CREATE SCHEMA "segmentry"; GRANT USAGE, CREATE ON '
                                          f'SCHEMA "segmentry" TO "{user}"'):  # fmt: skip
        Postgres(server.url(name, user))
    with psycopg.connect(server.url(name), autocommit=True) as owner:
        owner.execute("CREATE SCHEMA segmentry")
        with pytest.raises(EngineError, match='run: GRANT USAGE, CREATE ON SCHEMA "segmentry"'):
            Postgres(server.url(name, user))
        owner.execute(f"GRANT USAGE, CREATE ON SCHEMA segmentry TO {user}")
    with Postgres(server.url(name, user)) as session:
        session.write("rows", ROWS)
        assert session.fetch(everything()).num_rows == 4
        with pytest.raises(EngineError, match="permission denied to create temporary"):
            session.create("passing", Table("rows"), temporary=True)


def test_a_password_is_never_shown(server):
    for address in (
        "postgresql://anna:hidden-word@/nowhere?host=" + str(server.folder),
        "postgresql://anna:hidden-word@127.0.0.1:1/shop?connect_timeout=1",
        "postgresql://anna:hidden-word@[broken/shop",
        "hidden-word",
    ):
        with pytest.raises(EngineError) as caught:
            Postgres(address)
        shown = caught.value
        assert "hidden-word" not in f"{shown}{shown.as_json()}{shown.__cause__}"


# stopping and running out


def test_a_long_statement_can_be_stopped(session):
    session.write("t", pa.table({"x": range(3_000)}))
    three = Select(Table("t"), {"x": X})
    joins = tuple(Join(three, name, None) for name in "bcd")
    long = Select(three, {"n": call(Op.COUNT_ROWS, type=Type.INTEGER)}, alias="a", joins=joins)
    for run in (session.fetch, session.rows, lambda query: session.create("u", query)):
        timer = threading.Timer(0.2, session.interrupt)
        timer.start()
        with pytest.raises(CancelledError):
            run(long)
        timer.join()
    assert session.tables() == {"t"}
    assert session.value(Select(Table("t"), {"n": call(Op.COUNT_ROWS)})) == 3_000


@pytest.mark.parametrize(
    ("limit", "share"),
    [
        ("2GB", 953),
        ("2 GiB", 1024),
        ("100mb", 47),
        ("1.5g", 715),
        ("1KB", 4),
        (None, 512),
        ("80%", 512),
    ],
)
def test_a_query_takes_what_the_settings_allow(server, limit, share):
    with Postgres(server.url(), schema="within", memory_limit=limit) as session:
        session.write("t", pa.table({"x": [1]}))
        assert session.rows(Select(Table("t"), {"x": X})) == [(1,)]
        kilobytes = "SELECT setting::integer FROM pg_settings WHERE name = 'work_mem'"
        assert session._run(kilobytes) == [(share * 1024,)]


def test_running_out_of_disk_is_said(session):
    session.write("t", pa.table({"x": range(2_000_000)}))
    session._memory_mb = 1
    session._run("SET temp_file_limit = '64kB'")
    with pytest.raises(OutOfResourcesError, match="what was finished is kept"):
        session.rows(Select(Table("t"), {"x": X}, order_by=(Order(X),)))


def test_a_lost_connection_is_said(server, session):
    [(process,)] = session._run("SELECT pg_backend_pid()")
    server.run(f"SELECT pg_terminate_backend({process}, 5000)")
    with pytest.raises(EngineError, match="went away"):
        session.tables()
    with pytest.raises(EngineError), session.transaction():
        session.tables()


# order


def test_texts_compare_by_bytes_in_an_english_database(english_server):
    texts = ["a", "B", "á", "Ä", "", "b", "Z", "ź", "ب", "я", "Я"]
    by_bytes = sorted(texts, key=str.encode)
    x = Column("x", Type.TEXT)
    with Postgres(english_server.url()) as session:
        session.write("t", pa.table({"x": texts}))
        assert session._run("SELECT 'a' < 'B'") == [(True,)]  # the database's own order
        [least, most], = session.rows(Select(Table("t"), {
            "least": call(Op.MINIMUM, x, type=Type.TEXT),
            "most": call(Op.MAXIMUM, x, type=Type.TEXT),
        }))  # fmt: skip
        assert (least, most) == (by_bytes[0], by_bytes[-1])
        found = session.rows(Select(Table("t"), {"x": x}, order_by=(Order(x),)))
        assert [each for (each,) in found] == by_bytes
        made = call(
            Op.IF, call(Op.EQUAL, x, literal("a")), literal("a"), literal("B"), type=Type.TEXT
        )
        session.create("made", Select(Table("t"), {"x": made}))
        for compared, expected in (
            (call(Op.LESS, literal("a"), literal("B")), False),
            (call(Op.AT_MOST, call(Op.LOWER, literal("B"), type=Type.TEXT), literal("a")), False),
            (
                call(
                    Op.EQUAL,
                    call(Op.LEAST, literal("a"), literal("B"), type=Type.TEXT),
                    literal("B"),
                ),
                True,
            ),
        ):
            assert session.rows(Select(Table("t"), {"y": compared}, limit=1)) == [(expected,)]
        least = {"x": call(Op.MINIMUM, x, type=Type.TEXT)}
        assert session.value(Select(Table("made"), least)) == "B"
