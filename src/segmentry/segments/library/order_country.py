"""Country of the last order: where a customer bought, when no file tells where they live."""

from __future__ import annotations

from segmentry.segments.segment import ENOUGH, Need, Segmentation, is_known, or_unknown


def segmentation() -> Segmentation:
    """One group for each country; Unknown for buyers whose orders say none."""
    return Segmentation(
        name="order_country",
        family="geographic",
        feature="order_country_group",
        among="frequency >= 1",
        by=or_unknown("order_country"),
        needs=(Need(key="country", rule=is_known("order_country"), at_least=ENOUGH),),
        picture="treemap",
    )
