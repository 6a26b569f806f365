"""Cleaning as declared steps: applied to what is staged, counted, told value by value, undoable."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from segmentry.core.errors import MappingError
from segmentry.core.types import Type
from segmentry.data.column_format import TEXT_SOURCE
from segmentry.data.convert import SPACES, conversion
from segmentry.data.staged import BY_PLACE, RECORD, Staged, staging_table
from segmentry.engines.duckdb import DuckDB, literal, quote

if TYPE_CHECKING:
    from segmentry.data.mapping import Mapping as SourceMapping

KEYS = frozenset({"order_id", "customer_id", "product_id", "company_id", "line_no"})
"""Attributes that can name a record: what they were loaded as, they stay."""


class Limits(BaseModel):
    """Where sensible numbers end, both ends included.

    Args:
        beyond: `blank`: what lies outside counts as missing; `clip`: as the nearest limit.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    least: float | None = None
    most: float | None = None
    beyond: Literal["blank", "clip"] = "blank"

    @model_validator(mode="after")
    def _some(self) -> Self:
        if self.least is None and self.most is None:
            raise ValueError("say `least`, `most` or both")
        if self.least is not None and self.most is not None and self.least > self.most:
            raise ValueError("`least` is more than `most`")
        return self


class Step(BaseModel):
    """One thing done to every value of a column; exactly one is given.

    Args:
        trim: Take spaces away at both ends, and all but one inside.
        case: Write all in one case.
        replace: Value → what stands for it; whole values, case counts.
        missing: Values that mean nothing is known.
        limits: Numbers beyond them are mistakes.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    trim: Literal[True] | None = None
    case: Literal["lower", "upper", "title"] | None = None
    replace: dict[str, str] | None = Field(default=None, min_length=1)
    missing: tuple[str, ...] | None = Field(default=None, min_length=1)
    limits: Limits | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if len(self.model_dump(exclude_none=True)) != 1:
            raise ValueError("one step does one thing: trim, case, replace, missing or limits")
        return self

    @property
    def kind(self) -> str:
        """What it does, in a word."""
        return next(iter(self.model_dump(exclude_none=True)))


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What a step did to a column.

    Args:
        records: Records whose value it changed.
    """

    column: str
    step: Step
    records: int


def clean(
    session: DuckDB, staged: Staged, mapping: SourceMapping
) -> tuple[Staged, tuple[Cleaned, ...]]:
    """The source with the steps of its mapping applied in order; the source itself is not touched.

    Raises:
        MappingError: A column is not there, or a step does not fit what it holds.
    """
    if not mapping.clean:
        return staged, ()
    done: list[Cleaned] = []
    current = staged
    for column, steps in mapping.clean.items():
        for step in steps:
            value = _value(session, current, column, step, mapping)
            x = quote(column)
            changed = session.value(
                f"SELECT count(*) FROM {quote(current.table)} WHERE {value} IS DISTINCT FROM {x}"
            )
            table = staging_table(session)
            # Places of rows mean nothing in a table that its transaction has made.
            number = f"{current.record_no} AS {quote(RECORD)}, " * (current.record_no == BY_PLACE)
            session.create(
                table,
                f"SELECT {number}* REPLACE ({value} AS {x}) FROM {quote(current.table)}",
                temporary=True,
            )
            if current is not staged:
                current.drop(session)
            current = replace(current, table=table, record_no=quote(RECORD))
            done.append(Cleaned(column, step, int(changed)))
    return current, tuple(done)


def _value(session: DuckDB, staged: Staged, column: str, step: Step, mapping: SourceMapping) -> str:
    """SQL of the value after a step."""
    held, x = staged.column(column).type_name, quote(column)
    if step.limits is not None:
        return _limited(_number(session, staged, column, mapping), x, held, step.limits)
    if held != TEXT_SOURCE:
        raise MappingError(
            f"`{column}` holds no text, so `{step.kind}` does nothing for it.",
            where="mapping, clean",
            fix="Use `limits` for numbers.",
        )
    if step.trim:
        space = literal(rf"[{SPACES}]+")
        return f"regexp_replace(trim({x}, {literal(SPACES)}), {space}, ' ', 'g')"
    if step.case == "title":
        return (
            f"array_to_string([upper(w[1]) || lower(w[2:]) for w in string_split({x}, ' ')], ' ')"
        )
    if step.case is not None:
        return f"{step.case}({x})"
    pairs: Mapping[str, str | None] = step.replace or dict.fromkeys(step.missing or ())
    cases = " ".join(
        f"WHEN {literal(old)} THEN {'NULL' if new is None else literal(new)}"
        for old, new in pairs.items()
    )
    return f"CASE {x} {cases} ELSE {x} END"


def _number(session: DuckDB, staged: Staged, column: str, mapping: SourceMapping) -> str:
    """SQL of the value as a number."""
    from segmentry.data.format import resolve

    held, declared = staged.column(column).type_name, mapping.formats.get(column)
    if declared is None or not declared.kind.is_numeric:
        declared = resolve(session, staged, column, Type.NUMBER, options=mapping.read)
    return conversion(quote(column), held, Type.NUMBER, declared)


def _limited(number: str, x: str, held: str, limits: Limits) -> str:
    """SQL of a value within its limits; what is no number stays as it is."""
    cases = []
    for limit, sign in ((limits.least, "<"), (limits.most, ">")):
        if limit is not None:
            nearest = f"CAST({limit!r} AS {held})" if held != TEXT_SOURCE else literal(f"{limit:g}")
            told = "NULL" if limits.beyond == "blank" else nearest
            cases.append(f"WHEN {number} {sign} {limit!r} THEN {told}")
    return f"CASE {' '.join(cases)} ELSE {x} END"


# the ledger: which values became which


def changes(
    session: DuckDB, staged: Staged, after: Staged, columns: Sequence[str]
) -> Iterator[tuple[str, str | None, str | None, int]]:
    """Column, value as it was, as it is now, how many records: what the steps changed."""
    for column in columns:
        x = quote(column)
        yield from (
            (column, *row)
            for row in session.rows(
                f"SELECT CAST(s.{x} AS VARCHAR), CAST(c.{x} AS VARCHAR), count(*)"
                f" FROM (SELECT {staged.record_no} AS n, {x} FROM {quote(staged.table)}) s"
                f" JOIN (SELECT {after.record_no} AS n, {x} FROM {quote(after.table)}) c USING (n)"
                f" WHERE s.{x} IS DISTINCT FROM c.{x} GROUP BY ALL ORDER BY ALL"
            )
        )


def note_changes(
    session: DuckDB, load_id: int, staged: Staged, after: Staged, mapping: SourceMapping
) -> None:
    """Keep in the ledger which values became which.

    Raises:
        MappingError: The same source was loaded before, with other values in a column that names
            its records: they would stand there twice.
    """
    found = list(changes(session, staged, after, list(mapping.clean)))
    _refuse_new_names(session, staged, mapping, found)
    for column, value, cleaned, records in found:
        session.execute(
            "INSERT INTO cleaned_values VALUES (?, ?, ?, ?, ?, ?)",
            [load_id, staged.content_hash, column, value, cleaned, records],
        )


def _refuse_new_names(
    session: DuckDB,
    staged: Staged,
    mapping: SourceMapping,
    found: Sequence[tuple[str, str | None, str | None, int]],
) -> None:
    names = {
        column
        for entity, attributes in mapping.entities.items()
        for attribute in attributes
        if attribute in KEYS
        for column in mapping.columns_of(entity, attribute)
    }
    earlier = session.value(
        "SELECT max(load_id) FROM loads WHERE content_hash = ?", [staged.content_hash]
    )
    if earlier is None or not names:
        return
    known = session.rows(
        "SELECT column_name, value, cleaned FROM cleaned_values WHERE load_id = ?", [earlier]
    )
    before = {tuple(row) for row in known if row[0] in names}
    now = {row[:3] for row in found if row[0] in names}
    if before != now:
        [column, *_] = sorted(str(each[0]) for each in before ^ now)
        raise MappingError(
            f"`{column}` names records that are loaded; cleaned in another way they would be others"
            " and stand there twice.",
            where=staged.origin,
            fix="Load the source into a new workspace with these steps.",
        )


__all__ = ["Cleaned", "Limits", "Step", "changes", "clean", "note_changes"]
