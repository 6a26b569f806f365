"""`segmentry segments …`: named sets of customers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from segmentry.answers import segments as answers
from segmentry.answers.basis import instant_of
from segmentry.cli import drawing
from segmentry.cli.by_hand import by_hand, exclude, forget, include, split
from segmentry.cli.card import card
from segmentry.cli.door import pointing_at
from segmentry.cli.five_w import coverage
from segmentry.cli.five_w import guide as five_questions
from segmentry.cli.guide import add, guide
from segmentry.cli.option import HERE, AsOf, Folder, Json, Language, Name, Rule
from segmentry.cli.output import emit, writer
from segmentry.cli.session import opened
from segmentry.cli.statement import sql
from segmentry.cli.worthwhile import worthwhile

HELP = """Try rules, save them as segments, and ask why, who, when and what if.

Examples:
  segmentry segments preview "frequency >= 3 AND recency_days > 60" -w shop
  segmentry segments save lapsing "frequency >= 3 AND recency_days > 60" -w shop
  segmentry segments explain lapsing 17850 -w shop
"""


def preview(rule: Rule, as_of: AsOf = None, folder: Folder = HERE, as_json: Json = False) -> None:
    """Count a rule exactly, without saving it; a dry run of `save`.

    Says how many customers each condition keeps, and for how many a missing value decided.

    Example:
      segmentry segments preview "frequency >= 3 AND recency_days > 60" -w shop
    """
    with opened(folder) as workspace, pointing_at(rule):
        document = answers.preview(workspace, rule, instant_of(workspace, as_of))
    emit(document, as_json=as_json, draw=drawing.preview)


def save(
    name: Name,
    rule: Rule,
    label: Annotated[str, typer.Option(help="What people call it.")] = "",
    under: Annotated[
        str | None,
        typer.Option("--folder", help="Under which heading.", show_default="where it was"),
    ] = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Save a rule under a name; a changed rule becomes a new version.

    Says who would enter and leave when the name was taken by another rule.

    Example:
      segmentry segments save lapsing "frequency >= 3 AND recency_days > 60" -w shop
    """
    with opened(folder) as workspace, pointing_at(rule):
        document = answers.save(
            workspace, name, rule, label, instant_of(workspace, None), folder=under
        )
        currency = workspace.settings.currency
    emit(
        document, as_json=as_json, draw=lambda screen, _: drawing.saved(screen, document, currency)
    )


def list_(folder: Folder = HERE, as_json: Json = False) -> None:
    """List the saved segments with their size at the last refresh.

    Example:
      segmentry segments list -w shop
    """
    with opened(folder) as workspace:
        document = answers.every(workspace)
        write = writer(workspace.settings.currency)
    emit(
        document, as_json=as_json, draw=lambda screen, _: drawing.segments(screen, document, write)
    )


def show(
    name: Name,
    as_of: AsOf = None,
    language: Language = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Show a segment: its rule, in words too, its size, and what uses it.

    Examples:
      segmentry segments show lapsing -w shop
      segmentry segments show lapsing -w shop --language uk
    """
    with opened(folder) as workspace:
        document = answers.one(workspace, name, instant_of(workspace, as_of), language)
    emit(document, as_json=as_json, draw=drawing.segment)


def members(
    name: Name,
    as_of: AsOf = None,
    limit: Annotated[
        int, typer.Option(min=1, metavar="N", help="How many rows to show; --json has all.")
    ] = 20,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """List the members of a segment, sorted by id.

    Examples:
      segmentry segments members lapsing -w shop
      segmentry segments members lapsing -w shop --as-of 2011-06-01 --json
    """
    with opened(folder) as workspace:
        document = answers.members(workspace, name, instant_of(workspace, as_of))
        write = writer(workspace.settings.currency)
    emit(
        document,
        as_json=as_json,
        draw=lambda screen, _: drawing.members(screen, document, limit, write),
    )


def history(name: Name, folder: Folder = HERE, as_json: Json = False) -> None:
    """Show a segment's size over time, who entered and left, and why.

    Causes: `data` (the customer did something), `time` (days went by), `rule` (it was changed),
    `first` (there was no point before).

    Example:
      segmentry segments history lapsing -w shop
    """
    with opened(folder) as workspace:
        document = answers.history(workspace, name)
        write = writer(workspace.settings.currency)
    emit(document, as_json=as_json, draw=lambda screen, _: drawing.history(screen, document, write))


def explain(
    name: Name,
    customer: Annotated[str, typer.Argument(metavar="CUSTOMER", help="Id of the customer.")],
    as_of: AsOf = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Explain why a customer is in a segment or not, with the orders and events that decide.

    Example:
      segmentry segments explain lapsing 17850 -w shop
    """
    with opened(folder) as workspace:
        document = answers.explain(workspace, name, customer, instant_of(workspace, as_of))
    emit(document, as_json=as_json, draw=drawing.explanation)


def effect(
    name: Name, rule: Rule, as_of: AsOf = None, folder: Folder = HERE, as_json: Json = False
) -> None:
    """Show what a new rule for a segment would move, without saving it.

    Example:
      segmentry segments effect lapsing "frequency >= 3 AND recency_days > 90" -w shop
    """
    with opened(folder) as workspace, pointing_at(rule):
        document = answers.effect(workspace, name, rule, instant_of(workspace, as_of))
        currency = workspace.settings.currency
    emit(
        document, as_json=as_json, draw=lambda screen, _: drawing.effect(screen, document, currency)
    )


def used_by(name: Name, folder: Folder = HERE, as_json: Json = False) -> None:
    """List what uses a segment.

    Example:
      segmentry segments used-by lapsing -w shop
    """
    with opened(folder) as workspace:
        document = {"name": name, "used_by": workspace.segment(name).used_by()}
    emit(document, as_json=as_json, draw=drawing.used_by)


def remove(name: Name, folder: Folder = HERE, as_json: Json = False) -> None:
    """Take a segment out of use; its versions and history are kept.

    Example:
      segmentry segments remove lapsing -w shop
    """
    with opened(folder) as workspace:
        workspace.remove(name)
    emit({"name": name, "removed": True}, as_json=as_json, draw=drawing.removed)


segments = typer.Typer(no_args_is_help=True, help=guide(HELP))
COMMANDS: dict[str, Callable[..., None]] = {
    "preview": preview, "save": save, "list": list_, "show": show, "card": card,
    "members": members, "history": history, "explain": explain, "effect": effect,
    "used-by": used_by, "coverage": coverage, "guide": five_questions, "include": include,
    "worthwhile": worthwhile, "sql": sql, "exclude": exclude, "by-hand": by_hand, "forget": forget,
    "split": split, "remove": remove,
}  # fmt: skip
for command_name, command in COMMANDS.items():
    add(segments, command_name, command)
