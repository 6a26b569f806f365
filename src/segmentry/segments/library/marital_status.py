"""Marital status: as it is on record."""

from __future__ import annotations

from segmentry.segments.segment import ENOUGH, Need, Segmentation, is_known, or_unknown


def segmentation(trait: str = "marital_status") -> Segmentation:
    """One group for each status on record; Unknown for the others.

    Args:
        trait: The customers' column that holds it.
    """
    return Segmentation(
        name="marital_status",
        family="demographic",
        feature="marital_status_group",
        by=or_unknown(trait),
        traits=(trait,),
        needs=(Need(key="marital_status", rule=is_known(trait), at_least=ENOUGH),),
        picture="bars",
    )
