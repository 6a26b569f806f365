"""Moves of customers between groups."""

from __future__ import annotations

from collections.abc import Iterator

from segmentry.insights.drift import half_life
from segmentry.insights.estimate import share
from segmentry.insights.migration import Migration as Moved
from segmentry.insights.migration import migration
from segmentry.report.content import Flow, Migration, Named, StayView
from segmentry.segments.segment import Segmentation
from segmentry.workspace.reporting.asking import Asking
from segmentry.workspace.reporting.value import estimated

SHOWN = ("rfm", "lifecycle")


def migrations(asked: Asking) -> tuple[Migration, ...]:
    """The moves of RFM and lifecycle, where history has two points or more."""
    return tuple(_migrations(asked))


def _migrations(asked: Asking) -> Iterator[Migration]:
    for name in SHOWN:
        segmentation = asked.available.get(name)
        if segmentation is None:
            continue
        found = migration(asked.engine, segmentation.feature, asked.as_of.instant)
        if len(found.points) > 1:
            yield Migration(
                name=name,
                label=asked.wording.segmentation(segmentation),
                periods=tuple(map(asked.day, found.points)),
                groups=tuple(
                    Named(each.name, asked.wording.group(segmentation, each.name))
                    for each in segmentation.groups
                ),
                flows=tuple(
                    Flow(
                        step=each.step,
                        from_group=each.before,
                        to_group=each.after,
                        customers=each.customers,
                    )
                    for each in found.moves
                    if each.after is not None
                ),
                stays=tuple(_stays(segmentation, found)),
            )


def _stays(segmentation: Segmentation, found: Moved) -> Iterator[StayView]:
    """Who stayed through the last step, of each group that had members before it."""
    before, after = found.points[-2:]
    days = (after - before).total_seconds() / 86_400
    last = [each for each in found.moves if each.step == len(found.points) - 2]
    for group in segmentation.groups:
        members = sum(each.customers for each in last if each.before == group.name)
        stayed = sum(each.customers for each in last if each.before == each.after == group.name)
        if members:
            kept = share(stayed, members)
            yield StayView(
                group=group.name,
                customers=members,
                stayed=estimated(kept),
                half_life=estimated(half_life(kept, days)),
            )
