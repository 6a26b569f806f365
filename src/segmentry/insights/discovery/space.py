"""Conditions that a search may join: one feature each, with limits that people can read."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segmentry.core.types import Type
from segmentry.engines.held import UNIT, Held
from segmentry.language.literal import quoted

AT = (0.1, 0.25, 0.5, 0.75, 0.9)
"""Shares of customers below the limits of a number."""
OFF = 0.05
"""How far the share below a limit may be off, for the sake of a rounder number."""
DIGITS = (1, 2, 3, 6)
MOST_VALUES = 12
"""Values of a text that become conditions, the largest first."""
MANY_VALUES = 0.05
"""A text with more distinct values than this share of customers is a name, not a trait."""
NUMBERS = (Type.INTEGER, Type.NUMBER, Type.MONEY)


@dataclass(frozen=True)
class Choice:
    """One condition.

    Args:
        text: In the language of rules.
        feature: What it asks about.
        side: Two conditions of one side of a feature are not joined; `x >= 2 AND x < 5` are of two.
    """

    text: str
    feature: str
    side: str

    @property
    def key(self) -> str:
        """What a rule has at most once."""
        return f"{self.feature} {self.side}"


def as_numbers(column: Held) -> NDArray[np.float64]:
    """Numbers, money or truth values as doubles; missing is NaN."""
    found = np.array(column.values, dtype=np.float64)
    if column.type is Type.MONEY:
        found /= UNIT
    if column.known is not None:
        found[~column.known] = np.nan
    return found


def choices(name: str, column: Held, among: NDArray[Any]) -> list[Choice]:
    """The conditions on one feature; none if it is a date, a name of each, or has no spread.

    Args:
        among: Places of the customers whose values limits are made from.
    """
    if column.type in NUMBERS:
        values = as_numbers(column)[among]
        whole = column.type is Type.INTEGER
        return list(_of_numbers(name, values[~np.isnan(values)], whole=whole))
    if column.type is Type.BOOLEAN:
        return [Choice(name, name, "="), Choice(f"NOT {name}", name, "=")]
    if column.type is Type.TEXT:
        return list(_of_texts(name, column, among))
    return []


def _of_numbers(name: str, values: NDArray[np.float64], *, whole: bool) -> Iterator[Choice]:
    values = np.sort(values)
    found: dict[str, None] = {}
    for share in AT if len(values) else ():
        limit = _readable(values, share, whole=whole)
        if values[0] < limit <= values[-1]:
            found[_written(limit)] = None
    for text in found:
        yield Choice(f"{name} >= {text}", name, ">=")
        yield Choice(f"{name} < {text}", name, "<")


def _readable(values: NDArray[np.float64], share: float, *, whole: bool) -> float:
    """The roundest limit with nearly that share of the sorted values below it."""
    exact = float(values[min(int(share * len(values)), len(values) - 1)])
    if whole:
        exact = float(np.ceil(exact))
    below = np.searchsorted(values, exact) / len(values)
    for digits in DIGITS:
        for limit in _rounded(exact, digits, whole=whole):
            if abs(np.searchsorted(values, limit) / len(values) - below) <= OFF:
                return limit
    return exact


def _rounded(exact: float, digits: int, *, whole: bool) -> tuple[float, ...]:
    """The number with so many digits, to the nearest and downwards; a whole one stays whole."""
    step = 10.0 ** (math.floor(math.log10(abs(exact))) + 1 - digits) if exact else 0.0
    if not step or (whole and step < 1):
        return (exact,)
    tidy = (f"{way(exact / step) * step:.12g}" for way in (round, math.floor))
    return tuple(float(each) for each in tidy)


def _written(limit: float) -> str:
    """A limit as a literal of the language, without an exponent."""
    text = format(Decimal(repr(limit)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _of_texts(name: str, column: Held, among: NDArray[Any]) -> Iterator[Choice]:
    codes = column.values[among]
    if column.known is not None:
        codes = codes[column.known[among]]
    if column.words is None or not len(codes):
        return
    counts = np.bincount(codes, minlength=len(column.words))
    if np.count_nonzero(counts) > max(MANY_VALUES * len(codes), MOST_VALUES):
        return
    words = [str(each) for each in column.words.to_pylist()]
    order = sorted(np.flatnonzero(counts).tolist(), key=lambda each: (-counts[each], words[each]))
    for each in order[:MOST_VALUES]:
        yield Choice(f"{name} = {quoted(words[each])}", name, "=")


__all__ = ["Choice", "as_numbers", "choices"]
