"""Occupation: as it is on record."""

from __future__ import annotations

from segmentry.segments.segment import ENOUGH, Need, Segmentation, is_known, or_unknown


def segmentation(trait: str = "occupation") -> Segmentation:
    """One group for each occupation on record; Unknown for the others.

    Args:
        trait: The customers' column that holds it.
    """
    return Segmentation(
        name="occupation",
        family="demographic",
        feature="occupation_group",
        by=or_unknown(trait),
        traits=(trait,),
        needs=(Need(key="occupation", rule=is_known(trait), at_least=ENOUGH),),
        picture="treemap",
    )
