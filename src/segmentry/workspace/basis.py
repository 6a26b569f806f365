"""What the columns of a refresh rest on, kept beside them for the next refresh to go on from.

A file in the folder of the columns says up to which load and change they know the data, what facts
were, and as what each column was computed. Whatever is not the same any more is computed anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from segmentry.core.time import AsOf
from segmentry.data.changes import (
    UNITS,
    Change,
    changes_since,
    last_change,
    last_load,
    whose,
)
from segmentry.data.tables import LOAD, is_empty
from segmentry.engines.duckdb import DuckDB
from segmentry.features.aggregates import digest
from segmentry.features.carry import Earlier
from segmentry.features.column_files import ColumnFiles
from segmentry.features.customers import Customers
from segmentry.features.moved import Numbers
from segmentry.language.schema import Fact

EDITION = 4
"""Raised when the same declaration gives another value than before, so that none is taken over."""
FILE = "basis.json"
PEOPLE = ("customers", "companies")


def write(customers: Customers, folder: Path, keys: Mapping[str, str]) -> None:
    """Say in a folder of columns what they rest on."""
    desk, facts = customers.desk, customers.features.schema.facts
    told = {
        "edition": EDITION,
        "as_of": customers.as_of.instant.isoformat(),
        "timezone": customers.as_of.timezone,
        "load": last_load(desk),
        "change": last_change(desk),
        "facts": {name: digest(fact) for name, fact in facts.items()},
        "keys": dict(keys),
    }
    (folder / FILE).write_text(json.dumps(told), encoding="utf-8")


def earlier(customers: Customers, columns: ColumnFiles) -> Earlier | None:
    """What still holds of columns; `None` if they are of no use for this instant."""
    told = _read(columns.folder)
    if told is None or told["edition"] != EDITION:
        return None
    as_of = AsOf(datetime.fromisoformat(told["as_of"]), told["timezone"])
    if as_of.timezone != customers.as_of.timezone or as_of.instant > customers.as_of.instant:
        return None
    changes = changes_since(customers.desk, told["change"])
    changed = {each.relation for each in changes}
    if UNITS in changed:
        return None
    replaced = {each.relation for each in changes if each.replaced}
    alike = {
        name: fact
        for name, fact in customers.features.schema.facts.items()
        if told["facts"].get(name) == digest(fact)
    }
    return Earlier(
        columns,
        as_of,
        told["load"],
        told["keys"],
        dict(_followed(customers.desk, alike, replaced, told["change"])),
        frozenset(_joined(alike, changes)),
        replaced.isdisjoint(PEOPLE),
    )


def _read(folder: Path) -> dict[str, Any] | None:
    path = folder / FILE
    if not path.exists():
        return None
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _followed(
    desk: DuckDB, facts: Mapping[str, Fact], replaced: set[str], since: int
) -> Iterator[tuple[str, Numbers]]:
    """Facts whose rows say which load they came with, and whose rows were replaced.

    Where records count for another customer, the ledger does not say whose a row is.
    """
    alone = is_empty(desk, UNITS)
    for name, fact in facts.items():
        tables = {fact.table, *(each.table for each in fact.dimensions.values())} & replaced
        if (alone or not tables) and LOAD in desk.columns(fact.source):
            yield name, whose(desk, tables, since)


def _joined(facts: Mapping[str, Fact], changes: list[Change]) -> Iterator[str]:
    """Tables joined with facts of which a row may be another one than it was for an old row.

    Of facts it is known whose rows they are, which come with those that are joined with them. Of
    anything else a new row may be the one that an old row of a fact lacked.
    """
    own = {fact.table for fact in facts.values()}
    for each in changes:
        if each.relation not in own:
            yield each.relation


__all__ = ["EDITION", "earlier", "write"]
