"""`segmentry market …`: segments against the population, not only against the base."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from segmentry.answers import market as answers
from segmentry.answers.basis import instant_of
from segmentry.answers.plain import Document
from segmentry.cli.guide import add as add_command
from segmentry.cli.guide import guide
from segmentry.cli.option import HERE, AsOf, Folder, Json, Language, Name
from segmentry.cli.output import below, clean, emit, footer, heads, listed, row, table, writer
from segmentry.cli.session import opened

if TYPE_CHECKING:
    from segmentry.report.writer import Writer

HELP = """Load population figures, and compare segments with them.

Examples:
  segmentry market load census.csv -w shop
  segmentry market compare regulars -w shop
"""


def load(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="CSV with trait, value, figure; or YAML.")
    ],
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Keep the population figures of a file: people, or shares, for each value of a trait.

    Example:
      segmentry market load census.csv -w shop
    """
    with opened(folder) as workspace:
        document = answers.figures(workspace.market.load(file))
        write = writer("", workspace.settings.language)
    emit(document, as_json=as_json, draw=lambda screen, _: _draw_figures(screen, document, write))


def show(language: Language = None, folder: Folder = HERE, as_json: Json = False) -> None:
    """Show the population figures that are kept.

    Example:
      segmentry market show -w shop
    """
    with opened(folder) as workspace:
        document = answers.figures(workspace.market.all())
        write = writer("", language or workspace.settings.language)
    emit(document, as_json=as_json, draw=lambda screen, _: _draw_figures(screen, document, write))


def compare(
    name: Name,
    as_of: AsOf = None,
    language: Language = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Compare a segment with the market: 1 is as many as among people, 2 twice as many.

    Example:
      segmentry market compare regulars -w shop
    """
    with opened(folder) as workspace:
        document = answers.compare(workspace, name, instant_of(workspace, as_of))
        write = writer("", language or workspace.settings.language)
    emit(document, as_json=as_json, draw=lambda at, _: _draw_comparisons(at, document, write))


def _draw_figures(screen: Console, document: Document, write: Writer) -> None:
    if not document["traits"]:
        screen.print(write.messages("terminal.market.none"))
    for each in document["traits"]:
        shares = [f"{value} {write.share(share)}" for value, share in each["shares"].items()]
        source = f" ({each['source']})" if each["source"] else ""
        screen.print(clean(f"{each['trait']}: {listed(shares, 20)}{source}"))


def _draw_comparisons(screen: Console, document: Document, write: Writer) -> None:
    say = write.messages
    columns = ["market.value", ">share", ">interval", ">market.market", ">index"]
    for each in document["traits"]:
        drawn = table(*heads(write, *columns, ">market.of_base", ""))
        for one in each["values"]:
            row(
                drawn,
                clean(one["value"]),
                write.share(one["share"]),
                _span(one, write),
                write.share(one["market_share"]),
                *(write.number(one[part], 2) for part in ("index", "base_index")),
                Text(say("terminal.market.differs") if one["differs"] else "", "bold"),
            )
        below(screen, Text(clean(each["trait"]), "bold"), drawn)
        if each["unmatched"]:
            left = clean(listed(list(each["unmatched"])))
            screen.print(say("terminal.market.unmatched", list=left))
        if each["absent"]:
            screen.print(say("terminal.market.absent", list=clean(listed(each["absent"]))))
        if each["missing"]:
            screen.print(say("terminal.market.missing", count=write.count(each["missing"])))
    screen.print(footer(document, say.language))


def _span(one: Document, write: Writer) -> str:
    if one["low"] is None:
        return write.share(None)
    low, high = (write.round_share(one[end]) for end in ("low", "high"))
    return write.messages("report.span", low=low, high=high)


market = typer.Typer(no_args_is_help=True, help=guide(HELP))
COMMANDS: dict[str, Callable[..., None]] = {"load": load, "show": show, "compare": compare}
for command_name, command in COMMANDS.items():
    add_command(market, command_name, command)
