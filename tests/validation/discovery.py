"""T5: groups that are there by chance are not called found; planted ones are; reversals are told.

`figures` gives shares over simulated sets. The *rate* of a set is the share of groups called found
which are no different from everyone else (0 when none is called so); its mean over sets is the
realised false discovery rate.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.random import PCG64, Generator
from numpy.typing import NDArray

from segmentry.insights.discovery.find import Findings, Half, find
from segmentry.insights.discovery.judge import Limits, judged
from segmentry.insights.discovery.reversal import Division, turned
from segmentry.insights.discovery.search import Effort
from segmentry.insights.discovery.space import Choice

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
CUTS = (0.25, 0.5, 0.75)
CUSTOMERS, TRAITS = 6_000, 8
PLANTED = (0.5, 0.6)
"""The planted group: the first trait at least this, and the second at least that."""
TIMES = 2.0
TRUE = 5
"""Given segments whose members bring more, by as much again for each."""


def log_normal(random: Generator, customers: int) -> Numbers:
    """A third buys, as log-normal amounts with a long tail."""
    return np.where(random.random(customers) < 1 / 3, random.lognormal(3, 1.2, customers), 0.0)


def power_law(random: Generator, customers: int) -> Numbers:
    """Nearly all buy; the third moment is infinite."""
    return np.where(random.random(customers) < 0.9, random.pareto(2.2, customers) + 1, 0.0)


def rare(random: Generator, customers: int) -> Numbers:
    """One in twenty buys."""
    return np.where(random.random(customers) < 0.05, random.lognormal(3, 1, customers), 0.0)


def yes_or_no(random: Generator, customers: int) -> Numbers:
    """One in five buys, and it only counts that."""
    return (random.random(customers) < 0.2).astype(np.float64)


Drawn = Callable[[Generator, int], Numbers]
OUTCOMES: Sequence[Drawn] = (log_normal, power_law, rare, yes_or_no)


# given groups


def overlapping(random: Generator, segments: int) -> tuple[Flags, Flags]:
    """Segments of 1 to 30 % of customers, half of them made from another one; and which differ."""
    rows = np.zeros((segments, CUSTOMERS), np.bool_)
    for place in range(segments):
        rows[place] = random.random(CUSTOMERS) < random.uniform(0.01, 0.3)
        if place % 2:
            change = random.random(CUSTOMERS) < random.uniform(0.05, 0.6)
            rows[place] = np.where(change, rows[place], rows[place - 1])
    return rows, np.arange(segments) % 20 == 0


def scanned(random: Generator, segments: int, *, true: bool) -> float:
    """The rate of one set of given groups; with `true`, some have more."""
    rows, differ = overlapping(random, segments)
    drawn = OUTCOMES[int(random.integers(len(OUTCOMES)))]
    times = 1 + rows[differ][: TRUE if true else 0].sum(axis=0)
    limits = Limits.of(drawn(random, CUSTOMERS))
    held = judged(rows, limits.cut(drawn(random, CUSTOMERS) * times)).held
    more = [times[row].mean() > times[~row].mean() + 0.01 for row in rows]
    return float((held & ~np.array(more)).sum() / max(held.sum(), 1))


# searched groups


def world(
    random: Generator, times: float, drawn: Drawn
) -> tuple[list[Choice], Half, Half, Numbers]:
    """Customers with traits, two of them correlated; those of the planted group bring more."""
    traits = random.random((TRAITS, CUSTOMERS))
    traits[-1] = (traits[-2] + 0.3 * traits[-1]) % 1
    outcome = drawn(random, CUSTOMERS)
    planted = (traits[0] >= PLANTED[0]) & (traits[1] >= PLANTED[1])
    if set(np.unique(outcome)) <= {0.0, 1.0}:
        outcome[planted] = (random.random(int(planted.sum())) < 0.2 * times).astype(np.float64)
    else:
        outcome = outcome * np.where(planted, times, 1)
    limits = sorted({*CUTS, *PLANTED})
    listed = [
        (Choice(f"{place} {side} {cut}", str(place), side), met)
        for place, values in enumerate(traits)
        for cut in limits
        for side, met in ((">=", values >= cut), ("<", values < cut))
    ]
    rows = np.stack([met for _, met in listed])
    middle = CUSTOMERS // 2
    one, other = (
        Half(np.packbits(rows[:, here], axis=1, bitorder="little"), outcome[here])
        for here in (slice(middle), slice(middle, None))
    )
    return [choice for choice, _ in listed], one, other, planted[middle:]


def is_true(choices: Sequence[Choice], conditions: Sequence[int]) -> bool:
    """Whether more of a rule's members are in the planted group than of everyone."""
    share = 1.0
    for place, least in enumerate(PLANTED):
        low, high = 0.0, 1.0
        for each in conditions:
            feature, side, limit = choices[each].text.split()
            if feature == str(place):
                low, high = (max(low, float(limit)), high) if side == ">=" else (low, float(limit))
        share *= max(high - max(low, least), 0) / (high - low) / (1 - least)
    return share > 1 + 1e-9


def searched(random: Generator, times: float, drawn: Drawn) -> tuple[Findings, float, bool]:
    """What a search found, its rate, and whether the planted group is among it."""
    choices, one, other, planted = world(random, times, drawn)
    found = find(choices, one, other, Effort(least=100))
    true = [times > 1 and is_true(choices, each.conditions) for each in found.groups]
    rate = 1 - float(np.mean(true)) if true else 0.0
    hit = False
    for each in found.groups:
        inside = other.members(each.conditions)
        hit |= bool((inside & planted).sum() > 0.5 * (inside | planted).sum())
    return found, rate, hit


# reversals


def stratified(random: Generator, *, reverse: bool) -> tuple[Flags, Division, Numbers]:
    """A group that is more in all; within parts it is less, or, without `reverse`, not less."""
    while True:
        parts, customers = int(random.integers(2, 6)), int(random.integers(4_000, 20_001))
        codes = random.integers(0, parts, customers)
        level = np.sort(random.lognormal(0, 0.8, parts))
        share = np.sort(random.uniform(0.05, 0.8, parts))
        inside = random.random(customers) < share[codes]
        times = random.uniform(0.5, 0.8) if reverse else random.choice([1.0, 1.0, 1.1, 1.5])
        expected = level[codes] * np.where(inside, times, 1)
        if expected[inside].mean() > 1.05 * expected[~inside].mean():
            buys = random.random(customers) < 0.6
            outcome = np.where(buys, expected * random.lognormal(0, 0.8, customers), 0.0)
            if outcome[inside].mean() > outcome[~inside].mean():
                return inside, Division("part", codes, parts), outcome


def told(random: Generator, *, reverse: bool) -> bool:
    """Whether a reversal is told, among other divisions that have nothing to do with it."""
    inside, division, outcome = stratified(random, reverse=reverse)
    others = [Division(str(each), random.integers(0, 4, len(outcome)), 4) for each in range(4)]
    outcome = Limits.of(outcome).cut(outcome)
    return bool(turned(inside, [division, *others], outcome))


def figures(seed: int, sets: int) -> dict[str, float]:
    """False discovery rates, power, recall and false alarms.

    Args:
        sets: How many of each kind.
    """

    def drawn(kind: int) -> list[Generator]:
        return [Generator(PCG64([seed, kind, number])) for number in range(sets)]

    sizes = (200, 500, 2_000)
    kinds = [OUTCOMES[number % len(OUTCOMES)] for number in range(sets)]
    null = [searched(each, 1.0, kind)[1] for each, kind in zip(drawn(0), kinds, strict=True)]
    planted = [searched(each, TIMES, kind) for each, kind in zip(drawn(1), kinds, strict=True)]
    hits = [hit for _, _, hit in planted]
    return {
        "fdr_of_search_on_null": float(np.mean(null)),
        "fdr_of_search_with_planted": float(np.mean([rate for _, rate, _ in planted])),
        **{
            f"power_on_{kind.__name__}": float(np.mean(hits[place :: len(OUTCOMES)]))
            for place, kind in enumerate(OUTCOMES)
        },
        **{
            f"fdr_of_{size}_on_null": float(
                np.mean([scanned(each, size, true=False) for each in drawn(2 + place)])
            )
            for place, size in enumerate(sizes)
        },
        "fdr_of_200_with_true": float(
            np.mean([scanned(each, 200, true=True) for each in drawn(5)])
        ),
        "reversals_told": float(np.mean([told(each, reverse=True) for each in drawn(6)])),
        "false_alarms": float(np.mean([told(each, reverse=False) for each in drawn(7)])),
    }
