"""Cleaning of a source in a workspace: steps kept in its mapping, undone by taking them out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from segmentry.core.errors import UsageError
from segmentry.data.cleaning import Step
from segmentry.data.cleaning_suggest import SuggestedStep, suggest_cleaning
from segmentry.data.mapping import Mapping
from segmentry.data.source import ReadOptions, Source, stage

if TYPE_CHECKING:
    from segmentry.workspace.loading import Loaded
    from segmentry.workspace.workspace import Workspace


class Cleaning:
    """Adds and removes cleaning steps; each time the source, the original, is loaded again."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def suggest(
        self, source: Source, options: ReadOptions | None = None
    ) -> tuple[SuggestedStep, ...]:
        """Steps for what looks wrong in a source; nothing is changed."""
        engine = self._workspace.engine
        staged = stage(engine, source, options)
        try:
            return suggest_cleaning(engine, staged)
        finally:
            staged.drop(engine)

    def steps(self, source: Source) -> dict[str, tuple[Step, ...]]:
        """The steps kept for a source, by column."""
        return self._mapping(source).clean

    def add(self, source: Source, column: str, step: Step) -> Loaded:
        """Keep a further step for a column, and load the source again with it.

        Raises:
            MappingError: There is no such column, the step does not fit it, or the column names
                records that are loaded already.
        """
        mapping = self._mapping(source)
        return self._load(source, mapping, column, (*mapping.clean.get(column, ()), step))

    def remove(self, source: Source, column: str, number: int | None = None) -> Loaded:
        """Take a step of a column out, or all; the source is loaded again as it is.

        Args:
            number: Which of the column's steps, from 1.

        Raises:
            UsageError: There is no such step.
        """
        mapping = self._mapping(source)
        known = mapping.clean.get(column, ())
        if not known or not 1 <= (number or 1) <= len(known):
            kept = ", ".join(f"`{name}` {len(steps)}" for name, steps in mapping.clean.items())
            raise UsageError(
                f"there is no such cleaning step of `{column}`.",
                fix=f"There are: {kept}." if kept else "None is kept for this source.",
            )
        left = tuple(each for n, each in enumerate(known, 1) if number is not None and n != number)
        return self._load(source, mapping, column, left)

    def _mapping(self, source: Source) -> Mapping:
        return self._workspace.loader().mapping(source)

    def _load(
        self, source: Source, mapping: Mapping, column: str, steps: tuple[Step, ...]
    ) -> Loaded:
        clean = {name: each for name, each in mapping.clean.items() if name != column}
        if steps:
            clean[column] = steps
        changed = mapping.model_copy(update={"clean": clean})
        return self._workspace.loader().load(source, mapping=changed)


__all__ = ["Cleaning"]
