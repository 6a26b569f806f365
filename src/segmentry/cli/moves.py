"""`segmentry moves …`: who went from which group to which, and keeping them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from segmentry.answers import migration as answers
from segmentry.answers.basis import instant_of
from segmentry.answers.plain import Document
from segmentry.cli import drawing
from segmentry.cli.estimate import span
from segmentry.cli.guide import add, guide
from segmentry.cli.option import HERE, AsOf, Folder, Json, Language
from segmentry.cli.output import below, clean, emit, footer, heads, row, show, table, writer
from segmentry.cli.session import opened
from segmentry.core.errors import UsageError

if TYPE_CHECKING:
    from segmentry.report.writer import Writer

HELP = """See how customers moved between the groups of a segmentation, and keep who did.

Examples:
  segmentry moves show lifecycle -w shop
  segmentry moves save lifecycle went_quiet --from Active --to Lapsed -w shop
"""
Segmentation = Annotated[str, typer.Argument(metavar="SEGMENTATION", help="A segmentation.")]
Recorded = typer.Option(metavar="DAY", help="A recorded day; `moves show --json` lists them.")


def show_(
    segmentation: Segmentation,
    as_of: AsOf = None,
    language: Language = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Show who went where between the last two recorded days; --json has every month.

    Example:
      segmentry moves show lifecycle -w shop
    """
    with opened(folder) as workspace:
        instant = instant_of(workspace, as_of)
        document = answers.migration(workspace, segmentation, instant, language)
        write = writer("", language or workspace.settings.language)
    emit(document, as_json=as_json, draw=lambda screen, _: _draw(screen, document, write))


def save(  # noqa: PLR0913, PLR0917 - options
    segmentation: Segmentation,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the segment.")],
    before: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="GROUP", help="Where they were.", show_default="in no group"
        ),
    ] = None,
    after: Annotated[
        str | None,
        typer.Option("--to", metavar="GROUP", help="Where they went.", show_default="to no group"),
    ] = None,
    since: Annotated[str | None, Recorded] = None,
    until: Annotated[str | None, Recorded] = None,
    label: Annotated[str, typer.Option(help="What people call it.")] = "",
    as_of: AsOf = None,
    language: Language = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Keep who moved from a group to a group as a segment of just these customers.

    Without days, who moved between the last two that were recorded.

    Examples:
      segmentry moves save lifecycle went_quiet --from Active --to Lapsed -w shop
      segmentry moves save rfm risen --to VIP --since 2011-06-01 --until 2011-12-01 -w shop
    """
    from segmentry.workspace.moved import Move

    with opened(folder) as workspace:
        instant = instant_of(workspace, as_of)
        known = answers.migration(workspace, segmentation, instant)["points"]
        start, end = _days(known, since, until)
        move = Move(before, after, start, end)
        document = answers.save(workspace, segmentation, move, (name, label), instant, language)
        currency = workspace.settings.currency
    emit(
        document, as_json=as_json, draw=lambda screen, _: drawing.saved(screen, document, currency)
    )


def _days(known: list[str], since: str | None, until: str | None) -> tuple[date, date]:
    """The days asked about; where one is not named, the last recorded one, and the one before."""
    if len(known) < 2:
        raise UsageError("there are no moves yet.", fix="Refresh again in a month's time.")
    end = _day(until or known[-1])
    before = [each for each in known if _day(each) < end]
    start = _day(since or (before or known)[-1])
    if start >= end:
        raise UsageError(f"{start} is not before {end}.", fix="Name an earlier day as --since.")
    return start, end


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"`{text}` is no day.", fix="Write it as 2024-05-31.") from error


def _draw(screen: Console, document: Document, write: Writer) -> None:
    points = document["points"]
    say = write.messages
    if len(points) < 2:
        screen.print(say("terminal.moves.none"))
        return
    span_ = say("terminal.drift.span", since=points[-2], day=points[-1])
    show(
        screen, Text(f"{clean(document['label'])}: {span_}", style="bold"), _moves(document, write)
    )
    if document["stayed"]:
        below(screen, _stayed(document, write))
    below(screen, footer(document, say.language))


def _moves(document: Document, write: Writer) -> Any:
    """The last step, most customers first; who stayed is in the other table."""
    labels = _labels(document, write)
    last = [each for each in document["moves"] if each["step"] == len(document["points"]) - 2]
    gone = [each for each in last if each["before"] != each["after"]]
    drawn = table(*heads(write, "drift.before", "drift.after", ">customers"))
    for each in sorted(gone, key=lambda each: -each["customers"]):
        row(drawn, labels[each["before"]], labels[each["after"]], write.count(each["customers"]))
    return drawn


def _stayed(document: Document, write: Writer) -> Any:
    labels = _labels(document, write)
    drawn = table(
        *heads(write, "name.group", ">customers", ">drift.stayed", ">interval", ">drift.half_life")
    )
    for each in document["stayed"]:
        row(
            drawn,
            Text(labels[each["group"]], style="bold"),
            write.count(each["customers"]),
            write.share(each["stayed"]["value"]),
            span(each["stayed"], write.share, write.messages.language),
            write.number(each["half_life_days"]["value"], 0),
        )
    return drawn


def _labels(document: Document, write: Writer) -> dict[str | None, str]:
    named = {each["name"]: clean(each["label"]) for each in document["groups"]}
    return {None: write.messages("terminal.moves.nowhere"), **named}


moves = typer.Typer(no_args_is_help=True, help=guide(HELP))
COMMANDS: dict[str, Callable[..., None]] = {"show": show_, "save": save}
for command_name, command in COMMANDS.items():
    add(moves, command_name, command)
