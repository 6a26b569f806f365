"""The latest answers to what takes long: each is kept until the next one, for the report too."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from segmentry.core.time import AsOf
from segmentry.engines.duckdb import DuckDB


@dataclass(frozen=True)
class Latest:
    """The last answer to each kind of question, beside the cards of models."""

    engine: DuckDB

    def keep(self, name: str, as_of: AsOf, answer: Mapping[str, Any], customers: int) -> None:
        """Keep an answer in place of the last one.

        Args:
            answer: Plain values that JSON can hold; no NaN.
            customers: How many were asked.
        """
        text = json.dumps(answer, allow_nan=False)
        with self.engine.transaction():
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
