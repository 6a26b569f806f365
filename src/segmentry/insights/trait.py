"""What parts of the base do more than the base does: shares of values, and whether they tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from segmentry.engines.duckdb import quote
from segmentry.insights.part import BASE, Part, Parts
from segmentry.insights.tally import Tally

LEAST = 10
"""Fewer customers than this with a value say nothing about the rest."""
MARKED = 1.2
"""A smaller index is no difference worth telling, however certain."""
CERTAINTY = 3.29
"""Standard deviations of a 99.9 % interval: many values are looked at, few may shine by chance."""

SQUARE = CERTAINTY**2
LOWER = f"""(each.share + {SQUARE} / 2 / each.known
    - {CERTAINTY} * sqrt((each.share * (1 - each.share) + {SQUARE} / 4 / each.known) / each.known)
    ) / (1 + {SQUARE} / each.known)"""
"""The lower end of the interval of a share among `known` customers (Wilson 1927, JASA 22: 209)."""


@dataclass(frozen=True)
class Trait:
    """How much of a part a value makes up, against the base.

    Args:
        dimension: What it is a value of (`channel`, `category`).
        customers: Members with the value.
        share: Share of the part's weight (customers, orders, money) whose dimension is known.
        telling: It is over-represented beyond chance: at least ten members have it, the share is
            1.2 times the base's or more, and the 99.9 % interval of the share, each customer
            counted once, lies above the base's.
    """

    dimension: str
    value: str
    customers: int
    share: float
    base_share: float
    telling: bool

    @property
    def index(self) -> float | None:
        """The share over the base's; `None` when the base has nothing of it."""
        return self.share / self.base_share if self.base_share else None


def traits(parts: Parts, counted: Tally, most: int) -> dict[Part, list[Trait]]:
    """The largest values of each dimension in every part, and the most telling ones.

    Args:
        counted: What the cells of the parts have.
        most: How many by share, and how many by index, of each dimension.

    Returns:
        For each part its traits by dimension and share; equal shares by value. The base is a part.
    """
    with (
        parts.engine.registered("counted", counted.values),
        parts.engine.registered("known", counted.known),
    ):
        rows = parts.engine.rows(_judged(parts), {"most": most})
    found: dict[Part, list[Trait]] = {}
    for division, part, *trait in rows:
        found.setdefault(Part(division, part), []).append(Trait(*trait))
    return found


def _judged(parts: Parts) -> str:
    """Query of the traits shown, from what was counted by cell."""
    sums = quote(parts.sums)
    return f"""WITH wholes AS (
            SELECT division, part, dimension, sum(customers)::DOUBLE AS known
            FROM known JOIN {sums} USING (cell) GROUP BY ALL),
        weights AS (
            SELECT division, part, dimension, sum(weight) AS total
            FROM counted JOIN {sums} USING (cell) GROUP BY ALL),
        shares AS (
            SELECT division, part, dimension, value, customers, known,
                   (weight / nullif(total, 0))::DOUBLE AS share
            FROM (SELECT division, part, dimension, value, sum(customers)::BIGINT AS customers,
                         sum(weight) AS weight
                  FROM counted JOIN {sums} USING (cell) GROUP BY ALL)
            JOIN wholes USING (division, part, dimension)
            JOIN weights USING (division, part, dimension)),
        judged AS (
            SELECT each.* EXCLUDE (known), base.share AS base_share,
                   each.customers >= {LEAST} AND each.share >= {MARKED} * base.share
                   AND {LOWER} > base.share AS telling
            FROM shares AS each JOIN shares AS base
              ON base.division = '' AND base.dimension = each.dimension AND base.value = each.value
            WHERE each.share IS NOT NULL)
        SELECT division, part, dimension, value, customers, share, base_share, telling FROM judged
        QUALIFY row_number() OVER (
                    PARTITION BY division, part, dimension ORDER BY share DESC, value) <= $most
             OR telling AND row_number() OVER (
                    PARTITION BY division, part, dimension
                    ORDER BY telling DESC, share / nullif(base_share, 0) DESC, value) <= $most
        ORDER BY division, part, dimension, share DESC, value"""


@dataclass(frozen=True)
class Mean:
    """A feature's mean over a part's members who have a value, and over the whole base's."""

    feature: str
    mean: float | None
    base: float | None

    @property
    def index(self) -> float | None:
        """The mean over the base's; `None` when either is missing, or the base's is 0."""
        return self.mean / self.base if self.mean is not None and self.base else None


def means(parts: Parts, features: Sequence[str]) -> dict[Part, list[Mean]]:
    """Means of features in every part, in the order asked for; the base is a part."""
    if not features:
        return {}
    by_cell = ", ".join(
        f"sum({quote(each)})::DOUBLE AS sum{place}, count({quote(each)}) AS count{place}"
        for place, each in enumerate(features)
    )
    means = ", ".join(
        f"sum(sum{place}) / nullif(sum(count{place}), 0)" for place in range(len(features))
    )
    rows = {
        Part(division, part): values
        for division, part, *values in parts.engine.rows(
            f"WITH cell AS (SELECT cell, {by_cell} FROM {quote(parts.table)}"
            f" JOIN {quote(parts.cells)} USING (customer_no) GROUP BY cell)"
            f" SELECT division, part, {means} FROM cell JOIN {quote(parts.sums)} USING (cell)"
            " GROUP BY ALL ORDER BY ALL"
        )
    }
    base = rows.get(BASE, [None] * len(features))
    return {
        part: [Mean(*each) for each in zip(features, values, base, strict=True)]
        for part, values in rows.items()
    }
