"""`segmentry check`: how far the data can be trusted, and why."""

from __future__ import annotations

from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.text import Text

from segmentry.answers.basis import instant_of
from segmentry.answers.checks import checks
from segmentry.answers.plain import Document
from segmentry.cli.option import HERE, AsOf, Folder, Json
from segmentry.cli.output import (
    bar,
    below,
    clean,
    emit,
    fact,
    footer,
    print_json,
    row,
    show,
    table,
    writer,
)
from segmentry.cli.progress import watched
from segmentry.cli.session import opened
from segmentry.core.errors import CheckFailedError

SAMPLES = 3
MARKS = {"error": ("✗", "red"), "warning": ("!", "yellow"), "info": ("·", "cyan")}


def check(
    as_of: AsOf = None,
    fail_under: Annotated[
        float | None,
        typer.Option(
            metavar="SCORE", min=0, max=100, help="Exit with 1 when the trust score is lower."
        ),
    ] = None,
    fail_on: Annotated[
        Literal["error", "warning"] | None,
        typer.Option(help="Exit with 1 when a check of this severity, or a worse one, fails."),
    ] = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Check the data: fill, duplicates, orphans, outliers, sums … and a trust score.

    Examples:
      segmentry check -w shop
      segmentry check -w shop --fail-under 80 --fail-on error
    """
    with opened(folder) as workspace:
        instant = instant_of(workspace, as_of)
        with watched("Checking", quiet=as_json, share_done=workspace.share_done):
            document = checks(workspace, instant)
    failure = _failure(document, fail_under, fail_on)
    if as_json:
        print_json(document | ({"error": failure.as_json()} if failure else {}))
    else:
        emit(document, as_json=False, draw=draw_check)
    if failure and as_json:
        raise typer.Exit(failure.exit_code)
    if failure:
        raise failure


def _failure(
    document: Document, fail_under: float | None, fail_on: str | None
) -> CheckFailedError | None:
    wanted = {"error": ("error",), "warning": ("error", "warning")}.get(fail_on or "", ())
    failed = [
        each["name"]
        for each in document["checks"]
        if not each["passed"] and each["severity"] in wanted
    ]
    if failed:
        return CheckFailedError(f"failed: {', '.join(dict.fromkeys(failed))}.")
    if fail_under is not None and (document["trust"] is None or document["trust"] < fail_under):
        return CheckFailedError(f"the trust score is {document['trust']}, below {fail_under:g}.")
    return None


def draw_check(screen: Console, document: Document) -> None:
    """Every check with its failing share, then what the failing ones found and what to do."""
    write = writer("")
    drawn = table("", "Check", "Entity", ">Failing", ">Of", ">Share", "")
    for each in document["checks"]:
        mark, style = ("✓", "green") if each["passed"] else MARKS[each["severity"]]
        share = each["failing"] / each["of"] if each["of"] else None
        row(
            drawn,
            Text(mark, style=style),
            each["name"].replace("_", " "),
            each["entity"].replace("_", " "),
            write.count(each["failing"]),
            write.count(each["of"]),
            write.share(share),
            bar(share, 10, style=style),
        )
    show(screen, drawn)
    for each in document["checks"]:
        if not each["passed"]:
            screen.print()
            mark, style = MARKS[each["severity"]]
            screen.print(Text.assemble((f"{mark} ", style), clean(each["message"])))
            screen.print(Text(f"  {clean(each['fix'])}", style="dim"))
            for sample in each["sample"][:SAMPLES]:
                line = ", ".join(f"{name} {fact(name, value)}" for name, value in sample.items())
                screen.print(Text(f"    {clean(line)}", style="dim"))
    below(screen, footer(document))
