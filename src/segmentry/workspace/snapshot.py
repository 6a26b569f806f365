"""Every feature as of an instant, computed once and kept until something changes it."""

from __future__ import annotations

import hashlib
from datetime import datetime

from segmentry.core.time import AsOf
from segmentry.engines.duckdb import DuckDB, quote
from segmentry.features.compile import CUSTOMERS, CustomerSource
from segmentry.features.customers import Customers
from segmentry.features.known import Features
from segmentry.language.listed import ENTRIES
from segmentry.sql.expression import Table

SNAPSHOT = "customer_features"


def data_mark(engine: DuckDB) -> str:
    """Changes whenever a load, a decision about duplicates or a list could change a feature."""
    load = engine.value("SELECT max(load_id) FROM loads") or 0
    counting = engine.rows("SELECT max(decision_id), (FROM counting) FROM customer_decisions")
    listed = engine.rows(f"SELECT count(*), bit_xor(hash(t)) FROM {ENTRIES.table} AS t")
    return f"{load}\n{counting}\n{listed}"


def fingerprint(engine: DuckDB, features: Features) -> str:
    """Changes whenever the data or a declaration could change a feature."""
    declared = "\n".join(f"{each.name}={each.node.text()}" for each in features)
    declared += f"\n{sorted(features.schema.features)} {features.schema.sensitive}"
    return hashlib.sha256(f"{data_mark(engine)}\n{declared}".encode()).hexdigest()


def take(customers: Customers) -> int:
    """Compute every feature as of an instant into a table; returns the number of customers."""
    engine, features = customers.desk, customers.features
    engine.create(SNAPSHOT, customers.query(customers.named(features.schema.features)))
    engine.execute("CREATE OR REPLACE TABLE snapshot_of (as_of TIMESTAMP, fingerprint VARCHAR)")
    engine.execute(
        "INSERT INTO snapshot_of VALUES (?, ?)",
        [customers.as_of.instant, fingerprint(engine, features)],
    )
    return int(engine.value(f"SELECT count(*) FROM {quote(SNAPSHOT)}"))


def forget(engine: DuckDB) -> None:
    """Let the computed features go; they are computed anew when asked for."""
    engine.drop(SNAPSHOT)


def taken_at(engine: DuckDB) -> datetime | None:
    """The instant of the features that were computed last, still true or not."""
    if SNAPSHOT not in engine.tables():
        return None
    found = engine.value("SELECT as_of FROM snapshot_of")
    assert isinstance(found, datetime)
    return found


def source(engine: DuckDB, features: Features, as_of: AsOf) -> CustomerSource:
    """The snapshot, if it is of this instant and still true; else the customers themselves."""
    if SNAPSHOT not in engine.tables():
        return CUSTOMERS
    [(instant, mark)] = engine.rows("SELECT as_of, fingerprint FROM snapshot_of")
    if instant != as_of.instant or mark != fingerprint(engine, features):
        return CUSTOMERS
    return ready(features)


def ready(features: Features) -> CustomerSource:
    """The snapshot as where customers come from."""
    return CustomerSource(Table(SNAPSHOT), known_at=None, ready=frozenset(features.known))
