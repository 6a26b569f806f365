"""Household: how many people live in it."""

from __future__ import annotations

from segmentry.segments.segment import ENOUGH, Need, Segmentation, is_known, or_unknown


def segmentation(trait: str = "household_size") -> Segmentation:
    """One group for each size on record, small ones first; Unknown for the others.

    Args:
        trait: The customers' column that holds it.
    """
    return Segmentation(
        name="household_size",
        family="demographic",
        feature="household_size_group",
        by=or_unknown(trait),
        order="natural",
        traits=(trait,),
        needs=(Need(key="household_size", rule=is_known(trait), at_least=ENOUGH),),
        picture="ladder",
    )
