"""`segmentry customer`: where one customer stands, with records that are not loaded yet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from segmentry.answers import erasure
from segmentry.answers.basis import instant_of
from segmentry.answers.plain import Document
from segmentry.answers.standing import StandingWords
from segmentry.cli.option import HERE, AsOf, Folder, Json, Language
from segmentry.cli.output import clean, emit, row, show, table
from segmentry.cli.session import opened
from segmentry.core.errors import UnreadableFileError

if TYPE_CHECKING:
    from segmentry.data.fresh import Fresh

NONE = "–"


def customer(
    customer_id: Annotated[str, typer.Argument(metavar="ID", help="Id of the customer.")],
    fresh: Annotated[
        str | None,
        typer.Option(
            metavar="JSON",
            help="Records that are not loaded yet: JSON by entity, or a file of it.",
        ),
    ] = None,
    everything: Annotated[
        bool,
        typer.Option("--everything", metavar="", help="All that is held about this customer."),
    ] = False,
    *,
    as_of: AsOf = None,
    language: Language = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Show a customer's segments and groups, fresh records counted in; nothing is loaded.

    Without --as-of it is the instant of the last refresh, or just after the newest fresh record.
    What takes all customers to say, such as limits between groups, is as the last refresh knew it.

    Examples:
      segmentry customer 17850 -w shop
      segmentry customer 17850 --fresh cart.json -w shop
      segmentry customer 17850 --as-of today -w shop --json
      segmentry customer 17850 --everything -w shop --json > held.json
    """
    with opened(folder) as workspace:
        if everything:
            held = erasure.everything(workspace, customer_id)
            emit(held, as_json=as_json, draw=_draw_everything)
            return
        instant = instant_of(workspace, as_of) if as_of else None
        standing = workspace.live.standing(customer_id, _read(fresh), instant)
        document = StandingWords(workspace, language).document(standing)
    emit(document, as_json=as_json, draw=_draw)


def _read(given: str | None) -> Fresh:
    from segmentry.data.fresh import read_json

    if given is None:
        return {}
    if given.lstrip().startswith(("{", "[")):
        return read_json(given)
    try:
        return read_json(Path(given).read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UnreadableFileError(
            f"`{given}` cannot be read as text.", fix="Give JSON, or a file of it in UTF-8."
        ) from error


def _draw(screen: Console, document: Document) -> None:
    groups = table("segmentation", "group")
    for each in document["groups"]:
        row(groups, each["label"], each["group_label"] or NONE)
    inside = [clean(each["label"] or each["name"]) for each in document["segments"]]
    segments = Text.assemble(("In segments: ", "bold"), ", ".join(inside) or "none")
    basis = f"as of {document['as_of']} · other customers as of {document['base_as_of']}"
    show(screen, segments, groups, Text(basis, style="dim"))


def _draw_everything(screen: Console, document: Document) -> None:
    """How much is held; all of it is in `--json`."""
    drawn = table("Held", ">Rows")
    for name, rows in document["tables"].items():
        row(drawn, name, f"{len(rows):,}")
    for name in ("computed", "segments", "memberships", "sent"):
        row(drawn, name, f"{len(document[name]):,}")
    show(screen, drawn, Text("All of it: --json", style="dim"))


__all__ = ["customer"]
