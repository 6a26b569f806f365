"""Taking people out of the recorded history: their bits go from every set that is kept.

Changes and whole sets stay in step, so for everybody else every point says what it said. Sizes of
the past are numbers about many and stay as they were recorded.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np
import pyarrow as pa

from segmentry.engines.duckdb import DuckDB
from segmentry.segments.bits import common, numbers, of_ascending, restored, stored, without
from segmentry.segments.marks import marks_at

SETS = ("membership_change", "membership_whole", "membership_active")
"""Tables that keep sets of customers."""
MARKED = SETS[0]
"""The one with marks, which are sums over the members of a set."""
LESS = {"place": pa.int64(), "kept": pa.binary(), "taken": pa.uint64()}


def forget_customers(engine: DuckDB, gone: Collection[int]) -> None:
    """Take customers out of all points of the history; to be done while their ids are there."""
    ascending = np.array(sorted(gone), np.int64)
    for table in SETS if len(ascending) else ():
        if table in engine.tables():
            _forget(engine, table, ascending)


def _forget(engine: DuckDB, table: str, gone: np.ndarray[tuple[int], np.dtype[np.int64]]) -> None:
    rows = list(_less(engine, table, gone))
    if not rows:
        return
    columns = zip(*rows, strict=True)
    less = {name: pa.array(each, LESS[name]) for name, each in zip(LESS, columns, strict=True)}
    # A sum of marks is one of whole numbers below 2**64, and wraps around.
    wrapped = "(mark::HUGEINT - taken + 18446744073709551616) % 18446744073709551616"
    mark = f", mark = ({wrapped})::UBIGINT" if table == MARKED else ""
    with engine.registered("less", pa.table(less)):
        engine.execute(
            f"UPDATE {table} SET customers = kept{mark} FROM less WHERE {table}.rowid = place"
        )


def _less(
    engine: DuckDB, table: str, gone: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> Iterator[tuple[int, bytes, int]]:
    """Of each set that has some of them: its row, what is left of it, the sum of their marks."""
    those, marks = of_ascending(gone), marks_at(engine, gone)
    for place, customers in engine.rows(f"SELECT rowid, customers FROM {table}"):
        members = restored(customers)
        inside = numbers(common(members, those))
        if len(inside):
            taken = int(marks[inside].sum(dtype=np.uint64))
            yield place, stored(without(members, those)), taken


__all__ = ["forget_customers"]
