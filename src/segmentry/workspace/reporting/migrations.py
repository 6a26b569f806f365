"""Moves of customers between groups."""

from __future__ import annotations

from collections.abc import Iterator

from segmentry.insights.migration import migration
from segmentry.report.content import Flow, Migration, Named
from segmentry.workspace.reporting.asking import Asking

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
            )
