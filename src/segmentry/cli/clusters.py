"""`segmentry clusters …`: natural groups of customers, or that there are none; each as a rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from segmentry.answers import clusters as answers
from segmentry.answers.basis import instant_of
from segmentry.answers.plain import Document
from segmentry.cli.guide import add as add_command
from segmentry.cli.guide import guide
from segmentry.cli.option import HERE, AsOf, Folder, Json, Language
from segmentry.cli.output import below, clean, emit, footer, heads, row, table, writer
from segmentry.cli.session import opened

if TYPE_CHECKING:
    from segmentry.report.writer import Writer
    from segmentry.workspace.clusters import Wanted
    from segmentry.workspace.wording import Wording

HELP = """Find natural groups of customers, and save them as rules.

Groups are natural when they come back in every sample, have few customers between them, and stand
apart more than in data without groups. Often there are none; then that is the answer.

Examples:
  segmentry clusters find -w shop
  segmentry clusters find --features recency_days,frequency,discount_depth -w shop
  segmentry clusters save buyers_by_habit -w shop
"""
Features = Annotated[
    str | None,
    typer.Option(
        metavar="NAMES",
        help="What to compare customers by, with commas between; 12 at most.",
        show_default="the usual ones that there are",
    ),
]
Anyway = Annotated[
    int | None,
    typer.Option(
        metavar="NUMBER",
        help="Divide into so many groups, 2 to 8, if there are no natural ones.",
        show_default=False,
    ),
]
Seed = Annotated[int, typer.Option(metavar="NUMBER", min=0, help="Of everything random.")]
Saved = Annotated[str, typer.Argument(metavar="NAME", help="Name of the clusters.")]


def find(
    features: Features = None,
    anyway: Anyway = None,
    seed: Seed = 1,
    as_of: AsOf = None,
    language: Language = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Look for natural groups; nothing is saved.

    Examples:
      segmentry clusters find -w shop
      segmentry clusters find --anyway 4 -w shop
    """
    with opened(folder) as workspace:
        instant = instant_of(workspace, as_of)
        wanted = _wanted(features, anyway, seed, language)
        document = answers.find(workspace, wanted, instant, language)
        wording = workspace.wording(language)
    emit(document, as_json=as_json, draw=lambda screen, _: _draw(screen, document, wording))


def save(
    name: Saved,
    features: Features = None,
    anyway: Anyway = None,
    seed: Seed = 1,
    as_of: AsOf = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Find clusters and save them as a segmentation; saved again, they keep their ids.

    Example:
      segmentry clusters save buyers_by_habit -w shop
    """
    with opened(folder) as workspace:
        instant = instant_of(workspace, as_of)
        document = answers.save(workspace, name, _wanted(features, anyway, seed, None), instant)
        wording = workspace.wording()
    emit(document, as_json=as_json, draw=lambda screen, _: _draw(screen, document, wording))


def show(
    name: Saved, language: Language = None, folder: Folder = HERE, as_json: Json = False
) -> None:
    """Show saved clusters as they were found.

    Example:
      segmentry clusters show buyers_by_habit -w shop
    """
    with opened(folder) as workspace:
        document = answers.one(workspace, name, language)
        wording = workspace.wording(language)
    emit(document, as_json=as_json, draw=lambda screen, _: _draw(screen, document, wording))


def _wanted(features: str | None, anyway: int | None, seed: int, language: str | None) -> Wanted:
    from segmentry.workspace.clusters import Wanted

    names = tuple(each.strip() for each in (features or "").split(",") if each.strip())
    return Wanted(names, anyway, seed, language)


# for people


def _draw(screen: Console, document: Document, wording: Wording) -> None:
    write = writer("", wording.language)
    say = write.messages
    screen.print(Text(clean(document["verdict"]), "bold"))
    screen.print(Text(clean(" ".join(document["reasons"])), "dim"))
    if document["clusters"]:
        below(screen, _clusters(document["clusters"], write))
        for each in document["clusters"]:
            below(screen, Text(clean(each["label"]), "bold"), clean(each["rule"]))
        screen.print()
        screen.print(say("terminal.clusters.accuracy", share=write.share(document["accuracy"])))
    names = [clean(wording.feature(each["feature"])) for each in document["features"]]
    below(screen, say("terminal.clusters.compared", list=", ".join(names)))
    for each in document["left_out"]:
        key = f"terminal.clusters.left_out.{each['reason']}"
        name = clean(wording.feature(each["name"]))
        screen.print(say(key, name=name, share=write.share(each["share"])))
    screen.print(footer(document, wording.language))


def _clusters(clusters: list[dict[str, Any]], write: Writer) -> Any:
    drawn = table(
        *heads(
            write, ">clusters.id", "clusters.cluster", ">customers", ">share", ">clusters.back",
            ">clusters.hits", ">clusters.finds",
        )
    )  # fmt: skip
    for each in clusters:
        shares = (each[part] for part in ("share", "stability", "precision", "recall"))
        size = write.count(each["customers"])
        row(drawn, each["id"], each["label"], size, *map(write.round_share, shares))
    return drawn


clusters = typer.Typer(no_args_is_help=True, help=guide(HELP))
COMMANDS: dict[str, Callable[..., None]] = {"find": find, "show": show, "save": save}
for command_name, command in COMMANDS.items():
    add_command(clusters, command_name, command)
