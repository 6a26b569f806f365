"""Records that share a key: told apart by content, so that the order of a file never matters."""

from __future__ import annotations

from dataclasses import dataclass

from segmentry.data.records import NUMBER, TABLE, Records
from segmentry.engines.duckdb import quote

OCCURRENCES = "record_occurrences"
CANDIDATES = "TRUE"


@dataclass(frozen=True, slots=True)
class Occurrences:
    """The good records whose key another good record has too.

    Temporary table `record_occurrences`, one row for each of them: its number, `nth` (1 for the
    first by content), `copy` (1 for the first of those equal in every column of the source) and
    `same` (whether the typed content equals that of the first).

    Args:
        records: How many there are.
        copies: How many of them equal an earlier one in every column.
    """

    records: int
    copies: int

    def join(self) -> str:
        """SQL that joins `o.nth` to typed records `t`, when any key repeats."""
        return f" LEFT JOIN {OCCURRENCES} o ON o.number = t.{NUMBER}" if self.records else ""

    def nth(self) -> str:
        """SQL of the record's place among those of its key."""
        return "coalesce(o.nth, 1)" if self.records else "1"


def find_occurrences(
    records: Records,
    key: tuple[str, ...],
    first: tuple[str, ...] = (),
    candidates: str = CANDIDATES,
) -> Occurrences:
    """Find records that share a key; missing parts of a key equal each other.

    Args:
        key: SQL expressions over a typed record.
        first: SQL expressions that decide which of a key's records is first, before all content;
            greater is first.
        candidates: SQL condition that every record with a repeated key meets.
    """
    session = records.session
    keys = [f"k{position}" for position in range(len(key))]
    named = ", ".join(f"{sql} AS {name}" for sql, name in zip(key, keys, strict=True))
    listed = ", ".join(keys)
    matched = " AND ".join(f"r.{name} IS NOT DISTINCT FROM k.{name}" for name in keys)
    chosen = f"SELECT {NUMBER}, {named} FROM {TABLE} WHERE {records.good()} AND ({candidates})"
    session.create(
        OCCURRENCES,
        f"WITH r AS ({chosen}), k AS (SELECT {listed} FROM r GROUP BY {listed} HAVING count(*) > 1)"
        f" SELECT r.{NUMBER} AS number, 0 AS nth, 0 AS copy, TRUE AS same"
        f" FROM r SEMI JOIN k ON {matched}",
        temporary=True,
    )
    found = int(session.value(f"SELECT count(*) FROM {OCCURRENCES}"))
    if not found:
        return Occurrences(0, 0)
    session.create(OCCURRENCES, _placed(records, named, listed, first), temporary=True)
    copies = int(session.value(f"SELECT count(*) FROM {OCCURRENCES} WHERE copy > 1"))
    return Occurrences(found, copies)


def _placed(records: Records, named: str, listed: str, first: tuple[str, ...]) -> str:
    content = [quote(cell.name) for cell in records.plan.cells]
    deciding = {f"c{place}": sql for place, sql in enumerate((*first, *content))}
    order = ", ".join(f"{name} DESC NULLS LAST" for name in deciding)
    row = f"row({', '.join([*deciding][len(first) :])})"
    staged = records.staged
    whole = ", ".join(f"s.{quote(name)}" for name in staged.names)
    inner = ", ".join(f"{sql} AS {name}" for name, sql in deciding.items())
    return (
        "SELECT t.number,"
        f" row_number() OVER (PARTITION BY {listed} ORDER BY {order}) AS nth,"
        f" row_number() OVER (PARTITION BY {listed}, {whole}) AS copy,"
        f" {row} IS NOT DISTINCT FROM first_value({row}) OVER"
        f" (PARTITION BY {listed} ORDER BY {order}) AS same"
        f" FROM (SELECT {NUMBER} AS number, {named}, {inner} FROM {TABLE}"
        f" WHERE {NUMBER} IN (SELECT number FROM {OCCURRENCES})) t"
        f" JOIN {staged.table} s ON {staged.is_record('t.number')}"
    )


__all__ = ["OCCURRENCES", "Occurrences", "find_occurrences"]
