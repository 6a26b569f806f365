"""The split of a budget is the best there is; what is not stated is not made up."""

import random
from itertools import product

import pytest

from segmentry.core.errors import DeclarationError
from segmentry.insights.allocation import Response, allocate


def drawn(draw: random.Random, name: str) -> Response:
    """A concave curve with corners at whole units."""
    spent, profit, points = 0, 0.0, []
    for slope in sorted((draw.choice((0.5, 1.5, 2, 3, 4.5)) for _ in range(3)), reverse=True):
        room = draw.randrange(1, 4)
        spent, profit = spent + room, profit + room * slope
        points.append({"spent": spent, "profit": profit, "low": profit * 0.8, "high": profit * 1.1})
    return Response.of(name, points)


def brought(response: Response, spent: int) -> float:
    left, found = spent, 0.0
    for step in response.steps():
        found += min(step.room, left) * step.slope
        left -= min(step.room, left)
    return found


@pytest.mark.parametrize("seed", range(8))
def test_no_other_split_is_better(seed):
    draw = random.Random(seed)
    responses = [drawn(draw, name) for name in "abc"]
    budget = draw.randrange(1, 15)
    best = max(
        sum(brought(one, spent) for one, spent in zip(responses, each, strict=True)) - sum(each)
        for each in product(range(budget + 1), repeat=3)
        if sum(each) <= budget
    )
    found = allocate(budget, responses)
    assert found.net == pytest.approx(best)
    assert found.spent <= budget
    assert found.low <= found.net <= found.high
    nets = [net for _, net in found.curve]
    assert nets == sorted(nets)


def test_nothing_is_spent_that_does_not_come_back():
    found = allocate(100, [Response.of("a", [{"spent": 50, "profit": 40}])])
    assert (found.spent, found.net) == (0, 0)
    assert found.low is None


@pytest.mark.parametrize(
    "points",
    [[], 7, [{"spent": 0, "profit": 1}], [{"cost": 1}],
     [{"spent": 1, "profit": 1}, {"spent": 1, "profit": 2}],
     [{"spent": 1, "profit": 1}, {"spent": 2, "profit": 9}]],
)  # fmt: skip
def test_what_is_no_response_is_refused(points):
    with pytest.raises(DeclarationError):
        Response.of("a", points)
