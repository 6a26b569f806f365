"""Survey scales, scored and checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from segmentry.answers.basis import basis
from segmentry.answers.plain import Document

if TYPE_CHECKING:
    from segmentry.core.time import AsOf
    from segmentry.features.scale import Scale
    from segmentry.insights.reliability import Reliability
    from segmentry.workspace.workspace import Workspace


def every(workspace: Workspace) -> Document:
    """The scales with their items and the features they give."""
    return {"scales": [_scale(each) for each in workspace.scales.all()]}


def add(workspace: Workspace, scale: Scale) -> Document:
    """Keep a scale; its scores are features at once."""
    return _scale(workspace.scales.add(scale))


def one(workspace: Workspace, name: str, as_of: AsOf) -> Document:
    """How reliable a scale is, item by item, and who did not answer."""
    return (
        _scale(workspace.scales.scale(name))
        | basis(workspace, as_of)
        | _reliability(workspace.scales.reliability(name, as_of))
    )


def _scale(scale: Scale) -> Document:
    return scale.model_dump(mode="json") | {
        "features": [scale.score, scale.answered, scale.band],
    }


def _reliability(found: Reliability) -> Document:
    return {
        "customers": found.customers,
        "answered": found.answered,
        "non_response_rate": found.non_response_rate,
        "scored": found.scored,
        "complete": found.complete,
        "alpha": found.alpha,
        "reliability": [
            {
                "item": each.item,
                "answered_share": each.answered_share,
                "mean": each.mean,
                "rest_correlation": each.rest_correlation,
                "alpha_without": each.alpha_without,
                "turn": each.turn,
            }
            for each in found.items
        ],
        "differences": [
            {
                "feature": each.feature,
                "answered": each.answered,
                "not_answered": each.not_answered,
                "standardised": each.standardised,
                "notable": each.notable,
            }
            for each in found.differences
        ],
    }
