"""The instant that is asked about, and what every answer rests on."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from segmentry.answers.plain import Document
from segmentry.core import time
from segmentry.core.time import AsOf

if TYPE_CHECKING:
    from segmentry.workspace.workspace import Workspace


def instant_of(workspace: Workspace, text: str | None) -> AsOf:
    """The instant a person means; `today` and `yesterday` are days of the workspace's zone.

    Raises:
        UsageError: The text is no instant, or nothing is loaded and none was given.
    """
    back = {"today": 0, "yesterday": 1}.get((text or "").strip().lower())
    if back is None:
        return workspace.as_of(text)
    timezone = workspace.settings.timezone
    today = time.to_local(time.now(), timezone).date()
    return AsOf.parse(today - timedelta(days=back), timezone)


def basis(workspace: Workspace, as_of: AsOf) -> Document:
    """What every result rests on: its instant, the last day of data, the trust in them.

    And that it is exact: customers are counted, not estimated from a sample. An answer that rests
    on a sample says so itself.
    """
    return {
        "as_of": str(as_of),
        "data_through": workspace.data_through(),
        "trust": workspace.trust(as_of),
        "exact": True,
    }
