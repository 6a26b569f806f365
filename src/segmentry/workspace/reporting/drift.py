"""What moved in the last 90 days, beyond chance."""

from __future__ import annotations

from segmentry.core.errors import SegmentryError
from segmentry.insights.drift import Shift
from segmentry.report.content import DriftView, ShiftView
from segmentry.workspace.drift import Drift, drift
from segmentry.workspace.latest import of_state
from segmentry.workspace.reporting.asking import Asking

KEPT = "drift/last"
"""The name under which it is kept among the cards, for the next report."""
MOST = 10
"""Features shown, those that moved most."""
LOOKED_AT = (
    "recency_days", "orders_90d", "revenue_90d", "average_order_amount", "expected_gap_days",
    "basket_size", "category_breadth", "promotion_share", "discount_depth", "return_rate",
    "margin_share",
)  # fmt: skip
"""Features whose movement is a matter for marketers; more are in `segmentry drift`."""
DIVISIONS = ("rfm", "lifecycle")


def drift_of(asked: Asking) -> DriftView:
    """The usual features and ways of dividing; nothing where nobody was known before."""
    divisions = [each for each in DIVISIONS if each in asked.available]
    names = [each for each in LOOKED_AT if each in asked.features]
    if not divisions:
        return DriftView()
    try:
        found = of_state(
            asked.workspace,
            KEPT,
            asked.customers,
            Drift,
            lambda: drift(asked.workspace, [*names, *divisions], asked.as_of),
        )
    except SegmentryError:  # nobody was known then
        return DriftView()
    moved = [each for each in found.features if each.level != "steady"]
    return DriftView(
        since=found.since,
        beyond=len(moved),
        features=len(found.features),
        shifts=tuple(
            _view(asked, each, asked.wording.feature(each.name)) for each in found.features[:MOST]
        ),
        divisions=tuple(
            _view(asked, each.shift, asked.wording.segmentation(asked.available[each.shift.name]))
            for each in found.segmentations
        ),
    )


def _view(asked: Asking, found: Shift, label: str) -> ShiftView:
    return ShiftView(
        label=label,
        index=found.index,
        chance=found.chance,
        moved=asked.words(f"terminal.drift.level.{found.level}"),
        steady=found.level == "steady",
        before=found.before,
        after=found.after,
    )
