"""Whether a difference turns around inside the parts that customers fall into (Simpson's paradox).

A group can bring more in all only because more of it are where everybody brings more. So members
are compared with the others of their own part, and the differences are put together with the
weights of Mantel and Haenszel.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Codes = NDArray[np.signedinteger[Any]]

LEVEL = 0.025
"""How often a difference that does not turn around may be said to, over all divisions together."""
MOST = 8
"""Divisions that are looked at: those that tell most about the outcome."""


@dataclass(frozen=True)
class Division:
    """Parts of customers; -1 for one who is in none."""

    name: str
    codes: Codes
    parts: int


def strongest(divisions: Mapping[str, Codes], outcome: Numbers) -> list[Division]:
    """The divisions whose parts differ most in the outcome, the most telling first."""
    found = [Division(name, codes, int(codes.max()) + 1) for name, codes in divisions.items()]
    told = {each.name: _explained(each, outcome) for each in found if each.parts > 1}
    ordered = sorted((each for each in found if each.name in told), key=lambda each: each.name)
    return sorted(ordered, key=lambda each: -told[each.name])[:MOST]


def _explained(division: Division, outcome: Numbers) -> float:
    inside = division.codes >= 0
    codes, values = division.codes[inside], outcome[inside]
    if not len(values):
        return 0.0
    count = np.bincount(codes, minlength=division.parts)
    total = np.bincount(codes, values, division.parts)
    some = count > 0
    between = float((total[some] ** 2 / count[some]).sum()) - float(values.sum()) ** 2 / len(values)
    return between / len(outcome)


def turned(
    members: NDArray[np.bool_], divisions: list[Division], outcome: Numbers
) -> list[tuple[str, float]]:
    """The divisions within which members have less than the others although in all they have more.

    Or more, although in all they have less.

    Returns:
        Names with the difference within parts, the clearest first.
    """
    if not members.any() or members.all() or not divisions:
        return []
    sign = np.sign(outcome[members].mean() - outcome[~members].mean())
    clear = NormalDist().inv_cdf(1 - LEVEL / len(divisions))
    found: list[tuple[float, str, float]] = []
    for each in divisions:
        difference, error = within(members, each, outcome)
        if error > 0 and sign * difference / error < -clear:
            found.append((sign * difference / error, each.name, difference))
    return [(name, difference) for _, name, difference in sorted(found)]


def within(members: NDArray[np.bool_], division: Division, outcome: Numbers) -> tuple[float, float]:
    """The difference between members and others of the same part, with its standard error.

    Parts without two members and two others say nothing; without any other part both are 0.
    """
    inside = division.codes >= 0
    codes = division.codes[inside].astype(np.int64) * 2 + members[inside]
    values, cells = outcome[inside], division.parts * 2
    count = np.bincount(codes, minlength=cells).astype(np.float64)
    with np.errstate(all="ignore"):
        mean = np.bincount(codes, values, cells) / count
        square = np.bincount(codes, (values - mean[codes]) ** 2, cells) / (count - 1)
        error = square / count
    count, mean, error = (each.reshape(-1, 2) for each in (count, mean, error))
    usable = (count > 1).all(axis=1)
    if not usable.any():
        return 0.0, 0.0
    count, mean, error = count[usable], mean[usable], error[usable]
    weight = count.prod(axis=1) / count.sum(axis=1)
    weight /= weight.sum()
    difference = float((weight * (mean[:, 1] - mean[:, 0])).sum())
    return difference, float(np.sqrt((weight**2 * error.sum(axis=1)).sum()))


__all__ = ["Division", "strongest", "turned", "within"]
