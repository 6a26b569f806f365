"""Value tiers by past revenue: which few bring most of it (Pareto)."""

from __future__ import annotations

from segmentry.core.errors import UsageError
from segmentry.segments.segment import ENOUGH, Group, Need, Reason, Segmentation


def segmentation(first_share: float = 0.8, second_share: float = 0.95) -> Segmentation:
    """A: those with the highest revenue who bring the first part of it; B the next; C the rest.

    Equal customers are in the same tier; the one who passes a limit is above it.

    Args:
        first_share: Share of the revenue that A brings.
        second_share: Share that A and B bring together.

    Raises:
        UsageError: The shares do not rise.
    """
    return tiers("revenue_tiers", "revenue_tier", "monetary", (first_share, second_share))


def tiers(name: str, feature: str, value: str, shares: tuple[float, float]) -> Segmentation:
    """Tiers A, B and C of what customers have brought."""
    first, second = shares
    if not 0 < first < second <= 1:
        raise UsageError(f"the shares of `{name}` rise from above 0 to 1, not {first}, {second}.")
    limits = [f"base_pareto({value}, {share})" for share in shares]
    return Segmentation(
        name=name,
        family="value",
        feature=feature,
        among=f"{value} IS NOT NULL",
        groups=(
            Group(name="A", rule=f"{value} >= {limits[0]}"),
            Group(name="B", rule=f"{value} >= {limits[1]}"),
            Group(name="C"),
        ),
        reasons=(
            Reason(key="a", values={"share": round(first * 100, 1)}, base={"limit": limits[0]}),
            Reason(key="b", values={"share": round(second * 100, 1)}, base={"limit": limits[1]}),
        ),
        needs=(Need(key=name, rule=f"{value} > 0", at_least=ENOUGH),),
        picture="ladder",
    )
