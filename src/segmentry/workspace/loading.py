"""Loading, as a person does it: look, agree on a mapping, try, load; rejected records to a file."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from collections.abc import Mapping as ReadOnly
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from segmentry.core.errors import AmbiguousInputError, MappingError
from segmentry.core.time import Clock
from segmentry.core.whole import whole
from segmentry.data import load as loading
from segmentry.data.extra import OF_CUSTOMERS
from segmentry.data.format import option_value
from segmentry.data.load import EntityCounts, LoadResult, rejected_file
from segmentry.data.mapping import Mapping, signature_of
from segmentry.data.sensitive.scan import sensitive_columns
from segmentry.data.source import ReadOptions, Source, Staged, stage
from segmentry.data.staged import excerpt
from segmentry.data.suggest import Choice, Suggestion, suggest
from segmentry.data.suppression import NOBODY, Suppression
from segmentry.data.work import Treatment
from segmentry.engines.duckdb import DuckDB, quote
from segmentry.workspace.settings import Settings
from segmentry.workspace.space import check_room, of_source

MAPPINGS = "mappings"
REJECTED = "rejected"
EXAMPLE_ROWS = 200
EXAMPLE_LENGTH = 30
SHOWN_ROWS, SHOWN_LENGTH = 20, 80


@dataclass(frozen=True)
class Suggested:
    """A mapping suggested for a source, with what a person needs to judge it.

    Args:
        records: How many records the source has.
        examples: A value of each column that has one near the beginning and is not sensitive.
        beginning: The first records, their values as text; without sensitive columns.
    """

    origin: str
    records: int
    suggestion: Suggestion
    examples: ReadOnly[str, str]
    beginning: tuple[ReadOnly[str, str | None], ...] = ()


Decide = Callable[[Suggested], Mapping]


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
    treatments: tuple[Treatment, ...]
    notices: tuple[str, ...]
    rejected_file: Path | None
    mapping_file: Path | None
    rehearsed: bool = False


class Loader:
    """Brings sources into a workspace's warehouse."""

    def __init__(
        self,
        engine: DuckDB,
        folder: Path,
        settings: Settings,
        clock: Clock,
        progress: Callable[[str, int, int], None],
        features: Collection[str] = (),
        suppression: Suppression = NOBODY,
    ) -> None:
        """A loader for a workspace.

        Args:
            features: Names of features, which further columns of customers may not have.
            suppression: People who were erased, whose records are left out.
        """
        self._suppression = suppression
        self._features = features
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
        options: ReadOptions | None = None,
        name: str | None = None,
    ) -> Loaded:
        """Load a source.

        Args:
            entity: What its records are; found out when not given.
            mapping: How its columns map; else the one kept for this header, else as suggested.
            decide: Asked with the suggestion before a new mapping is used.
            options: How to read the source; what it says goes before the mapping's own word.
            name: What people call the source; a file has its own name.

        Raises:
            AmbiguousInputError: There is more than one reading and nobody to decide.
            MappingError: A required column is missing.
        """
        check_room(self._folder, of_source(source), "this load")
        with self._staged(source, mapping, options, name) as staged:
            chosen = self._chosen(staged, entity, mapping, decide, options)
            result = loading.load(
                self._engine, staged, chosen, loaded_at=self._clock(), **self._terms()
            )
        rejected = self._write_rejected(result, staged.origin)
        signed = chosen.model_copy(update={"signature": signature_of(staged.names)})
        return _loaded(staged, result, chosen, rejected, self._keep(signed, staged))

    def rehearse(
        self,
        source: Source,
        entity: str | None = None,
        mapping: Mapping | None = None,
        decide: Decide | None = None,
        options: ReadOptions | None = None,
        name: str | None = None,
    ) -> Loaded:
        """What `load` would do; nothing is kept."""
        with self._staged(source, mapping, options, name) as staged:
            chosen = self._chosen(staged, entity, mapping, decide, options)
            result = loading.rehearse(self._engine, staged, chosen, **self._terms())
        return replace(_loaded(staged, result, chosen, None, None), rehearsed=True)

    def suggest(
        self, source: Source, entity: str | None = None, options: ReadOptions | None = None
    ) -> Suggested:
        """The mapping suggested for a source; nothing is loaded."""
        staged = stage(self._engine, source, options)
        try:
            return self._suggested(staged, entity)
        finally:
            staged.drop(self._engine)

    def mapping(self, source: Source) -> Mapping:
        """The mapping kept for a source's header, else as suggested, if nothing has to be asked."""
        with self._staged(source, None, None, None) as staged:
            return self._mapping(staged, None, None)

    def _suggested(self, staged: Staged, entity: str | None) -> Suggested:
        suggestion = suggest(
            self._engine,
            staged,
            entity=entity,
            timezone=self._settings.timezone,
            features=self._features,
        )
        hidden = sensitive_columns(self._engine, staged)
        return Suggested(
            staged.origin,
            staged.records,
            suggestion,
            _examples(self._engine, staged, hidden),
            tuple(_beginning(self._engine, staged, hidden)),
        )

    def _mapping(self, staged: Staged, entity: str | None, decide: Decide | None) -> Mapping:
        kept = self._folder / MAPPINGS / f"{signature_of(staged.names)}.yaml"
        if entity is None and kept.is_file():
            return Mapping.from_yaml(kept.read_text(encoding="utf-8"))
        suggested = self._suggested(staged, entity)
        if decide is not None:
            return decide(suggested)
        return as_suggested(staged.origin, suggested.suggestion)

    @contextmanager
    def _staged(
        self,
        source: Source,
        mapping: Mapping | None,
        options: ReadOptions | None,
        name: str | None,
    ) -> Iterator[Staged]:
        self._progress("read", 0, 1)
        staged = stage(self._engine, source, _over(mapping, options or ReadOptions()))
        try:
            yield replace(staged, origin=name) if name else staged
        finally:
            staged.drop(self._engine)

    def _chosen(
        self,
        staged: Staged,
        entity: str | None,
        mapping: Mapping | None,
        decide: Decide | None,
        options: ReadOptions | None,
    ) -> Mapping:
        found = mapping or self._mapping(staged, entity, decide)
        self._check_names(found)
        return found.model_copy(update={"read": _over(found, options or ReadOptions())})

    def _check_names(self, mapping: Mapping) -> None:
        """Make sure that no further column would have the name of a feature.

        Raises:
            MappingError: One would.
        """
        for owner in OF_CUSTOMERS:
            for name in mapping.extras.get(owner, {}):
                if name in self._features:
                    raise MappingError(
                        f"`{name}` is the name of a feature, so no column can be kept under it.",
                        where=f"mapping, extras.{owner}",
                        fix=f"Call it `given_{name}`, say.",
                    )

    def _terms(self) -> dict[str, Any]:
        return {
            "timezone": self._settings.timezone,
            "currency": self._settings.currency,
            "rates": self._settings.rates,
            "suppression": self._suppression,
            "progress": lambda step: self._progress(step, 0, 1),
        }

    def _write_rejected(self, result: LoadResult, origin: str) -> Path | None:
        if not any(each.rejected for each in result.entities.values()):
            return None
        folder = self._folder / REJECTED
        folder.mkdir(exist_ok=True)
        stem = re.sub(r"[^\w.-]+", "_", Path(origin).stem)
        path = folder / f"{result.load_id}_{stem}.csv"
        rejected_file(self._engine, result.load_id, path)
        return path

    def _keep(self, mapping: Mapping, staged: Staged) -> Path:
        folder = self._folder / MAPPINGS
        folder.mkdir(exist_ok=True)
        path = folder / f"{mapping.signature}.yaml"
        with whole(path) as draft:
            draft.write_text(f"# {staged.origin}\n{mapping.to_yaml()}", encoding="utf-8")
        return path


def _over(mapping: Mapping | None, given: ReadOptions) -> ReadOptions:
    """The reading options of a mapping, with those that were given in their place."""
    own = mapping.read if mapping else ReadOptions()
    return own.model_copy(update=given.model_dump(exclude_none=True))


def _examples(engine: DuckDB, staged: Staged, hidden: Collection[str]) -> dict[str, str]:
    columns = ", ".join(
        f"any_value({quote(each)})::VARCHAR AS {quote(each)}" for each in staged.names
    )
    beginning = f"SELECT * FROM {quote(staged.table)} LIMIT {EXAMPLE_ROWS}"
    [row] = engine.fetch(f"SELECT {columns} FROM ({beginning})").to_pylist()
    return {
        name: excerpt(value, EXAMPLE_LENGTH)
        for name, value in row.items()
        if value and name not in hidden
    }


def _beginning(
    engine: DuckDB, staged: Staged, hidden: Collection[str]
) -> Iterator[dict[str, str | None]]:
    shown = [name for name in staged.names if name not in hidden]
    columns = ", ".join(f"{quote(each)}::VARCHAR AS {quote(each)}" for each in shown) or "NULL"
    query = f"SELECT {columns} FROM {quote(staged.table)} LIMIT {SHOWN_ROWS}"
    for row in engine.fetch(query).to_pylist():
        yield {name: row[name] and excerpt(row[name], SHOWN_LENGTH) for name in shown}


def answered(suggestion: Suggestion, choices: Iterable[Choice]) -> Suggestion:
    """The suggestion with its questions answered: what each choice changes, put together."""
    base = suggestion.mapping.model_dump()
    mapping = base
    for each in choices:
        mapping = _with_changes(mapping, base, each.mapping.model_dump())
    return replace(suggestion, mapping=Mapping.model_validate(mapping), questions=())


def _with_changes(
    current: dict[str, Any], base: dict[str, Any], chosen: dict[str, Any]
) -> dict[str, Any]:
    """`current` with every entry in which `chosen` differs from `base`."""
    result = dict(current)
    for key in base.keys() | chosen.keys():
        if key not in chosen:
            result.pop(key, None)
        elif base.get(key) == chosen[key]:
            continue
        elif isinstance(chosen[key], dict) and isinstance(base.get(key), dict):
            result[key] = _with_changes(current.get(key, {}), base[key], chosen[key])
        else:
            result[key] = chosen[key]
    return result


def as_suggested(origin: str, suggestion: Suggestion) -> Mapping:
    """The suggested mapping, if it can be used without asking anybody.

    Raises:
        AmbiguousInputError: Only a person can decide something; says what and the choices.
        MappingError: A required attribute has no column.
    """
    if suggestion.missing:
        first = suggestion.missing[0]
        clear = "." in first.target
        message = first.message or (
            f"no column fits {first.target}."
            if clear
            else "the columns do not tell what the records are."
        )
        raise MappingError(
            message,
            where=origin,
            fix=first.fix,
            missing=[each.target for each in suggestion.missing],
        )
    if suggestion.questions:
        question = suggestion.questions[0]
        formats = [each.mapping.formats[question.column] for each in question.choices]
        option = "date_order" if formats[0].kind.is_temporal else "decimal"
        raise AmbiguousInputError(
            question.text,
            where=origin,
            fix=f"Say which, as in `{option}: {option_value(formats[0])}` under `read`.",
            column=question.column,
            option=option,
            choices=[
                {"value": option_value(written), "label": each.label}
                for written, each in zip(formats, question.choices, strict=True)
            ],
        )
    return suggestion.mapping


def _loaded(
    staged: Staged, result: LoadResult, used: Mapping, rejected: Path | None, kept: Path | None
) -> Loaded:
    recognised = (f"Recognised as {used.vendor}.",) if used.vendor else ()
    return Loaded(
        source=staged.origin,
        entities=result.entities,
        treatments=tuple(result.treatments),
        notices=(*recognised, *result.notices),
        rejected_file=rejected,
        mapping_file=kept,
    )
