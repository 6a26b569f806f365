"""`segmentry affinity`: what is bought together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from segmentry.answers import buying as answers
from segmentry.answers.basis import instant_of
from segmentry.answers.plain import Document
from segmentry.cli.estimate import span
from segmentry.cli.option import HERE, AsOf, Folder, Json, Language
from segmentry.cli.output import below, clean, emit, footer, heads, row, show, table, writer
from segmentry.cli.session import opened

if TYPE_CHECKING:
    from segmentry.report.writer import Writer

Segment = Annotated[
    str | None,
    typer.Argument(
        metavar="SEGMENT",
        help="A saved segment, a group (rfm/VIP) or a rule: its orders against all others.",
        show_default="all orders",
    ),
]
Of = Annotated[
    str, typer.Option("--of", metavar="COLUMN", help="product_id, or a column of products.")
]


def affinity(  # noqa: PLR0913 - its options
    segment: Segment = None,
    *,
    of: Of = "product_id",
    least: Annotated[
        float,
        typer.Option(metavar="SHARE", min=0, max=1, help="Share of orders that a set must be in."),
    ] = 0.01,
    size: Annotated[int, typer.Option(min=2, max=3, help="2: pairs; 3: threes too.")] = 2,
    top: Annotated[int, typer.Option(min=1, help="How many sets to show.")] = 20,
    as_of: AsOf = None,
    language: Language = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Show what is in one order together more often than chance.

    Examples:
      segmentry affinity --of category -w shop
      segmentry affinity rfm/VIP --of subcategory --least 0.005 -w shop --json
    """
    with opened(folder) as workspace:
        document = answers.affinity(
            workspace, segment, of, least, size, top, instant_of(workspace, as_of)
        )
        write = writer("", language or workspace.settings.language)
    emit(document, as_json=as_json, draw=lambda screen, _: _draw(screen, document, write))


def _draw(screen: Console, document: Document, write: Writer) -> None:
    say = write.messages
    against = bool(document["other_orders"])
    columns = (">affinity.of_others", ">index", ">interval") if against else ()
    drawn = table(
        *heads(
            write, "affinity.together", ">affinity.orders", ">share", ">affinity.lift",
            ">interval", *columns, "",
        )
    )  # fmt: skip
    for each in document["sets"]:
        cells = [
            Text(" + ".join(_shown(one) for one in each["items"])),
            write.count(each["orders"]),
            write.share(each["support"]),
            write.number(each["lift"]["value"]),
            span(each["lift"], write.number, say.language),
        ]
        if against:
            cells += [write.share(each["other_support"]), write.number(each["index"]["value"])]
            cells.append(span(each["index"], write.number, say.language))
        row(
            drawn,
            *cells,
            Text(say("terminal.affinity.certain") if each["certain"] else "", style="bold"),
        )
    show(screen, drawn if document["sets"] else say("terminal.affinity.none"))
    below(screen, Text(_legend(document, write), style="dim"))
    below(screen, footer(document, say.language))


def _shown(item: Document) -> str:
    name = f" ({clean(item['product_name'])})" if item["product_name"] else ""
    return clean(item["item"]) + name


def _legend(document: Document, write: Writer) -> str:
    numbers = {"certain": "certain", "found": "found", "least": "least_orders", "orders": "orders"}
    return write.messages(
        f"terminal.affinity.legend.{'index' if document['other_orders'] else 'lift'}",
        **{name: write.count(document[key]) for name, key in numbers.items()},
    )
