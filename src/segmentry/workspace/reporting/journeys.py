"""What all customers do before an order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from segmentry.core.errors import SegmentryError
from segmentry.insights.journeys import Flow, Side
from segmentry.insights.touches import ORDER
from segmentry.report.content import JourneysView, PassView, PathView, StepView
from segmentry.report.content.journeys import Ending
from segmentry.workspace.journey_words import JourneyWords
from segmentry.workspace.journeys import Asked, journeys
from segmentry.workspace.reporting.asking import Asking
from segmentry.workspace.reporting.value import estimated

MOST_PATHS, MOST_STEPS = 10, 12
PLACES, APART = 4, 6
"""Steps of journeys in the picture, and how many kinds of them are told apart."""
ENDINGS: tuple[Ending, ...] = ("stopped", "open", "onward")


def journeys_of(asked: Asking) -> JourneysView:
    """Journeys of everyone; none where nothing comes before an order."""
    try:
        found = journeys(asked.workspace, [], Asked(most=MOST_PATHS), asked.as_of)
    except SegmentryError:  # there are no touchpoints, or no orders among them
        return JourneysView()
    [side], words = found.sides, JourneyWords(asked.write)
    if not side.journeys:
        return JourneysView()
    apart = [each.kind for each in side.steps if each.kind is not None][:APART]
    endings = [(each, asked.words(f"journeys.ending.{each}")) for each in ENDINGS]
    return JourneysView(
        told=tuple(words.told(found)),
        through=found.through,
        journeys=side.journeys,
        labels=(*map(words.step, apart), words.step(None)),
        endings=(("reached", words.step(ORDER)), *endings),
        passes=tuple(_passes(side, apart)),
        paths=tuple(
            PathView(
                steps=words.path(each),
                customers=each.customers,
                journeys=each.journeys,
                share=each.share,
                reached=estimated(each.reached),
            )
            for each in side.paths
        ),
        steps=tuple(
            StepView(
                label=words.step(each.kind),
                journeys=each.journeys,
                reached=each.reached,
                visits=each.visits,
                stopped=each.stopped,
                stop_share=each.stop_share,
                most=each == side.stop,
            )
            for each in side.steps[:MOST_STEPS]
        ),
    )


def _passes(side: Side, apart: Sequence[str | None]) -> Iterator[PassView]:
    """Flows of the first places, rarer steps taken together."""
    summed: dict[tuple[int, int, int, Ending], int] = {}
    for each in side.flows:
        if 0 < each.place <= PLACES:
            key = _pass(each, apart)
            summed[key] = summed.get(key, 0) + each.journeys
    for (place, start, end, ending), journeys_ in sorted(summed.items()):
        yield PassView(
            place=place - 1,
            start=start,
            end=end if end >= 0 else None,
            ending=ending,
            journeys=journeys_,
        )


def _pass(each: Flow, apart: Sequence[str | None]) -> tuple[int, int, int, Ending]:
    def code(kind: str | None) -> int:
        return apart.index(kind) if kind in apart else len(apart)

    if each.ending:
        return each.place, code(each.start), -1, each.ending
    if each.place == PLACES:
        return each.place, code(each.start), -1, "onward"
    return each.place, code(each.start), code(each.end), ""
