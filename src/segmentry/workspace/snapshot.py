"""Every feature as of an instant, computed once and kept until something changes it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from shutil import rmtree
from typing import Any, NamedTuple
from uuid import uuid4

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segmentry.core.errors import UnsupportedOperationError
from segmentry.core.time import AsOf
from segmentry.core.types import Type
from segmentry.data.changes import taken_in
from segmentry.engines.duckdb import DuckDB, quote
from segmentry.features.alone import relative
from segmentry.features.carry import Carry
from segmentry.features.column_files import ColumnFiles, draft, publish, remove_others
from segmentry.features.compile import CUSTOMERS, KNOWN, CustomerSource
from segmentry.features.customers import Customers
from segmentry.features.dense import Dense, everybody
from segmentry.features.known import Features
from segmentry.features.moved import Moved
from segmentry.language.listed import ENTRIES
from segmentry.language.node import Node
from segmentry.sql.dialects.duckdb import DUCKDB
from segmentry.sql.expression import Table
from segmentry.workspace import basis
from segmentry.workspace.settings import Extent

SNAPSHOT = "customer_features"
FOLDER = "snapshot"
"""Beside the engine's file: a folder of columns for the last refresh."""
OF = "snapshot_of (as_of TIMESTAMP, fingerprint VARCHAR, folder VARCHAR)"


def data_mark(engine: DuckDB) -> str:
    """Changes whenever a load, a decision about duplicates or a list could change a feature."""
    return engine.remembered("data mark", lambda: _data_mark(engine))


def _data_mark(engine: DuckDB) -> str:
    load = engine.value("SELECT max(load_id) FROM loads") or 0
    counting = engine.rows("SELECT max(decision_id), (FROM counting) FROM customer_decisions")
    listed = engine.rows(f"SELECT count(*), bit_xor(hash(t)) FROM {ENTRIES.table} AS t")
    return f"{load}\n{counting}\n{listed}"


def fingerprint(engine: DuckDB, features: Features) -> str:
    """Changes whenever the data or a declaration could change a feature."""
    made = f"{features.schema.sensitive} {basis.EDITION}"
    return hashlib.sha256(f"{data_mark(engine)}\n{features.text} {made}".encode()).hexdigest()


class Taken(NamedTuple):
    """The features of a refresh: of how many customers, and where they are."""

    customers: int
    source: CustomerSource


def take(customers: Customers, names: Sequence[str]) -> Taken:
    """Compute features and traits as of an instant and keep them.

    The columns are files in a new folder beside the engine's file, which `snapshot_of` names: with
    the transaction they are there, and without it the ones before are. They are carried on from the
    columns before as far as these still hold (`basis`). Companies as customers have numbers below
    zero; their features are a table.
    """
    engine = customers.desk
    try:
        files, moved = _write(customers, names)
    except UnsupportedOperationError:
        _clear(engine)
        engine.create(SNAPSHOT, customers.query(customers.named(names)))
        _note(customers, None)
        count = int(engine.value(f"SELECT count(*) FROM {quote(SNAPSHOT)}"))
        return Taken(count, ready(names))
    _note(customers, files.folder.name)
    taken_in(engine)
    _attached(engine)
    count = pc.sum(files[KNOWN]).as_py() or 0
    return Taken(count, replace(ready(names), columns=files, moved=moved))


def kept(customers: Customers, used: Iterable[Node], extent: Extent) -> list[str]:
    """The names of features and traits that a refresh keeps; others are computed when asked for.

    Features that compare a customer's rows with everybody's (`relative`) are among these others,
    unless something that is used reads them.

    Args:
        used: What a refresh asks of the customers.
    """
    features = customers.features
    nodes = [*used, *customers.rules.values()]
    left: Collection[str] = relative(features, customers.as_of)
    if extent == "used":
        left = features.known
    read = {each.name for each in features.needed(nodes)}
    return [name for name in features.schema.features if name not in left or name in read]


def _note(customers: Customers, folder: str | None) -> None:
    mark = fingerprint(customers.desk, customers.features)
    customers.desk.execute(f"CREATE OR REPLACE TABLE {OF}")
    customers.desk.execute(
        "INSERT INTO snapshot_of VALUES (?, ?, ?)", [customers.as_of.instant, mark, folder]
    )


def _write(customers: Customers, names: Sequence[str]) -> tuple[ColumnFiles, Moved | None]:
    """Write all columns to a new folder; returns it, and what differs from the one before."""
    engine = customers.desk
    before = _folder(engine)
    remove_others(_root(engine), before)
    earlier = None if before is None else basis.earlier(customers, _files(engine, before))
    known = everybody(customers)
    files = draft(_root(engine) / uuid4().hex)
    try:
        carry = Carry.of(customers, known, files, earlier)
        Dense(customers, known, files, carry).keep(["customer_id", *names])
        files[KNOWN] = pa.array(known)
        basis.write(customers, files.folder, carry.keys)
        return publish(files), carry.moved
    except BaseException:
        rmtree(files.folder, ignore_errors=True)
        raise


def _root(engine: DuckDB) -> Path:
    if engine.path is None:
        raise UnsupportedOperationError("an engine in memory keeps no files.")
    return engine.path.parent / FOLDER


def _folder(engine: DuckDB) -> str | None:
    """The folder of the columns; `None` if there is none, or they are a table."""
    return engine.remembered("snapshot folder", lambda: _folder_named(engine))


def _folder_named(engine: DuckDB) -> str | None:
    if "folder" not in engine.columns("snapshot_of"):
        return None
    found = engine.value("SELECT folder FROM snapshot_of")
    return None if found is None else str(found)


def _clear(engine: DuckDB) -> None:
    kind = "TABLE" if SNAPSHOT in engine.tables() else "VIEW"
    engine.execute(f"DROP {kind} IF EXISTS {quote(SNAPSHOT)}")


def forget(engine: DuckDB) -> None:
    """Let the computed features go; they are computed anew when asked for."""
    _clear(engine)
    engine.drop("snapshot_of")
    if engine.path is not None:
        remove_others(_root(engine), None)


def taken_at(engine: DuckDB) -> datetime | None:
    """The instant of the features that were computed last, still true or not."""
    if "snapshot_of" not in engine.tables() or not _attached(engine):
        return None
    found = engine.value("SELECT as_of FROM snapshot_of")
    assert isinstance(found, datetime)
    return found


def source(engine: DuckDB, features: Features, as_of: AsOf) -> CustomerSource:
    """The snapshot, if it is of this instant and still true; else the customers themselves."""
    if "snapshot_of" not in engine.tables():
        return CUSTOMERS
    query = "SELECT as_of, fingerprint FROM snapshot_of"
    [(instant, mark)] = engine.remembered(query, lambda: engine.rows(query))
    if instant != as_of.instant or mark != fingerprint(engine, features):
        return CUSTOMERS
    if not _attached(engine):
        return CUSTOMERS
    folder = _folder(engine)
    columns = None if folder is None else _files(engine, folder)
    return replace(ready(names(engine)), columns=columns)


def names(engine: DuckDB) -> Iterable[str]:
    """The features and traits of the last refresh, and what else stands beside them."""
    folder = _folder(engine)
    return engine.columns(SNAPSHOT) if folder is None else _files(engine, folder)


def _attached(engine: DuckDB) -> bool:
    """Make the columns the relation `customer_features`; whether they are there."""
    folder = _folder(engine)
    if folder is None:
        return SNAPSHOT in engine.tables()
    offered = f"snapshot_{folder}"
    views = "SELECT 1 FROM duckdb_views() WHERE view_name = ? AND contains(sql, ?)"
    if engine.remembered(offered, lambda: bool(engine.rows(views, [SNAPSHOT, offered]))):
        return True
    files = _files(engine, folder)
    if KNOWN not in files:
        return False
    names = [name for name in files if not name.startswith("#") and name != "customer_id"]
    columns = {name: files[name] for name in ["customer_id", *names, KNOWN]}
    numbers = pa.array(np.arange(len(columns[KNOWN]), dtype=np.int32))
    engine.offer(offered, pa.table({"customer_no": numbers} | columns))
    shown = ", ".join(_typed(name, columns[name].type) for name in ["customer_id", *names])
    engine.execute(
        f"CREATE OR REPLACE TEMPORARY VIEW {quote(SNAPSHOT)} AS SELECT customer_no, {shown}"
        f" FROM {quote(offered)} WHERE {quote(KNOWN)}"
    )
    return True


def _typed(name: str, kind: Any) -> str:
    """A column that was made narrow with the type that the engine computed."""
    wide = ""
    if pa.types.is_signed_integer(kind):
        wide = DUCKDB.types[Type.INTEGER]
    elif pa.types.is_decimal(kind):
        wide = DUCKDB.types[Type.MONEY]
    return f"{quote(name)}::{wide} AS {quote(name)}" if wide else quote(name)


@lru_cache(maxsize=4)
def _opened(folder: Path) -> ColumnFiles:
    return ColumnFiles(folder)


def _files(engine: DuckDB, folder: str) -> ColumnFiles:
    return _opened(_root(engine) / folder)


def ready(names: Iterable[str]) -> CustomerSource:
    """The snapshot as where customers come from, with what it has of features."""
    return CustomerSource(Table(SNAPSHOT), known_at=None, ready=frozenset(names))
