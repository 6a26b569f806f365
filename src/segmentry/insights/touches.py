"""Journeys counted in the engine: which steps, in which order, how far apart, and how they end.

Touchpoints are sorted by customer and time once, and then read in that order: what stands beside a
row and what was counted so far say where a journey begins and which step it is, so that nothing is
sorted again. A step has a code of five bits, and the first twelve of a journey are one number. Only
so many customers are looked at together that memory does not grow with their number; what is kept
of them are sums, and a row for each different path.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

import pyarrow as pa

from segmentry.core.time import AsOf
from segmentry.data.identity.counted import counted
from segmentry.engines.duckdb import DuckDB, literal, quote

ORDER, RETURN = "order", "return"
"""Kinds of touchpoint that orders are: a purchase, and something given back by itself."""
BITS, LONGEST = 5, 12
"""Bits of a code, and how many steps of a journey are told apart."""
MOST_KINDS, OTHER, GOAL = 29, 30, 31
"""How many kinds have a code of their own, that of all others, and that of the goal; 0 is none."""
AT_ONCE = 2_000_000
"""Touchpoints that are sorted together."""
VISIT_PAUSE = timedelta(minutes=30)
"""A touchpoint without a session belongs to a visit that was on so shortly before."""
FINE = 8
"""Classes of length between a time and its double."""
TOUCHES, STEPS, JOURNEYS, PATHS = (
    "journey_touches", "journey_steps", "journey_whole", "journey_paths",
)  # fmt: skip
KINDS = "journey_kinds"

By = Literal["kind", "channel"]
Sums = dict[tuple[int, ...], tuple[int, ...]]


@dataclass(frozen=True)
class Source:
    """A table of touchpoints.

    Args:
        kind: SQL of what it is; `channel` of the way that it came.
    """

    table: str
    instant: str
    kind: str
    channel: str
    where: str = "TRUE"
    session: str = "NULL::VARCHAR"


EVENTS = Source("events", "occurred_at", "name", "source", session="session_id")
CONTACTS = Source("touchpoints", "occurred_at", "kind", "channel")
PURCHASES = Source("orders", "ordered_at", literal(ORDER), "channel", "is_purchase")
RETURNS = Source(
    "orders", "ordered_at", literal(RETURN), "channel", "NOT is_purchase AND returned_amount > 0"
)


@dataclass(frozen=True)
class Kind:
    """What touchpoints are called, and how many there are of it."""

    name: str
    channel: str | None
    touches: int

    @property
    def label(self) -> str:
        """What its steps are called.

        >>> Kind("sent", "mail", 3).label
        'sent · mail'
        """
        return self.name if self.channel is None else f"{self.name} · {self.channel}"


@dataclass(frozen=True)
class Route:
    """Which touchpoints make a journey.

    Args:
        goal: The kind that ends a journey well.
        start: The kind that it begins with; what comes before it does not count.
        kinds: What counts as a step; without any, everything.
        by: Whether touchpoints of one kind that came by different channels are different steps.
        within: How long after its first step a journey ends, that moment included.
        pause: After a longer pause a new journey begins; `None`: with a new visit (`session_id`).
    """

    goal: str = ORDER
    start: str | None = None
    kinds: tuple[str, ...] = ()
    by: By = "kind"
    within: timedelta | None = None
    pause: timedelta | None = timedelta(days=30)

    @property
    def longest_pause(self) -> timedelta:
        """After so long without a touchpoint a journey is over."""
        return self.pause or VISIT_PAUSE

    @property
    def horizon(self) -> timedelta:
        """How long after its first step what becomes of a journey can be said."""
        return self.within or self.longest_pause


@dataclass
class Counts:
    """Sums over customers, by `sides`: 1 for those of the first side, 2 of the second, 3 of both.

    Args:
        labels: Code → what the step is called.
        wholes: Sides → customers, journeys, reached the goal, still open; the sums of squares of
            journeys, of journeys times reached, and of reached, by customer; and how often the goal
            was reached without a step before it, which is no journey.
        kinds: Sides, code → journeys that hold the step, and those of them that reached the goal.
        moves: Sides, place from 1, code before (0: none), code → how often.
        waits: Sides, code before, code, class of the time between them → how often.
        ends: Sides, place, code, whether open → journeys that ended there without the goal.
    """

    labels: Mapping[int, str]
    wholes: Sums = field(default_factory=dict)
    kinds: Sums = field(default_factory=dict)
    moves: Sums = field(default_factory=dict)
    waits: Sums = field(default_factory=dict)
    ends: Sums = field(default_factory=dict)


def kinds_of(engine: DuckDB, sources: Sequence[Source], as_of: AsOf, by: By) -> list[Kind]:
    """Every kind of touchpoint before an instant, the commonest first; ties by name."""
    split = by == "channel"
    parts = [
        f"SELECT {each.kind} AS kind, {each.channel if split else 'NULL::VARCHAR'} AS channel,"
        f" count(*) AS touches FROM {counted(each.table)}"
        f" WHERE {each.where} AND {each.instant} < $as_of AND customer_no IS NOT NULL"
        " GROUP BY ALL HAVING count(*) > 0"
        for each in sources
    ]
    rows = engine.rows(
        f"SELECT kind, channel, sum(touches)::BIGINT FROM ({' UNION ALL '.join(parts)})"
        " WHERE kind IS NOT NULL GROUP BY ALL ORDER BY 3 DESC, 1, 2 NULLS FIRST",
        {"as_of": as_of.instant},
    )
    return [Kind(*row) for row in rows]


@contextmanager
def journeys_counted(
    engine: DuckDB,
    sources: Sequence[Source],
    as_of: AsOf,
    route: Route,
    kinds: Sequence[Kind],
    members: str = "",
) -> Iterator[Counts]:
    """Count the journeys; while the context lasts, `best_paths` can be asked.

    Journeys that began less than the route's horizon before the instant are left out, whatever
    became of them: only of those before can it be told in the same way. Touchpoints of one
    instant are in the order of their names, the goal last; a step that follows one of its own kind
    is the same step.

    Args:
        kinds: As `kinds_of` says.
        members: Table of `customer_no` and `sides`, as in `Counts`; without it all customers are
            of the first side.
    """
    counts = Counts(_codes(engine, route, kinds))
    touches = sum(each.touches for each in kinds)
    parts = max(1, -(-touches // AT_ONCE))
    engine.execute(
        f"""CREATE OR REPLACE TEMPORARY TABLE {PATHS} (sides UTINYINT, path BIGINT, steps UTINYINT,
        customers BIGINT, journeys BIGINT, reached BIGINT, open BIGINT,
        nn BIGINT, nk BIGINT, kk BIGINT)"""
    )
    try:
        for part in range(parts):
            touched = _touches(sources, route, members, f"customer_no % {parts} = {part}")
            engine.execute(touched, {"as_of": as_of.instant})
            engine.create(STEPS, _steps(route, as_of), temporary=True)
            engine.create(JOURNEYS, _whole(route, as_of), temporary=True)
            engine.execute(f"INSERT INTO {PATHS} {_paths()}")
            _add_all(engine, counts)
        yield counts
    finally:
        for name in (TOUCHES, STEPS, JOURNEYS, PATHS, KINDS):
            engine.drop(name)


def best_paths(engine: DuckDB, most: int) -> list[tuple[int, tuple[int, ...], list[Any]]]:
    """The paths that most journeys of the first side took: steps, codes, and sums of each side.

    The goal is no part of a path. Of equal ones the shorter is first.
    """
    sums = ", ".join(
        f"sum({name}) FILTER ((sides & {side}) > 0)"
        for side in (1, 2)
        for name in ("customers", "journeys", "reached", "open", "nn", "nk", "kk")
    )
    rows = engine.rows(
        f"SELECT path, steps, {sums} FROM {PATHS} GROUP BY path, steps"
        " HAVING sum(journeys) FILTER ((sides & 1) > 0) > 0"
        f" ORDER BY sum(journeys) FILTER ((sides & 1) > 0) DESC, steps, path LIMIT {most}"
    )
    return [(steps, _decoded(path, steps), rest) for path, steps, *rest in rows]


def _decoded(path: int, steps: int) -> tuple[int, ...]:
    """The codes of a path.

    >>> _decoded(3 + (7 << 5), 2)
    (3, 7)
    """
    known = range(min(steps, LONGEST))
    return tuple(path >> BITS * place & (1 << BITS) - 1 for place in known)


def _codes(engine: DuckDB, route: Route, kinds: Sequence[Kind]) -> Mapping[int, str]:
    """Give every kind its code, in a table; the commonest have one of their own."""
    chosen = [each for each in kinds if _counts(route, each.name)]
    labels = dict.fromkeys(each.label for each in chosen if each.name != route.goal)
    own = sorted(list(labels)[:MOST_KINDS])
    codes = {label: code for code, label in enumerate(own, 1)}
    rows = [
        {
            "kind": each.name,
            "channel": each.channel,
            "code": GOAL if each.name == route.goal else codes.get(each.label, OTHER),
            "enters": each.name == route.start,
        }
        for each in chosen
    ]
    types: dict[str, Any] = {"code": pa.int64(), "enters": pa.bool_()}
    shape = pa.schema({"kind": pa.string(), "channel": pa.string(), **types})
    with engine.registered("given_kinds", pa.Table.from_pylist(rows, shape)) as given:
        engine.create(KINDS, given, temporary=True)
    return {code: label for label, code in codes.items()} | {GOAL: route.goal}


def _counts(route: Route, name: str) -> bool:
    return not route.kinds or name in (*route.kinds, route.goal, route.start)


def _touches(sources: Sequence[Source], route: Route, members: str, whose: str) -> str:
    """The touchpoints of some customers, sorted; of one instant the goal is last."""
    split = route.by == "channel"
    sides = "m.sides" if members else "1"
    joined = f" JOIN {quote(members)} m USING (customer_no)" if members else ""
    same = "k.kind = t.kind" + (" AND k.channel IS NOT DISTINCT FROM t.channel" if split else "")
    parts = [
        f"SELECT customer_no, epoch_us({each.instant}) AS moment, {each.kind} AS kind,"
        f" {each.channel if split else 'NULL'} AS channel, {each.session} AS session"
        f" FROM {counted(each.table)}"
        f" WHERE {each.where} AND {whose} AND {each.instant} < $as_of"
        for each in sources
    ]
    session = "" if route.pause else ", t.session"
    return (
        f"CREATE OR REPLACE TEMPORARY TABLE {TOUCHES} AS SELECT t.customer_no,"
        f" {sides}::UTINYINT AS sides, t.moment, k.code::UTINYINT AS code, k.enters{session}"
        f" FROM ({' UNION ALL '.join(parts)}) t JOIN {KINDS} k ON {same}{joined}"
        f" ORDER BY t.customer_no, t.moment, k.code{session}"
    )


def _steps(route: Route, as_of: AsOf) -> str:
    """The touchpoints of journeys, in the order of `TOUCHES`, each with its journey and place.

    Every window is over what was read so far, so that nothing is sorted or held.
    """
    so_far = "OVER (ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)"
    begins = "enters" if route.start else "starts"
    within = f"AND moment - began <= {_micro(route.within)}" if route.within else ""
    return f"""WITH beside AS (
        SELECT *, lag(customer_no) OVER () AS who, lag(code) OVER () AS prior,
               moment - lag(moment) OVER () AS waited{_last_session(route)} FROM {TOUCHES}),
    marked AS (
        SELECT *, coalesce(who <> customer_no OR prior = {GOAL} OR {_paused(route)}, TRUE) AS starts
        FROM beside),
    counted AS (
        SELECT *, count_if(starts) {so_far} AS run, count_if({begins}) {so_far} AS begun
        FROM marked),
    entered AS (
        SELECT *, max(CASE WHEN starts THEN begun - {begins}::INTEGER END) {so_far} AS earlier
        FROM counted),
    inside AS (
        SELECT *, {begins} AND begun = earlier + 1 AS opens FROM entered WHERE begun > earlier),
    places AS (
        SELECT *, opens OR code <> prior AS kept,
               count_if(opens OR code <> prior) {so_far} AS place,
               max(CASE WHEN opens THEN run END) {so_far} AS journey,
               arg_max(moment, CASE WHEN opens THEN run END) {so_far} AS began
        FROM inside),
    numbered AS (
        SELECT *, place - max(CASE WHEN opens THEN place END) {so_far} + 1 AS step FROM places)
    SELECT customer_no, sides, journey, moment, code, kept, step, began,
           CASE WHEN opens THEN 0 ELSE prior END AS prior, CASE WHEN opens THEN 0 ELSE waited END
               AS waited
    FROM numbered
    WHERE began + {_micro(route.horizon)} < {_moment(as_of)} {within}"""


def _paused(route: Route) -> str:
    if route.pause:
        return f"waited > {_micro(route.pause)}"
    both = "session IS NOT NULL AND last_session IS NOT NULL"
    return f"CASE WHEN {both} THEN session <> last_session ELSE waited > {_micro(VISIT_PAUSE)} END"


def _last_session(route: Route) -> str:
    return "" if route.pause else ", lag(session) OVER () AS last_session"


def _micro(span: timedelta) -> int:
    return span // timedelta(microseconds=1)


def _moment(as_of: AsOf) -> int:
    return _micro(as_of.instant - datetime(1970, 1, 1))


def _whole(route: Route, as_of: AsOf) -> str:
    """One row per journey: its first steps as one number, how many it has, and how it ended."""
    is_step = f"kept AND code <> {GOAL}"
    last = f"max(moment) + {_micro(route.longest_pause)} >= {_moment(as_of)}"
    still = "FALSE" if route.within else f"{last} AND NOT bool_or(code = {GOAL})"
    return f"""SELECT max(customer_no) AS customer_no, max(sides) AS sides,
        coalesce(sum(code::BIGINT << ({BITS} * (least(step, {LONGEST}) - 1))::INTEGER)
            FILTER ({is_step} AND step <= {LONGEST}), 0)::BIGINT AS path,
        least(count_if({is_step}), {LONGEST + 1})::UTINYINT AS steps,
        coalesce(arg_max(code, step) FILTER ({is_step}), 0) AS last,
        coalesce(bit_or(1::BIGINT << code::INTEGER), 0) AS held,
        bool_or(code = {GOAL}) AS reached, {still} AS open
        FROM {STEPS} GROUP BY journey"""


def _paths() -> str:
    return f"""SELECT sides, path, steps, count(*), sum(n), sum(k), sum(o),
        sum(n * n), sum(n * k), sum(k * k)
        FROM (SELECT customer_no, max(sides) AS sides, path, steps, count(*) AS n,
                     count_if(reached) AS k, count_if(open) AS o
              FROM {JOURNEYS} WHERE steps > 0 GROUP BY customer_no, path, steps)
        GROUP BY sides, path, steps"""


WHOLES = f"""SELECT sides, count_if(n > 0), sum(n), sum(k), sum(o), sum(n * n), sum(n * k),
           sum(k * k), sum(direct)
    FROM (SELECT max(sides) AS sides, count_if(steps > 0) AS n, count_if(steps = 0) AS direct,
                 count_if(reached AND steps > 0) AS k, count_if(open) AS o
          FROM {JOURNEYS} GROUP BY customer_no)
    GROUP BY sides"""
HELD = f"""SELECT sides, code, sum(n), coalesce(sum(n) FILTER (reached), 0)
    FROM (SELECT sides, held, reached, count(*) AS n FROM {JOURNEYS} GROUP BY ALL),
         range(1, {GOAL}) kinds(code)
    WHERE held >> code::INTEGER & 1 = 1 GROUP BY sides, code"""
MOVES = f"""SELECT sides, least(step, {LONGEST + 1}), prior, code, count(*)
    FROM {STEPS} WHERE kept AND (prior > 0 OR code <> {GOAL}) GROUP BY ALL"""
WAITED = f"""SELECT sides, prior, code, floor({FINE} * log2(1 + waited / 1e6))::INTEGER, count(*)
    FROM {STEPS} WHERE kept AND prior > 0 GROUP BY ALL"""
ENDS = f"""SELECT sides, steps, last, open::INTEGER, count(*) FROM {JOURNEYS}
    WHERE NOT reached GROUP BY ALL"""


def _add_all(engine: DuckDB, counts: Counts) -> None:
    """Add the sums of some customers."""
    _add(counts.wholes, engine.rows(WHOLES), 1)
    _add(counts.kinds, engine.rows(HELD), 2)
    _add(counts.moves, engine.rows(MOVES), 4)
    _add(counts.waits, engine.rows(WAITED), 4)
    _add(counts.ends, engine.rows(ENDS), 4)


def _add(found: Sums, rows: Sequence[tuple[Any, ...]], keys: int) -> None:
    for row in rows:
        key, sums = tuple(map(int, row[:keys])), tuple(map(int, row[keys:]))
        before = found.get(key, (0,) * len(sums))
        found[key] = tuple(one + other for one, other in zip(before, sums, strict=True))
