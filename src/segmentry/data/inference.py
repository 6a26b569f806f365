"""What the rows of a column say about its format."""

from __future__ import annotations

from dataclasses import dataclass, replace

from segmentry.data.column_format import ColumnFormat
from segmentry.data.convert import present, readable
from segmentry.data.shape import Texts
from segmentry.engines.duckdb import quote


@dataclass(frozen=True, slots=True)
class Inference:
    """What the rows of a column say about its format.

    Args:
        format: The one format that fits; `None` when several fit equally.
        ambiguous: The formats that fit equally, when there are several.
        present: Rows with a value.
        readable: Of these, rows the format can read (the first of `ambiguous`, if several).
        examples: Values that show the choice, or that cannot be read.
        notices: What people should know (ids written as floats, …).
    """

    format: ColumnFormat | None
    ambiguous: tuple[ColumnFormat, ...] = ()
    present: int = 0
    readable: int = 0
    examples: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


def checked(texts: Texts, written: ColumnFormat) -> Inference:
    """How many rows a format can read, of those with a value; an example of what it cannot."""
    x, source = texts.sql, texts.type_name
    good = readable(x, source, written.kind, written)
    bad = f"CASE WHEN v THEN false ELSE {present(x, source, written)} END"
    read, wrong, example = texts.session.rows(
        f"SELECT count(*) FILTER (v), count(*) FILTER (b), CAST(min({x}) FILTER (b) AS VARCHAR)"
        f" FROM (SELECT {x}, v, {bad} AS b FROM"
        f" (SELECT {x}, {good} AS v FROM {quote(texts.table)}))"
    )[0]
    return Inference(written, (), read + wrong, read, (example,) if example else ())


def tried(texts: Texts, likely: Inference) -> Inference:
    """The same with its counts over all rows: those that its first format can read."""
    every = checked(texts, likely.format or likely.ambiguous[0])
    examples = likely.examples or every.examples
    return replace(likely, present=every.present, readable=every.readable, examples=examples)
