"""Country: where a customer lives."""

from __future__ import annotations

from segmentry.segments.segment import ENOUGH, Need, Segmentation, is_known, or_unknown


def segmentation(trait: str = "country") -> Segmentation:
    """One group for each country on record; Unknown for the others.

    Args:
        trait: The customers' column that holds it.
    """
    return Segmentation(
        name="country",
        family="geographic",
        feature="country_group",
        by=or_unknown(trait),
        traits=(trait,),
        needs=(Need(key="country", rule=is_known(trait), at_least=ENOUGH),),
        picture="treemap",
    )
