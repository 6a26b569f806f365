"""Children: how many there are."""

from __future__ import annotations

from segmentry.segments.segment import ENOUGH, Need, Segmentation, is_known, or_unknown


def segmentation(trait: str = "children") -> Segmentation:
    """One group for each number on record, few first; Unknown for the others.

    Args:
        trait: The customers' column that holds it.
    """
    return Segmentation(
        name="children",
        family="demographic",
        feature="children_group",
        by=or_unknown(trait),
        order="natural",
        traits=(trait,),
        needs=(Need(key="children", rule=is_known(trait), at_least=ENOUGH),),
        picture="ladder",
    )
