"""A number for each customer that follows from the id alone, so that sets can be compared by it.

The mark of a set is the sum of its customers' numbers: the same for the same ids, whatever numbers
and order they have in a workspace.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from segmentry.data.identity.counted import counted
from segmentry.engines.duckdb import DuckDB
from segmentry.segments.bits import Bits, Numbers
from segmentry.segments.sliced import Sliced, sliced

Marks = NDArray[np.uint64]
QUERY = "SELECT customer_no, md5_number_lower(customer_id) AS mark FROM {customers}"


def marks_of(engine: DuckDB) -> Sliced:
    """The numbers of all customers, by customer number."""
    found = _marks(engine, counted("customers"))
    return sliced(found, np.ones(len(found), np.bool_))


def marks_at(engine: DuckDB, who: Numbers) -> Marks:
    """The numbers of some customers, by customer number; 0 of others and behind the last."""
    with engine.registered("asked", pa.table({"customer_no": who})):
        found = _marks(engine, f"{counted('customers')} SEMI JOIN asked USING (customer_no)")
    size = int(who[-1]) + 1 if len(who) else 0
    return np.concatenate([found, np.zeros(size - len(found), np.uint64)])


def mark_of(members: Bits, marks: Sliced) -> int:
    """The mark of a set."""
    return (marks.sum(members) or 0) % 2**64


def _marks(engine: DuckDB, customers: str) -> Any:
    rows = engine.fetch(QUERY.format(customers=customers))
    who = rows.column("customer_no").to_numpy()
    found = np.zeros(int(who.max()) + 1 if len(who) else 0, np.uint64)
    found[who] = rows.column("mark").to_numpy()
    return found
