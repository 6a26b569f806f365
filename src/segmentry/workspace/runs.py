"""Runs: long work that was asked for, how far it is, and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from segmentry.core.errors import CancelledError, NotFoundError
from segmentry.core.time import Clock
from segmentry.workspace.migration import METADATA

RUNS = sa.Table(
    "run",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("as_of", sa.String),
    sa.Column("status", sa.String, nullable=False),
    sa.Column("started_at", sa.DateTime, nullable=False),
    sa.Column("ended_at", sa.DateTime),
    sa.Column("problem", sa.Text),
    sa.Column("asked_by", sa.String),
    sa.Column("arguments", sa.JSON),
    sa.Column("result", sa.JSON),
)
STEPS = sa.Table(
    "run_step",
    METADATA,
    sa.Column("run_id", sa.Integer, sa.ForeignKey("run.id"), primary_key=True),
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("status", sa.String, nullable=False),
    sa.Column("seconds", sa.Float),
    sa.Column("rows", sa.Integer),
    sa.Column("problem", sa.Text),
)
OVER = frozenset({"done", "failed", "cancelled", "interrupted"})
"""What a run can be that goes no further."""


@dataclass(frozen=True)
class Step:
    """One step of a run."""

    name: str
    status: str
    seconds: float
    rows: int | None = None
    problem: str = ""


class Runs:
    """The runs of a workspace, in its catalogue.

    A run is `waiting`, then `running`, then `done`, `failed` or `cancelled`; one whose process died
    is `interrupted`. `started_at` of one that waits is when it was asked for.

    Args:
        held_since: Since when a process has had the workspace, `None` when none has: a run that
            began before that has died.
    """

    def __init__(self, engine: sa.Engine, held_since: Callable[[], datetime | None]) -> None:
        self._engine = engine
        self._held_since = held_since
        self._under_way: Run | None = None

    def ask(self, kind: str, arguments: Mapping[str, Any], asked_by: str, at: datetime) -> int:
        """Note a run that waits; its number."""
        with self._engine.begin() as connection:
            number = connection.execute(
                RUNS.insert().values(
                    kind=kind,
                    arguments=dict(arguments),
                    asked_by=asked_by,
                    status="waiting",
                    started_at=at,
                )
            ).lastrowid
        return int(number)

    def asked_since(self, asked_by: str, at: datetime) -> bool:
        """Whether somebody asked for a run at or after an instant."""
        query = sa.select(RUNS.c.id).where(RUNS.c.asked_by == asked_by, RUNS.c.started_at >= at)
        with self._engine.connect() as connection:
            return connection.execute(query.limit(1)).first() is not None

    def next_waiting(self) -> dict[str, Any] | None:
        """The run that has waited longest."""
        query = sa.select(RUNS).where(RUNS.c.status == "waiting").order_by(RUNS.c.id).limit(1)
        with self._engine.connect() as connection:
            found = connection.execute(query).mappings().first()
            return dict(found) if found else None

    def give_up(self, number: int, at: datetime) -> bool:
        """Take back a run that still waits; `False` if it waits no more."""
        changed = (
            RUNS.update()
            .where(RUNS.c.id == number, RUNS.c.status == "waiting")
            .values(status="cancelled", ended_at=at)
        )
        with self._engine.begin() as connection:
            return bool(connection.execute(changed).rowcount)

    def mark_dead(self, at: datetime) -> None:
        """Note that whatever is noted as running has died: nothing else has the workspace."""
        dead = RUNS.update().where(RUNS.c.status == "running")
        with self._engine.begin() as connection:
            connection.execute(dead.values(status="interrupted", ended_at=at))

    @contextmanager
    def run(
        self, kind: str, as_of: str | None, clock: Clock, number: int | None = None
    ) -> Iterator[Run]:
        """Note a run: running while the block runs, then what became of it; never for ever.

        A run inside of another is that other: its steps go there.

        Args:
            number: That of a run that waits; without it, a new one.
        """
        if self._under_way is not None:
            self._under_way.about(as_of)
            yield self._under_way
            return
        self.mark_dead(clock())
        run = Run(self._engine, self._begin(kind, as_of, clock(), number), clock)
        self._under_way = run
        try:
            yield run
        except CancelledError:
            run.end("cancelled", "")
            raise
        except BaseException as error:
            run.end("failed", type(error).__name__)
            raise
        finally:
            self._under_way = None
        run.end("done", "")

    def _begin(self, kind: str, as_of: str | None, at: datetime, number: int | None) -> int:
        begun = {"status": "running", "started_at": at, "as_of": as_of}
        with self._engine.begin() as connection:
            if number is None:
                return int(connection.execute(RUNS.insert().values(kind=kind, **begun)).lastrowid)
            connection.execute(RUNS.update().where(RUNS.c.id == number).values(**begun))
            return number

    def latest(self, limit: int = 20, before: int | None = None) -> list[dict[str, Any]]:
        """The latest runs with their steps, newest first; one that died is `interrupted`.

        Args:
            before: Only those with a smaller number.
        """
        query = sa.select(RUNS).order_by(RUNS.c.id.desc()).limit(limit)
        return self._read(query if before is None else query.where(RUNS.c.id < before))

    def under_way(self, kind: str) -> int | None:
        """The number of the first run of a kind that waits or runs."""
        open_ = RUNS.c.status.in_(("waiting", "running"))
        query = sa.select(RUNS).where(RUNS.c.kind == kind, open_).order_by(RUNS.c.id)
        with self._engine.connect() as connection:
            for run in connection.execute(query).mappings():
                if self._status(run) not in OVER:
                    return int(run["id"])
        return None

    def one(self, number: int) -> dict[str, Any]:
        """A run with its steps.

        Raises:
            NotFoundError: There is none of that number.
        """
        found = self._read(sa.select(RUNS).where(RUNS.c.id == number))
        if not found:
            raise NotFoundError(f"no run {number}.", fix="List them: `segmentry runs`.")
        return found[0]

    def _read(self, query: sa.Select[Any]) -> list[dict[str, Any]]:
        with self._engine.connect() as connection:
            rows = list(connection.execute(query).mappings())
            of = STEPS.c.run_id.in_([row["id"] for row in rows])
            in_turn = sa.select(STEPS).where(of).order_by(sa.literal_column("rowid"))
            steps = list(connection.execute(in_turn).mappings())
        return [
            dict(row)
            | {
                "status": self._status(row),
                "steps": [dict(each) for each in steps if each["run_id"] == row["id"]],
            }
            for row in rows
        ]

    def _status(self, run: sa.RowMapping) -> str:
        since = self._held_since()
        if run["status"] == "running" and (since is None or run["started_at"] < since):
            return "interrupted"
        return str(run["status"])


class Run:
    """A run that is under way."""

    def __init__(self, engine: sa.Engine, number: int, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self.number = number
        self.steps: list[Step] = []

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Note a step and how long it took."""
        started = self._clock()
        try:
            yield
        except BaseException as error:
            self._note(Step(name, "failed", self._since(started), problem=type(error).__name__))
            raise
        self._note(Step(name, "done", self._since(started)))

    def about(self, as_of: str | None) -> None:
        """Note the instant that it is about."""
        self._change(as_of=as_of)

    def found(self, result: Mapping[str, Any]) -> None:
        """Note what it found; nothing in it may be personal."""
        self._change(result=dict(result))

    def end(self, status: str, problem: str) -> None:
        """Note how the run ended."""
        self._change(status=status, problem=problem, ended_at=self._clock())

    def _change(self, **values: Any) -> None:
        with self._engine.begin() as connection:
            connection.execute(RUNS.update().where(RUNS.c.id == self.number).values(**values))

    def _since(self, started: datetime) -> float:
        return (self._clock() - started).total_seconds()

    def _note(self, step: Step) -> None:
        self.steps.append(step)
        with self._engine.begin() as connection:
            connection.execute(
                STEPS.insert().values(
                    run_id=self.number,
                    name=step.name,
                    status=step.status,
                    seconds=step.seconds,
                    problem=step.problem,
                )
            )
