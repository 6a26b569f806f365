"""Cleaning steps suggested for a source, each for something the profile finds in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from segmentry.core.types import Type
from segmentry.data.checks.values import FAR, Values, month_forms, of_column
from segmentry.data.cleaning import Limits, Step
from segmentry.data.column_format import TEXT_SOURCE, type_of
from segmentry.data.convert import Steps, conversion
from segmentry.data.extra import likely_format
from segmentry.data.staged import Staged
from segmentry.data.synonym import plain_name
from segmentry.engines.duckdb import DuckDB, quote


@dataclass(frozen=True, slots=True)
class SuggestedStep:
    """A step that would mend what a check finds.

    Args:
        records: Records that it would change.
    """

    column: str
    step: Step
    check: str
    records: int


def suggest_cleaning(session: DuckDB, staged: Staged) -> tuple[SuggestedStep, ...]:
    """Steps for misspelt values, months in two forms and numbers out of all proportion.

    Nothing is decided here: what is rare may be right, and so may be what is large.
    """
    return tuple(each for name in staged.names for each in _of(session, staged, name))


def _of(session: DuckDB, staged: Staged, name: str) -> Iterator[SuggestedStep]:
    held, value, kind = staged.column(name).type_name, quote(name), Type.TEXT
    steps = Steps(name)
    written = likely_format(session, staged, name) if held == TEXT_SOURCE else None
    if written is not None:
        kind, value = written.kind, conversion(value, held, written.kind, written, steps)
    elif held != TEXT_SOURCE:
        kind = type_of(held)
    column = Values("records", plain_name(name), kind, steps.rows(quote(staged.table)), value)
    for check in of_column(column):
        found = f"FROM {check.rows} t WHERE {check.failing}"
        records = session.value(f"SELECT count(*) {found}")
        step = _step(session, check.name.split("_")[0], found) if records else None
        if step is not None:
            yield SuggestedStep(name, step, check.name, records)


def _step(session: DuckDB, kind: str, found: str) -> Step | None:
    if kind == "spelling":
        pairs = session.rows(f"SELECT DISTINCT value, meant {found} ORDER BY 1")
        return Step(replace={value: _as_written(value, meant) for value, meant in pairs})
    if kind == "months":
        pairs = session.rows(f"SELECT DISTINCT value {found} ORDER BY 1")
        return Step(
            replace={value: _as_written(value, month_forms()[value.lower()]) for (value,) in pairs}
        )
    if kind == "outlier":
        low, high = session.rows(f"SELECT any_value(low), any_value(high) {found}")[0]
        reach = FAR * (high - low)
        return Step(limits=Limits(least=round(low - reach, 2), most=round(high + reach, 2)))
    return None


def _as_written(value: str, meant: str) -> str:
    """A known word in the case of the value it stands for."""
    if not meant.islower() or value.islower():
        return meant
    return meant.upper() if value.isupper() else meant.title()


__all__ = ["SuggestedStep", "suggest_cleaning"]
