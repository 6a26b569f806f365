"""The RFM grid and what its scores mean."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple


@dataclass(frozen=True, slots=True, kw_only=True)
class RfmCell:
    """The customers with one recency score and one frequency score; 5 (or `bins`) is best."""

    r: int
    f: int
    customers: int
    revenue: Decimal
    mean_monetary: Decimal | None = None


class ScoreLimits(NamedTuple):
    """What one score means on each dimension, as texts ready to show (`0-17 days`)."""

    score: int
    recency: str
    frequency: str
    monetary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RfmView:
    """The RFM grid. Empty cells may be left out; without orders there are no cells at all."""

    bins: int
    mean_recency_days: float | None = None
    mean_frequency: float | None = None
    mean_monetary: Decimal | None = None
    limits: tuple[ScoreLimits, ...] = ()
    cells: tuple[RfmCell, ...] = ()
