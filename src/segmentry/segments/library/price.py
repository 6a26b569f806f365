"""Quality or price: what a customer pays for an item, against what is usual in its category."""

from __future__ import annotations

from segmentry.segments.segment import ENOUGH, UNKNOWN, Group, Need, Reason, Segmentation, is_known


def segmentation(quality_from: float = 1.2, economy_to: float = 0.8) -> Segmentation:
    """Quality: well above the usual price. Economy: well below. Middle: in between.

    The usual price is the median of its category over all customers; Unknown are buyers of nothing
    that has a price and a category.

    Args:
        quality_from: Price level from which a customer goes for quality.
        economy_to: Price level up to which a customer goes for the price.
    """
    return Segmentation(
        name="price",
        family="behavioural",
        feature="price_group",
        among="frequency >= 1",
        groups=(
            Group(name="Quality", rule=f"price_level >= {quality_from}"),
            Group(name="Economy", rule=f"price_level <= {economy_to}"),
            Group(name="Middle", rule=is_known("price_level")),
            Group(name=UNKNOWN, means="price_level IS NULL"),
        ),
        reasons=(
            Reason(
                key="level",
                values={
                    "quality": round(quality_from * 100, 1),
                    "economy": round(economy_to * 100, 1),
                },
            ),
            Reason(key="median", base={"level": "base_median(price_level)"}),
        ),
        needs=(Need(key="priced", rule=is_known("price_level"), at_least=ENOUGH),),
        picture="ladder",
    )
