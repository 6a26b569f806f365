"""Who comes back, by when they first bought."""

from __future__ import annotations

from typing import TYPE_CHECKING

from segmentry.answers.basis import basis
from segmentry.answers.estimate import estimate
from segmentry.answers.plain import Document

if TYPE_CHECKING:
    from segmentry.core.time import AsOf
    from segmentry.insights.cohorts import Cohort, Period
    from segmentry.workspace.workspace import Workspace


def cohorts(workspace: Workspace, name: str | None, as_of: AsOf, period: Period) -> Document:
    """Who came back, by the period of the first purchase or by the groups of a segmentation."""
    found = workspace.remembered(
        "cohorts",
        lambda: workspace.insights.cohorts(name, when=as_of, period=period),
        name,
        as_of,
        period,
    )
    return {
        "name": name,
        **basis(workspace, as_of),
        "period": period,
        "cohorts": [_cohort(each) for each in found.cohorts],
        "whole": _cohort(found.whole),
    }


def _cohort(found: Cohort) -> Document:
    return {
        "name": found.name,
        "customers": found.customers,
        "from_start": found.from_start,
        "rule": found.rule or None,
        "cells": [
            {
                "age": each.age,
                "complete": each.complete,
                "customers": each.customers,
                "bought": each.bought,
                "retention": estimate(each.retention),
                "revenue_amount": each.revenue_amount,
                "orders": each.orders,
                "rule": each.rule or None,
            }
            for each in found.cells
        ],
    }
