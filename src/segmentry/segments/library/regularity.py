"""Buying style: once, now and then, or in a rhythm."""

from __future__ import annotations

from segmentry.segments.segment import ENOUGH, Group, Need, Reason, Segmentation


def segmentation(regular_orders: int = 4, most_variation: float = 0.75) -> Segmentation:
    """One-time: a single order. Regular: enough orders at even distances. Occasional: the rest.

    Distances are even when their standard deviation is a part of their mean only: 0 is clockwork,
    1 is what chance alone gives.

    Args:
        regular_orders: Fewest orders of a regular.
        most_variation: Largest standard deviation of a regular's gaps, over their mean.
    """
    even = f"frequency >= {regular_orders} AND rhythm_variation <= {most_variation}"
    return Segmentation(
        name="regularity",
        family="behavioural",
        feature="buying_style",
        among="frequency >= 1",
        groups=(
            Group(name="One-time", rule="frequency = 1"),
            Group(name="Regular", rule=even),
            Group(name="Occasional"),
        ),
        reasons=(
            Reason(key="regular", values={"orders": regular_orders, "variation": most_variation}),
        ),
        needs=(Need(key="buyers", rule="frequency >= 1", at_least=ENOUGH),),
    )
