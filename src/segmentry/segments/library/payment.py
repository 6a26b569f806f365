"""Payment: how a customer pays most often."""

from __future__ import annotations

from segmentry.segments.segment import ENOUGH, Need, Segmentation, is_known, or_unknown


def segmentation() -> Segmentation:
    """One group for each method of payment; Unknown for buyers whose orders say none."""
    return Segmentation(
        name="payment",
        family="behavioural",
        feature="payment_group",
        among="frequency >= 1",
        by=or_unknown("preferred_payment"),
        needs=(Need(key="payment", rule=is_known("preferred_payment"), at_least=ENOUGH),),
        picture="bars",
    )
