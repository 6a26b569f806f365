"""`segmentry features`: what is known of customers, and what would be with more data."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from segmentry.answers import features as answers
from segmentry.answers.plain import Document
from segmentry.cli.option import HERE, Folder, Json
from segmentry.cli.output import emit, listed, row, show, table
from segmentry.cli.session import opened


def features(folder: Folder = HERE, as_json: Json = False) -> None:
    """List the features that rules can use, and which column would unlock the others.

    Example:
      segmentry features -w shop
    """
    with opened(folder) as workspace:
        document = answers.every(workspace)
    emit(document, as_json=as_json, draw=_draw)


def _draw(screen: Console, document: Document) -> None:
    available = table("Feature", "What", "Kind", "Type", "From")
    for each in document["features"]:
        row(
            available,
            Text(each["name"], style="bold"),
            each["label"],
            each["kind"],
            each["type"],
            Text(listed(each["columns"], 2), style="dim"),
        )
    parts = [available]
    if document["locked"]:
        locked = table("Locked", "What would unlock it")
        for each in document["locked"]:
            row(locked, each["name"], Text(each["unlock"], style="dim"))
        parts.append(locked)
    show(screen, *parts)
    screen.print(
        Text(f"\n{len(document['features'])} available, {len(document['locked'])} locked.", "dim")
    )
