"""Loading, as a person does it: look, agree on a mapping, try, load; rejected records to a file."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping as ReadOnly
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from segmentry.core.errors import AmbiguousInputError, MappingError
from segmentry.data import load as loading
from segmentry.data.load import EntityCounts, LoadResult, rejected_file
from segmentry.data.mapping import Mapping, signature_of
from segmentry.data.source import Source, Staged, stage
from segmentry.data.suggest import Suggestion, suggest
from segmentry.engines.duckdb import DuckDB
from segmentry.workspace.catalogue import Clock
from segmentry.workspace.settings import Settings

MAPPINGS = "mappings"
REJECTED = "rejected"
Decide = Callable[[Staged, Suggestion], Mapping]


@dataclass(frozen=True)
class Loaded:
    """What became of the records of a source.

    For every entity, records = accepted + unchanged + rejected.

    Args:
        rejected_file: Where the rejected records are, with reasons; `None` when there are none.
        mapping_file: The mapping that was used, as text to keep or edit.
        rehearsed: The load was only tried; nothing was kept.
    """

    source: str
    entities: ReadOnly[str, EntityCounts]
    treatments: tuple[tuple[str, int, str], ...]
    notices: tuple[str, ...]
    rejected_file: Path | None
    mapping_file: Path | None
    rehearsed: bool = False


class _RehearsedError(Exception):
    """Takes a rehearsal back."""


class Loader:
    """Brings sources into a workspace's warehouse."""

    def __init__(
        self,
        engine: DuckDB,
        folder: Path,
        settings: Settings,
        clock: Clock,
        progress: Callable[[str, int, int], None],
    ) -> None:
        self._engine = engine
        self._folder = folder
        self._settings = settings
        self._clock = clock
        self._progress = progress

    def load(
        self,
        source: Source,
        entity: str | None = None,
        mapping: Mapping | None = None,
        decide: Decide | None = None,
    ) -> Loaded:
        """Load a source.

        Args:
            entity: What its records are; found out when not given.
            mapping: How its columns map; else the one kept for this header, else as suggested.
            decide: Asked with the suggestion before a new mapping is used.

        Raises:
            AmbiguousInputError: There is more than one reading and nobody to decide.
            MappingError: A required column is missing.
        """
        self._progress("read", 0, 1)
        staged = stage(self._engine, source, mapping.read if mapping else None)
        try:
            chosen = mapping or self._mapping(staged, entity, decide)
            result = self._take(staged, chosen)
        finally:
            staged.drop(self._engine)
        rejected = self._write_rejected(result, staged.origin)
        kept = self._keep(chosen.model_copy(update={"signature": signature_of(staged.names)}), staged)
        return _loaded(staged, result, rejected, kept)

    def rehearse(
        self,
        source: Source,
        entity: str | None = None,
        mapping: Mapping | None = None,
        decide: Decide | None = None,
    ) -> Loaded:
        """What `load` would do; nothing is kept."""
        staged = stage(self._engine, source, mapping.read if mapping else None)
        outcome: list[LoadResult] = []
        try:
            chosen = mapping or self._mapping(staged, entity, decide)
            with self._engine.transaction():
                outcome.append(self._take(staged, chosen))
                raise _RehearsedError
        except _RehearsedError:
            return replace(_loaded(staged, outcome[0], None, None), rehearsed=True)
        finally:
            staged.drop(self._engine)

    def _mapping(self, staged: Staged, entity: str | None, decide: Decide | None) -> Mapping:
        kept = self._folder / MAPPINGS / f"{signature_of(staged.names)}.yaml"
        if entity is None and kept.is_file():
            return Mapping.from_yaml(kept.read_text(encoding="utf-8"))
        suggestion = suggest(
            self._engine, staged, entity=entity, timezone=self._settings.timezone
        )
        if decide is not None:
            return decide(staged, suggestion)
        return as_suggested(staged, suggestion)

    def _take(self, staged: Staged, mapping: Mapping) -> LoadResult:
        return loading.load(
            self._engine,
            staged,
            mapping,
            timezone=self._settings.timezone,
            currency=self._settings.currency,
            rates={name: Decimal(rate) for name, rate in self._settings.rates.items()},
            loaded_at=self._clock(),
            progress=self._progress,
        )

    def _write_rejected(self, result: LoadResult, origin: str) -> Path | None:
        if not any(each.rejected for each in result.entities.values()):
            return None
        folder = self._folder / REJECTED
        folder.mkdir(exist_ok=True)
        stem = re.sub(r"[^\w.-]+", "_", origin)
        path = folder / f"{result.load_id}_{stem}.csv"
        rejected_file(self._engine, result.load_id, path)
        return path

    def _keep(self, mapping: Mapping, staged: Staged) -> Path:
        folder = self._folder / MAPPINGS
        folder.mkdir(exist_ok=True)
        path = folder / f"{mapping.signature}.yaml"
        partial = path.with_suffix(".new")
        partial.write_text(f"# {staged.origin}\n{mapping.to_yaml()}", encoding="utf-8")
        partial.replace(path)
        return path


def as_suggested(staged: Staged, suggestion: Suggestion) -> Mapping:
    """The suggested mapping, if it can be used without asking anybody.

    Raises:
        AmbiguousInputError: Only a person can decide something; says what and the choices.
        MappingError: A required attribute has no column.
    """
    if suggestion.missing:
        first = suggestion.missing[0]
        raise MappingError(
            f"no column fits {first.target}.",
            where=staged.origin,
            fix=first.fix,
            missing=[each.target for each in suggestion.missing],
        )
    if suggestion.questions:
        first_question = suggestion.questions[0]
        choices = [each.label for each in first_question.choices]
        raise AmbiguousInputError(
            first_question.text,
            where=f"{staged.origin}, column {first_question.column}",
            fix=f"Say which in a mapping: {'; '.join(choices)}.",
            choices=choices,
            column=first_question.column,
        )
    return suggestion.mapping


def _loaded(
    staged: Staged, result: LoadResult, rejected: Path | None, kept: Path | None
) -> Loaded:
    return Loaded(
        source=staged.origin,
        entities=result.entities,
        treatments=tuple(result.treatments),
        notices=(*staged.notices, *result.notices),
        rejected_file=rejected,
        mapping_file=kept,
    )
