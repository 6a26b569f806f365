"""Lifecycle: where a customer stands, measured by the customer's own rhythm."""

from __future__ import annotations

from segmentry.segments.segment import Group, Need, Reason, Segmentation


def segmentation(
    new_days: int = 60,
    at_risk_factor: float = 2,
    lapsed_factor: float = 4,
    lost_factor: float = 8,
    won_back_days: int = 60,
) -> Segmentation:
    """Prospect, new, active, at risk, lapsed, lost, won back.

    The factors count expected gaps between orders: the customer's own median gap with three or more
    gaps, else the base's.

    Args:
        new_days: A first order stays new this long.
        at_risk_factor: Late by this many gaps is at risk.
        lapsed_factor: Late by this many is lapsed.
        lost_factor: Late by this many is lost.
        won_back_days: An order after a break that long counts as won back for this many days.
    """
    back = f"restarted(orders, gap => '180 days', last => '{won_back_days} days')"
    return Segmentation(
        name="lifecycle",
        family="lifecycle",
        feature="lifecycle_stage",
        needs=(Need(key="buyers", rule="frequency >= 1", at_least=1),),
        picture="ladder",
        groups=(
            Group(name="Prospect", rule="frequency = 0"),
            Group(name="New", rule=f"frequency = 1 AND recency_days <= {new_days}"),
            Group(name="Won back", rule=back),
            Group(name="Lost", rule=f"overdue_factor > {lost_factor}"),
            Group(name="Lapsed", rule=f"overdue_factor > {lapsed_factor}"),
            Group(name="At risk", rule=f"overdue_factor > {at_risk_factor}"),
            Group(name="Active"),
        ),
        reasons=(
            Reason(key="rhythm", base={"days": "base_median(median_gap_days)"}),
            Reason(key="at_risk", values={"factor": at_risk_factor}),
            Reason(key="lost", values={"lapsed": lapsed_factor, "lost": lost_factor}),
            Reason(key="won_back", values={"days": won_back_days, "gap": 180}),
        ),
    )
