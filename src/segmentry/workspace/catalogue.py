"""The catalogue: declarations with their versions, runs, and access. Control data, never facts.

A small SQLite file beside the warehouse; nothing in it is about customers.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from segmentry.core.errors import (
    EngineError,
    NotFoundError,
    OutOfResourcesError,
    SegmentryError,
)
from segmentry.core.time import now
from segmentry.data.erase import nameless
from segmentry.workspace import migration
from segmentry.workspace.access import tables as _access_tables  # noqa: F401 - made with the others
from segmentry.workspace.access.answered_once import AnsweredOnce
from segmentry.workspace.access.changes import changed
from segmentry.workspace.migration import METADATA
from segmentry.workspace.runs import RUNS, Runs

if TYPE_CHECKING:
    from segmentry.core.time import Clock
    from segmentry.workspace.access.access import Access
    from segmentry.workspace.access.limits import Limits

DECLARATIONS = sa.Table(
    "declaration",
    METADATA,
    sa.Column("kind", sa.String, primary_key=True),
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("body", sa.JSON, nullable=False),
    sa.Column("saved_at", sa.DateTime, nullable=False),
    sa.Column("removed", sa.Boolean, nullable=False, default=False),
)


SAYING = (DECLARATIONS.c.body, RUNS.c.arguments, RUNS.c.result)
"""Where a rule may stand, and in it whatever people typed."""


@dataclass(frozen=True)
class Declared:
    """One version of a declaration: a segment, scale, feature …, as its plain JSON body."""

    kind: str
    name: str
    version: int
    body: Mapping[str, Any]
    saved_at: datetime
    removed: bool = False


Newest = Mapping[str, Sequence[Declared]]
"""Kind → the newest versions of what is not removed, by name."""
LAST: sa.Select[Any] = sa.select(sa.func.max(sa.literal_column("rowid"))).select_from(DECLARATIONS)
"""Versions are only ever added, so that another number tells that there are more."""


class Catalogue:
    """Declarations and runs of one workspace."""

    def __init__(
        self, file: Path, held_since: Callable[[], datetime | None] = lambda: None
    ) -> None:
        """Open it; a new one is made.

        Args:
            held_since: Since when a process has had the workspace, `None` when none has: a run that
                began before that has died.

        Raises:
            EngineError: The file is damaged, or cannot be written to.
        """
        self._engine = sa.create_engine(f"sqlite:///{file}")
        sa.event.listen(
            self._engine, "handle_error", lambda context: _fault(file, context), retval=True
        )
        try:
            with self._engine.begin() as connection:
                connection.exec_driver_sql("PRAGMA journal_mode=WAL")
            migration.bring_up(self._engine)
        except BaseException:
            self._engine.dispose()
            raise
        self.runs = Runs(self._engine, held_since)
        self._newest: tuple[int | None, Newest] | None = None

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def answered_once(self, clock: Clock) -> AnsweredOnce:
        """The changes that were answered, by their idempotency keys."""
        return AnsweredOnce(self._engine, clock)

    def access(self, clock: Clock, limits: Limits) -> Access:
        """Who may do what, and the log of what was done."""
        from segmentry.workspace.access.access import Access

        return Access(self._engine, clock, limits)

    def forget(self, words: Collection[str]) -> None:
        """Let go of what says one of the words, also of what is in the file unused.

        A rule that names one, in any version of a declaration, names nobody instead.
        """
        self.answered_once(now).forget(words)
        with self._engine.begin() as connection:
            for column in SAYING:
                _take_out(connection, column, words)
        self._newest = None
        with self._engine.connect() as connection:
            alone = connection.execution_options(isolation_level="AUTOCOMMIT")
            alone.exec_driver_sql("VACUUM")
            alone.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    # declarations

    def declared(self, kind: str) -> Sequence[Declared]:
        """The newest version of every declaration of a kind that is not removed, by name."""
        return self.newest().get(kind, ())

    def newest(self) -> Newest:
        """The same of every kind; the same object again until something is declared."""
        with self._engine.connect() as connection:
            last = connection.execute(LAST).scalar()
        if self._newest is None or self._newest[0] != last:
            self._newest = last, self._all_newest()
        return self._newest[1]

    def _all_newest(self) -> Newest:
        every = sa.select(DECLARATIONS).order_by(*DECLARATIONS.primary_key)
        newest = {(each.kind, each.name): each for each in self._declarations(every)}
        found: dict[str, list[Declared]] = {}
        for each in newest.values():
            if not each.removed:
                found.setdefault(each.kind, []).append(each)
        return found

    def versions(self, kind: str, name: str) -> list[Declared]:
        """Every version of a declaration, removals too, oldest first; nothing if never declared."""
        return self._declarations(
            sa.select(DECLARATIONS)
            .where(DECLARATIONS.c.kind == kind, DECLARATIONS.c.name == name)
            .order_by(DECLARATIONS.c.version)
        )

    def declaration(self, kind: str, name: str) -> Declared:
        """The newest version of a declaration.

        Raises:
            NotFoundError: There is none, or it was withdrawn.
        """
        found = {each.name: each for each in self.declared(kind)}
        if name not in found:
            there = ", ".join(f"`{each}`" for each in found) or "none yet"
            raise NotFoundError(f"no {kind} `{name}`.", fix=f"There is: {there}.")
        return found[name]

    def declare(self, kind: str, name: str, body: Mapping[str, Any], at: datetime) -> Declared:
        """Keep a declaration; a changed body makes a new version, an equal one none."""
        last = next(iter(self.versions(kind, name)[-1:]), None)
        if last and not last.removed and last.body == body:
            return last
        return self._keep(Declared(kind, name, last.version + 1 if last else 1, body, at))

    def change(
        self,
        declared: Mapping[tuple[str, str], Mapping[str, Any]],
        withdrawn: Iterable[tuple[str, str]],
        at: datetime,
    ) -> None:
        """Keep and take out many declarations, by kind and name: all of them or none."""
        rows = []
        for (kind, name), body in declared.items():
            last = next(iter(self.versions(kind, name)[-1:]), None)
            rows.append(Declared(kind, name, last.version + 1 if last else 1, body, at))
        for kind, name in withdrawn:
            last = self.declaration(kind, name)
            rows.append(replace(last, version=last.version + 1, saved_at=at, removed=True))
        if rows:
            with self._engine.begin() as connection:
                connection.execute(DECLARATIONS.insert(), [asdict(each) for each in rows])
            for each in rows:
                _note(each)

    def withdraw(self, kind: str, name: str, at: datetime) -> None:
        """Take a declaration out of use; its versions are kept.

        Raises:
            NotFoundError: There is none.
        """
        last = self.declaration(kind, name)
        self._keep(replace(last, version=last.version + 1, saved_at=at, removed=True))

    def _declarations(self, query: sa.Select[Any]) -> list[Declared]:
        with self._engine.connect() as connection:
            return [Declared(**row) for row in connection.execute(query).mappings()]

    def _keep(self, declared: Declared) -> Declared:
        with self._engine.begin() as connection:
            connection.execute(DECLARATIONS.insert().values(**asdict(declared)))
        _note(declared)
        return declared


def _take_out(connection: sa.Connection, column: sa.Column[Any], words: Collection[str]) -> None:
    """Let what is kept in a column name none of the words."""
    key = column.table.primary_key.columns
    for *names, body in connection.execute(sa.select(*key, column)).all():
        said = json.dumps(body, ensure_ascii=False)
        left = nameless(said, words)
        if left != said:
            same = [part == name for part, name in zip(key, names, strict=True)]
            values = {column.name: json.loads(left)}
            connection.execute(column.table.update().where(*same).values(values))


def _note(declared: Declared) -> None:
    after = 0 if declared.removed else declared.version
    changed(declared.kind, declared.name, declared.version - 1, after)


FULL = ("disk is full",)
NOT_WRITABLE = ("readonly database", "unable to open")


def _fault(file: Path, context: sa.engine.ExceptionContext) -> SegmentryError | None:
    """What a fault of the driver means to a person; `None` leaves it as it is."""
    error = context.original_exception
    if not isinstance(error, sqlite3.DatabaseError) or isinstance(error, sqlite3.IntegrityError):
        return None
    found, name = str(error), file.name
    if any(each in found for each in FULL):
        return OutOfResourcesError(
            f"the disk is full: `{name}` cannot grow; nothing was changed.", fix=FREE
        )
    if any(each in found for each in NOT_WRITABLE):
        return EngineError(f"cannot write `{name}`: {found}.", fix="Make the folder writable.")
    return EngineError(f"cannot use `{name}`: {found}.", fix=BROKEN)


FREE = "Free space on the disk and run the command again; what was finished is kept."
BROKEN = (
    "Check the disk; if the file is damaged, put a copy of it back. It holds segments and runs."
)
