"""`segmentry market …`: segments against the population, not only against the base."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from segmentry.answers import market as answers
from segmentry.answers.basis import instant_of
from segmentry.answers.plain import Document
from segmentry.cli.guide import add as add_command
from segmentry.cli.guide import guide
from segmentry.cli.option import HERE, AsOf, Folder, Json, Name
from segmentry.cli.output import below, clean, emit, footer, listed, row, table
from segmentry.cli.session import opened

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
    emit(document, as_json=as_json, draw=_draw_figures)


def show(folder: Folder = HERE, as_json: Json = False) -> None:
    """Show the population figures that are kept.

    Example:
      segmentry market show -w shop
    """
    with opened(folder) as workspace:
        document = answers.figures(workspace.market.all())
    emit(document, as_json=as_json, draw=_draw_figures)


def compare(name: Name, as_of: AsOf = None, folder: Folder = HERE, as_json: Json = False) -> None:
    """Compare a segment with the market: 1 is as many as among people, 2 twice as many.

    Example:
      segmentry market compare regulars -w shop
    """
    with opened(folder) as workspace:
        document = answers.compare(workspace, name, instant_of(workspace, as_of))
    emit(document, as_json=as_json, draw=_draw_comparisons)


def _draw_figures(screen: Console, document: Document) -> None:
    if not document["traits"]:
        screen.print("No figures of the market yet.")
    for each in document["traits"]:
        shares = [f"{value} {share:.1%}" for value, share in each["shares"].items()]
        source = f" ({each['source']})" if each["source"] else ""
        screen.print(clean(f"{each['trait']}: {listed(shares, 20)}{source}"))


def _draw_comparisons(screen: Console, document: Document) -> None:
    for each in document["traits"]:
        drawn = table("Value", ">Share", ">95 %", ">Market", ">Index", ">Of the base", "")
        for one in each["values"]:
            span = "–" if one["low"] is None else f"{one['low']:.0%}–{one['high']:.0%}"
            sure = Text("differs", "bold") if one["differs"] else Text("")
            share = "–" if one["share"] is None else f"{one['share']:.1%}"
            market = f"{one['market_share']:.1%}"
            indexes = (_index(one[part]) for part in ("index", "base_index"))
            row(drawn, clean(one["value"]), share, span, market, *indexes, sure)
        below(screen, Text(clean(each["trait"]), "bold"), drawn)
        if each["unmatched"]:
            screen.print(clean(f"Not among the market's values: {listed(list(each['unmatched']))}"))
        if each["absent"]:
            screen.print(clean(f"No customer has: {listed(each['absent'])}"))
        if each["missing"]:
            screen.print(f"Without a value, left out: {each['missing']:,}")
    screen.print(footer(document))


def _index(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


market = typer.Typer(no_args_is_help=True, help=guide(HELP))
COMMANDS: dict[str, Callable[..., None]] = {"load": load, "show": show, "compare": compare}
for command_name, command in COMMANDS.items():
    add_command(market, command_name, command)
