"""What a check is: a declaration of what counts as failing, and its result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from segmentry.data.checks.counts import Count
from segmentry.data.checks.texts import Texts


class Severity(StrEnum):
    """How much a failing row matters."""

    INFO = "info"
    """Worth knowing."""
    WARNING = "warning"
    """Results may mislead."""
    ERROR = "error"
    """Results are wrong."""


@dataclass(frozen=True, slots=True)
class Check:
    """A question about the loaded data, with rows that fail; what it says is in the catalogues.

    SQL may hold `{as_of}` and `{day}`: the instant and the local day as of which is checked.

    Args:
        name: Stable, unique among checks of the entity.
        entity: What the failing rows are.
        needs: Columns, as `entity.column`, without which there is nothing to check.
        failing: SQL condition over rows `t` of `source`; missing counts as no.
        among: SQL condition: the rows that are looked at.
        source: Table, or query in brackets, of the rows; the entity's own table when empty.
        of: Query of the number of rows looked at, where `source` holds suspects only.
        query: Query of both numbers, where there is a cheaper one than to read `source`.
        pair: Both numbers, where they are counts that add up.
        each: A count whose id stands for `{each}` in `query`, beside those of other checks with the
            very same query. It is asked once for all of them, and gives id and both numbers.
        counts: What `source`, `of` and `query` read.
        shown: Columns of the sample.
        tolerance: Share of failing rows up to which nothing is said to be wrong.
        text: Key of its texts; the name when empty.
        column: Column that its texts name.
        called: What the rows are called in sentences; the entity's name when empty.
        clock: Column of an instant. Where too many rows fail, and whole years added to it or taken
            from it would put nearly all right, the result says how many years.
    """

    name: str
    entity: str
    severity: Severity
    failing: str
    needs: tuple[str, ...] = ()
    among: str = "TRUE"
    source: str = ""
    of: str = ""
    query: str = ""
    pair: tuple[Count, Count] | None = None
    each: Count | None = None
    counts: tuple[Count, ...] = ()
    shown: tuple[str, ...] = ()
    tolerance: float = 0.0
    text: str = ""
    column: str = ""
    called: str = ""
    clock: str = ""

    @property
    def texts(self) -> Texts:
        """What it says."""
        return Texts(self.text or self.name, self.entity, self.column, self.called)

    @property
    def rows(self) -> str:
        """Where the rows come from."""
        return self.source or self.entity

    def counted(self) -> Check:
        """The same, with `query` or `pair` in any case.

        Conditions over the rows of a table alone are counts that add up.
        """
        if self.query or self.pair:
            return self
        both = f"({self.among}) AND ({self.failing})"
        if not self.source and "SELECT" not in both:
            failing, among = (
                Count(self.entity, f"count(*) FILTER ({each})") for each in (both, self.among)
            )
            return replace(self, pair=(failing, among))
        if self.of:
            query = f"SELECT count(*) FILTER ({both}), ({self.of}) FROM {self.rows} t"
        else:
            query = f"SELECT count(*) FILTER ({both}), count(*) FILTER ({self.among})"
            query += f" FROM {self.rows} t"
        return replace(self, query=query)


@dataclass(frozen=True, slots=True)
class Tally:
    """A check whose counts are known already, or are not rows that could be shown.

    Args:
        query: One row of two numbers: failing, and of how many.
        counts: What it reads.
        called: What is counted, in sentences; the entity's name when empty.
    """

    name: str
    entity: str
    severity: Severity
    query: str
    needs: tuple[str, ...] = ()
    counts: tuple[Count, ...] = ()
    tolerance: float = 0.0
    called: str = ""

    @property
    def texts(self) -> Texts:
        """What it says."""
        return Texts(self.name, self.entity, called=self.called)


AnyCheck = Check | Tally


@dataclass(frozen=True, slots=True)
class Past:
    """What a check found at an earlier run."""

    run_at: datetime
    failing: int
    of: int


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check found.

    Args:
        of: Rows that were looked at.
        sample: Up to five failing rows; personal values are masked.
        trend: Earlier runs, the oldest first.
    """

    name: str
    entity: str
    severity: Severity
    texts: Texts
    failing: int
    of: int
    tolerance: float = 0.0
    sample: tuple[Mapping[str, Any], ...] = ()
    trend: tuple[Past, ...] = ()

    @property
    def share(self) -> float:
        """Share of failing rows, 0 when there is nothing to look at."""
        return self.failing / self.of if self.of else 0.0

    @property
    def passed(self) -> bool:
        """Whether no more rows fail than is tolerated."""
        return self.share <= self.tolerance

    def sentence(self, language: str = "en") -> str:
        """What was found, for people."""
        return self.texts.sentence(self.failing, self.of, language)


__all__ = ["AnyCheck", "Check", "CheckResult", "Past", "Severity", "Tally"]
