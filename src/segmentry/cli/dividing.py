"""`segmentry rfm` and `segmentry groups`: ready-made segmentations as numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Console
from rich.text import Text

from segmentry.answers import methods as answers
from segmentry.answers.basis import instant_of
from segmentry.answers.plain import Document
from segmentry.cli.option import HERE, AsOf, Folder, Json, Language
from segmentry.cli.output import bar, clean, emit, footer, heads, row, show, table, writer
from segmentry.cli.session import opened

if TYPE_CHECKING:
    from segmentry.report.writer import Writer

Scheme = Literal["five", "eleven"]


def rfm(
    as_of: AsOf = None,
    language: Language = None,
    scheme: Annotated[Scheme, typer.Option(help="The five groups, or the eleven.")] = "five",
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Divide customers by recency, frequency and monetary value.

    Examples:
      segmentry rfm -w shop
      segmentry rfm -w shop --scheme eleven --as-of 2011-12-10 --json
    """
    with opened(folder) as workspace:
        instant = instant_of(workspace, as_of)
        document = answers.rfm(workspace, instant, scheme, language)
        write = writer(workspace.settings.currency, language or workspace.settings.language)
    emit(document, as_json=as_json, draw=lambda screen, _: draw_division(screen, document, write))


def groups(
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME", help="A segmentation; without one, they are listed."),
    ] = None,
    as_of: AsOf = None,
    language: Language = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Divide customers by a ready-made segmentation: temperature, lifecycle, RFM.

    Examples:
      segmentry groups -w shop
      segmentry groups lifecycle -w shop
    """
    with opened(folder) as workspace:
        write = writer(workspace.settings.currency, language or workspace.settings.language)
        if name is None:
            every = answers.segmentations(workspace, language)
            emit(every, as_json=as_json, draw=lambda at, _: _draw_segmentations(at, every, write))
            return
        document = answers.division(workspace, name, instant_of(workspace, as_of), language)
    emit(document, as_json=as_json, draw=lambda screen, _: draw_division(screen, document, write))


def draw_division(screen: Console, document: Document, write: Writer) -> None:
    """The groups with bars for their shares of customers and, where there is any, of revenue."""
    earned = any(each["revenue_amount"] for each in document["groups"])
    columns = ["name.group", ">customers", "share", "", *([">revenue", "share", ""] * earned)]
    drawn = table(*heads(write, *columns))
    for each in document["groups"]:
        cells = [
            Text(clean(each["label"]), style="bold"),
            write.count(each["customers"]),
            write.share(each["customer_share"]),
            bar(each["customer_share"]),
        ]
        if earned:
            cells += [
                write.money(each["revenue_amount"]),
                write.share(each["revenue_share"]),
                bar(each["revenue_share"], style="green"),
            ]
        row(drawn, *cells)
    parts = [drawn, _means(document, write), footer(document, write.messages.language)]
    show(screen, *(each for each in parts if each))
    for reason in document["reasons"]:
        screen.print(Text(reason, style="dim"))


def _means(document: Document, write: Writer) -> Text | None:
    say, mean = write.messages, document["mean"]
    if not mean:
        return None
    return Text(
        say(
            "terminal.groups.mean",
            customers=say("report.customer_count", count=document["customers"]),
            days=write.number(mean["recency_days"]),
            orders=write.number(mean["frequency"]),
            paid=write.money(mean["monetary"]),
        )
    )


def _draw_segmentations(screen: Console, document: Document, write: Writer) -> None:
    say = write.messages
    columns = heads(write, "groups.what", "backtest.groups")
    drawn = table(say("report.name"), *columns)
    for each in document["segmentations"]:
        locked = each["locked_by"]
        what = ", ".join(each["groups"])
        if locked:
            what = say("terminal.groups.needs", what=locked)
        row(drawn, each["name"], each["label"], Text(what, style="dim" if locked else ""))
    show(screen, drawn)
