"""`segmentry segments worthwhile`: whether a segment is worth having."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from segmentry.answers import worthwhile as answers
from segmentry.answers.basis import instant_of
from segmentry.answers.plain import Document
from segmentry.cli.option import HERE, AsOf, Folder, Json, Language
from segmentry.cli.output import clean, emit, footer, heads, row, show, table, writer
from segmentry.cli.session import opened

if TYPE_CHECKING:
    from segmentry.report.writer import Writer

STYLES = {"good": "green", "fair": "yellow", "poor": "red", "unsaid": "dim"}


def worthwhile(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="A saved segment, a group (rfm/VIP) or a rule.")
    ],
    as_of: AsOf = None,
    language: Language = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Judge a segment: substantial, measurable, stable, separable, reachable, actionable.

    Example:
      segmentry segments worthwhile rfm/VIP -w shop
    """
    with opened(folder) as workspace:
        instant = instant_of(workspace, as_of)
        document = answers.worthwhile(workspace, name, instant, language)
        write = writer("", language or workspace.settings.language)
    emit(document, as_json=as_json, draw=lambda screen, _: _draw(screen, document, write))


def _draw(screen: Console, document: Document, write: Writer) -> None:
    from segmentry.workspace.worthwhile import evidence

    say = write.messages
    columns = heads(write, "worthwhile.criterion", "", "worthwhile.evidence")
    drawn = table(*columns, title=clean(document["name"]))
    for each in document["findings"]:
        grade = say(f"terminal.worthwhile.grade.{each['grade']}")
        name = say(f"terminal.worthwhile.of.{each['criterion']}")
        told = "; ".join(evidence(each["evidence"], write))
        row(drawn, Text(name, "bold"), Text(grade, STYLES[each["grade"]]), told)
    show(screen, drawn, footer(document, say.language))
