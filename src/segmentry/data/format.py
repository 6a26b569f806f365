"""The format of a column: declared, else found in all its rows, else asked for."""

from __future__ import annotations

from dataclasses import replace

from segmentry.core.errors import AmbiguousInputError
from segmentry.core.types import Type
from segmentry.data.column_format import MISSING_WORDS, TEXT_SOURCE, ColumnFormat
from segmentry.data.date_form import infer_date
from segmentry.data.inference import Inference, checked
from segmentry.data.number_form import currencies, infer_number
from segmentry.data.shape import Texts
from segmentry.data.staged import ReadOptions, Staged
from segmentry.engines.duckdb import DuckDB


def infer(
    session: DuckDB, staged: Staged, column: str, target: Type, options: ReadOptions | None = None
) -> Inference:
    """The format in which `column` holds values of type `target`, from all its rows.

    What `options` declares (decimal mark, date order, zone) is taken as given.
    """
    options = options or ReadOptions()
    texts = Texts(session, staged.table, column, staged.column(column).type_name)
    if texts.type_name != TEXT_SOURCE:
        return _typed(texts, target)
    if target is Type.TEXT:
        return _text(texts)
    if target.is_temporal:
        return infer_date(texts, target, options)
    if target is Type.BOOLEAN:
        return checked(texts, ColumnFormat(kind=target))
    return infer_number(texts, target, options)


def _text(texts: Texts) -> Inference:
    """Texts are text, except where every single one is a whole number and some end in `.0`."""
    x, plain = texts.sql, ColumnFormat()
    total = texts.row(f"count({x})")[0]
    if texts.first(f"ends_with({x}, '.0')") is None:
        return Inference(plain, (), total, total)
    whole = rf"regexp_full_match({x}, '\s*([+-]?\d+(\.0+)?|[A-Za-z#/<>\\-]*)\s*')"
    if texts.first(f"NOT {whole}") is not None:
        return Inference(plain, (), total, total)
    notice = f"`{texts.column}` holds whole numbers written as 17850.0; the `.0` is left out."
    written = plain.model_copy(update={"whole": True})
    return Inference(written, (), total, total, notices=(notice,))


def _typed(texts: Texts, target: Type) -> Inference:
    """A column that has a type of its own; whole numbers can be days written as 20240131."""
    base = ColumnFormat(kind=target)
    if target.is_temporal and texts.type_name in {"INTEGER", "BIGINT"}:
        base = base.model_copy(update={"dates": ("%Y%m%d",)})
    found = checked(texts, base)
    if target is Type.TEXT and texts.type_name in {"DOUBLE", "FLOAT"} and found.present:
        notice = f"`{texts.column}` holds numbers; whole ones are read as text without `.0`."
        return replace(found, notices=(notice,))
    return found


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
    starts = {each[:2] for each in written.dates}
    return "mdy" if "%m" in starts else "dmy"


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
