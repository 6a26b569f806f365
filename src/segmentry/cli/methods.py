"""`segmentry methods` and `segmentry cross`: ways of dividing, and several of them at once."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from segmentry.answers import methods as answers
from segmentry.answers.basis import instant_of
from segmentry.answers.plain import Document
from segmentry.cli.option import HERE, AsOf, Folder, Json, Language
from segmentry.cli.output import clean, emit, footer, heads, row, show, table, writer
from segmentry.cli.session import opened

if TYPE_CHECKING:
    from segmentry.report.writer import Writer

SHADES = ((0.5, "blue"), (0.8, "cyan"), (1.25, ""), (2.0, "yellow"), (float("inf"), "bold red"))
"""Index up to which a cell has a colour: rarer than by chance is cold, more frequent is hot."""


def methods(
    as_of: AsOf = None, language: Language = None, folder: Folder = HERE, as_json: Json = False
) -> None:
    """List every way of dividing customers, and why your data allow it or not.

    Examples:
      segmentry methods -w shop
      segmentry methods -w shop --json
    """
    with opened(folder) as workspace:
        when = None if as_of is None else instant_of(workspace, as_of)
        document = answers.every(workspace, when, language)
        write = writer("", language or workspace.settings.language)
    emit(document, as_json=as_json, draw=lambda screen, _: _draw_methods(screen, document, write))


def _draw_methods(screen: Console, document: Document, write: Writer) -> None:
    say, every = write.messages, document["methods"]
    for family, ones in groupby(every, lambda each: each["family_label"]):
        drawn = table(say("report.name"), *heads(write, "groups.what", ""), title=family)
        for each in ones:
            style = "bold" if each["available"] else "dim"
            row(drawn, Text(each["name"], style=style), each["about"], _state(each, write))
        screen.print(drawn)
    ready = sum(each["available"] for each in every)
    counts = {"ready": write.count(ready), "count": write.count(len(every))}
    screen.print(Text(say("terminal.methods.available", **counts)))


def _state(each: Document, write: Writer) -> Text:
    say = write.messages
    if each["missing"]:
        return Text(say("terminal.groups.needs", what=each["missing"]), style="dim")
    lacking = [
        say("terminal.methods.there", what=gate["text"], there=write.count(gate["there"]))
        for gate in each["needs"]
        if not gate["passed"]
    ]
    return Text("; ".join(lacking), style="yellow") if lacking else Text("✓", style="green")


def cross(
    names: Annotated[
        list[str], typer.Argument(metavar="NAME...", help="Two or three segmentations.")
    ],
    as_of: AsOf = None,
    language: Language = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Divide customers by two or three segmentations at once; each cell has its rule in --json.

    The index says how many times as many customers a cell has as if the segmentations had nothing
    to do with one another.

    Example:
      segmentry cross lifecycle rfm -w shop
    """
    with opened(folder) as workspace:
        instant = instant_of(workspace, as_of)
        document = answers.crossing(workspace, names, instant, language)
        write = writer("", language or workspace.settings.language)
    emit(document, as_json=as_json, draw=lambda screen, _: _draw_crossing(screen, document, write))


MOST_COLUMNS = 8
"""Groups beside one another in a table; the others are in --json."""


def _draw_crossing(screen: Console, document: Document, write: Writer) -> None:
    *layers, rows, columns = document["dimensions"]
    cells = {tuple(each["groups"]): each for each in document["cells"]}
    shown = [each for each in columns["groups"] if each["customers"]][:MOST_COLUMNS]
    for layer in layers[0]["groups"] if layers else [None]:
        drawn = table(
            rows["label"],
            *(f">{each['label']}" for each in shown),
            title=f"{layers[0]['label']}: {layer['label']}" if layer else "",
        )
        for each in rows["groups"]:
            place = (*([layer["name"]] if layer else []), each["name"])
            line = [cells.get((*place, other["name"])) for other in shown]
            if any(line):
                texts = (_cell(cell, write) for cell in line)
                row(drawn, Text(clean(each["label"]), style="bold"), *texts)
        screen.print(drawn)
    left = sum(1 for each in columns["groups"] if each["customers"]) - len(shown)
    say = write.messages
    legend = [say("terminal.methods.legend")]
    if left > 0:
        legend.append(say("terminal.methods.further", count=write.count(left), option="--json"))
    show(screen, Text(" ".join(legend), style="dim"), footer(document, say.language))


def _cell(cell: Document | None, write: Writer) -> Text:
    if cell is None:
        return Text("·", style="dim")
    style = next(shade for limit, shade in SHADES if cell["index"] <= limit)
    return Text(f"{write.count(cell['customers'])} {write.index(cell['index'])}", style=style)
