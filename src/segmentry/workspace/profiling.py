"""Profiles of columns: of a file before it is loaded, and of what is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from segmentry.data.profile import Profile, profile_entity, profile_source
from segmentry.data.source import ReadOptions, Source, stage
from segmentry.data.synonym import entity_called

if TYPE_CHECKING:
    from segmentry.workspace.workspace import Workspace


class Profiling:
    """Looks at columns; changes nothing."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def source(self, source: Source, options: ReadOptions | None = None) -> Profile:
        """The columns of a source, which is read but not loaded.

        Raises:
            UnreadableFileError: Missing, empty or damaged.
            AmbiguousInputError: It can be read in several ways.
        """
        engine = self._workspace.engine
        staged = stage(engine, source, options)
        try:
            return profile_source(engine, staged, self._workspace.settings.timezone)
        finally:
            staged.drop(engine)

    def entity(self, name: str) -> Profile:
        """The columns of what is loaded; the entity by its name or a word for it.

        Raises:
            UnknownNameError: There is no such entity.
        """
        workspace = self._workspace
        entity = entity_called(name).name
        return profile_entity(workspace.engine, entity, workspace.sensitive.fields())


__all__ = ["Profiling"]
