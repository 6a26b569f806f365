"""Who was in which segment at any recorded point: since when, until when, and why.

Kept are the *changes* of every part from point to point, as bits: who is in them entered or left.
From time to time there is a whole set beside them, so that the members at any point are a few bit
operations away. The cause of a change is not kept for each customer but follows: *first* at the
first point; *rule* if the definition was another one at the point before; *data* if the customer
did something in between, which is kept once for all segments; else *time*.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa

from segmentry.engines.duckdb import DuckDB
from segmentry.segments.bits import (
    NOBODY,
    Bits,
    Numbers,
    common,
    differing,
    numbers,
    of_numbers,
    restored,
)

CAUSES = ("first", "rule", "data", "time")
INSTANT = pa.timestamp("us")
_KINDS: dict[str, pa.DataType] = {
    "part": pa.string(),
    "customer_no": pa.int32(),
    "entered_at": INSTANT,
    "entered_cause": pa.string(),
    "left_at": INSTANT,
    "left_cause": pa.string(),
}
INTERVAL = pa.schema(_KINDS)


@dataclass(frozen=True)
class Pieces:
    """What had to be read to know a part's members.

    Args:
        count: How many sets were put together.
        first_bytes: Bytes of the first of them.
        all_bytes: Bytes of all of them.
    """

    count: int = 0
    first_bytes: int = 0
    all_bytes: int = 0

    def and_then(self, size: int) -> Pieces:
        """With one more set of so many bytes."""
        return Pieces(self.count + 1, self.first_bytes or size, self.all_bytes + size)


@dataclass(frozen=True)
class Held:
    """A part's members at a point, and what had to be read to know them."""

    members: Bits
    pieces: Pieces

    def and_then(self, kept: bytes) -> Held:
        """With one more set of changes."""
        return Held(differing(self.members, restored(kept)), self.pieces.and_then(len(kept)))


EMPTY = Held(NOBODY, Pieces())


@dataclass(frozen=True)
class Step:
    """What changed at a point.

    Args:
        before: The point before; `None` at the first.
        other_rule: Whether the definition was another one at the point before.
        active: Who did something since the point before.
        changes: Those who entered or left, by part.
    """

    as_of: datetime
    before: datetime | None
    other_rule: bool
    active: Bits
    changes: Mapping[str, Bits]

    def by_cause(self, moved: Bits) -> dict[str, Bits]:
        """Customers who changed, by the cause of it; causes of nobody left out."""
        if self.before is None or self.other_rule:
            found = {"first" if self.before is None else "rule": moved}
        else:
            data = common(moved, self.active)
            found = {"data": data, "time": differing(moved, data)}
        return {cause: each for cause, each in found.items() if each.any()}


def is_recorded(engine: DuckDB) -> bool:
    """Whether any membership was ever recorded."""
    return "membership_change" in engine.tables()


def points(engine: DuckDB, segment: str) -> list[datetime]:
    """The instants for which a segment's membership is known, in order."""
    return [
        instant
        for (instant,) in engine.rows(
            "SELECT as_of FROM membership_point WHERE segment = ? ORDER BY as_of", [segment]
        )
    ]


def members(engine: DuckDB, segment: str, part: str = "", at: datetime | None = None) -> Bits:
    """Who was in a segment, or a group of a segmentation, at the last point at or before `at`.

    Nobody before the first point. Without `at`, at the last point there is.
    """
    return parts(engine, segment, at).get(part, NOBODY)


def parts(engine: DuckDB, segment: str, at: datetime | None = None) -> dict[str, Bits]:
    """The members of all parts at the last point at or before `at`, those without members too."""
    return {part: each.members for (_, part), each in held(engine, [segment], at).items()}


HELD = """WITH base AS (
        SELECT segment, part, max(as_of) AS as_of FROM membership_whole SEMI JOIN asked
        USING (segment) WHERE $at IS NULL OR as_of <= $at GROUP BY ALL),
    pieces AS (
        SELECT w.* FROM membership_whole AS w SEMI JOIN base USING (segment, part, as_of)
        UNION ALL
        SELECT c.segment, c.part, c.as_of, c.customers FROM membership_change AS c
        SEMI JOIN asked USING (segment) LEFT JOIN base AS b USING (segment, part)
        WHERE ($at IS NULL OR c.as_of <= $at) AND (b.as_of IS NULL OR c.as_of > b.as_of))
    SELECT segment, part, customers FROM pieces ORDER BY segment, part, as_of"""


def held(
    engine: DuckDB, segments: Iterable[str], at: datetime | None = None
) -> dict[tuple[str, str], Held]:
    """The members of all parts of several segments, by segment and part."""
    found: dict[tuple[str, str], Held] = {}
    names = pa.table({"segment": pa.array(list(segments), pa.string())})
    with engine.registered("asked", names):
        rows = engine.rows(HELD, {"at": at})
    for segment, part, kept in rows:
        found[segment, part] = found.get((segment, part), EMPTY).and_then(kept)
    return found


STEPS = """SELECT p.as_of, p.before, p.definition <> p.earlier, a.customers
    FROM (SELECT as_of, definition, lag(as_of) OVER by_time AS before,
                 lag(definition) OVER by_time AS earlier
          FROM membership_point WHERE segment = $segment WINDOW by_time AS (ORDER BY as_of)) AS p
    LEFT JOIN membership_active AS a ON a.before = p.before AND a.as_of = p.as_of
    ORDER BY p.as_of"""


def steps(engine: DuckDB, segment: str) -> Iterator[Step]:
    """What changed at each point, oldest first, points at which nothing did among them."""
    changes: dict[datetime, dict[str, Bits]] = {}
    for as_of, part, kept in engine.rows(
        "SELECT as_of, part, customers FROM membership_change WHERE segment = ? ORDER BY part",
        [segment],
    ):
        changes.setdefault(as_of, {})[part] = restored(kept)
    for as_of, before, other, active in engine.rows(STEPS, {"segment": segment}):
        here = NOBODY if active is None else restored(active)
        yield Step(as_of, before, bool(other), here, changes.get(as_of, {}))


def intervals(engine: DuckDB, segment: str) -> pa.Table:
    """Everybody who was ever in a segment or its groups: since when, until when, and why.

    Half-open: `entered_at` is inside, `left_at` is not, and missing for those who are in at the
    last point. By part, then in order of leaving, then of numbers.
    """
    open_spans: dict[str, _Spans] = {}
    when: list[datetime] = []
    for place, step in enumerate(steps(engine, segment)):
        when.append(step.as_of)
        for part, moved in step.changes.items():
            open_spans.setdefault(part, _Spans()).take(place, step, moved)
    tables = [spans.table(part, when) for part, spans in sorted(open_spans.items())]
    return pa.concat_tables([INTERVAL.empty_table(), *tables])


def stays(engine: DuckDB, segment: str, customers: Numbers) -> list[dict[str, Any]]:
    """Since when, until when and why some customers were in a segment or its groups.

    As `intervals`, with everybody else left out before anything is put together.
    """
    those, found = of_numbers(customers), []
    spans: dict[str, _Spans] = {}
    when: list[datetime] = []
    for place, step in enumerate(steps(engine, segment)):
        when.append(step.as_of)
        for part, moved in step.changes.items():
            spans.setdefault(part, _Spans()).take(place, step, common(moved, those))
    for part, each in sorted(spans.items()):
        found += each.table(part, when).to_pylist()
    return found


@dataclass
class _Spans:
    """Who is in a part since which point and why, and the spans that have ended, point by point.

    Points are places in their order; -1 is not in, or not left. Causes are places in `CAUSES`.
    """

    since: Numbers = field(default_factory=lambda: np.zeros(0, np.int64))
    why: Numbers = field(default_factory=lambda: np.zeros(0, np.int64))
    ended: list[tuple[Numbers, ...]] = field(default_factory=list)

    def take(self, place: int, step: Step, moved: Bits) -> None:
        """Let those who moved enter or leave at a point."""
        grown = len(moved) * 8 - len(self.since)
        if grown > 0:
            self.since = np.pad(self.since, (0, grown), constant_values=-1)
            self.why = np.pad(self.why, (0, grown))
        for cause, those in step.by_cause(moved).items():
            who, reason = numbers(those), CAUSES.index(cause)
            was_in = self.since[who] >= 0
            self._end(who[was_in], place, reason)
            self.since[who[~was_in]], self.why[who[~was_in]] = place, reason

    def _end(self, who: Numbers, place: int, reason: int) -> None:
        left = (np.full(len(who), each, np.int64) for each in (place, reason))
        self.ended.append((who, self.since[who], self.why[who], *left))
        self.since[who] = -1

    def table(self, part: str, when: Sequence[datetime]) -> pa.Table:
        """All spans, those that have not ended last."""
        self._end(np.flatnonzero(self.since >= 0), -1, -1)
        who, since, why, left, left_why = map(np.concatenate, zip(*self.ended, strict=True))
        return pa.table(
            [
                _looked_up([part], pa.string(), np.zeros_like(who)),
                pa.array(who, pa.int32()),
                _looked_up(when, INSTANT, since),
                _looked_up(CAUSES, pa.string(), why),
                _looked_up(when, INSTANT, left),
                _looked_up(CAUSES, pa.string(), left_why),
            ],
            schema=INTERVAL,
        )


def _looked_up(values: Sequence[Any], kind: pa.DataType, places: Numbers) -> pa.Array[Any]:
    taken: pa.Int64Array = pa.array(places, pa.int64(), mask=places < 0)
    return pa.array(values, kind).take(taken)
