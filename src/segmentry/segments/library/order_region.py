"""Region of the last order: the step below its country."""

from __future__ import annotations

from segmentry.segments.segment import ENOUGH, Need, Segmentation, is_known, or_unknown


def segmentation() -> Segmentation:
    """One group for each region; Unknown for buyers whose orders say none."""
    return Segmentation(
        name="order_region",
        family="geographic",
        feature="order_region_group",
        among="frequency >= 1",
        by=or_unknown("order_region"),
        needs=(Need(key="region", rule=is_known("order_region"), at_least=ENOUGH),),
        picture="treemap",
    )
