"""Features of all customers at an instant, in memory, column by column.

An array's place is a customer's number, so that arrays of any two instants, and the bits of any two
segments, speak of the same customers place by place. Places of numbers that no customer known at
the instant has are missing in every column.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from segmentry.core.errors import UnsupportedOperationError
from segmentry.core.time import AsOf
from segmentry.features.compile import CUSTOMERS, KNOWN
from segmentry.features.customers import Customers
from segmentry.features.dense import Dense
from segmentry.language.node import Node
from segmentry.language.value import Name

Bits = NDArray[np.bool_]


@dataclass(frozen=True)
class Columns:
    """Values by customer number.

    Args:
        known: For each number from 0, whether a customer with it is known at the instant.
        values: Arrow arrays as long as `known`, by name.
    """

    as_of: AsOf
    known: Bits
    values: Mapping[str, pa.Array[Any]]

    @property
    def size(self) -> int:
        """How many places there are: one more than the highest number."""
        return len(self.known)

    def column(self, name: str) -> pa.Array[Any]:
        """The values of a feature or output, by customer number."""
        return self.values[name]


def columns(customers: Customers, names: Iterable[str]) -> Columns:
    """The named features, computed or taken from where they are ready."""
    return computed(customers, customers.named(names))


def computed(customers: Customers, outputs: Mapping[str, Node]) -> Columns:
    """Outputs of any kind for all customers: column by column on the desk, else in one query."""
    if customers.engine is customers.desk:
        try:
            found = dense(customers, {})
        except UnsupportedOperationError:  # companies as customers have no place
            found = None
        if found is not None:
            kept = _kept(customers, outputs)
            left = {name: node for name, node in outputs.items() if name not in kept}
            return Columns(customers.as_of, found.known, kept | found.outputs(left))
    return by_number(customers.as_of, customers.engine.fetch(customers.query(outputs)), outputs)


def _kept(customers: Customers, outputs: Mapping[str, Node]) -> dict[str, Any]:
    """Outputs that are columns already, in which places of those who are not known are missing."""
    there = customers.source.columns or {}
    return {
        name: there[node.name]
        for name, node in outputs.items()
        if isinstance(node, Name) and node.name in there
    }


def dense(customers: Customers, into: MutableMapping[str, Any]) -> Dense | None:
    """The customers column by column, beginning with what is ready; `None` for a landed table.

    Args:
        into: Where columns are put that are computed.

    Raises:
        UnsupportedOperationError: A customer has a number below zero, so no place.
    """
    ready = customers.source.columns
    if ready is not None:
        known = ready[KNOWN].to_numpy(zero_copy_only=False)
        there: MutableMapping[str, Any] = ChainMap(into, ready)  # type: ignore[arg-type]
        return Dense(replace(customers, source=CUSTOMERS), known, there)
    return Dense.of(customers, into) if customers.source == CUSTOMERS else None


def by_number(as_of: AsOf, rows: pa.Table, names: Iterable[str]) -> Columns:
    """Rows with `customer_no`, in any order, as columns."""
    numbers = rows.column("customer_no").to_numpy()
    size = int(numbers.max()) + 1 if len(numbers) else 0
    known = np.zeros(size, dtype=np.bool_)
    known[numbers] = True
    places = np.zeros(size, dtype=np.int64)
    places[numbers] = np.arange(len(numbers))
    taken: pa.Int64Array = pa.array(places, pa.int64(), mask=~known)
    return Columns(
        as_of,
        known,
        {name: rows.column(name).combine_chunks().take(taken) for name in names},
    )
