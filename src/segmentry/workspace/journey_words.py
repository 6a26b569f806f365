"""What is said of journeys in a language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from segmentry.insights.touches import ORDER, RETURN

if TYPE_CHECKING:
    from segmentry.insights.estimate import Estimate
    from segmentry.insights.journeys import Ending, Path
    from segmentry.report.writer import Writer
    from segmentry.workspace.journeys import Journeys

OWN = (ORDER, RETURN)
"""Kinds that are named by the program; the others are called as the shop's data call them."""
UNITS = ((86_400, "days"), (3_600, "hours"), (60, "minutes"), (1, "seconds"))


@dataclass(frozen=True)
class JourneyWords:
    """Names of steps, paths and endings, and sentences about journeys."""

    write: Writer

    def step(self, kind: str | None) -> str:
        """What a step is called."""
        if kind is None:
            return self.write.messages("journeys.other")
        return self.write.messages(f"journeys.kind.{kind}") if kind in OWN else kind

    def path(self, path: Path) -> str:
        """The steps of a path, in order."""
        steps = [self.step(each) for each in path.steps] + (["…"] if path.longer else [])
        arrow = f" {self.write.messages('journeys.arrow')} "
        return arrow.join(map(self.write.messages.apart, steps))

    def after(self, end: str | None, ending: Ending, goal: str) -> str:
        """What came after a step."""
        if ending == "reached":
            return self.step(goal)
        return self.write.messages(f"journeys.ending.{ending}") if ending else self.step(end)

    def lasting(self, seconds: float | None) -> str:
        """A time in its largest whole unit."""
        if seconds is None:
            return self.write.count(None)
        size, unit = next((each for each in UNITS if seconds >= each[0]), UNITS[-1])
        return self.write.messages(
            f"journeys.time.{unit}", number=self.write.number(round(seconds / size))
        )

    def told(self, found: Journeys) -> Iterator[str]:
        """Sentences: how often the goal is reached, by which path, and where people stop."""
        say, write, side = self.write.messages, self.write, found.sides[0]
        goal = self.step(found.goal)
        if not side.journeys:
            yield say("journeys.told.none", goal=goal)
            return
        yield say(
            "journeys.told.reached",
            goal=goal,
            share=write.share(side.reached.value),
            interval=self._interval(side.reached),
        )
        if side.paths:
            first = side.paths[0]
            share = write.share(first.share)
            yield say("journeys.told.path", path=self.path(first), share=share)
        if side.stop and side.stop.stopped:
            yield say(
                "journeys.told.stop",
                step=self.step(side.stop.kind),
                share=write.share(side.stop.stopped / max(side.stopped, 1)),
                of=write.share(side.stop.stop_share),
            )
        if found.verdict:
            yield self.verdict(found)

    def verdict(self, found: Journeys) -> str:
        """Which of two sides reaches the goal more often."""
        one, other = found.sides
        return self.write.messages(
            f"journeys.verdict.{found.verdict}",
            one=one.name or "",
            other=other.name or self.write.messages("journeys.everyone_else"),
            share=self.write.share(one.reached.value),
            other_share=self.write.share(other.reached.value),
        )

    def _interval(self, found: Estimate) -> str:
        say, write = self.write.messages, self.write
        if found.low is None or found.high is None:
            return say(f"report.interval.{found.reason or 'nothing'}")
        return say("report.interval.span", low=write.share(found.low), high=write.share(found.high))
