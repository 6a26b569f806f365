"""Promotion: who buys at full price, and who waits for a discount."""

from __future__ import annotations

from segmentry.segments.segment import ENOUGH, Group, Need, Reason, Segmentation


def segmentation(full_share: float = 0.25, discount_share: float = 0.75) -> Segmentation:
    """By the share of a customer's orders that had a discount.

    Args:
        full_share: Below this share of orders a customer buys at full price.
        discount_share: From this share on a customer buys at a discount.
    """
    return Segmentation(
        name="promotion",
        family="behavioural",
        feature="promotion_group",
        among="frequency >= 1",
        groups=(
            Group(name="Full price", rule=f"promotion_share < {full_share}"),
            Group(name="Discount", rule=f"promotion_share >= {discount_share}"),
            Group(name="Mixed"),
        ),
        reasons=(
            Reason(
                key="shares",
                values={
                    "full": round(full_share * 100, 1),
                    "discount": round(discount_share * 100, 1),
                },
            ),
        ),
        needs=(
            Need(key="buyers", rule="frequency >= 1", at_least=ENOUGH),
            Need(key="discounts", rule="promotion_share > 0", at_least=1),
        ),
        picture="ladder",
    )
