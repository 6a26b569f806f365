"""`segmentry discover`: groups that bring far more than the others, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from segmentry.answers import discoveries as answers
from segmentry.answers.basis import instant_of
from segmentry.answers.plain import Document
from segmentry.cli.estimate import span
from segmentry.cli.guide import add as add_command
from segmentry.cli.guide import guide
from segmentry.cli.option import HERE, AsOf, Folder, Json, Language
from segmentry.cli.output import below, clean, emit, footer, heads, listed, row, table, writer
from segmentry.cli.session import opened

if TYPE_CHECKING:
    from segmentry.report.writer import Writer
    from segmentry.workspace.workspace import Workspace

HELP = """Search crossings of criteria for the groups that differ most from everyone else.

Half of the customers is searched; a group is shown only if it holds in the other half, and its
figures are of that half. Where there is a later time, it is checked there too.

Examples:
  segmentry discover -w shop
  segmentry discover --by bought_again --days 30 -w shop
  segmentry discover --by clv --less -w shop --json
  segmentry discover save 1 big_spenders -w shop
"""
Amount = Callable[[Any], str]
SAID = {"held": "green", "unsaid": "yellow", "turned": "red", "none": "dim"}

By = Annotated[
    str,
    typer.Option(
        metavar="OUTCOME",
        help="revenue, profit, orders or bought_again in the days to come, or a feature as it is.",
    ),
]
Days = Annotated[int, typer.Option(metavar="DAYS", min=1, help="How far ahead.")]
Less = Annotated[bool, typer.Option("--less", help="Look for those who have less than others.")]
Features = Annotated[
    str | None,
    typer.Option(
        metavar="NAMES",
        help="What rules are made of, with commas between.",
        show_default="all that is there",
    ),
]
Depth = Annotated[int, typer.Option(metavar="NUMBER", help="Most conditions of a rule, 1 to 4.")]
Beam = Annotated[int, typer.Option(metavar="NUMBER", min=1, help="Beginnings that are pursued.")]
Least = Annotated[
    int | None,
    typer.Option(
        metavar="CUSTOMERS",
        min=2,
        help="Fewest customers of a group.",
        show_default="1 %, and at least 100",
    ),
]
Most = Annotated[int, typer.Option(metavar="NUMBER", min=1, help="How many groups to show.")]


def find(  # noqa: PLR0913 - each is an option of its own
    context: typer.Context,
    *,
    by: By = "revenue",
    days: Days = 90,
    less: Less = False,
    features: Features = None,
    depth: Depth = 3,
    beam: Beam = 50,
    least: Least = None,
    most: Most = 10,
    as_of: AsOf = None,
    language: Language = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Look for groups, unless a command follows."""
    if context.invoked_subcommand:
        return
    from segmentry.workspace.discovery import Wanted

    names = tuple(each.strip() for each in (features or "").split(",") if each.strip())
    wanted = Wanted(by, days, less, names, depth, beam, least, most)
    with opened(folder) as workspace:
        document = answers.find(workspace, wanted, instant_of(workspace, as_of), language)
        settings = workspace.settings
        write = writer(settings.currency, language or settings.language)
        amount = _written(workspace, by, write)
    emit(document, as_json=as_json, draw=lambda screen, _: _draw(screen, document, write, amount))


def save(
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="Of the group, as shown last.")],
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the new segment.")],
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Keep a group that was found last as an ordinary segment.

    Example:
      segmentry discover save 1 big_spenders -w shop
    """
    with opened(folder) as workspace:
        document = answers.save(workspace, number, name)
    emit(document, as_json=as_json, draw=_draw_saved)


def _written(workspace: Workspace, by: str, write: Writer) -> Amount:
    """How an outcome is written: money, a share or a number."""
    features = workspace.features()
    unit = features.known[by].declaration.unit if by in features else ""
    if unit == "money" or by in ("revenue", "profit"):
        return write.money
    return write.share if unit == "share" or by == "bought_again" else write.number


# for people


def _draw(screen: Console, document: Document, write: Writer, amount: Amount) -> None:
    screen.print(Text(clean(document["sentence"]), "bold"))
    if document["groups"]:
        below(screen, _groups(document["groups"], write, amount))
    for each in document["groups"]:
        below(screen, Text(clean(f"{each['number']}. {each['sentence']}"), "bold"))
        screen.print(Text(clean(each["rule"])))
        for warning in each["warnings"]:
            screen.print(Text(clean(warning["sentence"]), "yellow"))
    below(screen, Text(_searched(document, write), "dim"))
    if document["left_out"]:
        left_out = listed(document["left_out"], 8)
        text = write.messages("terminal.discover.left_out", list=left_out)
        screen.print(Text(text, "dim"))
    screen.print(footer(document, write.messages.language))


def _searched(document: Document, write: Writer) -> str:
    numbers = ("conditions", "features", "tried", "tested", "confirmed")
    return write.messages(
        "terminal.discover.searched",
        customers=write.messages("report.customer_count", count=document["asked"]),
        cut=document["cut"],
        **{name: write.count(document[name]) for name in numbers},
    )


def _groups(groups: list[dict[str, Any]], write: Writer, amount: Amount) -> Any:
    drawn = table(
        *heads(
            write, ">", ">customers", ">share", ">discover.each", ">interval", ">discover.others",
            ">discover.times", ">interval", ">discover.of_all", "discover.later",
        )
    )  # fmt: skip
    for each in groups:
        row(
            drawn,
            each["number"],
            write.count(each["customers"]),
            write.share(each["customer_share"]),
            amount(each["each"]["value"]),
            span(each["each"], amount, write.messages.language),
            amount(each["others"]["value"]),
            write.number(each["lift"]["value"], 1),
            span(each["lift"], lambda value: write.number(value, 1), write.messages.language),
            write.share(each["outcome_share"]["value"]),
            Text(each["later_sentence"], SAID[each["later"]]),
        )
    return drawn


def _draw_saved(screen: Console, document: Document) -> None:
    screen.print(Text(clean(f"Saved `{document['name']}`: {document['sentence']}"), "bold"))
    screen.print(Text(clean(document["rule"])))


discover = typer.Typer(help=guide(HELP), invoke_without_command=True, callback=find)
add_command(discover, "save", save)
