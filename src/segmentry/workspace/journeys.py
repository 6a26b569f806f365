"""Journeys of a workspace's customers: of all, of a segment beside everyone else, of two."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from segmentry.core.errors import UnknownNameError, UsageError
from segmentry.core.time import AsOf
from segmentry.insights.estimate import Estimate
from segmentry.insights.journeys import Side, difference, sides
from segmentry.insights.touches import (
    CONTACTS,
    EVENTS,
    ORDER,
    PURCHASES,
    RETURNS,
    By,
    Kind,
    Route,
    Source,
    journeys_counted,
    kinds_of,
)
from segmentry.language.node import Node
from segmentry.language.span import Span
from segmentry.language.text import parse_value
from segmentry.workspace.card import rule_of
from segmentry.workspace.latest import of_state

if TYPE_CHECKING:
    from segmentry.features.customers import Customers
    from segmentry.workspace.folder import When
    from segmentry.workspace.workspace import Workspace

TABLE = "journey_sides"
KEPT = "journeys/last"
"""The name under which those of everyone are kept among the cards."""
MOST_PATHS = 20
PAUSE = "30 days"
VISITS = "sessions"
_MINUTES = re.compile(r"\s*([0-9]{1,4})\s+minutes?\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Journeys:
    """How customers come to a goal, as of an instant.

    Args:
        by: `kind`, or `channel`: kinds by channel.
        within: How long a journey may last, if that was limited.
        pause: After which pause a new one begins; `sessions`: with each visit.
        through: Journeys that began before this moment are counted; of later ones it cannot be
            said yet what becomes of them.
        kinds: All kinds of touchpoint there are, the commonest first.
        sides: The segment and everyone else, or two segments, or everyone.
        more: How much more often journeys of the first side reach the goal than of the second.
    """

    as_of: str
    through: str
    goal: str
    start: str | None
    by: By
    within: str | None
    pause: str
    kinds: tuple[Kind, ...]
    sides: tuple[Side, ...]
    more: Estimate | None

    @property
    def verdict(self) -> str:
        """`more`, `less` or `same` often than the other side; `unsaid`; empty without one."""
        if self.more is None:
            return ""
        if self.more.low is None:
            return "unsaid"
        return {1: "more", -1: "less", 0: "same"}[self.more.sign]


@dataclass(frozen=True)
class Asked:
    """What is asked about journeys, in words.

    Args:
        kinds: What counts as a step; without any, everything.
        start: The kind that journeys begin with.
        within, pause: `30 days`, `30 minutes`; a pause may be `sessions`.
    """

    kinds: tuple[str, ...] = ()
    start: str | None = None
    goal: str = ORDER
    within: str | None = None
    pause: str = PAUSE
    by: By = "kind"
    most: int = MOST_PATHS

    @property
    def usual(self) -> bool:
        """Whether it is asked in the usual way, for no more paths than usual."""
        return self.most <= MOST_PATHS and replace(self, most=MOST_PATHS) == USUAL_JOURNEYS

    def route(self) -> Route:
        """The same for the engine.

        Raises:
            RuleTypeError: A span of time is none.
            UsageError: A pause is of months, whose length varies.
        """
        return Route(
            goal=self.goal,
            start=self.start,
            kinds=self.kinds,
            by=self.by,
            within=None if self.within is None else span(self.within),
            pause=None if self.pause == VISITS else span(self.pause),
        )


USUAL_JOURNEYS = Asked()
"""Every touchpoint is a step, an order is the goal, a pause of thirty days the end."""


def span(text: str) -> timedelta:
    """A fixed span of time; beyond those of rules, minutes.

    >>> span("30 minutes"), span("2 weeks")
    (datetime.timedelta(seconds=1800), datetime.timedelta(days=14))

    Raises:
        RuleTypeError: It is none.
        UsageError: Its length varies: a month, a quarter or a year.
    """
    minutes = _MINUTES.fullmatch(text)
    if minutes and int(minutes[1]):
        return timedelta(minutes=int(minutes[1]))
    seconds = Span.parse(text).seconds
    if seconds is None:
        raise UsageError(f"`{text}` is not always as long.", fix="Write days: '30 days'.")
    return timedelta(seconds=seconds)


def journeys(
    workspace: Workspace, segments: Sequence[str], asked: Asked, when: When = None
) -> Journeys:
    """The journeys of everyone; of a segment and everyone else; or of two segments.

    Those of everyone, asked in the usual way, are kept for whoever asks next.

    Raises:
        UsageError: There are no touchpoints, or more than two segments are named.
        UnknownNameError: There is no such kind of touchpoint.
        DeclarationError: A segment is none, and no rule; or a span of time is none.
    """
    if len(segments) > 2:
        raise UsageError(f"{len(segments)} segments are named.", fix="Name one or two.")
    customers = workspace.customers(when)
    if segments or not asked.usual:
        return _counted(workspace, segments, asked, customers)
    found = of_state(
        workspace,
        KEPT,
        customers,
        Journeys,
        lambda: _counted(workspace, (), USUAL_JOURNEYS, customers),
    )
    [side] = found.sides
    return replace(found, sides=(replace(side, paths=side.paths[: asked.most]),))


def _counted(
    workspace: Workspace, segments: Sequence[str], asked: Asked, customers: Customers
) -> Journeys:
    route, engine = asked.route(), workspace.engine
    as_of, there = customers.as_of, sources(customers)
    if not there:
        raise UsageError(
            "there are no events, contacts or orders.", fix="Load them: `segmentry load FILE`."
        )
    kinds = kinds_of(engine, there, as_of, route.by)
    _check(route, kinds)
    members = TABLE if segments else ""
    if segments:
        customers.land(TABLE, {"sides": sides_of(workspace, segments)})
    try:
        with journeys_counted(engine, there, as_of, route, kinds, members) as counts:
            names = _names(segments)
            found = sides(engine, counts, names, asked.most)
    finally:
        engine.drop(TABLE)
    return Journeys(
        as_of=str(as_of),
        through=str(AsOf(as_of.instant - route.horizon, as_of.timezone)),
        goal=route.goal,
        start=route.start,
        by=route.by,
        within=asked.within,
        pause=asked.pause,
        kinds=tuple(kinds),
        sides=found,
        more=difference(found[0].reached, found[1].reached) if len(found) > 1 else None,
    )


def sources(customers: Customers) -> list[Source]:
    """Facts that are touchpoints and may be read."""
    facts = customers.features.schema.facts
    return [
        each if each.channel in fields else replace(each, channel="NULL::VARCHAR")
        for each in (EVENTS, CONTACTS, PURCHASES, RETURNS)
        if (fields := facts[each.table].fields if each.table in facts else {})
        and (each.table == "orders" or each.kind in fields)
    ]


def sides_of(workspace: Workspace, segments: Sequence[str]) -> Node:
    """The number of the sides that a customer is on: of a segment alone, all others are on 2."""
    rules = [workspace.checked(rule_of(workspace, each)).text() for each in segments]
    if len(rules) == 1:
        return parse_value(f"if({rules[0]}, 1, 2)")
    return parse_value(f"if({rules[0]}, 1, 0) + if({rules[1]}, 2, 0)")


def _names(segments: Sequence[str]) -> list[str | None]:
    if not segments:
        return [None]
    return [*segments, *([None] if len(segments) == 1 else [])]


def _check(route: Route, kinds: Sequence[Kind]) -> None:
    known = list(dict.fromkeys(each.name for each in kinds))
    for name in (route.goal, route.start, *route.kinds):
        if name is not None and name not in known:
            raise UnknownNameError("kind of touchpoint", name, known)


__all__ = ["USUAL_JOURNEYS", "Asked", "Journeys", "journeys", "sides_of", "sources", "span"]
