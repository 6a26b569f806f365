"""Income: fifths of the base, where income is on record as a number."""

from __future__ import annotations

from segmentry.segments.segment import ENOUGH, UNKNOWN, Group, Need, Reason, Segmentation, is_known

LEVELS = ("Low", "Lower middle", "Middle", "Upper middle", "High")


def segmentation() -> Segmentation:
    """Five levels with a fifth of the customers each, as far as equal incomes allow.

    Unknown are those without an income, or with a band instead of a number.
    """
    score = "score(income_amount, bins => 5)"
    shares = (0.2, 0.4, 0.6, 0.8)
    return Segmentation(
        name="income",
        family="economic",
        feature="income_level",
        groups=(
            *(Group(name=name, rule=f"{score} = {place}") for place, name in enumerate(LEVELS, 1)),
            Group(name=UNKNOWN, means="income_amount IS NULL"),
        ),
        reasons=(
            Reason(
                key="limits",
                base={
                    f"limit_{place}": f"base_quantile(income_amount, {share})"
                    for place, share in enumerate(shares, start=1)
                },
            ),
        ),
        needs=(Need(key="income", rule=is_known("income_amount"), at_least=ENOUGH),),
        picture="ladder",
    )
