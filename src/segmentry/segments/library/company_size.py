"""Company size: by the number of employees, in the classes of the European Union.

Source: Commission Recommendation 2003/361/EC, by headcount alone (turnover is rarely on record).
"""

from __future__ import annotations

from segmentry.segments.segment import ENOUGH, UNKNOWN, Group, Need, Reason, Segmentation, is_known

EMPLOYEES = "company_employee_count"


def segmentation() -> Segmentation:
    """Micro below 10 employees, small below 50, medium below 250, large from there on.

    Unknown are customers without a company, or whose company's number is not on record.
    """
    return Segmentation(
        name="company_size",
        family="company",
        feature="company_size_group",
        groups=(
            Group(name="Micro", rule=f"{EMPLOYEES} < 10"),
            Group(name="Small", rule=f"{EMPLOYEES} < 50"),
            Group(name="Medium", rule=f"{EMPLOYEES} < 250"),
            Group(name="Large", rule=is_known(EMPLOYEES)),
            Group(name=UNKNOWN, means=f"{EMPLOYEES} IS NULL"),
        ),
        traits=(EMPLOYEES,),
        reasons=(Reason(key="classes"),),
        needs=(Need(key="company_size", rule=is_known(EMPLOYEES), at_least=ENOUGH),),
        picture="ladder",
    )
