"""Sex: as it is on record."""

from __future__ import annotations

from segmentry.segments.segment import ENOUGH, Need, Segmentation, is_known, or_unknown


def segmentation(trait: str = "sex") -> Segmentation:
    """One group for each sex on record, as the data write it; Unknown for the others.

    Args:
        trait: The customers' column that holds it.
    """
    return Segmentation(
        name="sex",
        family="demographic",
        feature="sex_group",
        by=or_unknown(trait),
        traits=(trait,),
        needs=(Need(key="sex", rule=is_known(trait), at_least=ENOUGH),),
        picture="bars",
    )
