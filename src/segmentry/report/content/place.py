"""What is bought, and where customers are."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryView:
    """A product category: its share of what everybody spent, and who favours it.

    Args:
        buyers: Customers who bought of it.
        main_for: Customers who spent the most on it; `None` when that is not known.
        indexes: The share of spend of each group of `CategoriesView.groups`, over the base's.
    """

    name: str
    buyers: int
    share: float
    main_for: int | None = None
    indexes: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoriesView:
    """The largest categories by spend, and how much each group favours them."""

    groups: tuple[str, ...] = ()
    categories: tuple[CategoryView, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ThingView:
    """Something the next purchase may hold: how likely, of everyone and of each group."""

    name: str
    share: float
    shares: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UpcomingView:
    """What comes next by group; without things it is not shown.

    Args:
        told: Sentences: what probabilities are of, and how true they were.
    """

    told: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    things: tuple[ThingView, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceView:
    """A place at a depth (0 is the largest kind), or `together` smaller places of one."""

    label: str
    depth: int
    customers: int
    customer_share: float
    revenue: Decimal
    revenue_share: float | None = None
    average_order: Decimal | None = None
    together: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class GeographyView:
    """Places inside larger ones; each stands right before what it holds."""

    levels: tuple[str, ...] = ()
    known: int = 0
    unknown: int = 0
    places: tuple[PlaceView, ...] = ()
