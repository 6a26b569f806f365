"""Customers as rows of numbers with the groups that they are in: what insights are counted from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from segmentry.features.customers import Customers
from segmentry.insights.estimate import Codes, Numbers
from segmentry.language.node import Node


@dataclass(frozen=True)
class Division:
    """Which of several groups each customer is in.

    Args:
        codes: Places in `names`; -1 for a customer who is in none.
    """

    names: tuple[str, ...]
    codes: Codes


@dataclass(frozen=True)
class Members:
    """Customers in the order of their numbers.

    Args:
        values: Name → a number for each of them; what is missing is `nan`.
    """

    numbers: NDArray[np.int64]
    values: Mapping[str, Numbers]
    divisions: Mapping[str, Division]

    def __len__(self) -> int:
        return len(self.numbers)


def fetched(
    customers: Customers, values: Mapping[str, Node], divisions: Mapping[str, Node]
) -> Members:
    """Numbers and groups of all customers, asked for at once.

    Args:
        divisions: Name → a text that is the customer's group; missing for one who is in none.
    """
    parts = {f"part_{place}": node for place, node in enumerate(divisions.values())}
    numbers = {f"value_{place}": node for place, node in enumerate(values.values())}
    rows = customers.engine.fetch(customers.query({**numbers, **parts})).sort_by("customer_no")
    return Members(
        numbers=rows.column("customer_no").to_numpy().astype(np.int64),
        values={
            name: _numbers(rows.column(column))
            for name, column in zip(values, numbers, strict=True)
        },
        divisions={
            name: _division(rows.column(column))
            for name, column in zip(divisions, parts, strict=True)
        },
    )


def _numbers(column: pa.ChunkedArray[Any]) -> Numbers:
    found: Numbers = pc.cast(column, pa.float64()).to_numpy().astype(np.float64)
    return found


def _division(column: pa.ChunkedArray[Any]) -> Division:
    encoded: Any = column.combine_chunks().dictionary_encode()
    names: list[str] = encoded.dictionary.to_pylist()
    order = sorted(range(len(names)), key=names.__getitem__)
    place = np.empty(len(names) + 1, np.int64)
    place[order] = np.arange(len(names))
    place[-1] = -1
    codes = encoded.indices.fill_null(len(names)).to_numpy()
    return Division(tuple(names[each] for each in order), place[codes.astype(np.int64)])
