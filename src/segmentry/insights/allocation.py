"""How to split a budget between segments whose response to spending was stated or measured.

A response says what a segment brings for what is spent on it, beyond what it brings anyway. What
a segment *is worth* says nothing about that: the best customers may buy with or without a mailing.
So responses are given, never made up.

Between the points the response is a straight line, and beyond the last one nothing more is gained.
A further unit must never bring more than the one before; then the split that takes the steepest
step first is the best there is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from segmentry.core.errors import DeclarationError

CURVE_POINTS = 20
ROUNDING = 1e-9
"""A slope that is greater by less is as great."""


@dataclass(frozen=True)
class Point:
    """What a segment brings at one level of spending.

    Args:
        low: End of the interval of `profit`; with `high`, or neither.
    """

    spent: float
    profit: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Response:
    """Gross profit that spending on a segment brings, by what is spent; from 0 at 0.

    Args:
        points: By what is spent, ascending.
    """

    segment: str
    points: tuple[Point, ...]

    @classmethod
    def of(cls, segment: str, body: Any) -> Response:
        """A response from what was written.

        Raises:
            DeclarationError: It is not a list of points, or a further unit brings more than the
                one before.
        """
        points: tuple[Point, ...] = ()
        try:
            points = tuple(sorted((Point(**each) for each in body), key=lambda each: each.spent))
            numbers = [(each.spent, each.profit) for each in points]
            ends = {(each.low is None, each.high is None) for each in points}
            usable = bool(numbers) and all(spent > 0 for spent, _ in numbers)
            usable = usable and len(ends) == 1 and len(set(*ends)) == 1
        except (TypeError, AttributeError):
            usable = False
        if not usable:
            raise DeclarationError(
                f"the response of `{segment}` is not a list of points.",
                fix="State each as {spent: 1000, profit: 2500}, spent above 0; low and high of all,"
                " or of none.",
            )
        response = cls(segment, points)
        for end in ("profit", "low", "high") if _known([response]) else ("profit",):
            response.steps(end)
        return response

    def steps(self, end: str = "profit") -> list[Step]:
        """The straight parts of the curve, the steepest first.

        Raises:
            DeclarationError: A further unit brings more than the one before.
        """
        levels = [(0.0, 0.0), *((each.spent, _at(each, end)) for each in self.points)]
        found = [
            Step(self.segment, place, after[0] - before[0], _slope(before, after, self.segment))
            for place, (before, after) in enumerate(pairwise(levels))
        ]
        if any(after.slope > before.slope + ROUNDING for before, after in pairwise(found)):
            raise DeclarationError(
                f"`{self.segment}`: a further unit brings more than the one before.",
                fix="State points whose return per unit falls as spending grows.",
            )
        return found


@dataclass(frozen=True)
class Step:
    """A straight part of a response: so much can be spent at this return per unit."""

    segment: str
    place: int
    room: float
    slope: float


@dataclass(frozen=True)
class Share:
    """What a segment gets.

    Args:
        profit: What it brings, before what is spent on it is taken off.
        marginal: What the next unit would bring; 0 beyond the last point.
    """

    segment: str
    spent: float
    profit: float
    marginal: float


@dataclass(frozen=True)
class Allocation:
    """The best split of a budget.

    Args:
        spent: No more than the budget; less where a further unit brings less than it costs.
        net: Profit less what is spent.
        low: `net` of the same split at the lower ends of the responses; `None` without intervals.
        curve: Best `net` by budget, up to where nothing more is gained.
        spent_between: What each segment would get if responses were at their lower and at their
            upper ends.
    """

    budget: float
    spent: float
    profit: float
    net: float
    marginal: float
    shares: tuple[Share, ...]
    low: float | None
    high: float | None
    spent_between: Mapping[str, tuple[float, float]]
    curve: tuple[tuple[float, float], ...]


def allocate(budget: float, responses: Sequence[Response]) -> Allocation:
    """The split that leaves most profit after what is spent; ties go to the segment named first.

    Raises:
        DeclarationError: A curve, or its interval, is not concave.
    """
    spent = _greedy(budget, responses, "profit")
    shares = tuple(_share(each, spent[each.segment]) for each in responses)
    whole = sum(spent.values())
    profit = sum(each.profit for each in shares)
    ends = [_total(responses, spent, end) for end in ("low", "high")] if _known(responses) else []
    splits = [_greedy(budget, responses, end) for end in ("low", "high")] if ends else []
    return Allocation(
        budget=budget,
        spent=whole,
        profit=profit,
        net=profit - whole,
        marginal=max((each.marginal for each in shares), default=0.0),
        shares=shares,
        low=ends[0] - whole if ends else None,
        high=ends[1] - whole if ends else None,
        spent_between={
            each.segment: (splits[0][each.segment], splits[1][each.segment])
            for each in responses
            if splits
        },
        curve=tuple(_curve(responses)),
    )


def _greedy(budget: float, responses: Sequence[Response], end: str) -> dict[str, float]:
    """The steepest step first, while it brings more than it costs."""
    spent = {each.segment: 0.0 for each in responses}
    left = budget
    for step in _ordered(responses, end):
        some = min(step.room, left)
        spent[step.segment] += some
        left -= some
    return spent


def _ordered(responses: Sequence[Response], end: str) -> list[Step]:
    steps = [step for each in responses for step in each.steps(end) if step.slope > 1]
    return sorted(steps, key=lambda each: -each.slope)


def _share(response: Response, spent: float) -> Share:
    left, profit, marginal = spent, 0.0, 0.0
    for step in response.steps():
        some = min(step.room, left)
        profit, left = profit + some * step.slope, left - some
        if some < step.room:
            marginal = step.slope
            break
    return Share(response.segment, spent, profit, marginal)


def _total(responses: Sequence[Response], spent: Mapping[str, float], end: str) -> float:
    total = 0.0
    for response in responses:
        left = spent[response.segment]
        for step in response.steps(end):
            some = min(step.room, left)
            total, left = total + some * step.slope, left - some
    return total


def _curve(responses: Sequence[Response]) -> Iterator[tuple[float, float]]:
    """Best net profit by budget."""
    most = sum(step.room for step in _ordered(responses, "profit"))
    for place in range(CURVE_POINTS + 1):
        budget = most * place / CURVE_POINTS
        spent = _greedy(budget, responses, "profit")
        yield budget, _total(responses, spent, "profit") - sum(spent.values())


def _known(responses: Sequence[Response]) -> bool:
    return all(
        point.low is not None and point.high is not None
        for each in responses
        for point in each.points
    )


def _at(point: Point, end: str) -> float:
    found: float = getattr(point, end)
    return found


def _slope(before: tuple[float, float], after: tuple[float, float], segment: str) -> float:
    if after[0] <= before[0]:
        raise DeclarationError(
            f"`{segment}`: two points have the same spending.", fix="State one of them."
        )
    return (after[1] - before[1]) / (after[0] - before[0])
