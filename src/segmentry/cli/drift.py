"""`segmentry drift`: what moved between two instants, and who stayed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from segmentry.answers import drift as answers
from segmentry.answers.basis import instant_of
from segmentry.answers.plain import Document
from segmentry.cli.estimate import span
from segmentry.cli.option import HERE, AsOf, Folder, Json, Language
from segmentry.cli.output import below, clean, emit, footer, heads, row, show, table, writer
from segmentry.cli.session import opened

if TYPE_CHECKING:
    from segmentry.report.writer import Writer

STYLES = {"steady": "dim", "slight": "", "moderate": "yellow", "strong": "bold red"}
SHOWN = 12
"""Features in the table; the others are in --json."""


def drift(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME",
            help="Features, segmentations, saved segments, groups (rfm/VIP) and rules.",
            show_default="all numbers, the usual segmentations and all that is saved",
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since", metavar="DAY", help="The earlier day.", show_default="90 days before"
        ),
    ] = None,
    as_of: AsOf = None,
    language: Language = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Show which features and groups moved between two days, beyond what chance does.

    Examples:
      segmentry drift -w shop
      segmentry drift rfm monetary --since 2011-06-01 -w shop --json
    """
    with opened(folder) as workspace:
        document = answers.drift(workspace, names or (), instant_of(workspace, as_of), since)
        write = writer("", language or workspace.settings.language)
    emit(document, as_json=as_json, draw=lambda screen, _: _draw(screen, document, write))


def _draw(screen: Console, document: Document, write: Writer) -> None:
    say = write.messages
    said = say("terminal.drift.span", since=document["since"], day=document["as_of"])
    show(screen, Text(said, style="bold"))
    if document["features"]:
        below(screen, _features(document["features"], write))
    for each in document["segmentations"]:
        below(screen, _groups(each, write))
    left = len(document["features"]) - SHOWN
    if left > 0:
        screen.print(Text(say("terminal.drift.further", count=left, option="--json"), style="dim"))
    below(screen, footer(document, say.language))


def _features(shifts: list[Document], write: Writer) -> Any:
    drawn = table(
        *heads(
            write, "name.feature", ">drift.stability", ">drift.chance", "drift.moved",
            ">drift.mean_before", ">drift.after",
        )
    )  # fmt: skip
    for each in shifts[:SHOWN]:
        row(
            drawn,
            Text(clean(each["name"]), style="bold"),
            write.number(each["index"], 3),
            write.number(each["chance"], 3),
            Text(_level(each, write), style=STYLES[each["level"]]),
            write.number(each["before"]),
            write.number(each["after"]),
        )
    return drawn


def _groups(document: Document, write: Writer) -> Any:
    index = f"{write.number(document['index'], 3)} {_level(document, write)}"
    drawn = table(
        *heads(
            write, "name.group", ">drift.before", ">drift.after", ">share", ">drift.after",
            ">drift.stayed", ">drift.half_life", ">interval",
        ),
        title=f"{clean(document['name'])}: {index}",
    )  # fmt: skip
    for each in document["groups"]:
        half = each["half_life_days"]
        row(
            drawn,
            Text(clean(each["name"]), style="bold"),
            write.count(each["before"]),
            write.count(each["after"]),
            write.share(each["before_share"]),
            write.share(each["after_share"]),
            write.share(each["stayed"]["value"]),
            _days(half["value"], write),
            span(half, lambda value: _ahead(value, write), write.messages.language),
        )
    return drawn


def _level(document: Document, write: Writer) -> str:
    return write.messages(f"terminal.drift.level.{document['level']}")


def _days(value: float | None, write: Writer) -> str:
    days = write.number(value, 0)
    return days if value is None else write.messages("terminal.drift.days", days=days)


def _ahead(value: float | None, write: Writer) -> str:
    return "∞" if value is None else write.number(value, 0)
