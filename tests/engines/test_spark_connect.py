"""A session over Spark Connect, against a server that the test starts from pyspark's own parts."""

from __future__ import annotations

import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from time import monotonic, sleep

import pyarrow as pa
import pytest

from segmentry.core.errors import CancelledError, EngineError
from segmentry.core.types import Type
from segmentry.engines.spark import Spark
from segmentry.sql.expression import Column, Join, Select, Table, call, literal
from segmentry.sql.operators import Op

NEEDED = ("pyspark", "pandas", "grpc", "grpc_status", "google.rpc", "zstandard")
START_SECONDS = 120
X = Column("x", Type.INTEGER)


def lacking() -> list[str]:
    missing = []
    for name in NEEDED:
        try:
            found = find_spec(name)
        except ModuleNotFoundError:
            found = None
        if found is None:
            missing.append(name)
    return missing


@contextmanager
def connect_server(log: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": str(port),
    }
    home = Path(find_spec("pyspark").origin).parent
    service = "org.apache.spark.sql.connect.service.SparkConnectServer"
    options = [part for name, value in settings.items() for part in ("--conf", f"{name}={value}")]
    command = [home / "bin" / "spark-submit", "--master", "local[2]", "--class", service, *options]
    with log.open("wb") as said:
        server = subprocess.Popen([*command, "connect"], stdout=said, stderr=said)
    try:
        _wait(server, port, log)
        yield f"sc://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(60)


def _wait(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    end = monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if server.poll() is not None or monotonic() > end:
                raise AssertionError(log.read_text(errors="replace")[-2000:]) from None
            sleep(0.1)  # a port cannot be waited for before it is open
        else:
            return


@pytest.mark.slow
def test_the_same_over_spark_connect(tmp_path):
    if missing := lacking():
        pytest.skip(f"Spark Connect needs {', '.join(missing)}: pip install 'pyspark[connect]'.")
    with (
        connect_server(tmp_path / "log") as address,
        Spark(address, tmp_path / "lake") as session,
    ):
        session.write("n", pa.table({"x": list(range(20_000))}))
        session.create("m", Select(Table("n"), {"x": X}, where=call(Op.LESS, X, literal(3))))
        session.append("m", pa.table({"x": [7]}))
        assert sorted(session.rows(Select(Table("m"), {"x": X}))) == [(0,), (1,), (2,), (7,)]
        assert session.tables() == {"n", "m"}
        with pytest.raises(EngineError, match="nowhere"):
            session.rows(Select(Table("nowhere"), {"x": X}))
        _can_be_stopped(session)


def _can_be_stopped(session: Spark) -> None:
    sides = (Column("x", Type.INTEGER, each) for each in "ab")
    product = call(Op.AS_TEXT, call(Op.MULTIPLY, *sides, type=Type.INTEGER), type=Type.TEXT)
    met = call(Op.COUNT, call(Op.MATCHES, product, literal("7[0-9]*7$")), type=Type.INTEGER)
    endless = Select(Table("n"), {"n": met}, alias="a", joins=(Join(Table("n"), "b", None),))
    timer = threading.Timer(3, session.interrupt)
    timer.start()
    with pytest.raises(CancelledError):
        session.value(endless)
    timer.join()
