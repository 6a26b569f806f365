"""Hierarchy of companies: which stand by themselves, which belong to another."""

from __future__ import annotations

from segmentry.segments.segment import ENOUGH, UNKNOWN, Group, Need, Segmentation, is_known

PARENT, COMPANY = "company_parent_id", "company_id"


def segmentation() -> Segmentation:
    """Subsidiary: there is a company above it. Top: there is none. Unknown: no company."""
    return Segmentation(
        name="company_place",
        family="company",
        feature="company_place_group",
        groups=(
            Group(name="Subsidiary", rule=is_known(PARENT)),
            Group(name="Top", rule=is_known(COMPANY)),
            Group(name=UNKNOWN, means=f"{COMPANY} IS NULL"),
        ),
        traits=(PARENT, COMPANY),
        needs=(Need(key="company_place", rule=is_known(PARENT), at_least=ENOUGH),),
    )
