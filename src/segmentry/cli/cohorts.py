"""`segmentry cohorts`: who comes back, by when they first bought."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Console
from rich.text import Text

from segmentry.answers import cohorts as answers
from segmentry.answers.basis import instant_of
from segmentry.answers.plain import Document
from segmentry.cli.option import HERE, AsOf, Folder, Json, Language
from segmentry.cli.output import below, clean, emit, footer, heads, row, show, table, writer
from segmentry.cli.session import opened

if TYPE_CHECKING:
    from segmentry.report.writer import Writer

SHADES = ((0.05, "dim"), (0.15, "blue"), (0.3, "cyan"), (0.5, "green"), (2.0, "bold green"))
"""Retention up to which a cell has a colour."""
MOST_COLUMNS = 13
"""Ages beside one another in the table; the others are in --json."""


def cohorts(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME",
            help="A segmentation: its groups are the cohorts.",
            show_default="by the first purchase",
        ),
    ] = None,
    period: Annotated[
        Literal["month", "quarter"], typer.Option(help="How long a period is.")
    ] = "month",
    as_of: AsOf = None,
    language: Language = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Show who of those who first bought in a month came back in the months after.

    Examples:
      segmentry cohorts -w shop
      segmentry cohorts order_country --period quarter -w shop --json
    """
    with opened(folder) as workspace:
        document = answers.cohorts(workspace, name, instant_of(workspace, as_of), period)
        write = writer("", language or workspace.settings.language)
    emit(document, as_json=as_json, draw=lambda screen, _: _draw(screen, document, write))


def _draw(screen: Console, document: Document, write: Writer) -> None:
    say = write.messages
    ages = range(min(len(document["whole"]["cells"]) + 1, MOST_COLUMNS))
    drawn = table(*heads(write, "name.cohort", ">customers"), *(f">{age}" for age in ages))
    for each in (*document["cohorts"], {**document["whole"], "name": say("terminal.cohorts.all")}):
        cells = {cell["age"]: cell for cell in each["cells"]}
        mark = " *" if each["from_start"] else ""
        shown = (_cell(cells.get(age)) for age in ages)
        head = Text(clean(each["name"]) + mark, style="bold")
        row(drawn, head, write.count(each["customers"]), *shown)
    show(screen, drawn)
    legend = say(f"terminal.cohorts.legend.{document['period']}")
    below(screen, Text(legend, style="dim"))
    if any(each["from_start"] for each in document["cohorts"]):
        screen.print(Text(say("terminal.cohorts.from_start"), style="dim"))
    below(screen, footer(document, say.language))


def _cell(cell: Document | None) -> Text:
    if cell is None:
        return Text("")
    value = cell["retention"]["value"] or 0.0
    if not cell["complete"]:
        return Text(f"{value:.0%}…", style="dim")
    return Text(f"{value:.0%}", style=next(shade for most, shade in SHADES if value <= most))
