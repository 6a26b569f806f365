"""What people saved, and what waits for data."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

from segmentry.report.content.group import TrendPoint

State = Literal["fresh", "empty", "stale", "broken"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentRow:
    """A segment a person saved.

    `state` is `empty` without customers, `stale` when its history ends before this report's
    instant, `broken` when its rule no longer holds on the data.
    """

    name: str
    label: str
    sentence: str
    customers: int
    customer_share: float
    revenue: Decimal
    revenue_share: float | None = None
    trend: tuple[TrendPoint, ...] = ()
    state: State = "fresh"


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlapView:
    """How far saved segments overlap; places are those of `labels`.

    Args:
        customers: `customers[row][column]` are in both; on the diagonal stands the segment itself.
        none: Customers who are in no segment.
        left_out: Segments that are not shown because there are many.
    """

    labels: tuple[str, ...] = ()
    customers: tuple[tuple[int, ...], ...] = ()
    none: int = 0
    left_out: int = 0


class CombinationView(NamedTuple):
    """Customers who are in exactly these segments of those shown, by place, and in no other."""

    segments: tuple[int, ...]
    customers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CombinationsView:
    """Which segments customers are in at once, of the few that share most customers.

    Args:
        sizes: Customers of each segment.
        combinations: Those of most customers first.
        left_out: Combinations that are not shown because there are many.
    """

    labels: tuple[str, ...] = ()
    sizes: tuple[int, ...] = ()
    combinations: tuple[CombinationView, ...] = ()
    left_out: int = 0


class LockedFeature(NamedTuple):
    """A feature that cannot be computed yet, and the table or column that would unlock it."""

    name: str
    label: str
    needs: str
