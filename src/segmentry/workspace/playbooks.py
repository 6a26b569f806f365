"""The playbooks of a workspace: those that come with Segmentry, and a person's own over them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from segmentry.core.errors import UnknownNameError, UsageError
from segmentry.segments.playbook import Playbook, named
from segmentry.segments.segment import UNKNOWN, Segmentation
from segmentry.workspace.declarations import PLAYBOOK

if TYPE_CHECKING:
    from segmentry.workspace.wording import Wording
    from segmentry.workspace.workspace import Workspace


@dataclass(frozen=True)
class GroupPlaybook:
    """What is done for a group.

    Args:
        playbook: Nothing when nobody has written one.
        own: Whether a part of it is a person's own.
    """

    group: str
    label: str
    playbook: Playbook | None
    own: bool


class Playbooks:
    """Shows and changes what is done for groups."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def of(self, segmentation: str, language: str | None = None) -> list[GroupPlaybook]:
        """The playbook of every group, in order.

        The groups of a segmentation that are made by values are those who have one of their own,
        then `any`, which holds for all others.

        Raises:
            UnknownNameError: There is no such segmentation.
        """
        one, wording = self._segmentation(segmentation), self._workspace.wording(language)
        groups = [each.name for each in one.groups]
        if one.by:
            groups += [*_groups_of(one, wording.playbooks), "any", UNKNOWN]
        return [_of_group(one, each, wording) for each in groups]

    def of_group(self, segmentation: str, group: str, language: str | None = None) -> GroupPlaybook:
        """The playbook of one group; of a group made by a value, any text is one.

        Raises:
            UnknownNameError: There is no such segmentation or group.
        """
        one = self._segmentation(segmentation)
        _check_group(one, group)
        return _of_group(one, group, self._workspace.wording(language))

    def set(self, segmentation: str, group: str, **parts: str) -> Playbook:
        """Write parts of a group's playbook; the others stay as they are.

        Raises:
            UnknownNameError: There is no such segmentation or group.
            UsageError: No part is given.
        """
        _check_group(self._segmentation(segmentation), group)
        given = {part: text for part, text in parts.items() if text}
        if not given:
            raise UsageError("nothing to write.", fix=f"Give one of {', '.join(Playbook.PARTS)}.")
        workspace, name = self._workspace, named(segmentation, group)
        before = workspace.kept().playbooks().get(name) or Playbook(name=name)
        after = Playbook(name=name, **given).over(before)
        body = after.model_dump(mode="json", exclude={"name"})
        workspace.catalogue.declare(PLAYBOOK, name, body, workspace.clock())
        return after

    def reset(self, segmentation: str, group: str) -> None:
        """Take a person's own playbook out of use; its versions are kept.

        Raises:
            NotFoundError: There is none.
        """
        workspace = self._workspace
        workspace.catalogue.withdraw(PLAYBOOK, named(segmentation, group), workspace.clock())

    def _segmentation(self, name: str) -> Segmentation:
        known = {each.name: each for each in self._workspace.segmentations()}
        if name not in known:
            raise UnknownNameError("segmentation", name, known)
        return known[name]


def _check_group(one: Segmentation, group: str) -> None:
    known = [each.name for each in one.groups]
    if group not in known and not one.by:
        raise UnknownNameError("group", group, known)


def _of_group(one: Segmentation, group: str, wording: Wording) -> GroupPlaybook:
    return GroupPlaybook(
        group=group,
        label=wording.group(one, group),
        playbook=wording.playbook(one, group),
        own=named(one.name, group) in wording.playbooks,
    )


def _groups_of(one: Segmentation, own: Mapping[str, Playbook]) -> list[str]:
    """Groups made by values that have a playbook of their own, in small letters."""
    declared = {named(one.name, each.name) for each in one.groups}
    general = {named(one.name, each) for each in ("any", UNKNOWN)}
    start = f"{one.name}."
    return [
        name.removeprefix(start)
        for name in own
        if name.startswith(start) and name not in declared | general
    ]


__all__ = ["GroupPlaybook", "Playbooks"]
