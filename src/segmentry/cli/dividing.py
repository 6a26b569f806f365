"""`segmentry rfm` and `segmentry groups`: ready-made segmentations as numbers."""

from __future__ import annotations

from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.text import Text

from segmentry.answers import methods as answers
from segmentry.answers.basis import instant_of
from segmentry.answers.plain import Document
from segmentry.cli.option import HERE, AsOf, Folder, Json
from segmentry.cli.output import bar, clean, emit, footer, row, show, table, writer
from segmentry.cli.session import opened

Scheme = Literal["five", "eleven"]


def rfm(
    as_of: AsOf = None,
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
        document = answers.rfm(workspace, instant, scheme)
        currency = workspace.settings.currency
    emit(
        document, as_json=as_json, draw=lambda screen, _: draw_division(screen, document, currency)
    )


def groups(
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME", help="A segmentation; without one, they are listed."),
    ] = None,
    as_of: AsOf = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Divide customers by a ready-made segmentation: temperature, lifecycle, RFM.

    Examples:
      segmentry groups -w shop
      segmentry groups lifecycle -w shop
    """
    with opened(folder) as workspace:
        if name is None:
            document = answers.segmentations(workspace)
            emit(document, as_json=as_json, draw=_draw_segmentations)
            return
        instant = instant_of(workspace, as_of)
        document = answers.division(workspace, name, instant)
        currency = workspace.settings.currency
    emit(
        document, as_json=as_json, draw=lambda screen, _: draw_division(screen, document, currency)
    )


def draw_division(screen: Console, document: Document, currency: str) -> None:
    """The groups with bars for their shares of customers and, where there is any, of revenue."""
    write = writer(currency)
    earned = any(each["revenue_amount"] for each in document["groups"])
    drawn = table("Group", ">Customers", "Share", "", *([">Revenue", "Share", ""] * earned))
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
    parts = [drawn, _means(document, currency), footer(document)]
    show(screen, *(each for each in parts if each))
    for reason in document["reasons"]:
        screen.print(Text(reason, style="dim"))


def _means(document: Document, currency: str) -> Text | None:
    write, mean = writer(currency), document["mean"]
    if not mean:
        return None
    return Text(
        f"{write.count(document['customers'])} customers; on average "
        f"{write.number(mean['recency_days'])} days since the last order, "
        f"{write.number(mean['frequency'])} orders, {write.money(mean['monetary'])} paid."
    )


def _draw_segmentations(screen: Console, document: Document) -> None:
    drawn = table("Name", "What", "Groups")
    for each in document["segmentations"]:
        what = f"needs {each['locked_by']}" if each["locked_by"] else ", ".join(each["groups"])
        row(
            drawn, each["name"], each["label"], Text(what, style="dim" if each["locked_by"] else "")
        )
    show(screen, drawn)
