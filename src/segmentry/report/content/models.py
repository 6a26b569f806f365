"""What is likely to come: fitted models, and how far to trust them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from segmentry.report.content.estimated import Estimated


@dataclass(frozen=True, slots=True, kw_only=True)
class WayView:
    """One way of foretelling, held against what came; `used` is the one that scores come from.

    Args:
        figures: One for each measure of the model.
    """

    label: str
    used: bool
    figures: tuple[Estimated, ...]


class Tenth(NamedTuple):
    """About a tenth of the customers: what was expected of one of them, and what came."""

    expected: float
    came: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelView:
    """A model as it was fitted last.

    Args:
        scored: How many customers have a score.
        sentences: What is used and why, and what tells most.
        measures: Names of the measures: `auc`, `brier`, `ece`, `gini`, `mae`, `bias`.
        tenths: The first with the highest expectation.
        shares: Whether the tenths are shares of customers; else orders or amounts.
        uncorrected: The tenths are of before the correction that scores have.
        expected: The value of all customers, and the part of the fifth with the highest.
    """

    name: str
    label: str
    as_of: str
    days: int
    scored: int
    sentences: tuple[str, ...]
    measures: tuple[str, ...] = ()
    ways: tuple[WayView, ...] = ()
    tenths: tuple[Tenth, ...] = ()
    shares: bool = False
    uncorrected: bool = False
    expected: Decimal | None = None
    top_share: float | None = None
