"""Ways of dividing, their groups, and crossings of two."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple


class TrendPoint(NamedTuple):
    """Number of customers in a group at the end of a period."""

    period: str
    customers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupView:
    """One group of an exclusive segmentation.

    `sentence` is the group's rule in words. Averages are over the group's members who ordered.
    """

    name: str
    label: str
    customers: int
    customer_share: float
    revenue: Decimal
    revenue_share: float | None = None
    average_order: Decimal | None = None
    orders_per_customer: float | None = None
    recency_days_median: float | None = None
    trend: tuple[TrendPoint, ...] = ()
    sentence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaybookView:
    """What is done for a group; empty texts are left out."""

    goal: str = ""
    offer: str = ""
    message: str = ""
    channel: str = ""
    avoid: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodView:
    """A way of dividing the customers: its groups, and why its limits are what they are.

    Args:
        groups: The groups shown.
        rest: The smaller groups together, where a value makes more groups than are shown.
        rest_count: How many groups those are.
        playbooks: One a group, in their order; `None` where there is none.
    """

    name: str
    label: str
    about: str = ""
    reasons: tuple[str, ...] = ()
    groups: tuple[GroupView, ...] = ()
    rest: GroupView | None = None
    rest_count: int = 0
    playbooks: tuple[PlaybookView | None, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyView:
    """Ways of dividing that look at the same kind of thing."""

    name: str
    label: str
    methods: tuple[MethodView, ...]


class MissingMethod(NamedTuple):
    """A way of dividing that the data do not allow, and what it needs."""

    label: str
    family: str
    needs: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossedCell:
    """Customers in one row's and one column's group (places from 0).

    `index` is their number over what it would be if the two had nothing to do with one another.
    """

    row: int
    column: int
    customers: int
    share: float
    index: float
    revenue: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossingView:
    """Two ways of dividing at once. Cells without customers are left out."""

    name: str
    row_label: str
    column_label: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    customers: int
    cells: tuple[CrossedCell, ...]
