"""`segmentry value`: what segments and groups are worth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from segmentry.answers import value as answers
from segmentry.answers.basis import instant_of
from segmentry.answers.plain import Document
from segmentry.cli.estimate import span
from segmentry.cli.option import HERE, AsOf, Folder, Json, Language
from segmentry.cli.output import bar, below, clean, emit, footer, heads, row, show, table, writer
from segmentry.cli.session import opened

if TYPE_CHECKING:
    from segmentry.report.writer import Writer

Names = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="NAME",
        help="A segmentation (rfm); or saved segments, groups (rfm/VIP) and rules.",
        show_default="all saved segments",
    ),
]
Period = Annotated[
    int,
    typer.Option(
        "--period", metavar="DAYS", min=1, help="Days by which retention and CAC are judged."
    ),
]


def value(
    names: Names = None,
    as_of: AsOf = None,
    period: Period = 90,
    language: Language = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Show what segments or groups are worth, with intervals or why there is none.

    Examples:
      segmentry value rfm -w shop
      segmentry value "frequency >= 3" rfm/VIP -w shop --json
    """
    with opened(folder) as workspace:
        when = instant_of(workspace, as_of)
        document = answers.value(workspace, names or (), when, period, language)
        settings = workspace.settings
    write = writer(settings.currency, language or settings.language)
    emit(document, as_json=as_json, draw=lambda screen, _: _draw(screen, document, write))


def _draw(screen: Console, document: Document, write: Writer) -> None:
    show(screen, _worths(document, write))
    held = table(
        *heads(
            write, "", ">value.per_customer", ">interval", ">value.order", ">interval",
            ">value.orders_each", ">value.retention",
        )
    )  # fmt: skip
    for each in document["segments"]:
        row(
            held,
            Text(clean(each["name"]), style="bold"),
            write.money(each["revenue_per_customer"]["value"]),
            span(each["revenue_per_customer"], write.money, write.messages.language),
            write.money(each["order_value"]["value"]),
            span(each["order_value"], write.money, write.messages.language),
            write.number(each["orders_per_customer"]["value"]),
            write.share(each["retention"]["value"]),
        )
    below(screen, held)
    if any(each["acquisition"] for each in document["segments"]):
        below(screen, _acquisitions(document, write))
    for each in document["missing"]:
        name, _, lacking = each.partition(": ")
        screen.print(
            Text(write.messages("terminal.value.lacking", name=name, lacking=lacking), "dim")
        )
    below(screen, footer(document, write.messages.language))


def _worths(document: Document, write: Writer) -> Any:
    profitable = any(each["profit_amount"] is not None for each in document["segments"])
    columns = (">value.profit", "share") if profitable else ()
    drawn = table(
        *heads(
            write, "name.segment", ">customers", ">share", ">revenue", ">share", ">interval", "",
            ">index", *columns,
        )
    )  # fmt: skip
    for each in document["segments"]:
        cells = [
            Text(clean(each["name"]), style="bold"),
            write.count(each["customers"]),
            write.share(each["customer_share"]),
            write.money(each["revenue_amount"]),
            write.share(each["revenue_share"]["value"]),
            span(each["revenue_share"], write.share, write.messages.language),
            bar(each["revenue_share"]["value"], 12, "green"),
            write.number(each["index"]),
        ]
        if profitable:
            cells += [write.money(each["profit_amount"]), write.share(each["profit_share"])]
        row(drawn, *cells)
    return drawn


def _acquisitions(document: Document, write: Writer) -> Any:
    columns = ("new_customers", "cost", "cac", "roi", "clv_to_cac")
    drawn = table("", *heads(write, *(f">value.{each}" for each in columns)))
    for each in document["segments"]:
        won = each["acquisition"]
        if won:
            row(
                drawn,
                Text(clean(each["name"]), style="bold"),
                write.count(won["new_customers"]),
                write.money(won["cost_amount"]),
                write.money(won["cac_amount"]),
                write.share(won["roi"]),
                write.number(each["clv_to_cac"]),
            )
    return drawn
