"""The log of what was done: each entry holds the hash of the one before, so none can be changed.

It says who, what, to which thing, what became of it, how many customers it touches, and when. There
is nothing personal in it: people and keys stand by number, customers by a hash that only this
workspace can make.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from segmentry.core.time import Clock
from segmentry.workspace.access.tables import AUDIT

FIRST = "0" * 64
"""What stands before the first entry."""
PAGE = 5000


@dataclass(frozen=True)
class Change:
    """A declaration that was changed: its versions before and after; 0 is none, both are kept."""

    kind: str
    name: str
    before: int
    after: int


@dataclass(frozen=True)
class Entry:
    """Something that was done.

    Args:
        number: Counted from 1, without a gap.
        at: Instant, UTC.
        who: `person:3`, `key:x7f3k2ab`, `owner`, `shell` for a command, `nobody`.
        what: The operation, as the description of the API names it.
        object: To which thing, by the names of the route's parts.
        changes: Declarations that were changed.
        customers: How many customers the answer was about; unknown for most operations.
        outcome: `done`, `refused` or `failed`.
        previous: Hash of the entry before.
        hash: Of everything above.
    """

    number: int
    at: str
    who: str
    what: str
    object: Mapping[str, Any]
    changes: Sequence[Mapping[str, Any]]
    customers: int | None
    outcome: str
    previous: str
    hash: str

    def right_hash(self) -> str:
        """What the hash has to be."""
        told = {name: value for name, value in asdict(self).items() if name != "hash"}
        text = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Chain:
    """What checking the log found.

    Args:
        entries: How many there are.
        broken_at: Number of the first entry that is not as it was written; `None` if all are.
        head: Hash of the last one. Whoever notes it elsewhere sees if entries were cut off later.
    """

    entries: int
    broken_at: int | None
    head: str


class Audit:
    """The log of a workspace; it is only ever added to."""

    def __init__(self, engine: sa.Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def note(
        self,
        who: str,
        what: str,
        object: Mapping[str, Any] | None = None,  # noqa: A002 - the log's word
        *,
        outcome: str = "done",
        changes: Sequence[Change] = (),
        customers: int | None = None,
    ) -> Entry:
        """Add an entry; it is on the disk when this returns."""
        with self._engine.connect() as connection:
            # From reading the last entry to adding the next nobody else may add one.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            last = connection.execute(
                sa.select(AUDIT.c.number, AUDIT.c.hash).order_by(AUDIT.c.number.desc()).limit(1)
            ).first()
            entry = Entry(
                number=last.number + 1 if last else 1,
                at=_text(self._clock()),
                who=who,
                what=what,
                object=dict(object or {}),
                changes=[asdict(each) for each in changes],
                customers=customers,
                outcome=outcome,
                previous=last.hash if last else FIRST,
                hash="",
            )
            row = asdict(entry) | {"hash": entry.right_hash()}
            connection.execute(AUDIT.insert().values(**row))
            connection.commit()
        return Entry(**row)

    def latest(self, limit: int = 50, before: int | None = None) -> list[Entry]:
        """Entries, the newest first.

        Args:
            before: Only those with a smaller number.
        """
        query = sa.select(AUDIT).order_by(AUDIT.c.number.desc()).limit(limit)
        if before is not None:
            query = query.where(AUDIT.c.number < before)
        with self._engine.connect() as connection:
            return [Entry(**row) for row in connection.execute(query).mappings()]

    def has(self, head: str) -> bool:
        """Whether an entry of that hash is there."""
        with self._engine.connect() as connection:
            query = sa.select(AUDIT.c.number).where(AUDIT.c.hash == head)
            return connection.execute(query).first() is not None

    def checked(self) -> Chain:
        """Whether every entry is as it was written, none is missing, and none was put between."""
        count, previous = 0, FIRST
        for entry in self._all():
            count += 1
            whole = entry.number == count and entry.previous == previous
            if not whole or entry.hash != entry.right_hash():
                return Chain(self._count(), count, previous)
            previous = entry.hash
        return Chain(count, None, previous)

    def _count(self) -> int:
        with self._engine.connect() as connection:
            return connection.execute(sa.select(sa.func.count()).select_from(AUDIT)).scalar_one()

    def _all(self) -> Iterator[Entry]:
        after = -1
        while True:
            query = sa.select(AUDIT).where(AUDIT.c.number > after).order_by(AUDIT.c.number)
            with self._engine.connect() as connection:
                page = [Entry(**row) for row in connection.execute(query.limit(PAGE)).mappings()]
            if not page:
                return
            yield from page
            after = page[-1].number


def _text(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds") + "Z"
