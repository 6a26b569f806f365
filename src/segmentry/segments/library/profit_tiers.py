"""Value tiers by past profit: which few bring most of it (Pareto), and who costs money."""

from __future__ import annotations

from segmentry.segments.library.revenue_tiers import tiers
from segmentry.segments.segment import Group, Segmentation


def segmentation(first_share: float = 0.8, second_share: float = 0.95) -> Segmentation:
    """A: those with the highest profit who bring the first part of it; B the next; C the rest.

    Loss: those whose purchases cost the shop more than they paid. Equal customers are in the same
    tier; the one who passes a limit is above it. Losses are not set against the profit of others.

    Args:
        first_share: Share of the profit that A brings.
        second_share: Share that A and B bring together.

    Raises:
        UsageError: The shares do not rise.
    """
    made = tiers("profit_tiers", "profit_tier", "profit", (first_share, second_share))
    *upper, lowest = made.groups
    kept = lowest.model_copy(update={"rule": "profit >= 0"})
    return made.model_copy(
        update={"groups": (*upper, kept, Group(name="Loss", means="profit < 0"))}
    )
