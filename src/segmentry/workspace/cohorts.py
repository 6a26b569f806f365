"""Cohorts of a workspace: by first purchase, or by the groups of a segmentation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from segmentry.core.errors import UsageError
from segmentry.insights.cohorts import Cohorts, Period
from segmentry.insights.cohorts import cohorts as counted
from segmentry.language.value import Name
from segmentry.workspace.methods import Methods

if TYPE_CHECKING:
    from segmentry.workspace.folder import When
    from segmentry.workspace.workspace import Workspace

TABLE = "cohort_parts"


def cohorts(
    workspace: Workspace, name: str | None, when: When = None, period: Period = "month"
) -> Cohorts:
    """Who came back, by the period of the first purchase or by group.

    Raises:
        UsageError: There are no orders.
        UnknownNameError: There is no such segmentation.
    """
    customers = workspace.customers(when)
    if "frequency" not in customers.features:
        raise UsageError("nobody has bought anything.", fix="Load orders: `segmentry load FILE`.")
    if name is None:
        return counted(workspace.engine, customers.as_of, period)
    [segmentation] = Methods(workspace).allowed([name], when)
    customers.land(TABLE, {"part": Name(segmentation.feature)})
    try:
        return counted(workspace.engine, customers.as_of, period, TABLE)
    finally:
        workspace.engine.drop(TABLE)
