"""Postal code: the finest step of geography that most shops have."""

from __future__ import annotations

from segmentry.segments.segment import ENOUGH, Need, Segmentation, is_known, or_unknown


def segmentation(trait: str = "postal_code") -> Segmentation:
    """One group for each postal code on record; Unknown for the others.

    Args:
        trait: The customers' column that holds it.
    """
    return Segmentation(
        name="postal_code",
        family="geographic",
        feature="postal_code_group",
        by=or_unknown(trait),
        traits=(trait,),
        needs=(Need(key="postal_code", rule=is_known(trait), at_least=ENOUGH),),
        picture="treemap",
    )
