"""Rows as an Excel workbook: typed cells with formats, a frozen head, a filter, and no formulas."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyarrow as pa

from segmentry.core.errors import UsageError

MOST_ROWS = 1_048_575
"""Rows that a sheet holds below its head."""
FORMATS = {
    "head": {"bold": True, "bottom": 1},
    "whole": {"num_format": "#,##0"},
    "number": {"num_format": "#,##0.00##"},
    "money": {"num_format": "#,##0.00"},
    "share": {"num_format": "0.0%"},
    "day": {"num_format": "yyyy-mm-dd"},
    "moment": {"num_format": "yyyy-mm-dd hh:mm"},
}
WIDEST = 40


def write_workbook(table: pa.Table, sink: Any) -> None:
    """One sheet; what is text stays text, also when it looks like a formula or an address.

    Raises:
        UsageError: More rows than a sheet holds.
    """
    from xlsxwriter import Workbook

    if table.num_rows > MOST_ROWS:
        raise UsageError(
            f"a sheet holds {MOST_ROWS:,} rows, not {table.num_rows:,}.",
            fix="Write .csv or .parquet.",
        )
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = Workbook(sink, {"in_memory": True, **plain})
    formats = {name: book.add_format(each) for name, each in FORMATS.items()}
    sheet = book.add_worksheet("Segmentry")
    for place, name in enumerate(table.column_names):
        column = table.column(place)
        shown = formats.get(format_of(name, column.type))
        sheet.write_string(0, place, name, formats["head"])
        width = max(len(name) + 3, *(len(str(each)) for each in column.slice(0, 50).to_pylist()), 8)
        sheet.set_column(place, place, min(width, WIDEST), shown)
        write = _writer(sheet, column.type)
        for number, value in enumerate(column.to_pylist(), start=1):
            if value is not None:
                write(number, place, value, shown)
    sheet.freeze_panes(1, 0)
    if table.num_columns:
        sheet.autofilter(0, 0, table.num_rows, table.num_columns - 1)
    book.close()


def format_of(name: str, kind: pa.DataType) -> str:
    """Which format a column has: shares by their name, all else by type; empty for texts.

    >>> format_of("gift_share", pa.float64()), format_of("monetary", pa.decimal128(18, 4))
    ('share', 'money')
    """
    if pa.types.is_floating(kind):
        return "share" if name.endswith(("_share", "_rate")) else "number"
    if pa.types.is_integer(kind):
        return "whole"
    if pa.types.is_decimal(kind):
        return "money"
    if pa.types.is_date(kind):
        return "day"
    return "moment" if pa.types.is_timestamp(kind) else ""


def _writer(sheet: Any, kind: pa.DataType) -> Callable[[int, int, Any, Any], object]:
    if pa.types.is_boolean(kind):
        write: Callable[[int, int, Any, Any], object] = sheet.write_boolean
        return write
    match format_of("", kind):
        case "":
            return lambda row, place, value, shown: sheet.write_string(
                row, place, str(value), shown
            )
        case "day" | "moment":
            write = sheet.write_datetime
        case "money":
            return lambda row, place, value, shown: sheet.write_number(
                row, place, float(value), shown
            )
        case _:
            write = sheet.write_number
    return write
