"""What is done for the members of a saved segment, in a person's words or as for their group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from segmentry.core.errors import DeclarationError, UsageError
from segmentry.core.types import Type
from segmentry.language.node import Node
from segmentry.language.text import parse_rule
from segmentry.language.value import Name, Truth
from segmentry.segments.playbook import Playbook, named
from segmentry.sql.expression import Column, Expression, Select, call, literal
from segmentry.sql.operators import Op
from segmentry.workspace.declarations import PLAYBOOK

if TYPE_CHECKING:
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
        """The group that most members of each segment are in, by one pass over all customers."""
        workspace = self._workspace
        sound = [each for each in names if self._is_sound(each)]
        if by.feature not in workspace.features() or not sound:
            return {}
        outputs: dict[str, Node] = {"label": Name(by.feature)}
        outputs |= {
            f"in_{number}": Truth(parse_rule(workspace.segment(each).effective))
            for number, each in enumerate(sound)
        }
        customers, label = workspace.customers(when), Column("label", Type.TEXT)
        sums: dict[str, Expression] = {
            key: call(
                Op.SUM,
                call(Op.IF, Column(key, Type.BOOLEAN), literal(1), literal(0), type=Type.INTEGER),
                type=Type.INTEGER,
            )
            for key in outputs
            if key != "label"
        }
        grouped = Select(customers.query(outputs), {"label": label, **sums}, group_by=(label,))
        rows = customers.engine.fetch(grouped).to_pylist()
        return {
            each: found
            for number, each in enumerate(sound)
            if (found := _most(rows, f"in_{number}")) is not None
        }

    def _is_sound(self, name: str) -> bool:
        try:
            self._workspace.checked(self._workspace.segment(name).effective)
        except DeclarationError:  # the list of segments says what is wrong
            return False
        return True


def _most(rows: list[dict[str, object]], key: str) -> str | None:
    """The label with most members, the first by name of equals; nothing below `LEAST` members."""
    counted = [(int(str(row[key])), str(row["label"])) for row in rows if row["label"] is not None]
    if sum(count for count, _ in counted) < LEAST:
        return None
    return min(counted, key=lambda each: (-each[0], each[1]))[1]
