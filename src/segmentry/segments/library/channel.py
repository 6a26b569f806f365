"""Channel: where a customer buys most often."""

from __future__ import annotations

from segmentry.segments.segment import ENOUGH, Need, Segmentation, is_known, or_unknown


def segmentation() -> Segmentation:
    """One group for each channel; Unknown for buyers whose orders say none."""
    return Segmentation(
        name="channel",
        family="behavioural",
        feature="channel_group",
        among="frequency >= 1",
        by=or_unknown("preferred_channel"),
        needs=(Need(key="channel", rule=is_known("preferred_channel"), at_least=ENOUGH),),
        picture="bars",
    )
