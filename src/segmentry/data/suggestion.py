"""What a suggestion of a mapping is made of."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from segmentry.data.column_format import ColumnFormat
from segmentry.data.inference import Inference
from segmentry.data.mapping import Mapping
from segmentry.data.vendor import Recognised


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
    """A required attribute for which no column was found, and what to do.

    Args:
        target: `entity.attribute`; `entity` when it is not known what the records are.
        message: What to say instead of that the column is missing.
    """

    target: str
    fix: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A mapping that loads as it is if `questions` and `missing` are empty."""

    mapping: Mapping
    reasons: tuple[Reason, ...]
    questions: tuple[Question, ...]
    missing: tuple[Missing, ...]


@dataclass(slots=True)
class Findings:
    """What was found about the columns beside their names, while a suggestion is being made."""

    formats: dict[str, ColumnFormat] = field(default_factory=dict)
    open: dict[str, Inference] = field(default_factory=dict)
    reasons: list[Reason] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    extras: dict[str, dict[str, str]] = field(default_factory=dict)
    currencies: set[str] = field(default_factory=set)
    vendor: Recognised | None = None
    left: dict[str, str] = field(default_factory=dict)
    """Attribute → why the column that is called so was left."""
    mixed: dict[str, str] = field(default_factory=dict)
    """Column → the several currencies in it."""
    constants: dict[str, dict[str, str]] = field(default_factory=dict)
    features: Collection[str] = ()
    """Names of features, which no further column of customers may have."""
    clocks: set[str] = field(default_factory=set)
    """Columns of times of day that stand beside their day."""
