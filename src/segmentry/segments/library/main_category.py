"""Main category: where most of a customer's money goes."""

from __future__ import annotations

from segmentry.segments.segment import ENOUGH, Need, Segmentation, is_known, or_unknown


def segmentation() -> Segmentation:
    """One group for each category, by share of spend; Unknown for buyers of none."""
    return Segmentation(
        name="main_category",
        family="product",
        feature="main_category_group",
        among="frequency >= 1",
        by=or_unknown("main_category"),
        needs=(Need(key="main_category", rule=is_known("main_category"), at_least=ENOUGH),),
        picture="treemap",
    )
