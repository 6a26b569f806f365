"""Questions about one customer at a time, from a site or a call centre: many a second."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from segmentry.answers.plain import Document
from segmentry.answers.standing import StandingWords
from segmentry.api.desks import Desks
from segmentry.core.errors import NotFoundError, SegmentryError
from segmentry.data.available import loaded_columns
from segmentry.data.fresh import Columns, Fresh, received
from segmentry.segments.content import Content
from segmentry.workspace.erased import suppression
from segmentry.workspace.inbox import Inbox
from segmentry.workspace.live import Live
from segmentry.workspace.standings import Standings
from segmentry.workspace.workspace import Workspace


@dataclass
class _Ready:
    """What is read once and holds until something is changed."""

    edition: int
    desk: AbstractContextManager[Workspace]
    workspace: Workspace
    live: Live
    standings: Standings | None
    contents: Mapping[str, Content]
    columns: Columns
    lock: threading.Lock
    words: dict[str | None, StandingWords] = field(default_factory=dict)


class Reception:
    """Knows where each customer stands now, records counted in that were sent but not loaded.

    Somebody about whom nothing was sent since the last refresh stands where that refresh recorded
    it; all others are decided by the same rules at once.
    """

    def __init__(self, desks: Desks, inbox: Inbox) -> None:
        self._desks = desks
        self._inbox = inbox
        self._lock = threading.Lock()
        self._now: _Ready | None = None
        desks.leaving.append(self.close)

    def close(self) -> None:
        """Let go of the workspace."""
        with self._lock:
            self._leave()

    def standing(self, customer_id: str, fresh: Fresh, language: str | None) -> Document:
        """The segments and groups of a customer, with their labels.

        Args:
            fresh: Records by entity that were not even sent; they are counted in and not kept.

        Raises:
            NotFoundError: Nobody of that id is known.
            UsageError: Nothing was refreshed yet.
            InputError: A fresh record is not what it should be.
        """
        ready, new = self._ready(), self._new(customer_id, fresh)
        found = None if new or not ready.standings else ready.standings.standing(customer_id)
        with ready.lock:
            if language not in ready.words:
                ready.words[language] = StandingWords(ready.workspace, language)
            if found is None:
                found = ready.live.standing(customer_id, new)
        return ready.words[language].document(found)

    def content(self, place: str, customer_id: str, fresh: Fresh) -> Document:
        """What a customer is shown in a place; somebody unknown is everyone else.

        Raises:
            NotFoundError: There is no such place.
        """
        ready, new = self._ready(), self._new(customer_id, fresh)
        if place not in ready.contents:
            there = ", ".join(f"`{each}`" for each in ready.contents) or "none yet"
            raise NotFoundError(f"no content `{place}`.", fix=f"There is: {there}.")
        content, number = ready.contents[place], None
        standings = ready.standings
        if not new and standings:
            number = standings.number(customer_id)
        if standings and number is not None:
            segment, shown = content.chosen(lambda name: standings.is_in(number, name))
        else:
            with ready.lock:
                segment, shown = content.chosen(_live(ready.live, customer_id, new))
        return {"content": place, "segment": segment, "show": dict(shown)}

    def take(self, records: Mapping[str, Sequence[Mapping[str, Any]]]) -> Document:
        """Keep records that were sent: those that are in order, on the disk when this returns."""
        ready = self._ready()
        zone, good, refused = ready.workspace.settings.timezone, [], []
        suppressed = suppression(ready.workspace.folder)
        erased = 0
        for entity, sent in records.items():
            for number, record in enumerate(sent, 1):
                try:
                    found = received(entity, record, zone, ready.columns, number)
                    if suppressed.holds("customer_id", found.customer_id):
                        erased += 1
                    else:
                        good.append(found)
                except SegmentryError as error:
                    refused.append({"entity": entity, "record": number} | error.as_json())
        self._inbox.take(good)
        return {"accepted": len(good), "rejected": refused, "suppressed": erased}

    def _new(self, customer_id: str, fresh: Fresh) -> Fresh:
        sent = self._inbox.of(customer_id)
        return {each: [*sent.get(each, ()), *fresh.get(each, ())] for each in {**sent, **fresh}}

    def _ready(self) -> _Ready:
        edition = self._desks.edition
        now = self._now
        if now is not None and now.edition == edition:
            return now
        with self._lock:
            if self._now is None or self._now.edition != edition:
                self._leave()
                self._now = self._opened(edition)
            return self._now

    def _opened(self, edition: int) -> _Ready:
        desk = self._desks.taken()
        workspace, lock = desk.__enter__(), threading.Lock()
        return _Ready(
            edition=edition,
            desk=desk,
            workspace=workspace,
            live=workspace.live,
            standings=Standings.of(workspace, lock),
            contents={each.name: each for each in workspace.contents.all()},
            columns=loaded_columns(workspace.engine),
            lock=lock,
        )

    def _leave(self) -> None:
        if self._now is not None:
            with self._now.lock:
                self._now.desk.__exit__(None, None, None)
            self._now = None


def _live(live: Live, customer_id: str, fresh: Fresh) -> Callable[[str], bool]:
    """Whether a customer is in a segment, decided now; a stranger is in none."""
    try:
        return live.customer(customer_id, fresh).is_in
    except NotFoundError:
        return lambda _: False
