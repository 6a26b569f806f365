"""Income as given: bands that are on record."""

from __future__ import annotations

from segmentry.segments.segment import ENOUGH, Need, Segmentation, or_unknown


def segmentation() -> Segmentation:
    """One group for each band on record, low ones first; Unknown for the others."""
    return Segmentation(
        name="income_band",
        family="economic",
        feature="income_band_group",
        by=or_unknown("income"),
        order="natural",
        needs=(
            Need(
                key="income_band",
                rule="income IS NOT NULL AND income_amount IS NULL",
                at_least=ENOUGH,
            ),
        ),
        picture="ladder",
    )
