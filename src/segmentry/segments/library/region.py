"""Region: the part of the country, the step below country."""

from __future__ import annotations

from segmentry.segments.segment import ENOUGH, Need, Segmentation, is_known, or_unknown


def segmentation(trait: str = "region") -> Segmentation:
    """One group for each region on record; Unknown for the others.

    Args:
        trait: The customers' column that holds it.
    """
    return Segmentation(
        name="region",
        family="geographic",
        feature="region_group",
        by=or_unknown(trait),
        traits=(trait,),
        needs=(Need(key="region", rule=is_known(trait), at_least=ENOUGH),),
        picture="treemap",
    )
