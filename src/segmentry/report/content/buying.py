"""What is bought together, and where a budget goes: as they were asked last."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from segmentry.report.content.estimated import Estimated


@dataclass(frozen=True, slots=True, kw_only=True)
class TogetherView:
    """Things in one order together.

    Args:
        lift: How many times as often as by chance.
        certain: That is beyond chance, of all that was looked at.
    """

    things: tuple[str, ...]
    orders: int
    share: float
    lift: Estimated
    certain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AffinityView:
    """The sets that go together most; `as_of` is empty where it was not asked.

    Args:
        of: What was put together: products, or a column of them, in words.
        found: How many sets are frequent; `certain` of them beyond chance.
        least: Orders that a set had to be in.
    """

    as_of: str = ""
    of: str = ""
    orders: int = 0
    least: int = 0
    found: int = 0
    certain: int = 0
    sets: tuple[TogetherView, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendView:
    """What one segment gets of a budget.

    Args:
        brings: What it brings, before what is spent on it is taken off.
        next_unit: What one further unit would bring.
        between: What it would get if responses were at their lower and at their upper ends.
    """

    label: str
    spent: Decimal
    brings: Decimal
    next_unit: float
    between: tuple[Decimal, Decimal] | None = None


class BudgetPoint(NamedTuple):
    """What the best split of a budget leaves, after it is spent."""

    budget: float
    left: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationView:
    """The last split of a budget; without shares there was none.

    Args:
        left: What is left after spending; `low` and `high` by the ends of the responses.
        next_unit: What one further unit would bring where it brings most.
    """

    budget: Decimal = Decimal(0)
    spent: Decimal = Decimal(0)
    left: Decimal = Decimal(0)
    low: Decimal | None = None
    high: Decimal | None = None
    next_unit: float = 0.0
    shares: tuple[SpendView, ...] = ()
    curve: tuple[BudgetPoint, ...] = ()
