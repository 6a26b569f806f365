"""The format of a column: declared, else found in all its rows, else asked for."""

from __future__ import annotations

from segmentry.core.errors import AmbiguousInputError
from segmentry.core.types import Type
from segmentry.data.column_format import MISSING_WORDS, TEXT_SOURCE, ColumnFormat
from segmentry.data.convert import unreadable
from segmentry.data.date_form import infer_date
from segmentry.data.inference import Inference
from segmentry.data.number_form import currencies, infer_number
from segmentry.data.staged import ReadOptions, Staged
from segmentry.engines.duckdb import DuckDB, quote


def infer(
    session: DuckDB, staged: Staged, column: str, target: Type, options: ReadOptions | None = None
) -> Inference:
    """The format in which `column` holds values of type `target`, from all its rows.

    What `options` declares (decimal mark, date order, zone) is taken as given.
    """
    options = options or ReadOptions()
    source = staged.column(column)
    if source.type_name != TEXT_SOURCE:
        return _typed(session, staged, column, target)
    if target is Type.TEXT:
        return _text(session, staged.table, column)
    if target.is_temporal:
        return infer_date(session, staged.table, column, target, options)
    if target is Type.BOOLEAN:
        return _counted(session, staged, column, ColumnFormat(kind=target))
    return infer_number(session, staged.table, column, target, options)


def _text(session: DuckDB, table: str, column: str) -> Inference:
    """Texts are text, except where every single one is a whole number and some end in `.0`."""
    x = quote(column)
    floats, total = session.rows(
        f"SELECT count(*) FILTER (ends_with({x}, '.0')), count({x}) FROM {quote(table)}"
    )[0]
    plain = ColumnFormat()
    if not floats:
        return Inference(plain, (), total, total)
    others = session.value(
        f"SELECT count(*) FROM {quote(table)}"
        rf" WHERE NOT regexp_full_match({x}, '\s*([+-]?\d+(\.0+)?|[A-Za-z#/<>\\-]*)\s*')"
    )
    if others:
        return Inference(plain, (), total, total)
    notice = f"`{column}` holds whole numbers written as 17850.0; the `.0` is left out."
    return Inference(plain.model_copy(update={"whole": True}), (), total, total, (), (notice,))


def _typed(session: DuckDB, staged: Staged, column: str, target: Type) -> Inference:
    """A column that has a type of its own; packed dates like 20240131 are known by their range."""
    source = staged.column(column).type_name
    base = ColumnFormat(kind=target)
    if target.is_temporal and source in {"INTEGER", "BIGINT"}:
        base = base.model_copy(update={"dates": ("%Y%m%d",)})
    found = _counted(session, staged, column, base)
    if target is Type.TEXT and source in {"DOUBLE", "FLOAT"} and found.present:
        notice = f"`{column}` holds numbers; whole ones are read as text without `.0`."
        return Inference(base, (), found.present, found.readable, (), (notice,))
    return found


def _counted(session: DuckDB, staged: Staged, column: str, written: ColumnFormat) -> Inference:
    x, source = quote(column), staged.column(column).type_name
    bad = unreadable(x, source, written.kind, written)
    total, wrong, example = session.rows(
        f"SELECT count({x}), count(*) FILTER (b), CAST(min({x}) FILTER (b) AS VARCHAR)"
        f" FROM (SELECT {x}, {bad} AS b FROM {quote(staged.table)})"
    )[0]
    return Inference(written, (), total, total - wrong, (example,) if example else ())


def resolve(
    session: DuckDB,
    staged: Staged,
    column: str,
    target: Type,
    *,
    declared: ColumnFormat | None = None,
    options: ReadOptions | None = None,
    timezone: str = "UTC",
) -> ColumnFormat:
    """The format to read a column with: as declared, else as its rows say. The zone is filled in.

    Args:
        session: Where the source was staged.
        staged: The source.
        column: One of its columns.
        target: The type its values are to have.
        declared: The format the mapping declares for it.
        options: What was declared for the whole source.
        timezone: The workspace's zone.

    Raises:
        AmbiguousInputError: The rows allow several readings, or amounts stand in several
            currencies, and nothing was declared. `details` has `column`, `choices`, `examples`.
    """
    options = options or ReadOptions()
    zone = options.timezone or timezone
    if declared is not None:
        return declared.model_copy(update={"timezone": declared.timezone or zone})
    found = infer(session, staged, column, target, options)
    if found.format is None:
        raise ambiguity(staged, column, found)
    if len(currencies(found.format.currency)) > 1:
        raise AmbiguousInputError(
            f"column `{column}` holds amounts in several currencies"
            f" ({', '.join(sorted(currencies(found.format.currency)))}).",
            where=staged.origin,
            fix="Split the file by currency, or declare the column's format.",
            column=column,
        )
    return found.format.model_copy(update={"timezone": zone})


def ambiguity(staged: Staged, column: str, found: Inference) -> AmbiguousInputError:
    """The question a column asks: its examples, its readings and how to choose."""
    readings = [reading(each) for each in found.ambiguous]
    shown = ", ".join(f"`{each}`" for each in found.examples)
    option = "date_order" if found.ambiguous[0].kind.is_temporal else "decimal"
    values = [option_value(each) for each in found.ambiguous]
    return AmbiguousInputError(
        f"column `{column}` can be read in several ways ({shown}): {' or '.join(readings)}.",
        where=staged.origin,
        fix=f'Say which, as in `{option}: "{values[0]}"`.',
        column=column,
        option=option,
        choices=[
            {"value": value, "label": label} for value, label in zip(values, readings, strict=True)
        ],
        examples=list(found.examples),
    )


def reading(written: ColumnFormat) -> str:
    """What a format makes of its column, in words."""
    if written.kind.is_temporal:
        return {"dmy": "day before month", "mdy": "month before day"}[option_value(written)]
    if written.decimal == ",":
        return "the comma is the decimal mark"
    return "the point is the decimal mark"


def option_value(written: ColumnFormat) -> str:
    """The reading option that chooses a format among ambiguous ones."""
    if not written.kind.is_temporal:
        return written.decimal
    first = next(each for each in written.dates if not each.startswith(("%Y", "%b", "%B")))
    return "mdy" if first.startswith("%m") else "dmy"


__all__ = [
    "MISSING_WORDS",
    "ColumnFormat",
    "Inference",
    "ambiguity",
    "infer",
    "option_value",
    "reading",
    "resolve",
]
