"""`segmentry backtest`: does a rule say anything about what comes?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from segmentry.answers import backtest as answers
from segmentry.answers.basis import instant_of
from segmentry.answers.plain import Document
from segmentry.cli.estimate import span
from segmentry.cli.option import HERE, AsOf, Folder, Json
from segmentry.cli.output import bar, below, clean, emit, footer, row, table, writer
from segmentry.cli.session import opened

if TYPE_CHECKING:
    from segmentry.report.writer import Writer

STYLES = {"more": "green", "less": "red", "past": "yellow", "unsaid": "dim"}


def backtest(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME",
            help="Segmentations, saved segments, groups (rfm/VIP) and rules.",
            show_default="the usual segmentations and all that is saved",
        ),
    ] = None,
    as_of: AsOf = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Take segments as of past months, and see what their members did afterwards.

    Examples:
      segmentry backtest -w shop
      segmentry backtest rfm "frequency >= 3" -w shop --json
    """
    with opened(folder) as workspace:
        document = answers.backtest(workspace, names or (), instant_of(workspace, as_of))
        currency = workspace.settings.currency
    emit(document, as_json=as_json, draw=lambda screen, _: _draw(screen, document, currency))


def _draw(screen: Console, document: Document, currency: str) -> None:
    write = writer(currency)
    for each in document["tried"]:
        below(screen, _groups(each, write))
    if document["ranking"]:
        below(screen, _ranking(document, write))
    else:
        below(screen, "Not ranked: it needs 500 buyers, and cuts 90 days apart.")
    taken = f"Taken as of {len(document['cuts'])} months, {document['cuts'][0]} to "
    screen.print(Text(f"{taken}{document['cuts'][-1]}; a customer counts once for certainty.",
                      style="dim"))  # fmt: skip
    below(screen, footer(document))


def _groups(document: Document, write: Writer) -> Any:
    drawn = table(
        "Group", ">Customers", ">Bought", ">Than others", ">95 %", ">Revenue", ">95 %", "Verdict",
        title=clean(document["name"]),
    )  # fmt: skip
    for each in document["groups"]:
        chosen = [one for one in each["outcomes"] if one["days"] == 90] or each["outcomes"][-1:]
        for one in chosen if each["customers"] else ():
            more = one["bought_more"]
            row(
                drawn,
                Text(clean(each["name"]), style="bold"),
                write.count(each["customers"]),
                write.share(one["bought"]["value"]),
                write.share(more["value"]),
                span(more, write.share),
                write.money(one["revenue"]["value"]),
                span(one["revenue"], write.money),
                Text(each["sentence"], style=STYLES[each["verdict"]]),
            )
    return drawn


def _ranking(document: Document, write: Writer) -> Any:
    drawn = table(
        "Tells who will bring much", ">Groups", ">Gini", ">95 %", "", ">Explained", ">Over spend"
    )
    for each in document["ranking"]:
        row(
            drawn,
            Text(clean(each["name"]), style="dim" if each["naive"] else "bold"),
            write.count(each["groups"]),
            write.number(each["gini"]["value"], 2),
            span(each["gini"], lambda value: write.number(value, 2)),
            bar(max(each["gini"]["value"] or 0.0, 0.0), 12, "green"),
            write.share(each["explained"]["value"]),
            write.number(each["over_naive"]["value"], 2),
        )
    return drawn
