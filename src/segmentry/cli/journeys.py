"""`segmentry journeys`: what customers do before they buy, and where they stop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.console import Console
from rich.text import Text

from segmentry.answers import journeys as answers
from segmentry.answers.basis import instant_of
from segmentry.answers.plain import Document
from segmentry.cli.estimate import span
from segmentry.cli.option import HERE, AsOf, Folder, Json, Language
from segmentry.cli.output import bar, below, clean, emit, footer, heads, row, show, table, writer
from segmentry.cli.session import opened

if TYPE_CHECKING:
    from segmentry.report.writer import Writer
    from segmentry.workspace.journey_words import JourneyWords

Segments = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="SEGMENT",
        help="A saved segment, a group (rfm/VIP) or a rule, beside everyone else; or two of them.",
        show_default="everyone",
    ),
]
Events = Annotated[
    str | None,
    typer.Option(metavar="KIND,…", help="What counts as a step.", show_default="every touchpoint"),
]
Start = Annotated[
    str | None,
    typer.Option(
        "--from", metavar="KIND", help="Journeys begin with this.", show_default="anything"
    ),
]
Goal = Annotated[str, typer.Option("--to", metavar="KIND", help="The goal, which ends a journey.")]
Within = Annotated[
    str | None,
    typer.Option(
        metavar="SPAN", help="How long a journey may last: '30 days'.", show_default="any time"
    ),
]
Gap = Annotated[
    str,
    typer.Option(
        metavar="SPAN",
        help="After such a pause a new journey begins: '30 minutes', or `sessions`.",
    ),
]
MOST_MOVES = 3
"""What comes after a step, in the table; all of it is in --json."""


def journeys(  # noqa: PLR0913 - its options
    segments: Segments = None,
    *,
    events: Events = None,
    start: Start = None,
    goal: Goal = "order",
    within: Within = None,
    gap: Gap = "30 days",
    by: Annotated[
        Literal["kind", "channel"], typer.Option(help="channel: kinds by the way they came.")
    ] = "kind",
    top: Annotated[int, typer.Option(min=1, help="How many paths to show.")] = 10,
    as_of: AsOf = None,
    language: Language = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Show the commonest paths to an order or another goal, and where people stop.

    Examples:
      segmentry journeys -w shop
      segmentry journeys rfm/VIP --from email_open --within "7 days" -w shop --json
    """
    from segmentry.workspace.journeys import Asked

    asked = Asked(
        kinds=tuple(each.strip() for each in (events or "").split(",") if each.strip()),
        start=start,
        goal=goal,
        within=within,
        pause=gap,
        by=by,
        most=top,
    )
    with opened(folder) as workspace:
        instant = instant_of(workspace, as_of)
        document = answers.journeys(workspace, segments or (), asked, instant, language)
        write = writer("", language or workspace.settings.language)
    emit(document, as_json=as_json, draw=lambda screen, _: _draw(screen, document, write))


def _draw(screen: Console, document: Document, write: Writer) -> None:
    from segmentry.workspace.journey_words import JourneyWords

    words, say = JourneyWords(write), write.messages
    show(screen, *map(Text, map(clean, document["sentences"])))
    below(screen, _sides(document, write))
    if document["sides"][0]["journeys"]:
        below(screen, _paths(document, words))
        for side in document["sides"]:
            below(screen, _steps(side, document["goal"], words))
    kind = "visits" if document["gap"] == "sessions" else "pause"
    values = {"through": document["through"]}
    values |= {"pause": document["gap"]} if kind == "pause" else {}
    below(screen, Text(say(f"terminal.journeys.{kind}", **values), style="dim"))
    below(screen, footer(document, say.language))


def _sides(document: Document, write: Writer) -> Any:
    say = write.messages
    ways = (f">{say(f'journeys.ending.{each}')}" for each in ("stopped", "open"))
    drawn = table(
        *heads(write, "", ">customers"), f">{say('report.journeys.journeys')}",
        *heads(write, ">journeys.goal", ">share", ">interval"), *ways,
        *heads(write, ">journeys.direct"),
    )  # fmt: skip
    for each in document["sides"]:
        row(
            drawn,
            Text(_name(document, each, write), style="bold"),
            write.count(each["customers"]),
            write.count(each["journeys"]),
            write.count(each["ended"]),
            write.share(each["reached"]["value"]),
            span(each["reached"], write.share, say.language),
            write.count(each["stopped"]),
            write.count(each["open"]),
            write.count(each["direct"]),
        )
    return drawn


def _name(document: Document, side: Document, write: Writer) -> str:
    key = "journeys.everyone_else" if document["segments"] else "terminal.journeys.everyone"
    return clean(side["name"] or write.messages(key))


def _paths(document: Document, words: JourneyWords) -> Any:
    write, say = words.write, words.write.messages
    first, *others = document["sides"]
    columns = (">affinity.of_others", ">journeys.goal", ">interval") if others else ()
    drawn = table(
        say("report.journeys.path"), *heads(write, ">customers"),
        f">{say('report.journeys.journeys')}",
        *heads(write, ">share", "", ">journeys.goal", ">interval", *columns),
    )  # fmt: skip
    for place, each in enumerate(first["paths"]):
        steps = [clean(words.step(one)) for one in each["steps"]] + ["…"] * each["longer"]
        cells = [
            Text(f" {say('journeys.arrow')} ".join(steps)),
            write.count(each["customers"]),
            write.count(each["journeys"]),
            write.share(each["share"]),
            bar(each["share"], 12),
            *_reached(each, write),
        ]
        for side in others:
            cells += [write.share(side["paths"][place]["share"])]
            cells += _reached(side["paths"][place], write)
        row(drawn, *cells)
    return drawn


def _reached(path: Document, write: Writer) -> list[Any]:
    found = path["reached"]
    return [write.share(found["value"]), span(found, write.share, write.messages.language)]


def _steps(side: Document, goal: str, words: JourneyWords) -> Any:
    write, say = words.write, words.write.messages
    stops = (f">{say(f'report.journeys.{each}')}" for each in ("stops", "stop_share"))
    drawn = table(
        say("report.journeys.step"), f">{say('report.journeys.journeys')}",
        *heads(write, ">journeys.goal"), *stops, *heads(write, "journeys.then"),
        title=clean(side["name"] or ""),
    )  # fmt: skip
    for each in side["steps"]:
        moves = [one for one in side["moves"] if one["from"] == each["kind"]][:MOST_MOVES]
        row(
            drawn,
            Text(clean(words.step(each["kind"])), style="bold"),
            write.count(each["journeys"]),
            write.share(each["reached"]),
            Text(
                write.count(each["stopped"]),
                style="bold red" if each["kind"] == side["stop"] else "",
            ),
            write.share(each["stop_share"]),
            Text(", ".join(clean(_after(one, goal, words)) for one in moves)),
        )
    return drawn


def _after(move: Document, goal: str, words: JourneyWords) -> str:
    text = words.after(move["to"], move["ending"] or "", goal)
    text = f"{text} {words.write.round_share(move['share'])}"
    seconds = move["median_seconds"]
    return text if seconds is None else f"{text} ({words.lasting(seconds)})"
