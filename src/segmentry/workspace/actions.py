"""What is done for the members of a saved segment, in a person's words or as for their group."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from segmentry.core.errors import UsageError
from segmentry.language.value import Name
from segmentry.segments.bits import common, count
from segmentry.segments.leaves import Leaves, ready
from segmentry.segments.playbook import Playbook, named
from segmentry.workspace.declarations import PLAYBOOK
from segmentry.workspace.memory import key

if TYPE_CHECKING:
    from segmentry.features.customers import Customers
    from segmentry.language.node import Condition
    from segmentry.segments.segment import Segmentation
    from segmentry.workspace.folder import When
    from segmentry.workspace.workspace import Workspace

OF_SEGMENTS = "segment"
"""What stands for the segmentation in the name of a segment's playbook: `segment.lapsing`."""
BY = "rfm"
"""The segmentation by whose groups a segment without a playbook of its own is treated."""
LEAST = 10
"""Members below which no group is said to be the most frequent: it would be said of a person."""


@dataclass(frozen=True)
class Action:
    """What is done for the members of a segment.

    Args:
        playbook: Its own parts over those of the group; nothing where neither says anything.
        own: Whether a part of it is a person's own.
        group: Label of the group that most of its members are in, if it speaks for them.
    """

    segment: str
    playbook: Playbook | None
    own: bool
    group: str


class Actions:
    """Shows and changes what is done for saved segments."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def of(
        self, names: Sequence[str], when: When = None, language: str | None = None
    ) -> list[Action]:
        """What is done for each of these segments; of those without members, only its own."""
        wording = self._workspace.wording(language)
        by = next((each for each in self._workspace.segmentations() if each.name == BY), None)
        groups = self._groups(by, names, when) if by else {}
        found = []
        for each in names:
            own = wording.playbooks.get(named(OF_SEGMENTS, each))
            usual = wording.playbook(by, groups[each]) if by and each in groups else None
            label = wording.group(by, groups[each]) if by and usual else ""
            playbook = own.over(usual) if own and usual else own or usual
            found.append(Action(each, playbook, own is not None, label))
        return found

    def set(self, segment: str, **parts: str) -> None:
        """Write parts of a segment's playbook; the others stay as they are.

        Raises:
            NotFoundError: There is no such segment.
            UsageError: No part is given.
        """
        workspace = self._workspace
        workspace.segment(segment)
        given = {part: text for part, text in parts.items() if text}
        if not given:
            raise UsageError("nothing to write.", fix=f"Give one of {', '.join(Playbook.PARTS)}.")
        name = named(OF_SEGMENTS, segment)
        before = workspace.kept().playbooks().get(name) or Playbook(name=name)
        after = Playbook(name=name, **given).over(before)
        body = after.model_dump(mode="json", exclude={"name"})
        workspace.catalogue.declare(PLAYBOOK, name, body, workspace.clock())

    def reset(self, segment: str) -> None:
        """Take a segment's own playbook out of use; its versions are kept.

        Raises:
            NotFoundError: There is none.
        """
        workspace = self._workspace
        workspace.catalogue.withdraw(PLAYBOOK, named(OF_SEGMENTS, segment), workspace.clock())

    def _groups(self, by: Segmentation, names: Sequence[str], when: When) -> Mapping[str, str]:
        """The group that most members of each segment are in; found once for what a rule says."""
        workspace, sound = self._workspace, self._workspace.sound()
        if by.feature not in workspace.features():
            return {}
        customers = workspace.customers(when)
        known: dict[Hashable, str | None] = workspace.remembered("groups", dict, customers.as_of)
        said = {each: key(workspace, by.name, (), [each]) for each in names if each in sound}
        new = [each for each, rule in said.items() if rule not in known]
        for name, group in _counted(by, customers, {each: sound[each] for each in new}):
            known[said[name]] = group
        return {each: group for each, rule in said.items() if (group := known[rule]) is not None}


def _counted(
    by: Segmentation, customers: Customers, rules: Mapping[str, Condition]
) -> Iterator[tuple[str, str | None]]:
    """Of each rule the group that most are in, by one pass over all customers."""
    if not rules:
        return
    with ready(customers, [*rules.values(), Name(by.feature)]) as held:
        leaves = Leaves.of(held)
        groups = dict(leaves.groups(by.feature))
        leaves.compute(rules.values())
        for name, rule in rules.items():
            members = leaves.members(rule)
            yield name, _most({each: count(common(members, of)) for each, of in groups.items()})


def _most(counts: Mapping[str, int]) -> str | None:
    """The group with most members, the first by name of equals; nothing below `LEAST` members."""
    if sum(counts.values()) < LEAST:
        return None
    return min(counts, key=lambda each: (-counts[each], each))
