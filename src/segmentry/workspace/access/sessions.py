"""Sessions: a person who signed in, known by a random secret until it is used no more."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from segmentry.core.time import Clock
from segmentry.workspace.access.people import SHOWN, Person
from segmentry.workspace.access.scope import Principal, scopes_of
from segmentry.workspace.access.tables import PEOPLE, SESSIONS

OWNER = Principal("owner", scopes_of("admin"), "owner", "admin")
"""Whoever opened the link that `segmentry serve` printed, before there were people."""
NOTED_AFTER = timedelta(minutes=1)
"""How often it is noted that a session is in use."""


@dataclass(frozen=True)
class Session:
    """A session that holds.

    Args:
        principal: Who signed in.
        token: The secret by which the session is known; only its hash is kept.
        ends_at: When it ends however much it is used; naive UTC.
    """

    principal: Principal
    token: str
    ends_at: datetime

    @property
    def csrf(self) -> str:
        """What a page of ours has to send along with a change, and no other page can know."""
        return hmac.digest(self.token.encode(), b"csrf", "sha256").hex()


class Sessions:
    """The sessions of a workspace.

    Args:
        idle: A session that is not used for longer has ended.
        longest: It ends after this, however much it is used.
    """

    def __init__(
        self, engine: sa.Engine, clock: Clock, idle: timedelta, longest: timedelta
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._idle = idle
        self._longest = longest

    def begin(self, person: Person | None) -> Session:
        """A new session with a new secret; of the owner, if of nobody. Those over are forgotten."""
        token, now = secrets.token_urlsafe(32), self._clock()
        row = {
            "hash": hashed(token),
            "person_id": person.id if person else None,
            "began_at": now,
            "used_at": now,
        }
        over = (SESSIONS.c.began_at <= now - self._longest) | (
            SESSIONS.c.used_at <= now - self._idle
        )
        with self._engine.begin() as connection:
            connection.execute(SESSIONS.delete().where(over))
            connection.execute(SESSIONS.insert().values(**row))
        return Session(person.principal if person else OWNER, token, now + self._longest)

    def of(self, token: str) -> Session | None:
        """The session of a secret; `None` when it ended or never was."""
        now, people = self._clock(), [PEOPLE.c[name].label(f"who_{name}") for name in SHOWN]
        query = (
            sa.select(SESSIONS, *people)
            .join(PEOPLE, PEOPLE.c.id == SESSIONS.c.person_id, isouter=True)
            .where(SESSIONS.c.hash == hashed(token))
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).mappings().first()
        if row is None or not self._holds(row, now):
            return None
        if now - row["used_at"] >= NOTED_AFTER:
            with self._engine.begin() as connection:
                which = SESSIONS.c.hash == row["hash"]
                connection.execute(SESSIONS.update().where(which).values(used_at=now))
        return Session(_principal(row), token, row["began_at"] + self._longest)

    def end(self, token: str) -> None:
        """End a session."""
        with self._engine.begin() as connection:
            connection.execute(SESSIONS.delete().where(SESSIONS.c.hash == hashed(token)))

    def end_owners(self) -> None:
        """End what was begun by a printed link: there are people now."""
        with self._engine.begin() as connection:
            connection.execute(SESSIONS.delete().where(SESSIONS.c.person_id.is_(None)))

    def _holds(self, row: sa.RowMapping, now: datetime) -> bool:
        fresh: bool = now - row["used_at"] < self._idle and now - row["began_at"] < self._longest
        if row["person_id"] is None:
            return fresh
        known: bool = row["who_name"] is not None and not row["who_disabled"]
        return fresh and known


def hashed(secret: str) -> str:
    """A random secret as it is kept; it is long enough to need no salt."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _principal(row: sa.RowMapping) -> Principal:
    if row["person_id"] is None:
        return OWNER
    return Person(**{name: row[f"who_{name}"] for name in SHOWN}).principal
