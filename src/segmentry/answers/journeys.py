"""How customers come to a goal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from segmentry.answers.basis import basis
from segmentry.answers.estimate import estimate
from segmentry.answers.plain import Document

if TYPE_CHECKING:
    from segmentry.core.time import AsOf
    from segmentry.insights.journeys import Side
    from segmentry.workspace.journeys import Asked
    from segmentry.workspace.workspace import Workspace


def journeys(
    workspace: Workspace,
    segments: Sequence[str],
    asked: Asked,
    as_of: AsOf,
    language: str | None = None,
) -> Document:
    """The journeys of everyone, of a segment beside everyone else, or of two segments."""
    from segmentry.report.writer import Writer
    from segmentry.workspace.journey_words import JourneyWords

    found = workspace.remembered(
        "journeys",
        lambda: workspace.insights.journeys(*segments, asked=asked, when=as_of),
        as_of,
        asked,
        about=segments,
    )
    write = Writer(workspace.wording(language).messages, workspace.settings.currency)
    return {
        "segments": list(segments),
        **basis(workspace, as_of),
        "goal": found.goal,
        "from": found.start,
        "by": found.by,
        "within": found.within,
        "gap": found.pause,
        "through": found.through,
        "touchpoints": [
            {"kind": each.name, "channel": each.channel, "touchpoints": each.touches}
            for each in found.kinds
        ],
        "sides": [_side(each) for each in found.sides],
        "more": estimate(found.more) if found.more else None,
        "verdict": found.verdict or None,
        "sentences": list(JourneyWords(write).told(found)),
    }


def _side(found: Side) -> Document:
    return {
        "name": found.name,
        "customers": found.customers,
        "journeys": found.journeys,
        "ended": found.ended,
        "stopped": found.stopped,
        "open": found.open,
        "direct": found.direct,
        "reached": estimate(found.reached),
        "stop": found.stop.kind if found.stop else None,
        "paths": [
            {
                "steps": list(each.steps),
                "longer": each.longer,
                "customers": each.customers,
                "journeys": each.journeys,
                "share": each.share,
                "reached": estimate(each.reached),
            }
            for each in found.paths
        ],
        "steps": [
            {
                "kind": each.kind,
                "journeys": each.journeys,
                "reached": each.reached,
                "visits": each.visits,
                "stopped": each.stopped,
                "stop_share": each.stop_share,
            }
            for each in found.steps
        ],
        "moves": [
            {
                "from": each.start,
                "to": each.end,
                "ending": each.ending or None,
                "journeys": each.journeys,
                "share": each.share,
                "median_seconds": each.median_seconds,
            }
            for each in found.moves
        ],
        "flows": [
            {
                "place": each.place,
                "from": each.start,
                "to": each.end,
                "ending": each.ending or None,
                "journeys": each.journeys,
            }
            for each in found.flows
        ],
    }
