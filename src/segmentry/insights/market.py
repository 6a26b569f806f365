"""A segment against the market: who is over-represented among people, not only among customers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from segmentry.engines.duckdb import quote
from segmentry.features.customers import Customers
from segmentry.language.node import Condition
from segmentry.language.value import Name

TABLE = "market_customers"
CERTAINTY = 1.96
"""Standard deviations of a 95 % interval."""


class MarketFigures(BaseModel):
    """How the population is spread over the values of a trait.

    Args:
        name: The trait or feature of customers that has the same values.
        figures: People for each value, or shares: only their proportions count.
        source: Where the figures come from, for the reader.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")
    figures: Mapping[str, float] = Field(min_length=2)
    source: str = ""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if not all(math.isfinite(each) and each > 0 for each in self.figures.values()):
            raise ValueError("every figure must be above 0")
        if len({_plain(each) for each in self.figures}) < len(self.figures):
            raise ValueError("a value is named twice")
        return self

    def share(self, value: str) -> float:
        """Share of the market with a value."""
        return self.figures[value] / sum(self.figures.values())


@dataclass(frozen=True)
class MarketValue:
    """A value's share in a segment, in the base and in the market.

    Args:
        customers: Members with the value.
        low: Lower end of the 95 % interval of the share (Wilson 1927, JASA 22, 209).
        high: Upper end.
    """

    value: str
    customers: int
    share: float | None
    low: float | None
    high: float | None
    base_share: float | None
    market_share: float

    @property
    def index(self) -> float | None:
        """The share over the market's."""
        return None if self.share is None else self.share / self.market_share

    @property
    def base_index(self) -> float | None:
        """The share over the base's."""
        return self.share / self.base_share if self.share is not None and self.base_share else None

    @property
    def differs(self) -> bool:
        """Whether the market's share lies outside of the interval."""
        if self.low is None or self.high is None:
            return False
        return not self.low <= self.market_share <= self.high


@dataclass(frozen=True)
class MarketComparison:
    """A segment against the market by one trait.

    Args:
        members: All members.
        compared: Members whose value the market has; shares are among them.
        missing: Members without a value.
        unmatched: Values of members that the market does not have, with their members.
        absent: Values of the market that no customer has.
    """

    trait: str
    source: str
    members: int
    compared: int
    missing: int
    values: tuple[MarketValue, ...]
    unmatched: Mapping[str, int]
    absent: tuple[str, ...]


def against_market(
    customers: Customers, rule: Condition, figures: MarketFigures
) -> MarketComparison:
    """Compare the members of a rule with the market; case and outer spaces do not matter.

    Raises:
        LockedFeatureError: The trait is locked, or not loaded.
    """
    customers.features.schema.feature(figures.name)
    outputs = {"value": Name(figures.name), "member": rule}
    customers.land(TABLE, outputs)
    try:
        rows = customers.desk.rows(
            "SELECT lower(trim(value::VARCHAR)) AS plain, count(*) FILTER (member), count(*)"
            f" FROM {quote(TABLE)} GROUP BY plain ORDER BY plain"
        )
    finally:
        customers.desk.drop(TABLE)
    return _comparison(figures, {plain: (inside, of) for plain, inside, of in rows})


def _comparison(
    figures: MarketFigures, found: Mapping[str | None, tuple[int, int]]
) -> MarketComparison:
    values = {_plain(each): each for each in figures.figures}
    compared = sum(inside for plain, (inside, _) in found.items() if plain in values)
    base = sum(of for plain, (_, of) in found.items() if plain in values)
    return MarketComparison(
        figures.name,
        figures.source,
        sum(inside for inside, _ in found.values()),
        compared,
        found.get(None, (0, 0))[0],
        tuple(
            _value(value, *found.get(plain, (0, 0)), compared, base, figures.share(value))
            for plain, value in values.items()
        ),
        {
            plain: inside
            for plain, (inside, _) in found.items()
            if plain is not None and plain not in values and inside
        },
        tuple(value for plain, value in values.items() if plain not in found),
    )


def _value(
    value: str, inside: int, of: int, compared: int, base: int, market: float
) -> MarketValue:
    share = inside / compared if compared else None
    low, high = wilson(inside, compared) if compared else (None, None)
    return MarketValue(value, inside, share, low, high, of / base if base else None, market)


def wilson(count: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share.

    >>> [round(each, 3) for each in wilson(5, 10)]
    [0.237, 0.763]
    """
    square, share = CERTAINTY**2, count / of
    middle = share + square / 2 / of
    reach = CERTAINTY * math.sqrt(share * (1 - share) / of + square / 4 / of**2)
    return max((middle - reach) / (1 + square / of), 0.0), min(
        (middle + reach) / (1 + square / of), 1.0
    )


def _plain(value: str) -> str:
    return value.strip().lower()
