"""Starting Spark quietly: one context in a process, a session of its own for everybody who asks."""

from __future__ import annotations

import atexit
import logging
import os
import re
import shutil
import signal
import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pyarrow as pa

from segmentry.core.errors import EngineError

LOCAL = "spark"
"""The address of a Spark inside of this process, on all cores."""
LOCAL_MASTER = "local["
PARTS_PER_CORE = 4
REMOTE = "sc://"

MEANING = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.parquet.inferTimestampNTZ.enabled": "true",
    # An overflow is an error, never another number.
    "spark.sql.ansi.enabled": "true",
    # `${…}` in a rule's text stands for itself.
    "spark.sql.variable.substitute": "false",
    "spark.sql.parser.escapedStringLiterals": "false",
    "spark.sql.ansi.doubleQuotedIdentifiers": "false",
    "spark.sql.icu.caseMappings.enabled": "true",
    "spark.sql.legacy.statisticalAggregate": "false",
}
"""Settings that decide what a query means; they go before the user's own."""

SPEED = {
    "spark.sql.adaptive.enabled": "true",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "100000",
    "spark.sql.execution.arrow.useLargeVarTypes": "false",
}

QUIET = {
    "spark.app.name": "segmentry",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    "spark.driver.maxResultSize": "0",
}

BRIEF = {
    "spark.sql.ui.retainedExecutions": "1",
    "spark.ui.retainedJobs": "10",
    "spark.ui.retainedStages": "10",
    "spark.ui.retainedTasks": "100",
    "spark.sql.maxPlanStringLength": "10000",
}
"""No memory of what was asked: plans of a thousand steps would soon fill what Java has."""

LOOPBACK = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}

_open_sessions = 0


def start(address: str, log: Path, settings: Mapping[str, str]) -> Any:
    """A session of its own at an address; the context is started if there is none yet.

    Args:
        address: `spark`, a master as Spark names it, or `sc://host:port`.
        log: The file that gets what Spark has to say.
        settings: More settings, for a context that is started.

    Raises:
        EngineError: Spark or Java is not installed, or it does not start.
    """
    try:
        import pyspark  # noqa: F401
    except ImportError:
        raise EngineError(
            "Spark is not installed.", fix="Install it: pip install 'segmentry[spark]'."
        ) from None
    with quietly():
        session = _remote(address) if address.startswith(REMOTE) else _local(address, log, settings)
        for name, value in (MEANING | SPEED | _parts(session, address)).items():
            session.conf.set(name, value)
    return session


def _parts(session: Any, address: str) -> dict[str, str]:
    """On one machine a few parts for each core; the usual 200 are for clusters."""
    if not address.startswith(LOCAL_MASTER) and address != LOCAL:
        return {}
    cores = session.sparkContext.defaultParallelism
    return {"spark.sql.shuffle.partitions": str(PARTS_PER_CORE * cores)}


def stop(session: Any) -> None:
    """Let go of a session; the last one stops the context."""
    global _open_sessions  # noqa: PLW0603
    if not hasattr(session, "sparkContext"):
        session.stop()
        return
    _open_sessions -= 1
    if _open_sessions == 0:
        session.stop()


def schema(given: pa.Schema) -> Any:
    """Columns and types as Spark names them; read from a file by ourselves, without a job."""
    from pyspark.sql.pandas.types import from_arrow_schema

    return from_arrow_schema(given, prefer_timestamp_ntz=True)


def _remote(address: str) -> Any:
    from pyspark.sql import SparkSession

    try:
        return SparkSession.builder.remote(address).create()
    except ImportError as error:
        raise EngineError(
            f"Spark Connect needs more: {str(error).splitlines()[0]}",
            fix="Install it: pip install 'pyspark[connect]'.",
        ) from None


def _local(address: str, log: Path, settings: Mapping[str, str]) -> Any:
    global _open_sessions  # noqa: PLW0603
    from pyspark import SparkConf, SparkContext
    from pyspark.sql import SparkSession

    if SparkContext._active_spark_context is None:  # noqa: SLF001
        master = f"local[{os.cpu_count()}]" if address == LOCAL else address
        reachable = LOOPBACK if master.startswith(LOCAL_MASTER) else {}
        conf = SparkConf()
        conf.setAll([*QUIET.items(), *BRIEF.items(), *reachable.items(), *settings.items()])
        conf.setMaster(master)
        with _same_interrupt(), _started(log):
            SparkContext(conf=conf, gateway=_gateway(conf, log))
        _open_sessions = 0
    _open_sessions += 1
    return SparkSession.builder.getOrCreate().newSession()


def _gateway(conf: Any, log: Path) -> Any:
    """The Java process, with its output in a file; one for the life of this process."""
    from pyspark import SparkContext
    from pyspark.java_gateway import launch_gateway

    if SparkContext._gateway is not None:  # noqa: SLF001
        return SparkContext._gateway  # noqa: SLF001
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        raise EngineError(
            "Spark needs Java 17 or later, which is not installed.",
            fix="On Debian and Ubuntu: apt-get install openjdk-17-jre-headless.",
        )
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as file:
        gateway = launch_gateway(conf, {"stdout": file, "stderr": file})
    atexit.register(_end, gateway)
    return gateway


def _end(gateway: Any) -> None:
    """Hang up, close the pipe by which Java knows that this process is there, and see it end."""
    with suppress(Exception):
        gateway.shutdown()
        gateway.proc.stdin.close()
        gateway.proc.wait(10)


@contextmanager
def _started(log: Path) -> Iterator[None]:
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (Py4JError, PySparkException) as error:
        said = re.search(r"Exception: (.*)", str(error))
        reason = f": {said[1]}" if said else "."
        raise EngineError(f"Spark did not start{reason}", fix=f"More stands in {log}.") from error


@contextmanager
def _same_interrupt() -> Iterator[None]:
    """Keep what Ctrl-C does; the context would put its own handler in place."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGINT)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def quietly() -> Iterator[None]:
    """No warnings about packages that are not used, no copy of every error on the terminal."""
    from pyspark.logger import PySparkLogger

    for name in ("SQLQueryContextLogger", "DataFrameQueryContextLogger"):
        PySparkLogger.getLogger(name).disabled = True
    logging.getLogger("py4j").setLevel(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
