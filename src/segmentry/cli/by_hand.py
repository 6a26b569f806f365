"""`segmentry segments include`, `exclude`, `by-hand`, `forget`: members that people decide on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from segmentry.answers import lists as answers
from segmentry.answers.basis import instant_of
from segmentry.answers.methods import division
from segmentry.answers.plain import Document
from segmentry.cli.dividing import draw_division
from segmentry.cli.option import HERE, AsOf, Folder, Json, Name
from segmentry.cli.output import clean, emit, row, show, table, writer
from segmentry.cli.session import opened

Customer = Annotated[str, typer.Argument(metavar="CUSTOMER", help="Id of the customer.")]
Reason = Annotated[str, typer.Option(metavar="TEXT", help="Why; shown in explanations.")]
Until = Annotated[
    str | None,
    typer.Option(metavar="DAY", help="It ends on this day.", show_default="never"),
]


def include(
    name: Name,
    customer: Customer,
    reason: Reason,
    until: Until = None,
    as_of: AsOf = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Put a customer into a segment by hand, whatever its rule says.

    It counts as of --as-of and later; the past stays as it was.

    Example:
      segmentry segments include lapsing 17850 --reason "asked to hear from us" -w shop
    """
    with opened(folder) as workspace:
        workspace.lists.include(name, customer, reason, until=until, since=as_of)
    by_hand(name, folder, as_json)


def exclude(
    name: Name,
    customer: Customer,
    reason: Reason,
    until: Until = None,
    as_of: AsOf = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Keep a customer out of a segment by hand, whatever its rule says.

    Example:
      segmentry segments exclude lapsing 17850 --reason "on leave" --until 2030-01-01 -w shop
    """
    with opened(folder) as workspace:
        workspace.lists.exclude(name, customer, reason, until=until, since=as_of)
    by_hand(name, folder, as_json)


def split(
    name: Name,
    to: Annotated[str, typer.Option("--name", metavar="NAME", help="Name of the split.")],
    parts: Annotated[
        str, typer.Option(metavar="PARTS", help="Parts with their shares, which make 1.")
    ] = "a=0.5,b=0.5",
    salt: Annotated[
        str, typer.Option(metavar="TEXT", help="Another one, another split.", show_default="NAME")
    ] = "",
    as_of: AsOf = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Divide a segment by chance: for a test with a holdout.

    The part depends on the customer's id alone, so it stays. It is a segmentation of your own:
    rules can say test = 'holdout'.

    Example:
      segmentry segments split lapsing --name test --parts a=0.45,b=0.45,holdout=0.1 -w shop
    """
    from segmentry.segments.split import read_parts

    with opened(folder) as workspace:
        instant = instant_of(workspace, as_of)
        workspace.segment(name).split(to, read_parts(parts), salt)
        document = division(workspace, to, instant)
        write = writer(workspace.settings.currency, workspace.settings.language)
    emit(document, as_json=as_json, draw=lambda screen, _: draw_division(screen, document, write))


def forget(name: Name, customer: Customer, folder: Folder = HERE, as_json: Json = False) -> None:
    """Let the rule decide about a customer again, for all times.

    Example:
      segmentry segments forget lapsing 17850 -w shop
    """
    with opened(folder) as workspace:
        workspace.lists.forget(name, customer)
    by_hand(name, folder, as_json)


def by_hand(name: Name, folder: Folder = HERE, as_json: Json = False) -> None:
    """List who is in or out of a segment by hand, since when, until when and why.

    Example:
      segmentry segments by-hand lapsing -w shop
    """
    with opened(Path(folder)) as workspace:
        document = answers.by_hand(workspace, name)
    emit(document, as_json=as_json, draw=_draw)


def _draw(screen: Console, document: Document) -> None:
    if not document["by_hand"]:
        screen.print(f"Nobody is in or out of {document['name']} by hand.")
        return
    drawn = table("Customer", "", "Since", "Until", "Why")
    for each in document["by_hand"]:
        side = Text("in", "green") if each["included"] else Text("out", "red")
        since, until = (each[part] or "" for part in ("since", "until"))
        row(drawn, clean(each["customer_id"]), side, since[:16], until[:16], each["reason"])
    show(screen, drawn)
