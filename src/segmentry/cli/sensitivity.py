"""`segmentry sensitivity`: how groups react to discounts and prices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from segmentry.answers import sensitivity as answers
from segmentry.answers.basis import instant_of
from segmentry.answers.plain import Document
from segmentry.cli.estimate import span
from segmentry.cli.option import HERE, AsOf, Folder, Json, Language
from segmentry.cli.output import below, clean, emit, footer, heads, row, show, table, writer
from segmentry.cli.session import opened

if TYPE_CHECKING:
    from segmentry.report.writer import Writer

Names = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="NAME",
        help="A segmentation (rfm); or saved segments, groups (rfm/VIP) and rules.",
        show_default="rfm",
    ),
]
STYLES = {"elastic": "red", "inelastic": "green", "wrong": "yellow", "unsaid": "dim"}


def sensitivity(
    names: Names = None,
    *,
    by: Annotated[
        str | None,
        typer.Option(
            "--by", metavar="COLUMN", help="A column of products, in each value of which too."
        ),
    ] = None,
    as_of: AsOf = None,
    language: Language = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Show how much groups buy with a discount, and how strongly they react to prices.

    Examples:
      segmentry sensitivity rfm -w shop
      segmentry sensitivity "frequency >= 3" --by category -w shop --json
    """
    with opened(folder) as workspace:
        instant = instant_of(workspace, as_of)
        document = answers.sensitivity(workspace, names or (), by, instant, language)
        write = writer("", language or workspace.settings.language)
    emit(document, as_json=as_json, draw=lambda screen, _: _draw(screen, document, write))


def _draw(screen: Console, document: Document, write: Writer) -> None:
    rows = [*document["everyone"], *document["groups"]]
    show(screen, _table(rows, document, write))
    told = [one for one in rows if one["category"] is None]
    below(screen, *(Text("\n".join(map(clean, each["sentences"]))) for each in told))
    below(screen, Text(document["caveat"], style="dim"))
    below(screen, footer(document, write.messages.language))


def _table(rows: list[Document], document: Document, write: Writer) -> Any:
    say = write.messages
    by = (document["by"],) if document["by"] else ()
    drawn = table(
        "", *by, *heads(write, ">sensitivity.promoted", ">index", ">interval"),
        f">{say('report.sensitivity.elasticity')}",
        *heads(write, ">interval", ">sensitivity.change", ""),
    )  # fmt: skip
    for each in rows:
        category = each["category"] or say("terminal.sensitivity.all")
        row(
            drawn,
            Text(clean(each["name"] or say("sensitivity.everyone")), style="bold"),
            *([clean(category)] if by else []),
            write.share(each["promoted_revenue"]["value"]),
            write.number(each["index"]["value"], 2),
            span(each["index"], lambda value: write.number(value, 2), say.language),
            write.number(each["elasticity"]["value"], 2),
            _span(each["elasticity"], write),
            write.share(each["change"]["value"]),
            Text(say(f"terminal.sensitivity.price.{each['price']}"),
                 style=STYLES.get(each["price"], "")),
        )  # fmt: skip
    return drawn


def _span(found: Document, write: Writer) -> Text:
    """An interval of what may be negative."""
    if found["reason"]:
        return span(found, str, write.messages.language)
    low, high = (write.number(found[end], 2) for end in ("low", "high"))
    return Text(write.messages("report.interval.span", low=low, high=high))
