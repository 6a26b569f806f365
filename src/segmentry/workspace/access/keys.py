"""Keys for programs: shown once, kept as a hash, good for named things and, if wished, a time."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from segmentry.core.errors import NotFoundError, UsageError
from segmentry.core.time import Clock
from segmentry.workspace.access.scope import Principal, scopes_named
from segmentry.workspace.access.sessions import NOTED_AFTER, hashed
from segmentry.workspace.access.tables import KEYS

MARK = "sgm"
LETTERS = "abcdefghjkmnpqrstuvwxyz"
LONGEST_NAME = 100


@dataclass(frozen=True)
class Key:
    """A key, without its secret; instants are naive UTC."""

    id: str
    name: str
    scopes: tuple[str, ...]
    added_at: datetime
    expires_at: datetime | None
    used_at: datetime | None
    revoked_at: datetime | None

    @property
    def principal(self) -> Principal:
        """The key as the one who asks."""
        return Principal(self.name, scopes_named(self.scopes), f"key:{self.id}")

    def holds(self, now: datetime) -> bool:
        """Whether it opens anything at an instant; at the very moment of its end no more."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


class Keys:
    """The keys of a workspace; a key that was revoked stays in the list."""

    def __init__(self, engine: sa.Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def all(self) -> list[Key]:
        """Every key, the newest first."""
        with self._engine.connect() as connection:
            query = sa.select(KEYS).order_by(KEYS.c.added_at.desc(), KEYS.c.id)
            return [_key(row) for row in connection.execute(query).mappings()]

    def one(self, id: str) -> Key:  # noqa: A002 - what the column is called
        """A key by its id.

        Raises:
            NotFoundError: There is none.
        """
        with self._engine.connect() as connection:
            row = connection.execute(sa.select(KEYS).where(KEYS.c.id == id)).mappings().first()
        if row is None:
            raise NotFoundError("there is no such key.", fix="List them: `segmentry keys list`.")
        return _key(row)

    def add(self, name: str, scopes: Iterable[str], days: int | None = None) -> tuple[Key, str]:
        """A new key, and the whole of it, which is shown this once.

        Args:
            days: It is good for this long; for ever, if not said.

        Raises:
            UnknownNameError: There is no such scope.
            UsageError: It has no name or no scope, or would be over at once.
        """
        wanted, name = sorted(scopes_named(scopes)), " ".join(name.split())
        if not 0 < len(name) <= LONGEST_NAME or not name.isprintable() or not wanted:
            raise UsageError(
                f"a key has a name of 1 to {LONGEST_NAME} characters, and at least one scope.",
                fix="Say what it is for: `segmentry keys add till --scope read`.",
            )
        if days is not None and days < 1:
            raise UsageError("a key is good for a day at least.", fix="Leave the days out.")
        id_ = "".join(secrets.choice(LETTERS) for _ in range(10))
        secret, now = secrets.token_urlsafe(32), self._clock()
        row = {
            "id": id_,
            "name": name,
            "hash": hashed(secret),
            "scopes": wanted,
            "added_at": now,
            "expires_at": now + timedelta(days=days) if days else None,
        }
        with self._engine.begin() as connection:
            connection.execute(KEYS.insert().values(**row))
        return self.one(id_), f"{MARK}_{id_}_{secret}"

    def revoke(self, id: str) -> Key:  # noqa: A002 - what the column is called
        """Let a key open nothing any more, from now on."""
        if self.one(id).revoked_at is None:
            self._set(id, {"revoked_at": self._clock()})
        return self.one(id)

    def known_by(self, text: str) -> Key | None:
        """The key that a text is; `None` when it is none, was revoked or is over."""
        mark, _, rest = text.partition("_")
        id_, _, secret = rest.partition("_")
        with self._engine.connect() as connection:
            row = connection.execute(sa.select(KEYS).where(KEYS.c.id == id_)).mappings().first()
        if mark != MARK or row is None or not hmac.compare_digest(row["hash"], hashed(secret)):
            return None
        key, now = _key(row), self._clock()
        if not key.holds(now):
            return None
        if key.used_at is None or now - key.used_at >= NOTED_AFTER:
            self._set(id_, {"used_at": now})
        return key

    def _set(self, id_: str, values: dict[str, Any]) -> None:
        with self._engine.begin() as connection:
            connection.execute(KEYS.update().where(KEYS.c.id == id_).values(**values))


def _key(row: sa.RowMapping) -> Key:
    kept = {name: row[name] for name in Key.__dataclass_fields__}
    return Key(**kept | {"scopes": tuple(row["scopes"])})
