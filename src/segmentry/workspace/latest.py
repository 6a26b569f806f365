"""The latest answers to what takes long: each is kept until the next one, for the report too."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from segmentry import __version__
from segmentry.core.errors import BusyError
from segmentry.core.time import AsOf
from segmentry.engines.duckdb import DuckDB
from segmentry.workspace.snapshot import fingerprint

if TYPE_CHECKING:
    from segmentry.features.customers import Customers
    from segmentry.workspace.workspace import Workspace

T = TypeVar("T")


@dataclass(frozen=True)
class Latest:
    """The last answer to each kind of question, beside the cards of models."""

    engine: DuckDB

    def keep(self, name: str, as_of: AsOf, answer: Mapping[str, Any], customers: int) -> None:
        """Keep an answer in place of the last one, or that which another keeps at this moment.

        Args:
            answer: Plain values that JSON can hold; no NaN.
            customers: How many were asked.
        """
        text = json.dumps(answer, allow_nan=False)
        with suppress(BusyError), self.engine.transaction():
            self.engine.execute("DELETE FROM model_cards WHERE name = ?", [name])
            self.engine.execute(
                "INSERT INTO model_cards VALUES (?, ?, ?, ?)",
                [name, as_of.instant, text, customers],
            )

    def last(self, name: str, by: AsOf | None = None) -> Any:
        """The last answer; `None` where there is none, or it is of an instant after `by`."""
        rows = self.engine.rows(
            "SELECT card FROM model_cards WHERE name = $name AND as_of <= coalesce($by, as_of)",
            {"name": name, "by": by.instant if by else None},
        )
        return json.loads(rows[0][0]) if rows else None


def of_state(
    workspace: Workspace, name: str, customers: Customers, kind: type[T], make: Callable[[], T]
) -> T:
    """The answer to a usual question about everyone, found once for a state of the data and kept.

    A state is an instant, all that is loaded and all that is declared; when any of it is another,
    the answer is found anew and takes the place of the one before. Those who may not see customers
    are told what is found for them.

    Args:
        name: Under which it is kept among the cards.
        kind: The class of the answer: plain values that JSON can hold.
    """
    if workspace.discreet:
        return make()
    kept, shape = Latest(workspace.engine), TypeAdapter(kind)
    count = int(workspace.engine.value("SELECT count(*) FROM customers"))
    state = _state(workspace.engine, customers, count)
    found = kept.last(name)
    if found is not None and found["state"] == state:
        with suppress(ValidationError):
            return shape.validate_python(found["answer"])
    answer = make()
    body = {"state": state, "answer": shape.dump_python(answer, mode="json")}
    kept.keep(name, customers.as_of, body, count)
    return answer


def _state(engine: DuckDB, customers: Customers, count: int) -> str:
    """Changes with the instant, the data, what is declared, who is there, and the program."""
    as_of, features = customers.as_of, customers.features
    parts = f"{as_of.instant} {as_of.timezone} {fingerprint(engine, features)} {count}"
    return hashlib.sha256(f"{parts} {__version__}".encode()).hexdigest()
