"""Ways of dividing customers: which there are, one of them, several at once, the RFM grid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from segmentry.answers import document as shape
from segmentry.answers.basis import basis
from segmentry.answers.plain import Document

if TYPE_CHECKING:
    from segmentry.core.time import AsOf
    from segmentry.insights.crossing import Crossing
    from segmentry.insights.grid import Cell, Span
    from segmentry.workspace.methods import Method
    from segmentry.workspace.wording import Wording
    from segmentry.workspace.workspace import Workspace

GRID = "grid_customers"


def every(workspace: Workspace, as_of: AsOf | None = None, language: str | None = None) -> Document:
    """Every way of dividing customers, and why the data allow it or not."""
    wording = workspace.wording(language)
    found = workspace.remembered("methods", lambda: workspace.methods(as_of), as_of)
    return {"methods": [_method(each, wording) for each in found]}


def segmentations(workspace: Workspace, language: str | None = None) -> Document:
    """The segmentations by name, with their groups and what locks them."""
    features, wording = workspace.features(), workspace.wording(language)
    return {
        "segmentations": [
            {
                "name": each.name,
                "label": wording.segmentation(each),
                "feature": each.feature,
                "groups": [group.name for group in each.groups],
                "locked_by": features.schema.locked.get(each.feature),
            }
            for each in workspace.segmentations()
        ]
    }


def division(workspace: Workspace, name: str, as_of: AsOf, language: str | None = None) -> Document:
    """A segmentation as numbers: each group with its customers, its revenue and its rule."""
    found = workspace.divide(name, as_of)
    return shape.division(found, workspace.wording(language), basis(workspace, as_of))


def rfm(
    workspace: Workspace,
    as_of: AsOf,
    scheme: Literal["five", "eleven"] = "five",
    language: str | None = None,
) -> Document:
    """The RFM groups of a scheme, and what customers have on average."""
    found = workspace.rfm(as_of, scheme)
    document = shape.division(found, workspace.wording(language), basis(workspace, as_of))
    return document | {"scheme": scheme}


def grid(workspace: Workspace, as_of: AsOf) -> Document:
    """The RFM grid: customers and money by recency and frequency score, and what a score means.

    Each cell has its rule, by which it can be saved.

    Raises:
        LockedFeatureError: There are no orders.
    """
    from segmentry.insights import grid as rfm_grid

    chosen = workspace.settings.segmentations.get("rfm", {})
    bins = int(chosen.get("bins", 5))
    average = chosen.get("monetary") == "average"
    monetary = "average_order_amount" if average else "monetary"
    customers = workspace.customers(as_of)
    for score in rfm_grid.SCORES:
        customers.features.schema.feature(score)
    names = dict.fromkeys((*rfm_grid.SCORES, "recency_days", "frequency", "monetary", monetary))
    customers.land(GRID, customers.named(names))
    desk = customers.desk
    try:
        cells = rfm_grid.cells(desk, GRID)
        spans = rfm_grid.spans(desk, GRID, bins, monetary)
    finally:
        desk.drop(GRID)
    return basis(workspace, as_of) | {
        "bins": bins,
        "customers": sum(each.customers for each in cells),
        "cells": [_cell(each) for each in cells],
        "scores": [_score(each) for each in spans],
    }


def _cell(each: Cell) -> Document:
    from segmentry.language.text import parse_rule

    return {
        "r_score": each.r_score,
        "f_score": each.f_score,
        "customers": each.customers,
        "revenue_amount": each.revenue_amount,
        "mean_revenue_amount": each.revenue_amount / each.customers,
        "rule": parse_rule(f"r_score = {each.r_score} AND f_score = {each.f_score}").text(),
    }


def _score(each: Span) -> Document:
    spans = {
        "recency_days": each.recency_days,
        "frequency": each.frequency,
        "monetary_amount": each.monetary,
    }
    return {"score": each.score} | {
        name: None if span is None else {"low": span[0], "high": span[1]}
        for name, span in spans.items()
    }


def crossing(
    workspace: Workspace, names: Sequence[str], as_of: AsOf, language: str | None = None
) -> Document:
    """Two or three segmentations at once, cell by cell, each with its rule."""
    found = workspace.cross(names, as_of)
    return _crossing(found, workspace.wording(language), basis(workspace, as_of))


def _method(each: Method, wording: Wording) -> Document:
    one = each.segmentation
    return {
        "name": each.name,
        "label": wording.segmentation(one),
        "about": wording.about(one),
        "family": each.family,
        "family_label": wording.family(each.family),
        "feature": one.feature,
        "groups": [{"name": group.name, "label": wording.group(one, group.name)}
                   for group in one.groups],
        "by": one.by or None,
        "among": one.among or None,
        "picture": one.picture,
        "available": each.available,
        "missing": each.missing or None,
        "needs": [
            {"text": wording.need(gate.need), "rule": gate.need.rule,
             "at_least": gate.need.at_least, "there": gate.there, "passed": gate.passed}
            for gate in each.gates
        ],
        "parameters": [
            {"name": known.name, "default": known.default, "value": known.value,
             "meaning": known.meaning}
            for known in each.parameters
        ],
    }  # fmt: skip


def _crossing(found: Crossing, wording: Wording, basis: Document) -> Document:
    return {
        **basis,
        "as_of": found.as_of,
        "customers": found.customers,
        "revenue_amount": found.revenue_amount,
        "dimensions": [
            {
                "name": each.segmentation.name,
                "label": wording.segmentation(each.segmentation),
                "groups": [
                    {"name": name, "label": wording.group(each.segmentation, name),
                     "customers": customers}
                    for name, customers in each.groups.items()
                ],
            }
            for each in found.dimensions
        ],
        "cells": [
            {
                "groups": list(each.groups),
                "customers": each.customers,
                "share": each.share,
                "revenue_amount": each.revenue_amount,
                "mean_revenue_amount": each.mean_revenue_amount,
                "index": each.index,
                "rule": each.rule,
            }
            for each in found.cells
        ],
    }  # fmt: skip
