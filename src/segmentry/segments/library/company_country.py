"""Region of companies: the country a customer's company is in."""

from __future__ import annotations

from segmentry.segments.segment import ENOUGH, Need, Segmentation, is_known, or_unknown


def segmentation(trait: str = "company_country") -> Segmentation:
    """One group for each country on record; Unknown for the others.

    Args:
        trait: The column that holds it; a company's column begins with `company_`.
    """
    return Segmentation(
        name="company_country",
        family="company",
        feature="company_country_group",
        by=or_unknown(trait),
        traits=(trait,),
        needs=(Need(key="company_country", rule=is_known(trait), at_least=ENOUGH),),
        picture="treemap",
    )
