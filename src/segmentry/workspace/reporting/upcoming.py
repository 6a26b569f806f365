"""How likely the next purchase of each RFM group holds each category."""

from __future__ import annotations

from segmentry.core.errors import SegmentryError
from segmentry.report.content import ThingView, UpcomingView
from segmentry.workspace.reporting.asking import Asking
from segmentry.workspace.upcoming import COLUMN, USUAL, upcoming
from segmentry.workspace.upcoming_words import told

MOST = 15
"""Categories shown, those that everyone's next purchase holds most often."""


def upcoming_of(asked: Asking) -> UpcomingView:
    """The groups that have customers; none without categories of what was bought."""
    segmentation = asked.available.get(USUAL)
    if segmentation is None:
        return UpcomingView()
    try:
        found = upcoming(asked.workspace, [USUAL], COLUMN, asked.as_of)
    except SegmentryError:  # there are no lines of orders, or products have no category
        return UpcomingView()
    shares = [{one.item: one.share for one in each.items} for each in found.groups]
    return UpcomingView(
        told=tuple(told(found, asked.write)),
        groups=tuple(asked.wording.group(segmentation, each.name) for each in found.groups),
        things=tuple(
            ThingView(
                name=each.item,
                share=each.share,
                shares=tuple(own.get(each.item) for own in shares),
            )
            for each in found.everyone.items[:MOST]
        ),
    )
