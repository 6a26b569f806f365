"""Age as given: bands that are on record where birth dates are not."""

from __future__ import annotations

from segmentry.segments.segment import ENOUGH, Need, Segmentation, is_known, or_unknown


def segmentation(trait: str = "age_band") -> Segmentation:
    """One group for each band on record, young ones first; Unknown for the others.

    Args:
        trait: The customers' column that holds it.
    """
    return Segmentation(
        name="age_band",
        family="demographic",
        feature="age_given_group",
        by=or_unknown(trait),
        order="natural",
        traits=(trait,),
        needs=(Need(key="age", rule=is_known(trait), at_least=ENOUGH),),
        picture="ladder",
    )
