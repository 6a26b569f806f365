"""What members of a segment buy, against everyone else, and what they leave to others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentry.insights.bought import Bought
from segmentry.insights.estimate import Estimate, Numbers, shares

SURE = 0.05
"""The share of what is called certain that may be chance."""


@dataclass(frozen=True)
class Kept:
    """A thing that members buy, or do not.

    Args:
        share: Of members who bought anything, those who bought this.
        other_share: Of everyone else who bought anything; `None` where there is nobody else.
        index: Share over `other_share`; `None` where nobody else buys it.
        certain: Whether the shares differ beyond chance, corrected for all things looked at.
    """

    item: str
    customers: int
    share: Estimate
    other_share: float | None
    index: float | None
    certain: bool


def assortment(history: Bought, inside: NDArray[np.bool_]) -> list[Kept]:
    """Everything that is bought, by share of members, the greatest first.

    Args:
        inside: Whether each customer of the history is a member.
    """
    size = len(history.items)
    pairs = np.unique(history.who * size + history.what)
    who, what = np.divmod(pairs, max(size, 1))
    own = np.bincount(what[inside[who]], minlength=size).astype(np.float64)
    others = np.bincount(what[~inside[who]], minlength=size).astype(np.float64)
    members, rest = float(inside.sum()), float((~inside).sum())
    certain = _certain(own, others, members, rest)
    of_members = shares(own, np.full(size, members))
    order = np.lexsort((np.arange(size), -own)).tolist()
    return [
        Kept(
            item=history.items[place],
            customers=int(own[place]),
            share=of_members[place],
            other_share=float(others[place] / rest) if rest else None,
            index=float(own[place] / members / (others[place] / rest))
            if rest and members and others[place]
            else None,
            certain=bool(certain[place]),
        )
        for place in order
    ]


def _certain(own: Numbers, others: Numbers, members: float, rest: float) -> Numbers:
    """The chi-square test of two shares, corrected after Benjamini and Hochberg."""
    from scipy.stats import chi2, false_discovery_control

    both, whole = own + others, members + rest
    with np.errstate(all="ignore"):
        off = np.maximum(np.abs(own * rest - others * members) - whole / 2, 0.0)
        statistic = whole * off**2 / (both * (whole - both) * members * rest)
    chance = chi2.sf(np.nan_to_num(statistic), 1)
    found: Numbers = false_discovery_control(chance) <= SURE if len(chance) else chance
    return found
