"""Groups searched for among one half of the customers and confirmed among the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from segmentry.insights.discovery.judge import Limits, judged
from segmentry.insights.discovery.search import Effort, Rows, members, search
from segmentry.insights.discovery.space import Choice
from segmentry.insights.estimate import Estimate, Numbers, Spreads, means, portions
from segmentry.segments.bits import flags


@dataclass(frozen=True)
class Half:
    """Customers of whom it is known which conditions they meet, and an outcome.

    Args:
        rows: For each condition the bits of who meets it.
        outcome: One value per customer.
    """

    rows: Rows
    outcome: Numbers

    def members(self, conditions: Sequence[int]) -> NDArray[np.bool_]:
        """Who meets all of these conditions."""
        return flags(members(self.rows, conditions), len(self.outcome))


@dataclass(frozen=True)
class Confirmed:
    """A group that holds among customers whom the search never saw; its figures are theirs.

    Args:
        conditions: Places of its conditions.
        customers: Members among them.
        chance: Probability of so much by chance, adjusted for how many groups were tested.
        each: Outcome per member.
        others: Outcome per customer who is no member.
        more: The difference of the two.
        lift: How many times as much as the others.
        portion: Share of what all bring together.
    """

    conditions: tuple[int, ...]
    customers: int
    chance: float
    each: Estimate
    others: Estimate
    more: Estimate
    lift: Estimate
    portion: Estimate


@dataclass(frozen=True)
class Findings:
    """What came of a search.

    Args:
        groups: The confirmed ones, those that differ most clearly first.
        tried: Groups that the search looked at.
        tested: Groups that were held against the other half.
    """

    groups: tuple[Confirmed, ...]
    tried: int
    tested: int


def find(
    choices: Sequence[Choice], one: Half, other: Half, effort: Effort, *, less: bool = False
) -> Findings:
    """Search in one half, test in the other.

    Args:
        effort: Its `least` is of both halves together.
        less: Look for groups that have less than everyone else instead of more.
    """
    sign = -1.0 if less else 1.0
    limits = Limits.of(one.outcome)
    halved = replace(effort, least=max(effort.least // 2, 2))
    found = search(choices, one.rows, sign * limits.cut(one.outcome), halved)
    inside = (other.members(each.conditions) for each in found.groups)
    verdicts = judged(inside, sign * limits.cut(other.outcome))
    held = np.flatnonzero(verdicts.held)
    order = held[np.argsort(verdicts.chance[held], kind="stable")].tolist()
    groups = tuple(
        described(found.groups[each].conditions, other, float(verdicts.adjusted[each]))
        for each in order
    )
    return Findings(groups, found.tried, len(found.groups))


def described(conditions: tuple[int, ...], half: Half, chance: float) -> Confirmed:
    """The figures of a group among some customers."""
    inside = half.members(conditions)
    own, rest = against(inside, half.outcome)
    return Confirmed(
        conditions=conditions,
        customers=int(inside.sum()),
        chance=chance,
        each=own.estimates()[0],
        others=rest.estimates()[0],
        more=(own - rest).estimates()[0],
        lift=_times(own, rest).estimates()[0],
        portion=portions(half.outcome, np.where(inside, 0, -1), 1).estimates()[0],
    )


def against(inside: NDArray[np.bool_], outcome: Numbers) -> tuple[Spreads, Spreads]:
    """The means of members and of everyone else."""
    own, rest = (means(outcome, np.where(each, 0, -1), 1) for each in (inside, ~inside))
    return own, rest


def _times(own: Spreads, rest: Spreads) -> Spreads:
    """The ratio of two independent means, by the delta method."""
    with np.errstate(all="ignore"):
        value = own.value / rest.value
        return Spreads(
            np.where(rest.value > 0, value, np.nan),
            (own.variance + value**2 * rest.variance) / rest.value**2,
            (own.third - value**3 * rest.third) / rest.value**3,
            np.maximum(own.strain, rest.strain),
            np.minimum(own.customers, rest.customers),
            np.minimum(own.bringing, rest.bringing),
        )


__all__ = ["Confirmed", "Findings", "Half", "against", "described", "find"]
