"""Duplicates of a workspace's customers: find, look through, merge, refuse, take back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from segmentry.core.errors import UnknownNameError, UsageError
from segmentry.data.identity import decisions, search
from segmentry.data.identity.decisions import Decision
from segmentry.data.identity.normalise import FIELDS
from segmentry.data.identity.search import LIKELY, REVIEW, SCORERS, Method, Search
from segmentry.engines.duckdb import quote

if TYPE_CHECKING:
    from segmentry.core.progress import Progress
    from segmentry.workspace.workspace import Workspace


@dataclass(frozen=True)
class Candidate:
    """Two records that may be one customer.

    Args:
        exact: They share the mailbox, or the phone, and nothing in their names speaks against it.
        likely: So probable that a merge is suggested; else it is worth a look.
        why: For each field that is known of both, how it agrees.
        records: What is known of the one and of the other.
    """

    customer_id: str
    other_id: str
    probability: float
    exact: bool
    likely: bool
    why: dict[str, str]
    records: tuple[dict[str, Any], dict[str, Any]]


@dataclass(frozen=True)
class Merged:
    """Merges that were made: how many customers out of how many records."""

    decisions: tuple[int, ...]
    records: int


class Duplicates:
    """Which records of a workspace are one customer. Nothing that is loaded is ever changed."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._engine = workspace.engine

    def find(self, progress: Progress | None = None, method: Method = "own") -> Search:
        """Search all records anew; what was decided before stays decided.

        The result is for `candidates`; nothing is merged. A workspace without customers has none.

        Args:
            method: `own` model, or that of `splink`, which the extra of that name brings.

        Raises:
            UsageError: There is no such method, or it is not installed.
        """

        def told(step: str) -> None:
            if progress is not None:
                progress(step, 0, 1)

        found = self._workspace.clock()
        country = self._workspace.settings.country
        if method not in SCORERS:
            raise UnknownNameError("method", method, SCORERS)
        return search.search(self._engine, found, country=country, method=method, progress=told)

    def found_at(self) -> datetime | None:
        """When duplicates were last searched for; `None` before the first search."""
        found = self._engine.value("SELECT found_at FROM duplicate_search")
        return found if isinstance(found, datetime) else None

    def count(self, at_least: float = REVIEW) -> int:
        """How many pairs of the last search nothing was decided about."""
        return search.count_pending(self._engine, at_least)

    def candidates(self, at_least: float = REVIEW, limit: int | None = None) -> list[Candidate]:
        """Pairs of the last search that nothing was decided about, the most probable first.

        Exact ones are there however improbable, unless more than a look is asked for.
        """
        pairs = search.pending(self._engine, at_least, limit)
        known = self._records({number for each in pairs for number in (each.one, each.other)})
        return [
            Candidate(
                customer_id=known[each.one]["customer_id"],
                other_id=known[each.other]["customer_id"],
                probability=each.probability,
                exact=each.exact,
                likely=each.probability >= LIKELY,
                why=each.fields | ({"names": "exchanged"} if each.swapped else {}),
                records=(known[each.one], known[each.other]),
            )
            for each in pairs
        ]

    def merge(self, into: str, *others: str, reason: str = "") -> int:
        """Make records one customer; `into` survives. Returns the decision's number, for `undo`.

        Raises:
            NotFoundError: There is no such customer.
            UsageError: They are one already, or two of them were refused.
        """
        if not others:
            raise UsageError("it takes two to merge.", fix="Name the other records too.")
        first, *rest = decisions.numbers_of(self._engine, [into, *others])
        return decisions.merge(self._engine, first, rest, self._workspace.clock(), reason)

    def merge_all(self, at_least: float = LIKELY, reason: str = "") -> Merged:
        """Merge every pair that is at least this probable; a decision for each customer made.

        Raises:
            UsageError: The probability is not above one half and at most 1.
        """
        if not 0.5 < at_least <= 1:
            raise UsageError(
                f"{at_least:g} is no probability to merge at.",
                fix=f"Take one above 0.5; {LIKELY:g} is suggested.",
            )
        why = reason or f"at least {at_least:g} probable"
        made = decisions.merge_all(self._engine, at_least, self._workspace.clock(), why)
        links = self._engine.value(
            "SELECT count(*) FROM customer_links WHERE merge_id BETWEEN ? AND ?",
            [made[0], made[-1]] if made else [0, 0],
        )
        return Merged(tuple(made), int(links) + len(made))

    def refuse(self, one: str, other: str, reason: str = "") -> int:
        """Two records are not one customer: they are never suggested or joined again.

        Raises:
            NotFoundError: There is no such customer.
            UsageError: They are one customer now, or one record.
        """
        first, second = decisions.numbers_of(self._engine, [one, other])
        return decisions.refuse(self._engine, first, second, self._workspace.clock(), reason)

    def undo(self, number: int, reason: str = "") -> int:
        """Take a merge or a refusal back; returns the number of this decision.

        Raises:
            NotFoundError: There is no such decision.
            UsageError: It was taken back already.
        """
        return decisions.undo(self._engine, number, self._workspace.clock(), reason)

    def history(self, limit: int | None = None) -> list[Decision]:
        """What was decided, the latest first."""
        return decisions.history(self._engine, limit)

    def _records(self, numbers: Iterable[int]) -> dict[int, dict[str, Any]]:
        listed = ", ".join(map(quote, FIELDS))
        found = self._engine.fetch(
            f"SELECT customer_no, customer_id, {listed} FROM customers"
            f" WHERE customer_no IN ({', '.join(map(str, sorted(numbers))) or 'NULL'})"
        ).to_pylist()
        return {row.pop("customer_no"): row for row in found}


__all__ = ["Candidate", "Duplicates", "Merged"]
