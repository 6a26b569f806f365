"""Options of reading a source, the same for every command that reads one."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_type_hints

import typer

from segmentry.core.errors import SegmentryError, UsageError

if TYPE_CHECKING:
    from segmentry.data.staged import ReadOptions

READING = "Reading the file"
Table = Annotated[
    str | None, typer.Option(metavar="NAME", help="Table of a database.", rich_help_panel=READING)
]
Query = Annotated[
    str | None, typer.Option(metavar="SQL", help="Query of a database.", rich_help_panel=READING)
]
Encoding = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="utf-8, cp1251, cp1250 …", rich_help_panel=READING),
]
Delimiter = Annotated[
    str | None,
    typer.Option(metavar="CHAR", help="Between fields: , ; tab space …", rich_help_panel=READING),
]
DateOrder = Annotated[
    Literal["dmy", "mdy", "ymd"] | None,
    typer.Option(help="What 01/02/2024 means: day or month first.", rich_help_panel=READING),
]
Decimal = Annotated[
    Literal[".", ","] | None, typer.Option(help="Decimal mark.", rich_help_panel=READING)
]
Sheet = Annotated[
    str | None, typer.Option(metavar="NAME", help="Sheet of a workbook.", rich_help_panel=READING)
]
SPELLED = {"tab": "\t", "\\t": "\t", "space": " ", "comma": ",", "semicolon": ";", "pipe": "|"}


def reads(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of reading, in the place of its parameter `options`."""
    signature, parts = inspect.signature(command), _typed(_options)
    parameters = [
        each.replace(kind=each.KEYWORD_ONLY)
        for own in _typed(command).values()
        for each in (parts.values() if own.name == "options" else [own])
    ]

    @wraps(command)
    def with_options(**given: Any) -> None:
        read = {name: given.pop(name) for name in parts}
        command(**given, options=_options(**read))

    with_options.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    with_options.__annotations__ = {each.name: each.annotation for each in parameters}
    return with_options


def _typed(function: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    hints = get_type_hints(function, localns={"ReadOptions": object}, include_extras=True)
    parameters = inspect.signature(function).parameters
    return {name: each.replace(annotation=hints[name]) for name, each in parameters.items()}


def _options(
    table: Table = None,
    query: Query = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    date_order: DateOrder = None,
    decimal: Decimal = None,
    sheet: Sheet = None,
) -> ReadOptions:
    """The reading options as typed.

    Raises:
        UsageError: A delimiter that cannot be one.
    """
    from pydantic import ValidationError

    from segmentry.data.staged import ReadOptions

    try:
        return ReadOptions(
            table=table,
            query=query,
            encoding=encoding,
            delimiter=SPELLED.get(delimiter or "", delimiter),
            date_order=date_order,
            decimal=decimal,
            sheet=sheet,
        )
    except ValidationError as error:
        first = error.errors()[0]
        raise UsageError(f"--{first['loc'][0]}: {first['msg']}.") from error


def with_option(error: SegmentryError) -> SegmentryError:
    """An error about reading, naming the option of the command line that decides."""
    option, choices = error.details.get("option"), error.details.get("choices") or []
    if option in OPTIONS and choices:
        ways = [f"{OPTIONS[option]} {typed(each['value'])} ({each['label']})" for each in choices]
        error.fix = f"Say which: {' or '.join(ways)}."
    return error


OPTIONS = {
    "encoding": "--encoding",
    "delimiter": "--delimiter",
    "sheet": "--sheet",
    "table": "--table",
    "decimal": "--decimal",
    "date_order": "--date-order",
}


def typed(value: str) -> str:
    """A value as it can be typed.

    >>> typed(";"), typed("dmy"), typed(",")
    ('semicolon', 'dmy', 'comma')
    """
    named = {spelled: name for name, spelled in SPELLED.items() if name.isalpha()}
    return named.get(value, value if value.replace("-", "").isalnum() else f"'{value}'")
