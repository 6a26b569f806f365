"""Content by segment, place by place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from segmentry.core.errors import UnknownNameError
from segmentry.segments.content import Content
from segmentry.workspace.declarations import CONTENT, KINDS

if TYPE_CHECKING:
    from segmentry.workspace.workspace import Workspace


class Contents:
    """What is shown to members of which segment, in the places of a workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def all(self) -> list[Content]:
        """Every place, by name."""
        return self._workspace.kept().contents()

    def showing(self, segment: str) -> list[str]:
        """The places that have a variant for a segment, as what uses it: `content hero`."""
        return [
            f"content {each.name}"
            for each in self.all()
            if any(variant.segment == segment for variant in each.variants)
        ]

    def named(self, name: str) -> Content:
        """One place.

        Raises:
            NotFoundError: There is none of that name.
        """
        declared = self._workspace.catalogue.declaration(CONTENT, name)
        found = KINDS[CONTENT].kept(declared)
        assert isinstance(found, Content)
        return found

    def save(self, content: Content) -> Content:
        """Keep what a place shows; a change is a new version.

        Raises:
            UnknownNameError: A variant is of a segment that is not there.
        """
        known = {each.name for each in self._workspace.saved()}
        for each in content.variants:
            if each.segment not in known:
                raise UnknownNameError("segment", each.segment, known)
        workspace = self._workspace
        workspace.catalogue.declare(
            CONTENT, content.name, KINDS[CONTENT].body(content), workspace.clock()
        )
        return content

    def remove(self, name: str) -> None:
        """Take a place out of use; its versions are kept.

        Raises:
            NotFoundError: There is none of that name.
        """
        self._workspace.catalogue.withdraw(CONTENT, name, self._workspace.clock())
