"""How customers moved between the groups of a segmentation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from segmentry.answers import document as shape
from segmentry.answers.basis import basis
from segmentry.answers.estimate import estimate
from segmentry.answers.plain import Document
from segmentry.answers.segments import preview
from segmentry.core.time import to_local

if TYPE_CHECKING:
    from segmentry.core.time import AsOf
    from segmentry.insights.migration import Migration
    from segmentry.workspace.moved import Move
    from segmentry.workspace.workspace import Workspace


def migration(
    workspace: Workspace, name: str, as_of: AsOf, language: str | None = None
) -> Document:
    """Moves between points about a month apart, and for how long groups keep their members.

    There are moves only from the second point of the history on, and only of segmentations that a
    refresh takes into it.

    Raises:
        UnknownNameError: There is no such segmentation.
        LockedFeatureError: Its data are not loaded.
    """
    from segmentry.insights.migration import migration as moved
    from segmentry.workspace.methods import Methods

    segmentation = Methods(workspace).found(name, workspace.features().schema)
    wording = workspace.wording(language)
    found = workspace.remembered(
        "migration",
        lambda: moved(workspace.engine, segmentation.feature, as_of.instant),
        name,
        as_of,
    )
    groups = segmentation.in_order(dict.fromkeys(_groups(found), 0))
    return {
        "name": name,
        "label": wording.segmentation(segmentation),
        **basis(workspace, as_of),
        "points": [_day(each, as_of.timezone) for each in found.points],
        "groups": [{"name": each, "label": wording.group(segmentation, each)} for each in groups],
        "moves": [
            {
                "step": each.step,
                "before": each.before,
                "after": each.after,
                "customers": each.customers,
            }
            for each in found.moves
        ],
        "stayed": list(_stayed(found, groups)),
    }


def save(
    workspace: Workspace,
    which: str,
    move: Move,
    segment: tuple[str, str],
    as_of: AsOf,
    language: str | None = None,
) -> Document:
    """Keep who made a move as a segment, by name and label, and count it.

    Raises:
        UsageError: Neither before nor after is a group.
        NotFoundError: Nothing was recorded on one of the days.
        DuplicateNameError: A segment or a list has the name.
    """
    from segmentry.workspace.moved import save_moved

    name, label = segment
    bound = save_moved(workspace, which, move, name, label, as_of)
    document = preview(workspace, bound.rule, as_of, language)
    return document | shape.segment(bound, document["sentence"]) | {"changed": True, "effect": None}


def _groups(found: Migration) -> list[str]:
    both = (name for each in found.moves for name in (each.before, each.after))
    return sorted({name for name in both if name is not None})


def _day(instant: datetime, timezone: str) -> str:
    return to_local(instant, timezone).date().isoformat()


def _stayed(found: Migration, groups: list[str]) -> Iterator[Document]:
    """Who stayed through the last step, of each group that had members before it."""
    from segmentry.insights.drift import half_life
    from segmentry.insights.estimate import share

    if len(found.points) < 2:
        return
    before, after = found.points[-2:]
    days = (after - before).total_seconds() / 86_400
    last = [each for each in found.moves if each.step == len(found.points) - 2]
    for group in groups:
        members = sum(each.customers for each in last if each.before == group)
        stayed = sum(each.customers for each in last if each.before == each.after == group)
        if members:
            kept = share(stayed, members)
            yield {
                "group": group,
                "customers": members,
                "stayed": estimate(kept),
                "half_life_days": estimate(half_life(kept, days)),
            }
