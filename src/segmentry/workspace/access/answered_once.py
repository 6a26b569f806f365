"""Answers to changes that carried an idempotency key, for a day."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from segmentry.core.time import Clock
from segmentry.workspace.migration import METADATA

GOOD_FOR = timedelta(hours=24)
ANSWERED = sa.Table(
    "answered_once",
    METADATA,
    sa.Column("who", sa.String, primary_key=True),
    sa.Column("key", sa.String, primary_key=True),
    sa.Column("at", sa.DateTime, nullable=False, index=True),
    sa.Column("mark", sa.String, nullable=False),
    sa.Column("status", sa.Integer, nullable=False),
    sa.Column("headers", sa.String, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
)


@dataclass(frozen=True)
class Kept:
    """An answer, and of which request.

    Args:
        mark: A hash of the request.
        headers: JSON.
    """

    mark: str
    status: int
    headers: str
    body: bytes


class AnsweredOnce:
    """The answers given, by whoever asked and their key."""

    def __init__(self, engine: sa.Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def find(self, who: str, key: str) -> Kept | None:
        """The answer given to a request with this key less than a day ago."""
        query = sa.select(
            ANSWERED.c.mark, ANSWERED.c.status, ANSWERED.c.headers, ANSWERED.c.body
        ).where(ANSWERED.c.who == who, ANSWERED.c.key == key, ANSWERED.c.at > self._oldest())
        with self._engine.connect() as connection:
            row = connection.execute(query).mappings().first()
        return Kept(**row) if row else None

    def keep(self, who: str, key: str, answer: Kept) -> None:
        """Keep an answer, and let go of those that are too old."""
        row = asdict(answer) | {"who": who, "key": key, "at": self._clock()}
        with self._engine.begin() as connection:
            connection.execute(ANSWERED.delete().where(ANSWERED.c.at <= self._oldest()))
            connection.execute(ANSWERED.insert().values(**row))

    def forget(self, words: Collection[str]) -> None:
        """Let go of the answers that have one of the words in them; of these, lower-case ones."""
        query = sa.select(ANSWERED.c.who, ANSWERED.c.key, ANSWERED.c.headers, ANSWERED.c.body)
        with self._engine.begin() as connection:
            for row in connection.execute(query).all():
                said = f"{row.headers} {row.body.decode(errors='replace')}".lower()
                if any(word in said for word in words):
                    same = (ANSWERED.c.who == row.who) & (ANSWERED.c.key == row.key)
                    connection.execute(ANSWERED.delete().where(same))

    def _oldest(self) -> datetime:
        return self._clock() - GOOD_FOR
