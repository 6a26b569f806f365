"""What customers do before an order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from segmentry.report.content.estimated import Estimated

Ending = Literal["", "reached", "stopped", "open", "onward"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PassView:
    """Journeys that went from one step to another.

    Args:
        place: Of the first of the two, from 0.
        start: Place in the view's steps; `end` likewise, `None` when something else came.
        ending: What came instead of a further step; `onward`: more steps than are shown.
    """

    place: int
    start: int
    end: int | None
    ending: Ending
    journeys: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PathView:
    """The steps of journeys, in words; `reached` is the share that ended with an order."""

    steps: str
    customers: int
    journeys: int
    share: float
    reached: Estimated


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """A step, and where people stop.

    Args:
        most: Whether most of those who stopped did so here.
    """

    label: str
    journeys: int
    reached: float
    visits: int
    stopped: int
    stop_share: float
    most: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class JourneysView:
    """Journeys; without any it is not shown.

    Args:
        told: Sentences.
        through: Journeys that began before this moment.
        labels: Steps that are shown apart in the picture, the last one is all others.
        endings: What endings are called.
    """

    told: tuple[str, ...] = ()
    through: str = ""
    journeys: int = 0
    labels: tuple[str, ...] = ()
    endings: tuple[tuple[Ending, str], ...] = ()
    passes: tuple[PassView, ...] = ()
    paths: tuple[PathView, ...] = ()
    steps: tuple[StepView, ...] = ()
