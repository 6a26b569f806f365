"""`segmentry segments worthwhile`: whether a segment is worth having."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from segmentry.answers import worthwhile as answers
from segmentry.answers.basis import instant_of
from segmentry.answers.plain import Document
from segmentry.cli.option import HERE, AsOf, Folder, Json
from segmentry.cli.output import clean, emit, footer, row, show, table, writer
from segmentry.cli.session import opened

if TYPE_CHECKING:
    from segmentry.report.writer import Writer

STYLES = {"good": "green", "fair": "yellow", "poor": "red", "unsaid": "dim"}


def worthwhile(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="A saved segment, a group (rfm/VIP) or a rule.")
    ],
    as_of: AsOf = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Judge a segment: substantial, measurable, stable, separable, reachable, actionable.

    Example:
      segmentry segments worthwhile rfm/VIP -w shop
    """
    with opened(folder) as workspace:
        document = answers.worthwhile(workspace, name, instant_of(workspace, as_of))
    emit(document, as_json=as_json, draw=_draw)


def _draw(screen: Console, document: Document) -> None:
    write = writer("")
    drawn = table("Criterion", "", "Evidence", title=clean(document["name"]))
    for each in document["findings"]:
        evidence = (f"{key.replace('_', ' ')} {_written(key, value, write)}"
                    for key, value in each["evidence"].items() if value is not None)  # fmt: skip
        style = STYLES[each["grade"]]
        row(drawn, Text(each["criterion"], "bold"), Text(each["grade"], style), ", ".join(evidence))
    show(screen, drawn, footer(document))


def _written(name: str, value: float | str, write: Writer) -> str:
    if isinstance(value, str):
        return value
    if name.endswith("_share") or name in ("stayed", "bought_more"):
        return write.share(value)
    return write.number(value)
