"""A mapping suggested from the names and the content of a source, with reasons and questions."""

from __future__ import annotations

from dataclasses import dataclass

from segmentry.data.mapping import Mapping
from segmentry.data.staged import Staged
from segmentry.engines.duckdb import DuckDB


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a column was taken: `target` is `entity.attribute`, or empty when it was left out."""

    column: str
    target: str
    why: str


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer to a question: what it means, and the mapping it gives."""

    label: str
    mapping: Mapping


@dataclass(frozen=True, slots=True)
class Question:
    """Something only a person can decide. Loading with the suggested mapping would be refused."""

    column: str
    text: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """A required attribute for which no column was found, and what to do."""

    target: str
    fix: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A mapping that loads as it is if `questions` and `missing` are empty."""

    mapping: Mapping
    reasons: tuple[Reason, ...]
    questions: tuple[Question, ...]
    missing: tuple[Missing, ...]


def suggest(
    session: DuckDB, staged: Staged, *, entity: str | None = None, timezone: str = "UTC"
) -> Suggestion:
    """The most likely mapping of a staged source.

    Args:
        session: Where the source was staged.
        staged: The source.
        entity: The entity its records are, when the user said so; `None`: found out.
        timezone: The workspace's zone.
    """
    raise NotImplementedError
