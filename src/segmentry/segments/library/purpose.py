"""Purpose: who buys for a business, who buys gifts, who buys for themselves."""

from __future__ import annotations

from segmentry.segments.segment import ENOUGH, Group, Need, Reason, Segmentation

GIFTS = "holiday_share >= 0.5 AND frequency >= 2"


def segmentation(bulk: int = 10, wholesale_share: float = 0.05, gifts: str = GIFTS) -> Segmentation:
    """Wholesale: many of the same at once. Gifts: as the rule says. Own use: everyone else.

    Few shops write down what is a gift, so the rule takes the season: half of the money in
    December, in two orders or more. A shop with a gift category says more: `gift_share >= 0.3`.

    Args:
        bulk: Fewest items a line, on average, of a wholesale buyer.
        wholesale_share: The part of the base with the largest lines that wholesale buyers are in.
        gifts: Rule that tells who buys gifts.
    """
    limit = f"base_quantile(quantity_per_line, {round(1 - wholesale_share, 6)})"
    large = f"quantity_per_line >= {bulk} AND quantity_per_line >= {limit}"
    return Segmentation(
        name="purpose",
        family="product",
        feature="buying_purpose",
        among="frequency >= 1",
        groups=(
            Group(name="Wholesale", rule=large),
            Group(name="Gifts", rule=gifts),
            Group(name="Own use"),
        ),
        reasons=(
            Reason(
                key="wholesale",
                values={"bulk": bulk, "share": round(wholesale_share * 100, 2)},
                base={"limit": limit},
            ),
            Reason(key="gifts" if gifts == GIFTS else "given_gifts"),
        ),
        needs=(Need(key="quantities", rule="quantity_per_line > 0", at_least=ENOUGH),),
    )
