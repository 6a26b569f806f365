"""Temperature: how near a customer is to buying, from what they did lately."""

from __future__ import annotations

from segmentry.features.declaration import Feature
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
            Group(name="Hot", rule=f"days_since_cart <= {hot_days} AND NOT ordered_since_cart"),
            Group(name="Warm", rule=f"days_since_look <= {warm_days} AND NOT ordered_since_look"),
            Group(name="Cold"),
        ),
        features=(
            *_signs("cart", "a cart, checkout or price question", HOT),
            *_signs("look", "a visit, wish-list or opened mail", WARM),
        ),
        reasons=(
            Reason(key="hot", values={"days": hot_days}),
            Reason(key="warm", values={"days": warm_days}),
            Reason(key="cold"),
        ),
    )


def _signs(what: str, label: str, names: tuple[str, ...]) -> tuple[Feature, Feature]:
    """How long ago the last sign was, and whether an order came after it: by the instant."""
    where = f"where => name IN ({', '.join(map(quoted, names))})"
    last = f"max(events.occurred_at, {where})"
    return (
        Feature(
            name=f"days_since_{what}",
            kind="aggregate",
            expression=f"days_since_last(events, {where})",
            label=f"Days since {label}",
            theme="engagement",
            unit="days",
        ),
        Feature(
            name=f"ordered_since_{what}",
            kind="formula",
            expression=f"if(max(orders.ordered_at) >= {last}, true, false)",
            label=f"Ordered since {label}",
            theme="engagement",
        ),
    )
