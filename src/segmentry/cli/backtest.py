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
from segmentry.cli.option import HERE, AsOf, Folder, Json, Language
from segmentry.cli.output import bar, below, clean, emit, footer, heads, row, table, writer
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
    language: Language = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Take segments as of past months, and see what their members did afterwards.

    Examples:
      segmentry backtest -w shop
      segmentry backtest rfm "frequency >= 3" -w shop --json
    """
    with opened(folder) as workspace:
        document = answers.backtest(workspace, names or (), instant_of(workspace, as_of), language)
        settings = workspace.settings
    write = writer(settings.currency, language or settings.language)
    emit(document, as_json=as_json, draw=lambda screen, _: _draw(screen, document, write))


def _draw(screen: Console, document: Document, write: Writer) -> None:
    for each in document["tried"]:
        below(screen, _groups(each, write))
    if document["ranking"]:
        below(screen, _ranking(document, write))
    else:
        below(screen, write.messages("terminal.backtest.unranked"))
    cuts = document["cuts"]
    taken = write.messages("terminal.backtest.taken", count=len(cuts), first=cuts[0], last=cuts[-1])
    screen.print(Text(taken, style="dim"))
    below(screen, footer(document, write.messages.language))


def _groups(document: Document, write: Writer) -> Any:
    drawn = table(
        *heads(
            write, "name.group", ">customers", ">backtest.bought", ">backtest.than_others",
            ">interval", ">revenue", ">interval", "backtest.verdict",
        ),
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
                span(more, write.share, write.messages.language),
                write.money(one["revenue"]["value"]),
                span(one["revenue"], write.money, write.messages.language),
                Text(each["sentence"], style=STYLES[each["verdict"]]),
            )
    return drawn


def _ranking(document: Document, write: Writer) -> Any:
    drawn = table(
        *heads(
            write, "backtest.tells", ">backtest.groups", ">backtest.gini", ">interval", "",
            ">backtest.explained", ">backtest.over_spend",
        )
    )  # fmt: skip
    for each in document["ranking"]:
        row(
            drawn,
            Text(clean(each["name"]), style="dim" if each["naive"] else "bold"),
            write.count(each["groups"]),
            write.number(each["gini"]["value"], 2),
            span(each["gini"], lambda value: write.number(value, 2), write.messages.language),
            bar(max(each["gini"]["value"] or 0.0, 0.0), 12, "green"),
            write.share(each["explained"]["value"]),
            write.number(each["over_naive"]["value"], 2),
        )
    return drawn
