"""`segmentry backtest`: does a rule say anything about what comes?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from segmentry.answers.basis import basis, instant_of
from segmentry.answers.estimate import estimate
from segmentry.answers.plain import Document
from segmentry.cli.estimate import span
from segmentry.cli.option import HERE, AsOf, Folder, Json
from segmentry.cli.output import bar, below, clean, emit, footer, row, table, writer
from segmentry.cli.session import opened

if TYPE_CHECKING:
    from segmentry.insights.backtest import Outcome, Ranked, Tried
    from segmentry.locale import Messages
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
        instant = instant_of(workspace, as_of)
        found = workspace.insights.backtest(*(names or ()), when=instant)
        messages = workspace.wording().messages
        document: Document = {
            **basis(workspace, instant),
            "cuts": list(found.cuts),
            "tried": [
                {"name": name, "groups": [_tried(each, messages) for each in groups]}
                for name, groups in found.groups.items()
            ],
            "ranking": [_ranked(each) for each in found.ranking],
        }
        currency = workspace.settings.currency
    emit(document, as_json=as_json, draw=lambda screen, _: _draw(screen, document, currency))


def _tried(found: Tried, messages: Messages) -> Document:
    return {
        "name": found.name,
        "customers": found.customers,
        "memberships": found.memberships,
        "past_more": estimate(found.past_more),
        "outcomes": [_outcome(each) for each in found.outcomes],
        "verdict": found.verdict,
        "sentence": messages(f"backtest.verdict.{found.verdict}"),
    }


def _outcome(found: Outcome) -> Document:
    return {
        "days": found.days,
        "revenue": estimate(found.revenue),
        "revenue_more": estimate(found.revenue_more),
        "orders": estimate(found.orders),
        "orders_more": estimate(found.orders_more),
        "bought": estimate(found.bought),
        "bought_more": estimate(found.bought_more),
    }


def _ranked(found: Ranked) -> Document:
    return {
        "name": found.name,
        "groups": found.groups,
        "gini": estimate(found.gini),
        "explained": estimate(found.explained),
        "over_naive": estimate(found.over_naive),
        "naive": found.naive,
    }


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
