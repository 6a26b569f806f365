"""All that is held about one customer: for a person who asks what is known of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from segmentry.core.errors import NotFoundError, UsageError
from segmentry.data import erase
from segmentry.segments import past
from segmentry.workspace import inbox
from segmentry.workspace.inbox import Inbox
from segmentry.workspace.people import People

if TYPE_CHECKING:
    from segmentry.workspace.workspace import Workspace

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Held:
    """All that is held about a customer.

    Args:
        ids: Of all records that were found to be the same person.
        tables: Rows by table, as they are.
        computed: Features and groups as of the last refresh; nothing before the first.
        segments: Those that the customer is in then.
        memberships: Since when, until when and why the customer was in which segment or group.
        sent: Records that were sent and are not loaded yet.
    """

    ids: tuple[str, ...]
    tables: Mapping[str, Sequence[Row]]
    computed: Row
    segments: tuple[str, ...]
    memberships: Sequence[Row]
    sent: Sequence[Row]


def everything(workspace: Workspace, customer_id: str) -> Held:
    """All that is held about a customer: what forgetting them would take away.

    Raises:
        NotFoundError: Nothing is.
    """
    gone = erase.find(workspace.engine, [customer_id])
    tables, sent = erase.rows(workspace.engine, gone), _sent(workspace, gone.ids)
    if not tables and not sent:
        raise NotFoundError(
            "nothing is held about this customer.",
            fix="Check the id; ids are compared exactly, as text.",
        )
    computed, segments = _computed(workspace, customer_id)
    memberships = _memberships(workspace, gone.numbers)
    return Held(gone.ids, tables, computed, segments, memberships, sent)


def _computed(workspace: Workspace, customer_id: str) -> tuple[Row, tuple[str, ...]]:
    try:
        person = People(workspace).one(customer_id)
    except (NotFoundError, UsageError):  # counted as another record, or only sent yet
        return {}, ()
    known = {name: value for name, value in person.values.items() if value is not None}
    return known, person.segments


def _memberships(workspace: Workspace, numbers: Sequence[int]) -> list[Row]:
    engine, those = workspace.engine, np.array(numbers, np.int64)
    if not numbers or not past.is_recorded(engine):
        return []
    names = engine.rows("SELECT DISTINCT segment FROM membership_point ORDER BY segment")
    return [
        {"segment": name, **{key: each for key, each in stay.items() if key != "customer_no"}}
        for (name,) in names
        for stay in past.stays(engine, name, those)
    ]


def _sent(workspace: Workspace, ids: Sequence[str]) -> list[Row]:
    if not (workspace.folder / inbox.FILE).is_file():
        return []
    with closing(Inbox(workspace.folder)) as sent:
        found = [sent.of(each) for each in ids]
    return [
        {"entity": entity, **record}
        for each in found
        for entity, records in each.items()
        for record in records
    ]


__all__ = ["Held", "everything"]
