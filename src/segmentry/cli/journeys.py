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
from segmentry.cli.option import HERE, AsOf, Folder, Json
from segmentry.cli.output import bar, below, clean, emit, footer, row, show, table, writer
from segmentry.cli.session import opened

if TYPE_CHECKING:
    from segmentry.report.writer import Writer

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
        document = answers.journeys(workspace, segments or (), asked, instant_of(workspace, as_of))
    emit(document, as_json=as_json, draw=_draw)


def _draw(screen: Console, document: Document) -> None:
    write = writer("")
    show(screen, *map(Text, map(clean, document["sentences"])))
    below(screen, _sides(document, write))
    if document["sides"][0]["journeys"]:
        below(screen, _paths(document, write))
        for side in document["sides"]:
            below(screen, _steps(side, document["goal"], write))
    legend = (
        f"Journeys that began before {document['through']}; a new one begins after the goal or"
        f" {'with a visit' if document['gap'] == 'sessions' else 'a pause of ' + document['gap']}."
    )
    below(screen, Text(legend, style="dim"))
    below(screen, footer(document))


def _sides(document: Document, write: Writer) -> Any:
    drawn = table(
        "", ">Customers", ">Journeys", f">To {clean(document['goal'])}", ">Share", ">95 %",
        ">Stopped", ">Still open", ">At once",
    )  # fmt: skip
    for each in document["sides"]:
        row(
            drawn,
            Text(_name(document, each), style="bold"),
            write.count(each["customers"]),
            write.count(each["journeys"]),
            write.count(each["ended"]),
            write.share(each["reached"]["value"]),
            span(each["reached"], write.share),
            write.count(each["stopped"]),
            write.count(each["open"]),
            write.count(each["direct"]),
        )
    return drawn


def _name(document: Document, side: Document) -> str:
    return clean(side["name"] or ("Everyone else" if document["segments"] else "Everyone"))


def _paths(document: Document, write: Writer) -> Any:
    first, *others = document["sides"]
    columns = (">Of others", ">Goal", ">95 %") if others else ()
    drawn = table("Path", ">Customers", ">Journeys", ">Share", "", ">Goal", ">95 %", *columns)
    for place, each in enumerate(first["paths"]):
        steps = [_kind(one) for one in each["steps"]] + ["…"] * each["longer"]
        cells = [
            Text(" → ".join(steps)),
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
    return [write.share(path["reached"]["value"]), span(path["reached"], write.share)]


def _kind(kind: str | None) -> str:
    return "other" if kind is None else clean(kind)


def _steps(side: Document, goal: str, write: Writer) -> Any:
    drawn = table(
        "Step", ">Journeys", ">To goal", ">Stopped here", ">Of visits", "Then",
        title=clean(side["name"] or ""),
    )  # fmt: skip
    for each in side["steps"]:
        moves = [one for one in side["moves"] if one["from"] == each["kind"]][:MOST_MOVES]
        stops = each["kind"] == side["stop"]
        row(
            drawn,
            Text(_kind(each["kind"]), style="bold"),
            write.count(each["journeys"]),
            write.share(each["reached"]),
            Text(write.count(each["stopped"]), style="bold red" if stops else ""),
            write.share(each["stop_share"]),
            Text(", ".join(_after(one, goal, write) for one in moves)),
        )
    return drawn


def _after(move: Document, goal: str, write: Writer) -> str:
    ending = {"reached": clean(goal), "stopped": "stopped", "open": "still open"}
    text = ending[move["ending"]] if move["ending"] else _kind(move["to"])
    return f"{text} {write.round_share(move['share'])}{_lasting(move['median_seconds'])}"


def _lasting(seconds: float | None) -> str:
    if seconds is None:
        return ""
    units = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))
    size, unit = next((each for each in units if seconds >= each[0]), units[-1])
    return f" ({seconds / size:.0f} {unit})"
