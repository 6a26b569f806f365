"""Home: owned or rented."""

from __future__ import annotations

from segmentry.segments.segment import ENOUGH, Need, Segmentation, is_known, or_unknown


def segmentation(trait: str = "home_ownership") -> Segmentation:
    """One group for each kind of home on record; Unknown for the others.

    Args:
        trait: The customers' column that holds it.
    """
    return Segmentation(
        name="home_ownership",
        family="economic",
        feature="home_ownership_group",
        by=or_unknown(trait),
        traits=(trait,),
        needs=(Need(key="home_ownership", rule=is_known(trait), at_least=ENOUGH),),
        picture="bars",
    )
