"""Customers at an instant as the search sees them: conditions as bits, two halves, their parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentry.core.types import Type
from segmentry.engines.held import Held, held
from segmentry.features.columns import columns
from segmentry.features.customers import Customers
from segmentry.insights.discovery.find import Half
from segmentry.insights.discovery.space import (
    MOST_VALUES,
    NUMBERS,
    Choice,
    as_numbers,
    choices,
)
from segmentry.insights.estimate import Numbers
from segmentry.language.node import Condition
from segmentry.language.text import parse_rule
from segmentry.language.value import Name
from segmentry.segments.bits import Bits, Flags, flags, packed
from segmentry.segments.leaves import Leaves, ready

ONE_HALF = "random_share('discovery') < 0.5"
"""In which half a customer is: the same at every instant and on every engine."""
AT_ONCE = 64
"""Conditions whose bits of all customers are held together."""
SAME = 0.95
"""A feature whose ranks go together with the outcome's like this is the outcome."""
RANKED = 20_000
"""Customers whose ranks are compared."""


@dataclass(frozen=True)
class Reading:
    """Customers at an instant, in two halves.

    Args:
        one: The half that is searched.
        other: The half that groups are held against.
        parts: Texts and truth values as parts of customers: both halves, one after the other.
        same: Features that are the outcome by another name.
    """

    choices: tuple[Choice, ...]
    one: Half
    other: Half
    parts: dict[str, NDArray[np.int16]]
    same: tuple[str, ...]

    @property
    def customers(self) -> int:
        """How many customers there are in both halves."""
        return len(self.one.outcome) + len(self.other.outcome)


def read(
    customers: Customers, names: Sequence[str], among: Condition, outcome: Numbers, least: int
) -> Reading:
    """What the search needs of the customers who meet `among` and have an outcome.

    Args:
        names: Features that conditions are made of.
        outcome: By customer number; missing for those who are not asked.
        least: Fewest customers who meet a condition, and who do not.
    """
    half = parse_rule(ONE_HALF)
    with ready(customers, [among, half, *(Name(each) for each in names)]) as here:
        leaves = Leaves.of(here)
        asked = flags(leaves.members(among), leaves.size)
        asked &= ~np.isnan(padded(outcome, leaves.size))
        one = flags(leaves.members(half), leaves.size)
        leaves.forget()
        places = np.flatnonzero(asked & one), np.flatnonzero(asked & ~one)
        everybody = np.concatenate(places)
        ranked = places[0][:: max(len(places[0]) // RANKED, 1)]
        found: list[Choice] = []
        parts: dict[str, NDArray[np.int16]] = {}
        same = []
        for name, column in _columns(here, names):
            if _is_same(column, outcome, ranked):
                same.append(name)
                continue
            made = choices(name, column, places[0])
            found += made
            if made and column.type in (Type.TEXT, Type.BOOLEAN):
                parts[name] = _parts(column, everybody)
        kept, rows = _rows(leaves, found, places, least)
    one_half, other = (Half(*each) for each in zip(rows, map(outcome.take, places), strict=True))
    return Reading(tuple(kept), one_half, other, parts, tuple(same))


def members_of(
    customers: Customers, rules: Sequence[Condition], among: Condition, outcome: Numbers
) -> tuple[list[Flags], Numbers]:
    """Who meets each rule, of the half that is not searched, and the outcome of all of that half.

    Args:
        outcome: By customer number; missing for those who are not asked.
    """
    half = parse_rule(ONE_HALF)
    with ready(customers, [among, half, *rules]) as here:
        leaves = Leaves.of(here)
        outcome = padded(outcome, leaves.size)
        asked = flags(leaves.members(among), leaves.size) & ~np.isnan(outcome)
        asked &= ~flags(leaves.members(half), leaves.size)
        inside = [flags(leaves.members(each), leaves.size)[asked] for each in rules]
    return inside, outcome[asked]


def padded(outcome: Numbers, size: int) -> Numbers:
    """The values by customer number, missing behind their end."""
    found = np.full(size, np.nan)
    found[: len(outcome)] = outcome[:size]
    return found


def _columns(customers: Customers, names: Sequence[str]) -> Iterator[tuple[str, Held]]:
    for name in names:
        kind = customers.features.schema.feature(name).type
        if kind in (*NUMBERS, Type.BOOLEAN, Type.TEXT):
            yield name, held(columns(customers, [name]).column(name), kind)


def _is_same(column: Held, outcome: Numbers, places: NDArray[np.int64]) -> bool:
    """Whether the ranks of a number go together with those of the outcome."""
    from scipy.stats import spearmanr

    if column.type not in NUMBERS or len(places) < 3:
        return False
    values, others = as_numbers(column)[places], outcome[places]
    both = ~np.isnan(values)
    if not both.any() or not np.ptp(values[both]) or not np.ptp(others[both]):
        return False
    return abs(float(spearmanr(values[both], others[both]).statistic)) >= SAME


def _parts(column: Held, places: NDArray[np.int64]) -> NDArray[np.int16]:
    """The place of each customer's value, the largest ones first and all smaller as one."""
    codes = column.values[places].astype(np.int64)
    known = np.ones(len(places), np.bool_) if column.known is None else column.known[places]
    order = np.argsort(-np.bincount(codes[known], minlength=2), kind="stable")
    rank = np.empty(len(order), np.int64)
    rank[order] = np.minimum(np.arange(len(order)), MOST_VALUES)
    return np.where(known, rank[np.where(known, codes, 0)], -1).astype(np.int16)


def _rows(
    leaves: Leaves, found: list[Choice], places: Sequence[NDArray[np.int64]], least: int
) -> tuple[list[Choice], list[NDArray[np.uint8]]]:
    """Conditions with enough customers on either side, each once, as bits of both halves."""
    kept: list[Choice] = []
    rows: list[list[Bits]] = [[], []]
    seen: set[bytes] = set()
    for start in range(0, len(found), AT_ONCE):
        some = found[start : start + AT_ONCE]
        rules = [parse_rule(each.text) for each in some]
        leaves.compute(rules)
        for choice, rule in zip(some, rules, strict=True):
            inside = flags(leaves.members(rule), leaves.size)
            one, other = (inside[each] for each in places)
            bits = packed(one)
            if _is_split(one, other, least) and bits.tobytes() not in seen:
                seen.add(bits.tobytes())
                kept.append(choice)
                rows[0].append(bits)
                rows[1].append(packed(other))
        leaves.forget()
    width = [-(-len(each) // 8) for each in places]
    return kept, [
        np.stack(each) if each else np.zeros((0, wide), np.uint8)
        for each, wide in zip(rows, width, strict=True)
    ]


def _is_split(one: Flags, other: Flags, least: int) -> bool:
    inside = int(one.sum()) + int(other.sum())
    return least <= inside <= len(one) + len(other) - least


__all__ = ["ONE_HALF", "Reading", "members_of", "padded", "read"]
