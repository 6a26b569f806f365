"""What every engine can do: run, fetch Arrow, take Arrow, write, transact."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

import pyarrow as pa

from segmentry.core.types import Value
from segmentry.sql.expression import Relation
from segmentry.sql.render import Dialect

Parameters = Sequence[Value] | dict[str, Value]


class Engine(Protocol):
    """A session on the database that holds facts, features and memberships.

    Statements are rendered from trees by the session's `dialect`, so that the same question gives
    the same answer on every engine. Errors of the driver come as `EngineError` and its kinds.
    """

    @property
    def dialect(self) -> Dialect:
        """How the engine spells types and operators."""
        ...

    def render(self, relation: Relation, *, pretty: bool = False) -> str:
        """The statement that `fetch` would run."""
        ...

    def fetch(self, query: Relation) -> pa.Table:
        """The rows of a relation, as Arrow, with the Arrow types of DuckDB."""
        ...

    def rows(self, query: Relation) -> list[tuple[Any, ...]]:
        """The rows as Python tuples, for small results."""
        ...

    def value(self, query: Relation) -> Any:
        """The one value of a relation; `None` when it has no row."""
        ...

    def create(self, name: str, query: Relation, *, temporary: bool = False) -> None:
        """Make a table from a relation, replacing one of that name."""
        ...

    def write(self, name: str, rows: pa.Table | pa.RecordBatchReader) -> None:
        """Make a table from Arrow rows, replacing one of that name."""
        ...

    def append(self, name: str, rows: pa.Table | pa.RecordBatchReader) -> None:
        """Add Arrow rows to a table that `write` made, by column name."""
        ...

    def drop(self, name: str) -> None:
        """Remove a table if it is there."""
        ...

    def tables(self) -> set[str]:
        """Names of the tables that are not temporary."""
        ...

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing: what happens inside is kept only if the block ends well."""
        ...

    def interrupt(self) -> None:
        """Stop the statement that runs in another thread; it raises `CancelledError`."""
        ...

    def close(self) -> None:
        """Let go of the database."""
        ...
