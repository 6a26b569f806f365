"""The physical tables of a workspace: what they are called, what they hold, how they grow."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from segmentry.core.errors import MappingError
from segmentry.core.types import Type
from segmentry.data.entity import ENTITIES, Entity
from segmentry.engines.duckdb import DuckDB, quote
from segmentry.sql.dialects.duckdb import DUCKDB

TYPE_NAMES = DUCKDB.types
MONEY = TYPE_NAMES[Type.MONEY]


@dataclass(frozen=True, slots=True)
class PhysicalTable:
    """A table of facts or of things.

    Args:
        columns: Its columns with the engine's types; extra columns of files come after them.
        key: Columns that name a row.
        instant: Column that says when; `None` for tables of things.
    """

    name: str
    columns: Mapping[str, str]
    key: tuple[str, ...]
    instant: str | None = None

    @property
    def day(self) -> str:
        """Column of the local day of the instant."""
        return day_of(self.instant or "")

    @property
    def hour(self) -> str:
        """Column of the local hour of the instant."""
        return hour_of(self.instant or "")


def day_of(instant: str) -> str:
    """Column of the local day of an instant's column.

    >>> day_of("ordered_at")
    'ordered_on'
    """
    return instant.removesuffix("_at") + "_on"


def hour_of(instant: str) -> str:
    """Column of the local hour (0–23) of an instant's column."""
    return instant.removesuffix("_at") + "_hour"


LOAD = "load_id"
"""Column of facts: the load that brought the row, or changed it last; no field of any fact."""

SUMS = {"gross_amount": MONEY, "returned_amount": MONEY, "net_amount": MONEY}
"""What was paid (never negative), what was given back (never negative), and the difference."""

MADE_KEYS = {
    "events": "event_id",
    "touchpoints": "touchpoint_id",
    "costs": "cost_id",
    "survey_answers": "answer_id",
    "consents": "consent_id",
}
"""Text that names a row of a fact: the file's own id, or made from what the row says."""


def _moment(instant: str) -> dict[str, str]:
    return {instant: "TIMESTAMP", day_of(instant): "DATE", hour_of(instant): "UTINYINT"}


def _attributes(entity: Entity, *without: str) -> dict[str, str]:
    return {
        name: TYPE_NAMES[each.type]
        for name, each in entity.attributes.items()
        if name not in without
    }


def _things(name: str) -> PhysicalTable:
    entity = ENTITIES[name]
    return PhysicalTable(name, _attributes(entity), entity.key)


def _happenings(name: str) -> PhysicalTable:
    entity = ENTITIES[name]
    instant = entity.instant or ""
    who = {"customer_no": "INTEGER"} if "customer_id" in entity.attributes else {}
    key = MADE_KEYS[name]
    columns = {key: "VARCHAR"} | who | _moment(instant)
    columns |= _attributes(entity, key, "customer_id", instant)
    return PhysicalTable(name, columns | {LOAD: "INTEGER"}, (key,), instant)


CUSTOMERS = PhysicalTable(
    "customers",
    {
        "customer_no": "INTEGER",
        "customer_id": "VARCHAR",
        "known_at": "TIMESTAMP",
        "registered": "BOOLEAN",
    }
    | _attributes(ENTITIES["customers"], "customer_id"),
    ("customer_id",),
)
ORDERS = PhysicalTable(
    "orders",
    {"order_id": "VARCHAR", "customer_no": "INTEGER"}
    | _moment("ordered_at")
    | {"is_purchase": "BOOLEAN"}
    | SUMS
    | _attributes(ENTITIES["orders"], "order_id", "customer_id", "ordered_at", "amount")
    | {"amount_stated": "BOOLEAN", LOAD: "INTEGER"},
    ("order_id",),
    "ordered_at",
)
"""`amount_stated`: the amounts stand in a file of orders; otherwise they are sums of lines."""
ORDER_LINES = PhysicalTable(
    "order_lines",
    {"order_id": "VARCHAR", "line_key": "VARCHAR", "customer_no": "INTEGER"}
    | _moment("ordered_at")
    | {"product_id": "VARCHAR", "quantity": "DOUBLE", "unit_price": MONEY}
    | SUMS
    | {"discount_amount": MONEY, "kind": "VARCHAR", "is_product": "BOOLEAN", LOAD: "INTEGER"},
    ("order_id", "line_key"),
    "ordered_at",
)

TABLES: Mapping[str, PhysicalTable] = {
    each.name: each
    for each in (
        CUSTOMERS, _things("companies"), ORDERS, ORDER_LINES, _things("products"),
        *map(_happenings, MADE_KEYS),
    )
}  # fmt: skip
"""The table of each entity, under the entity's name."""

SCORES = PhysicalTable(
    "scores",
    {"customer_no": "INTEGER"}
    | _moment("scored_at")
    | {"name": "VARCHAR", "value": "DOUBLE", LOAD: "INTEGER"},
    ("name", "scored_at", "customer_no"),
    "scored_at",
)
"""What models say of customers, as of instants; no file brings it."""
MOMENT = timedelta(microseconds=1)
"""How long before the instant that they are as of scores stand, to be seen as of it."""

HELD: Mapping[str, PhysicalTable] = {**TABLES, SCORES.name: SCORES}
"""Every table of things and facts, loaded or computed."""

LEDGER: Mapping[str, Mapping[str, str]] = {
    "loaded_columns": {
        "entity": "VARCHAR", "column_name": "VARCHAR", "type": "VARCHAR",
        "source_column": "VARCHAR", "extra": "BOOLEAN",
    },
    "loads": {
        "load_id": "BIGINT", "source": "VARCHAR", "content_hash": "VARCHAR",
        "settings_hash": "VARCHAR", "entity": "VARCHAR", "records": "BIGINT",
        "accepted": "BIGINT", "updated": "BIGINT", "unchanged": "BIGINT", "rejected": "BIGINT",
        "loaded_at": "TIMESTAMP", "sums": "JSON",
    },
    "rejected_records": {
        "load_id": "BIGINT", "source": "VARCHAR", "entity": "VARCHAR", "record_no": "BIGINT",
        "column_name": "VARCHAR", "value": "VARCHAR", "reason": "VARCHAR", "fix": "VARCHAR",
        "record": "JSON",
    },
    "treatments": {
        "load_id": "BIGINT", "entity": "VARCHAR", "kind": "VARCHAR", "records": "BIGINT",
        "policy": "VARCHAR",
    },
    "cleaned_values": {
        "load_id": "BIGINT", "content_hash": "VARCHAR", "column_name": "VARCHAR",
        "value": "VARCHAR", "cleaned": "VARCHAR", "records": "BIGINT",
    },
    "changes": {
        "change_id": "BIGINT", "load_id": "BIGINT", "relation": "VARCHAR", "added": "BIGINT",
        "replaced": "BIGINT", "earliest": "TIMESTAMP", "latest": "TIMESTAMP",
    },
    "changed_customers": {"change_id": "BIGINT", "customer_no": "INTEGER"},
    "check_results": {
        "run_at": "TIMESTAMP", "check_name": "VARCHAR", "entity": "VARCHAR",
        "failing": "BIGINT", "of": "BIGINT",
    },
}  # fmt: skip
"""What was loaded, refused, treated and checked, and when."""


MODELS: Mapping[str, Mapping[str, str]] = {
    "model_cards": {
        "name": "VARCHAR", "as_of": "TIMESTAMP", "card": "JSON", "customers": "BIGINT",
    },
}  # fmt: skip
"""What models found, and how far to trust it."""

REMEMBERED: Mapping[str, Mapping[str, str]] = {
    "trust_known": {"as_of": "TIMESTAMP", "load_id": "BIGINT", "score": "INTEGER"},
}
"""What was found about the data, so that a small question is quick."""

LISTS: Mapping[str, Mapping[str, str]] = {
    "lists": {
        "name": "VARCHAR", "label": "VARCHAR", "origin": "VARCHAR", "matched_by": "VARCHAR",
        "made_at": "TIMESTAMP",
    },
    "list_entries": {
        "entry_id": "BIGINT", "list": "VARCHAR", "given": "VARCHAR", "customer_no": "INTEGER",
        "reason": "VARCHAR", "added_at": "TIMESTAMP", "added_on": "DATE",
        "added_hour": "UTINYINT", "until": "TIMESTAMP",
    },
}  # fmt: skip
"""Static lists and who is on them."""

IDENTITY: Mapping[str, Mapping[str, str]] = {
    "customer_decisions": {
        "decision_id": "BIGINT", "kind": "VARCHAR", "decided_at": "TIMESTAMP", "reason": "VARCHAR",
        "undoes": "BIGINT",
    },
    "customer_decided": {
        "decision_id": "BIGINT", "customer_no": "INTEGER", "other_no": "INTEGER",
        "probability": "DOUBLE",
    },
    "customer_links": {"customer_no": "INTEGER", "into_no": "INTEGER", "merge_id": "BIGINT"},
    "customer_persons": {"customer_no": "INTEGER", "person_no": "INTEGER"},
    "customer_units": {"customer_no": "INTEGER", "unit_no": "INTEGER", "person_no": "INTEGER"},
    "company_units": {
        "company_id": "VARCHAR", "customer_no": "INTEGER", "customer_id": "VARCHAR",
    },
    "counting": {"unit": "VARCHAR"},
    "duplicate_pairs": {
        "customer_no": "INTEGER", "other_no": "INTEGER", "probability": "DOUBLE",
        "exact": "BOOLEAN", "swapped": "BOOLEAN", "levels": "TINYINT[]",
    },
    "duplicate_search": {"found_at": "TIMESTAMP", "records": "BIGINT", "compared": "BIGINT"},
}  # fmt: skip
"""Which records are one customer: what was decided, the links that hold, and what follows."""


EVERYTHING: Mapping[str, Mapping[str, str]] = {
    **{name: each.columns for name, each in HELD.items()},
    **LEDGER,
    **MODELS,
    **REMEMBERED,
    **LISTS,
    **IDENTITY,
}
MADE = "made_as"
"""What the tables were made from; to look at all their columns takes longer than most commands."""


def make_tables(session: DuckDB) -> None:
    """Make the tables that are not there yet, and columns that older ones lack."""
    wanted = hashlib.sha256(repr(EVERYTHING).encode()).hexdigest()
    if MADE in session.tables() and session.value(f"SELECT digest FROM {MADE}") == wanted:
        return
    _make(session)
    session.execute(f"CREATE OR REPLACE TABLE {MADE} AS SELECT '{wanted}' AS digest")


def _make(session: DuckDB) -> None:
    present: dict[str, set[str]] = {}
    for table, column in session.rows("SELECT table_name, column_name FROM duckdb_columns()"):
        present.setdefault(table, set()).add(column)
    for name, columns in EVERYTHING.items():
        if name not in present:
            spelled = ", ".join(f"{quote(column)} {kind}" for column, kind in columns.items())
            session.execute(f"CREATE TABLE {quote(name)} ({spelled})")
            continue
        for column in columns.keys() - present[name]:
            session.execute(
                f"ALTER TABLE {quote(name)} ADD COLUMN {quote(column)} {columns[column]}"
            )


def add_columns(session: DuckDB, entity: str, extras: Mapping[str, Type]) -> None:
    """Make sure that the entity's table has the extra columns; whole numbers widen to numbers.

    Raises:
        MappingError: A name is one of the table's own, or its values were of another type before.
    """
    table, present = TABLES[entity], session.columns(entity)
    for name, kind in extras.items():
        if name in table.columns or name in ENTITIES[entity].attributes:
            raise MappingError(
                f"the extra column `{name}` of {entity} has the name of one of its own columns.",
                fix="Give it another name under `extras` in the mapping.",
            )
        wanted, known = TYPE_NAMES[kind], present.get(name)
        if known is None:
            session.execute(f"ALTER TABLE {quote(entity)} ADD COLUMN {quote(name)} {wanted}")
        elif {known, wanted} == {TYPE_NAMES[Type.INTEGER], TYPE_NAMES[Type.NUMBER]}:
            _widen(session, entity, name, known)
        elif known != wanted:
            raise MappingError(
                f"the extra column `{name}` of {entity} held {_type_named(known)} values before, "
                f"now {kind.value} values.",
                fix=f"State its kind under `formats` in the mapping: `{_type_named(known)}`.",
            )


def _widen(session: DuckDB, entity: str, name: str, known: str) -> None:
    number = TYPE_NAMES[Type.NUMBER]
    if known != number:
        session.execute(f"ALTER TABLE {quote(entity)} ALTER {quote(name)} TYPE {number}")


def _type_named(name: str) -> str:
    return next((kind.value for kind, spelled in TYPE_NAMES.items() if spelled == name), name)


def note_columns(session: DuckDB, columns: Iterable[tuple[str, str, Type, str, bool]]) -> None:
    """Remember columns that a load has filled, as (entity, column, type, source column, extra)."""
    for entity, name, kind, source, extra in columns:
        session.execute(
            "DELETE FROM loaded_columns WHERE entity = ? AND column_name = ?", [entity, name]
        )
        session.execute(
            "INSERT INTO loaded_columns VALUES (?, ?, ?, ?, ?)",
            [entity, name, kind.value, source, extra],
        )


def is_empty(session: DuckDB, table: str) -> bool:
    """Whether a table has no rows."""
    return not session.rows(f"SELECT 1 FROM {quote(table)} LIMIT 1")


__all__ = [
    "HELD",
    "LEDGER",
    "LOAD",
    "MADE_KEYS",
    "MOMENT",
    "SCORES",
    "TABLES",
    "TYPE_NAMES",
    "PhysicalTable",
    "add_columns",
    "day_of",
    "hour_of",
    "is_empty",
    "make_tables",
    "note_columns",
]
