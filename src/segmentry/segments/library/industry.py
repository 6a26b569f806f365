"""Industry: what a customer's company does."""

from __future__ import annotations

from segmentry.segments.segment import ENOUGH, Need, Segmentation, is_known, or_unknown


def segmentation(trait: str = "company_industry") -> Segmentation:
    """One group for each industry on record; Unknown for the others.

    Args:
        trait: The column that holds it; a company's column begins with `company_`.
    """
    return Segmentation(
        name="industry",
        family="company",
        feature="industry_group",
        by=or_unknown(trait),
        traits=(trait,),
        needs=(Need(key="industry", rule=is_known(trait), at_least=ENOUGH),),
        picture="treemap",
    )
