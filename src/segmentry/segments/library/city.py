"""City: the step below region."""

from __future__ import annotations

from segmentry.segments.segment import ENOUGH, Need, Segmentation, is_known, or_unknown


def segmentation(trait: str = "city") -> Segmentation:
    """One group for each city on record; Unknown for the others.

    Args:
        trait: The customers' column that holds it.
    """
    return Segmentation(
        name="city",
        family="geographic",
        feature="city_group",
        by=or_unknown(trait),
        traits=(trait,),
        needs=(Need(key="city", rule=is_known(trait), at_least=ENOUGH),),
        picture="treemap",
    )
