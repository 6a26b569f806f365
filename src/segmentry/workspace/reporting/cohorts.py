"""Cohorts by the month of the first purchase."""

from __future__ import annotations

from segmentry.insights.cohorts import Cell, Cohort
from segmentry.insights.cohorts import cohorts as counted
from segmentry.report.content import CohortCell, CohortsView, CohortView
from segmentry.workspace.reporting.asking import Asking
from segmentry.workspace.reporting.value import estimated

MOST = 18
"""Cohorts and months after the first that are shown: the latest ones, and the first ones."""


def cohorts(asked: Asking) -> CohortsView:
    """The latest cohorts; none without orders."""
    if "frequency" not in asked.features:
        return CohortsView()
    found = counted(asked.engine, asked.as_of, "month")
    return CohortsView(
        cohorts=tuple(_view(each) for each in found.cohorts[-MOST:]),
        whole=_cells(found.whole),
    )


def _view(cohort: Cohort) -> CohortView:
    return CohortView(
        month=cohort.name,
        customers=cohort.customers,
        from_start=cohort.from_start,
        cells=_cells(cohort),
    )


def _cells(cohort: Cohort) -> tuple[CohortCell, ...]:
    return tuple(_cell(each) for each in cohort.cells if 0 < each.age <= MOST)


def _cell(cell: Cell) -> CohortCell:
    return CohortCell(age=cell.age, complete=cell.complete, retention=estimated(cell.retention))
