"""Response: what customers do with campaigns."""

from __future__ import annotations

from segmentry.segments.segment import ENOUGH, Group, Need, Reason, Segmentation


def segmentation(responsive_share: float = 0.2) -> Segmentation:
    """By the share of the campaigns received that a customer opened, clicked, used or answered.

    Args:
        responsive_share: From this share on a customer is responsive.
    """
    return Segmentation(
        name="response",
        family="engagement",
        feature="response_group",
        groups=(
            Group(name="Responsive", rule=f"campaign_response_share >= {responsive_share}"),
            Group(name="Rarely", rule="campaigns_answered > 0"),
            Group(name="Silent", rule="campaigns_received > 0"),
            Group(name="Not contacted", means="campaigns_received = 0"),
        ),
        reasons=(Reason(key="share", values={"share": round(responsive_share * 100, 1)}),),
        needs=(Need(key="campaigns", rule="campaigns_received > 0", at_least=ENOUGH),),
        picture="ladder",
    )
