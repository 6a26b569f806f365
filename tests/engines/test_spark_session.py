"""The session on a local Spark: tables, transactions, types, texts, cancelling."""

import os
import subprocess
import sys
import threading
from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest
from tests.engines.servers import NotInstalledError
from tests.engines.start import THOROUGH, spark

from segmentry.core.errors import CancelledError, EngineError, UnsupportedOperationError
from segmentry.core.types import Type
from segmentry.engines.duckdb import DuckDB
from segmentry.engines.spark import Spark
from segmentry.sql.expression import Column, Join, Query, Select, Table, call, literal
from segmentry.sql.operators import Op

X = Column("x", Type.INTEGER)
ROWS = pa.table(
    {
        "x": pa.array([1, 2, None], pa.int64()),
        "hour": pa.array([7, 8, None], pa.int16()),
        "paid": pa.array([Decimal("1.5"), None, Decimal(-2)], pa.decimal128(18, 4)),
        "share": pa.array([0.1, None, -0.0]),
        "name": pa.array(["Їжак", "", None]),
        "on": pa.array([date(2024, 2, 29), None, date(1900, 1, 1)]),
        "at": pa.array([datetime(2024, 3, 31, 0, 30), None, datetime(1969, 1, 1)]),
        "yes": pa.array([True, None, False]),
    }
)


@pytest.fixture(scope="module")
def session():
    try:
        with spark() as running:
            yield running
    except NotInstalledError as error:
        pytest.skip(str(error))


def values(session, table):
    return sorted(x for (x,) in session.rows(Select(Table(table), {"x": X})))


def numbers(*given):
    return pa.table({"x": pa.array(given, pa.int64())})


def test_rows_come_back_as_from_duckdb(session):
    session.write("corner", ROWS)
    everything = Select(
        Table("corner"), {each.name: Column(each.name, Type.TEXT) for each in ROWS.schema}
    )
    with DuckDB() as desk:
        desk.write("corner", ROWS)
        expected = desk.fetch(everything)
    found = session.fetch(everything)
    assert found.schema.equals(expected.schema)
    assert sorted(map(repr, found.to_pylist())) == sorted(map(repr, expected.to_pylist()))


def test_a_transaction_is_all_or_nothing(session):
    session.write("t", numbers(1))
    with pytest.raises(RuntimeError), session.transaction():  # noqa: PT012
        session.append("t", numbers(2))
        with session.transaction():
            session.write("u", numbers(3))
        assert values(session, "t") == [1, 2]
        raise RuntimeError
    assert values(session, "t") == [1]
    assert "u" not in session.tables()
    with session.transaction():
        session.append("t", numbers(2))
    with Spark("spark", session._lake.folder) as other:
        assert values(other, "t") == [1, 2]


def test_a_temporary_table_goes_before_one_of_its_name(session):
    session.write("v", numbers(1, 2))
    more = Select(Table("v"), {"x": call(Op.ADD, X, literal(10), type=Type.INTEGER)})
    session.create("w", more)
    session.create("v", Select(Table("w"), {"x": X}), temporary=True)
    assert values(session, "v") == [11, 12]
    session.drop("v")
    assert values(session, "v") == [1, 2]
    session.drop("v")
    session.drop("v")
    assert "v" not in session.tables()
    with pytest.raises(EngineError, match="no table"):
        session.append("v", numbers(1))


def test_texts_stay_what_they_are(session):
    session.write("one", numbers(1))
    texts = [
        "O'Brien",
        "back\\slash \\n",
        "${spark.master}",
        "a\nb\tc",
        "тест \u202e 🎉",
        "`; DROP",
        "%_",
        '"',
        "--",
    ]
    row = Select(Table("one"), {f"t{n}": literal(each) for n, each in enumerate(texts)})
    assert session.rows(row) == [tuple(texts)]


def test_steps_that_are_read_twice_are_computed_once(session):
    session.write("n", numbers(*range(50)))
    steps = {
        "level": Select(Table("n"), {"x": X}, where=call(Op.LESS, X, literal(9))),
        "base": Select(Table("level"), {"most": call(Op.MAXIMUM, X, type=Type.INTEGER)}),
    }
    most = Column("most", Type.INTEGER, "base")
    result = Select(
        Table("level"), {"x": Column("x", Type.INTEGER, "level"), "most": most}, alias="level",
        joins=(Join(Table("base"), "base", None),),
    )  # fmt: skip
    query = Query(steps, result=result)
    assert sorted(session.rows(query)) == [(x, 8) for x in range(9)]
    assert sorted(session.rows(query)) == [(x, 8) for x in range(9)]  # again, under the same names


def test_what_runs_can_be_stopped(session):
    session.write("many", numbers(*range(20_000)))
    other = Join(Table("many"), "b", None)
    product = call(
        Op.MULTIPLY,
        Column("x", Type.INTEGER, "a"),
        Column("x", Type.INTEGER, "b"),
        type=Type.INTEGER,
    )
    rounded = call(Op.MATCHES, call(Op.AS_TEXT, product, type=Type.TEXT), literal("7[0-9]*7$"))
    endless = Select(Table("many"), {"n": call(Op.COUNT, rounded)}, alias="a", joins=(other,))
    timer = threading.Timer(3, session.interrupt)
    timer.start()
    with pytest.raises(CancelledError):
        session.value(endless)
    timer.join()
    assert values(session, "many")[:2] == [0, 1]


def test_errors_are_ours_and_short(session):
    with pytest.raises(EngineError, match="no_such_table") as caught:
        session.rows(Select(Table("no_such_table"), {"x": X}))
    assert "\n" not in str(caught.value)
    with pytest.raises(UnsupportedOperationError, match="as_text"):
        session.render(call(Op.AS_TEXT, Column("x", Type.NUMBER), type=Type.TEXT))


QUIET = """
import sys
from pathlib import Path
import pyarrow as pa
from segmentry.engines.spark import Spark
from segmentry.sql.expression import Column, Select, Table, call
from segmentry.core.types import Type
from segmentry.sql.operators import Op
with Spark(sys.argv[1], Path(sys.argv[2])) as session:
    session.write("n", pa.table({"x": list(range(1000)), "k": [each % 7 for each in range(1000)]}))
    x, k = Column("x", Type.INTEGER), Column("k", Type.INTEGER)
    total = call(Op.AS_INTEGER, call(Op.SUM, x, type=Type.INTEGER), type=Type.INTEGER)
    assert len(session.rows(Select(Table("n"), {"k": k, "s": total}, group_by=(k,)))) == 7
    session.create("m", Select(Table("n"), {"x": x}))
"""


@pytest.mark.skipif(not THOROUGH, reason="Spark in processes of its own: make engines.")
@pytest.mark.parametrize("master", ["spark", "local-cluster[2,1,768]"])
def test_alone_and_on_two_workers_without_a_word(session, master, tmp_path):
    ran = subprocess.run(
        [sys.executable, "-c", QUIET, master, tmp_path / "lake"],
        check=False,
        env=os.environ | {"PYSPARK_SUBMIT_ARGS": "--conf spark.executor.memory=512m pyspark-shell"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
    assert (tmp_path / "lake" / "spark.log").exists()
