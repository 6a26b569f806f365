"""`segmentry refresh`: compute everything as of an instant, and keep it."""

from __future__ import annotations

from rich.console import Console

from segmentry.answers import refresh as answers
from segmentry.answers.basis import instant_of
from segmentry.answers.plain import Document
from segmentry.cli.option import HERE, AsOf, Folder, Json
from segmentry.cli.output import clean, counted, emit, footer, show
from segmentry.cli.progress import watched
from segmentry.cli.session import opened


def refresh(as_of: AsOf = None, folder: Folder = HERE, as_json: Json = False) -> None:
    """Check the data, compute every feature and take memberships into the history.

    The first refresh fills the history month by month from the first order on. All of it becomes
    visible at once, or nothing does.

    Examples:
      segmentry refresh -w shop
      segmentry refresh -w shop --as-of 2011-12-10 --json
    """
    with opened(folder) as workspace:
        instant = instant_of(workspace, as_of)
        with watched("Refreshing", quiet=as_json, share_done=workspace.share_done) as progress:
            document = answers.refresh(workspace, instant, progress)
        if as_json:
            document["result_hash"] = workspace.result_hash(instant)
    emit(document, as_json=as_json, draw=draw_refresh)


def draw_refresh(screen: Console, document: Document) -> None:
    """What a refresh did, for people."""
    line = (
        f"Refreshed {counted(document['customers'], 'customer')}: "
        f"{counted(document['features'], 'feature')}, {counted(document['segments'], 'segment')}, "
        f"{counted(document['points'], 'point')} of history."
    )
    lines = [line]
    if document["rebuilt"]:
        lines.append("The history was computed anew: earlier data changed.")
    for name, why in document["left_out"].items():
        lines.append(f"Left out: segment {name}, {clean(why)}")
    for name, why in document["unscored"].items():
        lines.append(f"Not scored again: model {name}, {clean(why)}")
    show(screen, "\n".join(lines), footer(document))
