"""City of the last order: the step below its region."""

from __future__ import annotations

from segmentry.segments.segment import ENOUGH, Need, Segmentation, is_known, or_unknown


def segmentation() -> Segmentation:
    """One group for each city; Unknown for buyers whose orders say none."""
    return Segmentation(
        name="order_city",
        family="geographic",
        feature="order_city_group",
        among="frequency >= 1",
        by=or_unknown("last_order_city"),
        needs=(Need(key="city", rule=is_known("last_order_city"), at_least=ENOUGH),),
        picture="treemap",
    )
