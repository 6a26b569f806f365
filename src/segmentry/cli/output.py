"""What is printed: tables for people, one JSON document for programs.

Text that came from data is never read as markup and cannot steer the terminal.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from segmentry.answers.plain import Document, plain

if TYPE_CHECKING:
    from segmentry.locale import Messages
    from segmentry.report.writer import Writer

PIPED_WIDTH = 120
"""Columns of a table when there is no terminal to ask."""
BAR_WIDTH = 20
EIGHTHS = " ▏▎▍▌▋▊▉"
HARMLESS = "\n\u00a0\u202f\u200c\u200d\u200e"
"""Line breaks, spaces that hold numbers together, joiners and a mark that Persian texts need."""
GOOD_TRUST, FAIR_TRUST = 90, 70


def console(*, stderr: bool = False) -> Console:
    """Where to print for people: colours only on a terminal, nothing read as markup."""
    stream = sys.stderr if stderr else sys.stdout
    wide = None if stream.isatty() or "COLUMNS" in os.environ else PIPED_WIDTH
    return Console(stderr=stderr, markup=False, highlight=False, emoji=False, width=wide)


def emit(document: Document, *, as_json: bool, draw: Callable[[Console, Document], None]) -> None:
    """Print a result, for a program or for a person."""
    if as_json:
        print_json(document)
    else:
        draw(console(), document)


def print_json(document: Mapping[str, Any]) -> None:
    """One JSON document on stdout: money and shares as numbers, days and instants as ISO text."""
    unicode = (sys.stdout.encoding or "utf-8").lower().startswith("utf")
    text = json.dumps(plain(document), indent=2, ensure_ascii=not unicode, allow_nan=False)
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def clean(text: object) -> str:
    r"""Text without anything that could steer a terminal; line breaks stay.

    >>> clean("a\x1b[2Jb")
    'a�[2Jb'
    """
    return "".join(
        each if each.isprintable() or each in HARMLESS else "\ufffd" for each in str(text)
    )


# for people


def table(*headers: str, title: str = "") -> Table:
    """An empty table; a header that begins with `>` is of a column of numbers."""
    made = Table(
        box=box.SIMPLE_HEAD,
        title=Text(title, style="bold") if title else None,
        title_justify="left",
        header_style="dim",
        border_style="dim",
        pad_edge=False,
        show_edge=False,
    )
    for header in headers:
        number = header.startswith(">")
        made.add_column(
            header.removeprefix(">"), justify="right" if number else "left", no_wrap=number
        )
    return made


def row(target: Table, *cells: object, style: str | None = None) -> None:
    """Add a row; cells are text from anywhere, or made by this module."""
    target.add_row(
        *(each if isinstance(each, Text) else Text(clean(each)) for each in cells), style=style
    )


def fact(name: str, value: Any) -> str:
    """A value of a row of facts; an instant to the minute, all of it is in `--json`."""
    if value is None:
        return "–"
    return str(value)[:16].replace("T", " ") if name.endswith("_at") else clean(plain(value))


def bar(share: float | None, width: int = BAR_WIDTH, style: str = "cyan") -> Text:
    """A share from 0 to 1 as a bar; more than nothing is never drawn as nothing."""
    filled = round(min(max(share or 0.0, 0.0), 1.0) * width * 8)
    filled = max(filled, 1) if share else filled
    return Text("█" * (filled // 8) + EIGHTHS[filled % 8].strip(), style=style)


def footer(document: Document, language: str = "en") -> Text:
    """`as of … · data through … · trust 87/100`: what a result rests on."""
    say = _messages(language)
    parts = [Text(say("terminal.as_of", day=document["as_of"]))]
    if document.get("data_through"):
        parts.append(Text(say("terminal.through", day=document["data_through"])))
    if document.get("trust") is not None:
        parts.append(trust_text(document["trust"], language))
    return Text(" · ").join(parts) if len(parts) > 1 else parts[0]


def trust_text(score: float, language: str = "en") -> Text:
    """`trust 87/100`, coloured by how good that is."""
    colour = "green" if score >= GOOD_TRUST else "yellow" if score >= FAIR_TRUST else "red"
    return Text(_messages(language)("terminal.trust", score=f"{score:g}"), style=colour)


def show(screen: Console, *parts: RenderableType) -> None:
    """Print parts with an empty line between them."""
    for number, part in enumerate(parts):
        if number:
            screen.print()
        screen.print(part)


def below(screen: Console, *parts: RenderableType) -> None:
    """Print further parts, each under an empty line."""
    for part in parts:
        screen.print()
        screen.print(part)


def writer(currency: str, language: str = "en") -> Writer:
    """Numbers, money and texts as the report writes them."""
    from segmentry.report.writer import Writer

    return Writer(_messages(language), currency)


def heads(write: Writer, *names: str) -> list[str]:
    """Headers for `table` in the writer's language, by their keys under `terminal`.

    `>` before a key is of a column of numbers; an empty key is a column without a header.
    """
    return [_head(write, name) for name in names]


def _head(write: Writer, name: str) -> str:
    key = name.removeprefix(">")
    return name[: len(name) - len(key)] + (write.messages(f"terminal.{key}") if key else "")


def _messages(language: str) -> Messages:
    from segmentry.locale import messages

    return messages(language)


def counted(count: int, word: str) -> str:
    """A number with its word in the right form.

    >>> counted(1, "segment"), counted(2400, "customer")
    ('1 segment', '2,400 customers')
    """
    return f"{count:,} {word}" + ("" if count == 1 else "s")


def listed(items: Sequence[object], limit: int = 5) -> str:
    """A few items in a line, and how many more there are."""
    shown = ", ".join(clean(each) for each in items[:limit])
    return f"{shown} and {len(items) - limit} more" if len(items) > limit else shown
