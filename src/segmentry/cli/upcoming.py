"""`segmentry upcoming`: what the next purchases of groups will hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from segmentry.answers import upcoming as answers
from segmentry.answers.basis import instant_of
from segmentry.answers.plain import Document
from segmentry.cli.option import HERE, AsOf, Folder, Json, Language
from segmentry.cli.output import below, clean, emit, footer, heads, row, show, table, writer
from segmentry.cli.session import opened

if TYPE_CHECKING:
    from segmentry.report.writer import Writer

MOST_COLUMNS = 6
"""Groups beside one another; the others are in --json."""
Names = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="NAME",
        help="A segmentation (rfm); or saved segments, groups (rfm/VIP) and rules.",
        show_default="rfm",
    ),
]


def upcoming(
    names: Names = None,
    *,
    of: Annotated[
        str, typer.Option("--of", metavar="COLUMN", help="A column of products, or product_id.")
    ] = "category",
    top: Annotated[int, typer.Option(min=1, help="How many things to show.")] = 10,
    as_of: AsOf = None,
    language: Language = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Show how likely the next purchase holds each category, group by group.

    Of each customer by itself: `segmentry export next --to next.csv`.

    Examples:
      segmentry upcoming -w shop
      segmentry upcoming lifecycle --of subcategory -w shop --json
    """
    with opened(folder) as workspace:
        instant = instant_of(workspace, as_of)
        document = answers.upcoming(workspace, names or (), of, top, instant, language)
        write = writer("", language or workspace.settings.language)
    emit(document, as_json=as_json, draw=lambda screen, _: _draw(screen, document, write))


def _draw(screen: Console, document: Document, write: Writer) -> None:
    groups = document["groups"][:MOST_COLUMNS]
    columns = (f">{clean(each['name'])}" for each in groups)
    drawn = table(document["of"], *heads(write, ">upcoming.everyone"), *columns)
    shares = [{one["item"]: one["share"] for one in each["items"]} for each in groups]
    for each in document["everyone"]["items"]:
        name = f" ({clean(each['product_name'])})" if each["product_name"] else ""
        cells = (write.share(own.get(each["item"])) for own in shares)
        row(drawn, Text(clean(each["item"]) + name, "bold"), write.share(each["share"]), *cells)
    show(screen, drawn)
    below(screen, Text("\n".join(document["sentences"]), style="dim"))
    below(screen, footer(document, write.messages.language))
