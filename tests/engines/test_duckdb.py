import multiprocessing
import threading
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pytest

from segmentry.core.errors import BusyError, CancelledError, EngineError, OutOfResourcesError
from segmentry.engines.duckdb import DuckDB


def test_a_transaction_is_all_or_nothing(tmp_path: Path):
    with DuckDB(tmp_path / "w.duckdb") as engine:
        engine.execute("CREATE TABLE t (x INTEGER)")
        with pytest.raises(RuntimeError), engine.transaction():  # noqa: PT012
            engine.execute("INSERT INTO t VALUES (1)")
            with engine.transaction():
                engine.execute("INSERT INTO t VALUES (2)")
            raise RuntimeError
        assert engine.value("SELECT count(*) FROM t") == 0
        with engine.transaction():
            engine.execute("INSERT INTO t VALUES (?)", [3])
    with DuckDB(tmp_path / "w.duckdb") as engine:
        assert engine.rows("SELECT x FROM t") == [(3,)]
        assert engine.tables() == {"t"}
        assert engine.columns("t") == {"x": "INTEGER"}


def test_rows_that_were_read_are_let_go_of_before_the_transaction_ends():
    kind = pa.schema({"x": pa.binary()})
    with DuckDB() as engine, engine.transaction():
        engine.write("t", kind.empty_table())
        before = pa.total_allocated_bytes()
        for _ in range(3):
            engine.append("t", pa.table({"x": [bytes(10**6)] * 10}, schema=kind))
        with engine.registered("seen", pa.table({"x": [bytes(10**6)] * 10}, schema=kind)):
            asked = "SELECT count(*) FROM seen JOIN t USING (x)"
            assert engine.value(asked) == 300
            assert pa.total_allocated_bytes() - before > 10**7
        assert pa.total_allocated_bytes() - before < 10**6
        assert engine.value("SELECT count(*) FROM t") == 30


def _hold(path: Path, held: object, done: object) -> None:
    with DuckDB(path):
        held.set()  # type: ignore[attr-defined]
        done.wait(30)  # type: ignore[attr-defined]


def test_a_second_process_is_told_who_is_in_the_way(tmp_path: Path):
    context = multiprocessing.get_context("spawn")
    held, done = context.Event(), context.Event()
    holder = context.Process(target=_hold, args=(tmp_path / "w.duckdb", held, done))
    holder.start()
    try:
        assert held.wait(30)
        with pytest.raises(BusyError, match=rf"process {holder.pid} "):
            DuckDB(tmp_path / "w.duckdb")
    finally:
        done.set()
        holder.join()


def test_a_new_file_appears_whole(tmp_path: Path):
    (tmp_path / ".w.duckdb.new").write_bytes(b"half a file")
    DuckDB(tmp_path / "w.duckdb").close()
    assert [each.name for each in tmp_path.iterdir()] == ["w.duckdb"]


def test_errors_are_ours_and_short(tmp_path: Path):
    with DuckDB() as engine:
        with pytest.raises(EngineError, match="no_such_table") as caught:
            engine.rows("SELECT * FROM no_such_table")
        assert "\n" not in str(caught.value)
    (tmp_path / "w.duckdb").write_bytes(b"not a database" * 1000)
    with pytest.raises(EngineError, match="cannot open"):
        DuckDB(tmp_path / "w.duckdb")


def test_a_long_statement_can_be_stopped():
    with DuckDB() as engine:
        timer = threading.Timer(0.2, engine.interrupt)
        timer.start()
        with pytest.raises(CancelledError):
            engine.rows("SELECT sum(a.range * b.range) FROM range(1000000) a, range(1000000) b")


def test_a_long_statement_says_how_far_it_is():
    with DuckDB() as engine:
        assert engine.share_done() is None
        engine.execute("CREATE TABLE t AS SELECT range AS x FROM range(100000)")
        seen, far = [], threading.Event()

        def watch():
            while not far.wait(0.02):
                seen.append(engine.share_done() or 0)
                if seen[-1] > 0:
                    far.set()
            engine.interrupt()

        watcher = threading.Thread(target=watch)
        watcher.start()
        with pytest.raises(CancelledError):
            engine.rows("SELECT count(*) FROM t, range(100000) AS o WHERE t.x * o.range % 7 = 3")
        watcher.join()
        assert 0 < seen[-1] <= 1


def test_memory_is_bounded(tmp_path: Path):
    with DuckDB(tmp_path / "w.duckdb", memory_limit="60MB") as engine:
        engine.execute("SET max_temp_directory_size = '1MB'")
        with pytest.raises(OutOfResourcesError, match="nothing was changed"):
            engine.rows("SELECT list(range) FROM range(50000000)")


def test_arrow_goes_in_and_out_without_a_copy_left_behind():
    with DuckDB() as engine:
        with engine.registered("given", pa.table({"x": [1, 2]})) as given:
            assert engine.fetch(given).to_pydict() == {"x": [1, 2]}
        with pytest.raises(EngineError):
            engine.rows("SELECT * FROM given")


def test_names_of_tables_are_asked_again_when_something_was_done():
    with DuckDB() as session:
        assert session.tables() == set()
        session.execute("CREATE TABLE a AS SELECT 1 AS x")
        session.tables().add("harmless")
        assert session.tables() == {"a"}
        with suppress(ZeroDivisionError), session.transaction():
            session.execute("CREATE TABLE b AS SELECT 1 AS x")
            assert session.tables() == {"a", "b"}
            raise ZeroDivisionError
        assert session.tables() == {"a"}
        session.drop("a")
        assert session.tables() == set()


def test_what_was_read_is_read_again_once_something_may_have_changed():
    asked = 0

    def count() -> int:
        nonlocal asked
        asked += 1
        return int(session.value("SELECT count(*) FROM a"))

    with DuckDB() as session:
        session.execute("CREATE TABLE a AS SELECT 1 AS x")
        assert session.remembered("count", count) == session.remembered("count", count) == 1
        session.create("aside", "SELECT 1", temporary=True)
        assert session.remembered("count", count) == asked == 1
        assert session.changed("INSERT INTO a VALUES (?), (3)", [2]) == 2
        assert session.remembered("count", count) == 3
        assert session.changed("UPDATE a SET x = 5 WHERE x > 9") == 0
        assert session.changed("DELETE FROM a WHERE x > 1") == 2
        assert session.remembered("count", count) == 1
        with suppress(ZeroDivisionError), session.transaction():
            session.execute("DELETE FROM a")
            assert session.remembered("count", count) == 0
            raise ZeroDivisionError
        assert session.remembered("count", count) == 1
