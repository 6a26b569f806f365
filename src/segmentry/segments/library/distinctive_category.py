"""Distinctive category: what a customer buys far more of than others do."""

from __future__ import annotations

from segmentry.segments.segment import ENOUGH, Group, Need, Reason, Segmentation, is_known

NONE = "Nothing special"


def segmentation() -> Segmentation:
    """The category most over-represented in a customer's spend, with a tenth of it at least.

    Nothing special: buyers for whom no category is.
    """
    return Segmentation(
        name="distinctive_category",
        family="product",
        feature="distinctive_category_group",
        among="frequency >= 1",
        groups=(Group(name=NONE, rule="distinctive_category IS NULL"),),
        by="distinctive_category",
        reasons=(Reason(key="share"),),
        needs=(Need(key="main_category", rule=is_known("main_category"), at_least=ENOUGH),),
        picture="treemap",
    )
