"""Customers who moved between two groups, kept as a segment.

A rule sees customers as of one instant, so it cannot say who was where before; what was recorded
can. The segment is of these customers, and stays so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pyarrow as pa

from segmentry.core.errors import (
    DuplicateNameError,
    NotFoundError,
    UnknownNameError,
    UsageError,
)
from segmentry.core.time import AsOf, to_local
from segmentry.data.identity.counted import counted
from segmentry.insights.migration import migration, movers
from segmentry.language.literal import quoted
from segmentry.segments.bits import numbers
from segmentry.workspace.methods import Methods
from segmentry.workspace.name import check_name

if TYPE_CHECKING:
    from segmentry.workspace.bound_segment import BoundSegment
    from segmentry.workspace.workspace import Workspace


@dataclass(frozen=True)
class Move:
    """From a group to a group, from one recorded day to another one; `None` is in no group."""

    before: str | None
    after: str | None
    start: date
    end: date


def save_moved(
    workspace: Workspace, which: str, move: Move, name: str, label: str, as_of: AsOf
) -> BoundSegment:
    """Keep who made a move as a segment of that list, which counts as of the move's end and later.

    Args:
        which: The segmentation.
        as_of: The instant of the answer that told of the move: points are those up to it.

    Raises:
        UsageError: Neither before nor after is a group.
        UnknownNameError: Nobody was ever recorded in one of the groups.
        NotFoundError: Nothing was recorded on one of the days.
        DuplicateNameError: A segment or a list has the name.
    """
    if move.before is None and move.after is None:
        raise UsageError("those who are in no group all the time have not moved.", fix="Name one.")
    check_name("segment", name, like="came_back")
    if any(each.name == name for each in workspace.saved()):
        raise DuplicateNameError(
            f"there is a segment `{name}` already.", fix="Choose another name."
        )
    feature = Methods(workspace).found(which, workspace.features().schema).feature
    recorded = migration(workspace.engine, feature, as_of.instant)
    groups = {name for each in recorded.moves for name in (each.before, each.after) if name}
    for group in (move.before, move.after):
        if group is not None and group not in groups:
            raise UnknownNameError(f"group of {which}", group, groups)
    points = {to_local(each, as_of.timezone).date(): each for each in recorded.points}
    if missing := [each for each in (move.start, move.end) if each not in points]:
        there = ", ".join(map(str, points)) or "nothing yet"
        raise NotFoundError(
            f"nothing was recorded of `{which}` on {missing[0]}.", fix=f"There is {there}."
        )
    step = points[move.start], points[move.end]
    who = numbers(movers(workspace.engine, feature, step, (move.before, move.after)))
    with workspace.engine.registered("movers", pa.table({"customer_no": who})):
        members = workspace.engine.fetch(
            f"SELECT customer_id FROM {counted('customers')} JOIN movers USING (customer_no)"
        )
    origin = f"{which}: {move.before or '–'} to {move.after or '–'}, {move.start} to {move.end}"
    workspace.lists.freeze(name, members, origin, AsOf(step[1], as_of.timezone), label)
    return workspace.segment(name, f"in_list({quoted(name)})", label)


__all__ = ["Move", "save_moved"]
