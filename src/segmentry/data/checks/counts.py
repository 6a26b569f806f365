"""Counts that add up over the rows of a table: kept, and brought up to date by what came since.

What a check needs to know of a large table are a few numbers, or a few for each value, day or
product. When rows were only added since they were kept, the new rows alone are counted, and the
rows that count together with them; otherwise all are. Either way the numbers are the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from segmentry.data.changes import changes_since, last_change, last_load
from segmentry.data.tables import LOAD, TABLES
from segmentry.engines.duckdb import DuckDB, literal, quote

ROWS = "{rows}"
"""Stands in SQL for the table, or for those of its rows that are looked at."""

SIDE = "{side}"
"""Stands in SQL before what grouped rows are selected and grouped by.

For rows as they are now and, in the same pass, as they were before.
"""

TAKEN, TAKEN_AT = "taken_counts", "taken_counts_at"
"""Temporary tables: the numbers as of now, and the last change that they know of."""

KEPT, KEPT_AT = "kept_counts", "kept_counts_at"
"""The same from an earlier run."""

MOST_KEYS = 100_000
"""Counts by more keys than that are not kept: to copy them costs what it costs to count."""

EACH = "{each}"
"""Stands in SQL for the ids of counts of which the same is asked."""

NUMBER = "DECIMAL(38, 4)"
NEWER: Mapping[str, str] = {
    name: column
    for name, table in TABLES.items()
    for column in (LOAD, "customer_no")
    if column in table.columns and (column == LOAD or name == "customers")
}
"""Table → the column that is greater in new rows than in all before. Others have none."""


@dataclass(frozen=True)
class Count:
    """A number, or one for each key, that the rows of one table add up to.

    Args:
        table: The rows.
        number: SQL aggregate that adds up over sets of rows.
        key: SQL text; rows whose key is missing do not count. Empty: one number in all.
        rows: What is counted, as SQL over `{rows}`.
        group: SQL over the table; rows that agree in all of these count together, in `rows`, which
            then selects and groups by `{side}` and whatever else. They are never missing in a row
            that counts. None: each row counts by itself.
        beside: Tables that `rows` reads too: of these new rows change nothing, changed ones may.
        merged: How two numbers become one: `sum`, or where rows count by themselves `min`.
    """

    table: str
    number: str = "count(*)"
    key: str = ""
    rows: str = ROWS
    group: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    merged: str = "sum"

    @cached_property
    def id(self) -> str:
        """Names it by all that it says."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:32]

    @property
    def by_key(self) -> str:
        """The numbers as a relation of `key` and `n`, where they are not 0."""
        return f"(SELECT key, n FROM {TAKEN} WHERE id = '{self.id}' AND key IS NOT NULL)"

    @property
    def all(self) -> str:
        """The sum of all numbers, 0 when there are none."""
        return f"(SELECT coalesce(sum(n), 0) FROM {TAKEN} WHERE id = '{self.id}')"


def take(session: DuckDB, counts: Iterable[Count]) -> Mapping[str, Decimal]:
    """Take counts as of now, so that queries can read them; kept ones spare reading old rows.

    Returns:
        The sum of each, by its id.
    """
    basis = _basis(session)
    together: dict[tuple[str | None, Count], dict[str, Count]] = {}
    for each in counts:
        came, alike = basis.came(each), Count(each.table, "", each.key, each.rows, each.group)
        together.setdefault((came, alike), {})[each.id] = each
    parts, grown, same, least, every = [], *(list[str]() for _ in range(4))
    for (came, _), group in together.items():
        every += group
        least += [each.id for each in group.values() if each.merged == "min"]
        if came == NOTHING:
            same += group
            continue
        grown += group if came is not None else ()
        parts.append(_counted(list(group.values()), came))
    if grown:
        parts.append(f"SELECT * FROM {KEPT} WHERE id IN ({_listed(grown)})")
    new = [each for each in every if each not in set(same)]
    parts.append(f"SELECT unnest([{_listed(new)}]::VARCHAR[]), NULL, 0")
    unchanged = f" UNION ALL SELECT * FROM {KEPT} WHERE id IN ({_listed(same)})" if same else ""
    lowest = f"id IN ({_listed(least)})" if least else "FALSE"
    session.create(
        TAKEN,
        f"SELECT id, key, CASE WHEN {lowest} THEN min(n) ELSE sum(n) END::{NUMBER} AS n"
        f" FROM ({' UNION ALL '.join(parts)}) AS counted(id, key, n) WHERE n IS NOT NULL"
        f" GROUP BY id, key HAVING key IS NULL OR {lowest} OR sum(n) <> 0{unchanged}",
        temporary=True,
    )
    session.create(
        TAKEN_AT,
        f"SELECT {last_change(session)} AS change_id, {last_load(session)} AS {LOAD},"
        " (SELECT coalesce(max(customer_no), -1) FROM customers) AS customer_no,"
        f" {bool(new)} AS anew",
        temporary=True,
    )
    return dict(session.rows(f"SELECT id, sum(n) FROM {TAKEN} GROUP BY id"))


def keep(session: DuckDB) -> None:
    """Keep what was taken last in this session, if any of it is new, in place of what was kept."""
    if not session.columns(TAKEN) or not session.value(f"SELECT anew FROM {TAKEN_AT}"):
        return
    many = f"SELECT id FROM {TAKEN} GROUP BY id HAVING count(*) > {MOST_KEYS}"
    session.create(KEPT, f"SELECT * FROM {TAKEN} WHERE id NOT IN ({many})")
    session.create(KEPT_AT, f"SELECT * FROM {TAKEN_AT}")


# what is known


NOTHING = "FALSE"


@dataclass(frozen=True)
class _Basis:
    """What was kept, and which tables have other rows since.

    Args:
        newest: Column of `NEWER` → its greatest value when the counts were taken.
    """

    ids: frozenset[str] = frozenset()
    newest: Mapping[str, int] | None = None
    grown: frozenset[str] = frozenset()
    replaced: frozenset[str] = frozenset()

    def came(self, count: Count) -> str | None:
        """Condition of the rows that are not counted yet; `None` when all must be counted."""
        if count.id not in self.ids or self.replaced & {count.table, *count.beside}:
            return None
        if count.table not in self.grown:
            return NOTHING
        column = NEWER.get(count.table)
        return f"{column} > {self.newest[column]}" if column and self.newest else None


def _basis(session: DuckDB) -> _Basis:
    if not {KEPT, KEPT_AT} <= session.tables():
        return _Basis()
    ids = frozenset(each for (each,) in session.rows(f"SELECT DISTINCT id FROM {KEPT}"))
    change, load, customer = session.rows(f"SELECT change_id, {LOAD}, customer_no FROM {KEPT_AT}")[
        0
    ]
    changes = changes_since(session, int(change))
    return _Basis(
        ids,
        {LOAD: load, "customer_no": customer},
        frozenset(each.relation for each in changes),
        frozenset(each.relation for each in changes if each.replaced),
    )


# counting


def _counted(counts: list[Count], came: str | None) -> str:
    """Query of id, key and number: of all rows, or of what is to be added to what is kept."""
    first = counts[0]
    if came is None:
        return _numbers(counts, quote(first.table))
    if not first.group:
        return _numbers(counts, f"(SELECT * FROM {quote(first.table)} WHERE {came})")
    named = [f"({sql}) AS g{place}" for place, sql in enumerate(first.group)]
    new = f"SELECT DISTINCT {', '.join(named)} FROM {quote(first.table)} WHERE {came}"
    same = " AND ".join(f"({sql}) = g{place}" for place, sql in enumerate(first.group))
    touched = f"SELECT * FROM {quote(first.table)} SEMI JOIN ({new}) AS fresh ON {same}"
    both = f"(SELECT * FROM ({touched}) CROSS JOIN {SIDES} WHERE side = 1 OR NOT ({came}))"
    return _numbers(counts, both, "side")


SIDES = "(VALUES (1), (-1)) AS sides(side)"
"""Rows as they are now, and as they were before, which is taken away."""


def _numbers(counts: list[Count], rows: str, side: str = "") -> str:
    """Query of id, key and number of counts that differ in nothing but the number.

    Args:
        side: Column of the rows by which the number is multiplied.
    """
    first = counts[0]
    numbers = ", ".join(f"{each.number} AS n{place}" for place, each in enumerate(counts))
    factor = f" * {side}" if side else ""
    listed = ", ".join(f"n{place}::{NUMBER}{factor}" for place in range(len(counts)))
    source = first.rows.replace(ROWS, rows).replace(SIDE, side and f"{side},")
    key = f"CAST({first.key} AS VARCHAR)" if first.key else ""
    query = f"SELECT {key or literal('')} AS key, {side and f'{side},'} {numbers} FROM {source} t"
    if key:
        query += f" WHERE {key} IS NOT NULL"
    if by := ", ".join(each for each in (key, side) if each):
        query += f" GROUP BY {by}"
    ids = _listed(each.id for each in counts)
    return f"SELECT unnest([{ids}]) AS id, key, unnest([{listed}]) AS n FROM ({query})"


def _listed(texts: Iterable[str]) -> str:
    return ", ".join(map(literal, texts))


__all__ = ["EACH", "ROWS", "SIDE", "TAKEN", "Count", "keep", "take"]
