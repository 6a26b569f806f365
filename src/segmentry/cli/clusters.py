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
from segmentry.cli.output import below, clean, emit, footer, listed, row, table
from segmentry.cli.session import opened

if TYPE_CHECKING:
    from segmentry.workspace.clusters import Wanted

HELP = """Find natural groups of customers, and save them as rules.

Groups are natural when they come back in every sample, have few customers between them, and stand
apart more than in data without groups. Often there are none; then that is the answer.

Examples:
  segmentry clusters find -w shop
  segmentry clusters find --features recency_days,frequency,discount_depth -w shop
  segmentry clusters save buyers_by_habit -w shop
"""
REASONS = {
    "size": "one of its groups is too small",
    "valley": "customers between its groups are as many as inside them",
    "strength": "half of the customers does not foretell the groups of the other half",
    "stability": "its groups do not come back when customers are drawn again",
    "null": "data without groups divide as well",
}
LEFT_OUT = {"missing": "unknown for", "constant": "the same for"}

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
    emit(document, as_json=as_json, draw=_draw)


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
    emit(document, as_json=as_json, draw=_draw)


def show(
    name: Saved, language: Language = None, folder: Folder = HERE, as_json: Json = False
) -> None:
    """Show saved clusters as they were found.

    Example:
      segmentry clusters show buyers_by_habit -w shop
    """
    with opened(folder) as workspace:
        document = answers.one(workspace, name, language)
    emit(document, as_json=as_json, draw=_draw)


def _wanted(features: str | None, anyway: int | None, seed: int, language: str | None) -> Wanted:
    from segmentry.workspace.clusters import Wanted

    names = tuple(each.strip() for each in (features or "").split(",") if each.strip())
    return Wanted(names, anyway, seed, language)


# for people


def _draw(screen: Console, document: Document) -> None:
    screen.print(Text(clean(document["verdict"]), "bold"))
    screen.print(_against_null(document["closest"]))
    if document["clusters"]:
        below(screen, _clusters(document["clusters"]))
        for each in document["clusters"]:
            below(screen, Text(clean(each["name"]), "bold"), clean(each["rule"]))
        screen.print()
        screen.print(f"The rules place {document['accuracy']:.1%} of customers in their cluster.")
    names = [each["feature"] for each in document["features"]]
    below(screen, clean(f"Compared by {listed(names, 12)}."))
    for each in document["left_out"]:
        what = f"{LEFT_OUT[each['reason']]} {each['share']:.0%} of customers"
        screen.print(clean(f"Left out: {each['name']}, {what}."))
    screen.print(footer(document))


def _against_null(closest: dict[str, Any]) -> Text:
    """What came nearest, and why it is or is not natural."""
    parts = [f"silhouette {closest['silhouette']:.2f}"]
    if closest["null_silhouette"] is not None:
        parts.append(f"{closest['null_silhouette']:.2f} in data without groups")
    text = f"{closest['k']} groups: {', '.join(parts)}"
    reasons = listed([REASONS[each] for each in closest["failed"]])
    return Text(f"{text}; {reasons}." if reasons else f"{text}.", "dim")


def _clusters(clusters: list[dict[str, Any]]) -> Any:
    drawn = table(">Id", "Cluster", ">Customers", ">Share", ">Comes back", ">Rule hits", ">Finds")
    for each in clusters:
        shares = (each[part] for part in ("share", "stability", "precision", "recall"))
        row(
            drawn, each["id"], each["name"], f"{each['customers']:,}", *(f"{s:.0%}" for s in shares)
        )
    return drawn


clusters = typer.Typer(no_args_is_help=True, help=guide(HELP))
COMMANDS: dict[str, Callable[..., None]] = {"find": find, "show": show, "save": save}
for command_name, command in COMMANDS.items():
    add_command(clusters, command_name, command)
