"""What is bought together, what a customer will buy next, and what a segment buys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from segmentry.answers.basis import basis
from segmentry.answers.estimate import estimate
from segmentry.answers.plain import Document

if TYPE_CHECKING:
    from segmentry.core.time import AsOf
    from segmentry.insights.affinity import Together
    from segmentry.insights.assortment import Kept
    from segmentry.insights.recommendation import Next, Tried
    from segmentry.workspace.recommendation import Assortment, Recommended
    from segmentry.workspace.workspace import Workspace

MOST_MISSING = 0.8
"""An index below this, and certain, is something that members leave to others."""


def affinity(
    workspace: Workspace,
    segment: str | None,
    of: str,
    least: float,
    size: int,
    top: int,
    as_of: AsOf,
) -> Document:
    """What is in one order together more often than chance; of a segment, against all others."""
    found = workspace.insights.affinity(segment, of, least, size, as_of)
    return {
        "name": segment,
        **basis(workspace, as_of),
        "of": of,
        "orders": found.orders,
        "other_orders": found.other_orders,
        "items": found.items,
        "least_orders": found.least_orders,
        "found": len(found.sets),
        "certain": sum(each.certain for each in found.sets),
        "sets": [_set(each, found.names) for each in found.sets[:top]],
    }


def recommendations(workspace: Workspace, customer_id: str, of: str, as_of: AsOf) -> Document:
    """What a customer is likely to buy next, by the way that did best on held-out time."""
    found = workspace.insights.recommend(customer_id, of, as_of)
    asked = {"customer": customer_id, "segment": None}
    return asked | basis(workspace, as_of) | {"of": of, **_recommended(found)}


def assortment(workspace: Workspace, segment: str, of: str, top: int, as_of: AsOf) -> Document:
    """What members of a segment buy, and what they leave to others."""
    found = workspace.insights.assortment(segment, of, as_of)
    asked = {"customer": None, "segment": segment}
    return asked | basis(workspace, as_of) | {"of": of, **_assortment(found, top)}


def _set(found: Together, names: dict[str, str]) -> Document:
    return {
        "items": [
            {
                "item": each.item,
                "product_name": names.get(each.item),
                "confidence": each.confidence,
            }
            for each in found.things
        ],
        "orders": found.orders,
        "support": found.support,
        "lift": estimate(found.lift),
        "chance": found.chance,
        "other_support": found.other_support,
        "other_lift": found.other_lift,
        "index": estimate(found.index) if found.index else None,
        "index_chance": found.index_chance,
        "certain": found.certain,
    }


def _recommended(found: Recommended) -> Document:
    return {
        "tried_customers": found.trial.customers,
        "missing": found.trial.missing or None,
        **{
            name: {
                "by": by,
                "tried": [_tried(each) for each in tried],
                "items": [_next(each, found.names) for each in items],
            }
            for name, by, tried, items in (
                ("anything", found.anything_by, found.trial.anything, found.anything),
                ("new", found.new_by, found.trial.new, found.new),
            )
        },
    }


def _tried(found: Tried) -> Document:
    return {"way": found.way, "hit_rate": estimate(found.hit_rate), "mrr": found.rank}


def _next(found: Next, names: dict[str, str]) -> Document:
    return {
        "item": found.item,
        "product_name": names.get(found.item),
        "score": found.score,
        "times": found.times,
        "since_days": found.since_days,
        "gap_days": found.gap_days,
        "due": None
        if found.since_days is None or found.gap_days is None
        else found.since_days >= found.gap_days,
    }


def _assortment(found: Assortment, top: int) -> Document:
    sure = [each for each in found.things if each.certain and each.index is not None]
    above = sorted(sure, key=lambda each: -(each.index or 0.0))
    missing = sorted(
        (each for each in sure if (each.index or 0.0) < MOST_MISSING),
        key=lambda each: -(each.other_share or 0.0),
    )
    return {
        "members": found.members,
        "others": found.others,
        "top": [_kept(each, found.names) for each in found.things[:top]],
        "above": [_kept(each, found.names) for each in above[:top] if (each.index or 0.0) > 1],
        "missing": [_kept(each, found.names) for each in missing[:top]],
    }


def _kept(found: Kept, names: dict[str, str]) -> Document:
    return {
        "item": found.item,
        "product_name": names.get(found.item),
        "customers": found.customers,
        "share": estimate(found.share),
        "other_share": found.other_share,
        "index": found.index,
        "certain": found.certain,
    }
