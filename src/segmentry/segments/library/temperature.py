"""Temperature: how near a customer is to buying, from what they did lately."""

from __future__ import annotations

from segmentry.language.literal import quoted
from segmentry.segments.segment import Group, Need, Reason, Segmentation

HOT = (
    "add_to_cart", "begin_checkout", "checkout", "add_payment_info", "add_shipping_info",
    "ask_price", "request_quote", "generate_lead",
)  # fmt: skip
WARM = (
    "page_view", "view_item", "view_item_list", "view", "search", "add_to_wishlist", "wishlist",
    "wish_list", "open", "opened", "click", "clicked", "scroll", "session_start", "first_visit",
)  # fmt: skip


def segmentation(hot_days: int = 14, warm_days: int = 60) -> Segmentation:
    """Hot: cart, checkout or a question about the price lately, and no order since.

    Warm: visits, wish-lists or opens lately, and no order since. Cold: everyone else.

    Args:
        hot_days: How long a cart stays hot.
        warm_days: How long a visit stays warm.
    """
    return Segmentation(
        name="temperature",
        family="engagement",
        feature="temperature",
        needs=(Need(key="visitors", rule="days_since_event IS NOT NULL", at_least=1),),
        picture="ladder",
        groups=(
            Group(name="Hot", rule=_since_last_order(HOT, hot_days)),
            Group(name="Warm", rule=_since_last_order(WARM, warm_days)),
            Group(name="Cold"),
        ),
        reasons=(
            Reason(key="hot", values={"days": hot_days}),
            Reason(key="warm", values={"days": warm_days}),
            Reason(key="cold"),
        ),
    )


def _since_last_order(names: tuple[str, ...], days: int) -> str:
    listed = ", ".join(map(quoted, names))
    recent = f"days_since_last(events, where => name IN ({listed}))"
    return f"{recent} <= {days} AND NOT days_since_last(orders) <= {recent}"
