"""Position: how high a contact stands in the company."""

from __future__ import annotations

from segmentry.segments.segment import ENOUGH, Need, Segmentation, is_known, or_unknown


def segmentation(trait: str = "job_level") -> Segmentation:
    """One group for each level on record; Unknown for the others.

    Args:
        trait: The customers' column that holds it.
    """
    return Segmentation(
        name="job_level",
        family="company",
        feature="job_level_group",
        by=or_unknown(trait),
        traits=(trait,),
        needs=(Need(key="job_level", rule=is_known(trait), at_least=ENOUGH),),
        picture="bars",
    )
