"""Customers as rows of numbers with the groups that they are in: what insights are counted from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from segmentry.core.types import Type
from segmentry.engines.held import held
from segmentry.features.columns import computed
from segmentry.features.customers import Customers
from segmentry.insights.estimate import Codes, Numbers
from segmentry.language.node import Node
from segmentry.segments.bits import Flags
from segmentry.segments.leaves import ready


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
    if customers.engine is not customers.desk:
        return _members(customers, values, divisions)
    with ready(customers, [*values.values(), *divisions.values()]) as here:
        return _members(here, values, divisions)


def _members(
    customers: Customers, values: Mapping[str, Node], divisions: Mapping[str, Node]
) -> Members:
    parts = {f"part_{place}": node for place, node in enumerate(divisions.values())}
    numbers = {f"value_{place}": node for place, node in enumerate(values.values())}
    found = computed(customers, {**numbers, **parts})
    known = found.known
    return Members(
        numbers=np.flatnonzero(known),
        values={
            name: _numbers(found.column(column))[known]
            for name, column in zip(values, numbers, strict=True)
        },
        divisions={
            name: _division(found.column(column), known)
            for name, column in zip(divisions, parts, strict=True)
        },
    )


def _numbers(column: pa.Array[Any]) -> Numbers:
    found: Numbers = pc.cast(column, pa.float64()).to_numpy(zero_copy_only=False)
    return found


def _division(column: pa.Array[Any], known: Flags) -> Division:
    """The groups that have customers, by name, as narrow as their count allows."""
    texts = held(column, Type.TEXT)
    assert texts.words is not None
    words = [str(each) for each in texts.words.to_pylist()]
    inside = known if texts.known is None else known & texts.known
    there = np.bincount(texts.values[inside], minlength=len(words)) > 0
    names = sorted({word for word, some in zip(words, there, strict=True) if some})
    place = {name: each for each, name in enumerate(names)}
    places = np.array([*(place.get(word, -1) for word in words), -1])
    places = places.astype(np.min_scalar_type(-max(len(names), 1)))
    return Division(tuple(names), places[np.where(inside, texts.values, -1)[known]])
