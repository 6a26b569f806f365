"""Education: the level that is on record."""

from __future__ import annotations

from segmentry.segments.segment import ENOUGH, Need, Segmentation, is_known, or_unknown


def segmentation(trait: str = "education") -> Segmentation:
    """One group for each level on record; Unknown for the others.

    Args:
        trait: The customers' column that holds it.
    """
    return Segmentation(
        name="education",
        family="demographic",
        feature="education_group",
        by=or_unknown(trait),
        traits=(trait,),
        needs=(Need(key="education", rule=is_known(trait), at_least=ENOUGH),),
        picture="bars",
    )
