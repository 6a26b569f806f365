"""Customers by the month of their first purchase."""

from __future__ import annotations

from dataclasses import dataclass

from segmentry.report.content.estimated import Estimated


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortCell:
    """What a cohort did so many months after its first; `complete` when that month was over."""

    age: int
    complete: bool
    retention: Estimated


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortView:
    """Customers who first bought in one month.

    Args:
        from_start: The data begin in it; some of these customers may have bought before.
        cells: From the month after the first on.
    """

    month: str
    customers: int
    from_start: bool
    cells: tuple[CohortCell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortsView:
    """The triangle, the oldest cohort first; without cohorts it is not shown.

    Args:
        whole: All complete cells, added up by age.
    """

    cohorts: tuple[CohortView, ...] = ()
    whole: tuple[CohortCell, ...] = ()
