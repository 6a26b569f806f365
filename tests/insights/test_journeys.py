"""Journeys are counted as one would by hand, whatever is asked; shares hold the truth."""

import random
from collections import Counter, defaultdict
from datetime import datetime, timedelta

import numpy as np
import pytest
from tests.insights.conftest import put

from segmentry.core.time import AsOf
from segmentry.engines.duckdb import DuckDB
from segmentry.insights import touches
from segmentry.insights.journeys import difference, share_by_customer, sides
from segmentry.insights.touches import (
    CONTACTS,
    EVENTS,
    PURCHASES,
    RETURNS,
    Route,
    journeys_counted,
    kinds_of,
)

SOURCES = (EVENTS, CONTACTS, PURCHASES, RETURNS)
FIRST, AS_OF = datetime(2025, 1, 1), AsOf.parse("2025-04-01", "UTC")
NAMES = ("view", "cart", "search", "ask")
Touch = tuple[int, datetime, str, str | None, str | None]
"""Customer, moment, kind, channel, session."""


def drawn(seed: int) -> list[Touch]:
    """Touchpoints of forty customers at random; many at the same minute."""
    draw = random.Random(seed)
    found: list[Touch] = []
    for who in range(40):
        at, visit = FIRST, 0
        for _ in range(draw.randrange(0, 25)):
            at += timedelta(minutes=draw.choice((0, 1, 5, 29, 30, 31, 600, 40_000)))
            visit += draw.random() < 0.3
            kind = draw.choice((*NAMES, "sent", "order", "order", "return"))
            session = f"{who}-{visit}" if kind in NAMES and draw.random() < 0.9 else None
            found.append((who, at, kind, draw.choice(("web", "shop", None)), session))
    return found


def load(engine: DuckDB, rows: list[Touch]) -> None:
    """The touchpoints as the tables that they would be loaded into."""
    events = [each for each in rows if each[2] in NAMES]
    sent = [each for each in rows if each[2] == "sent"]
    orders = [each for each in rows if each[2] in ("order", "return")]
    names = ("customer_no", "occurred_at", "name", "source", "session_id")
    put(engine, "counted_events", [dict(zip(names, each, strict=True)) for each in events])
    names = ("customer_no", "occurred_at", "kind", "channel")
    put(engine, "counted_touchpoints", [dict(zip(names, each[:4], strict=True)) for each in sent])
    bought = [
        {"customer_no": who, "ordered_at": at, "is_purchase": kind == "order", "channel": channel,
         "returned_amount": 0 if kind == "order" else 5}
        for who, at, kind, channel, _ in orders
    ]  # fmt: skip
    bought.append({**bought[0], "customer_no": None})
    put(engine, "counted_orders", bought)


def label(route: Route, kind: str, channel: str | None) -> str:
    split = route.by == "channel" and kind != route.goal and channel is not None
    return f"{kind} · {channel}" if split else kind


def by_hand(rows: list[Touch], route: Route) -> list[tuple[int, list[str], str]]:
    """Each journey: whose, its steps without the goal, and its ending."""
    of = defaultdict(list)
    for who, at, kind, channel, session in rows:
        if at < AS_OF.instant and (not route.kinds or kind in (*route.kinds, route.goal)):
            name = label(route, kind, channel)
            of[who].append((at, kind == route.goal, name, session or "~", kind))
    found = []
    for who, mine in of.items():
        runs: list[list[tuple[datetime, bool, str, str, str]]] = []
        for each in sorted(mine):
            if not runs or ended(runs[-1][-1], each, route):
                runs.append([])
            runs[-1].append(each)
        for whole in runs:
            starts = (at for at, each in enumerate(whole) if route.start in (None, each[4]))
            run = whole[next(starts, len(whole)) :]
            if not run or run[0][0] + route.horizon >= AS_OF.instant:
                continue
            kept = [each for each in run if not route.within or each[0] - run[0][0] <= route.within]
            steps = [each[2] for each in kept if not each[1]]
            folded = [
                name for place, name in enumerate(steps) if steps[place - 1 : place] != [name]
            ]
            over = route.within or kept[-1][0] + route.longest_pause < AS_OF.instant
            found.append((who, folded, "reached" if kept[-1][1] else "stopped" if over else "open"))
    return found


def ended(before: tuple, after: tuple, route: Route) -> bool:
    waited = after[0] - before[0]
    if route.pause is None and before[3] != "~" and after[3] != "~":
        return before[1] or before[3] != after[3]
    return before[1] or waited > route.longest_pause


ROUTES = (
    Route(),
    Route(pause=timedelta(minutes=30)),
    Route(pause=None),
    Route(start="search", within=timedelta(minutes=30)),
    Route(start="search", pause=timedelta(days=1)),
    Route(kinds=("view", "sent"), by="channel"),
    Route(goal="return", by="channel", pause=timedelta(hours=10)),
)


@pytest.mark.parametrize("route", ROUTES, ids=str)
@pytest.mark.parametrize("at_once", [touches.AT_ONCE, 150])
def test_counts_by_hand(engine, monkeypatch, route, at_once):
    monkeypatch.setattr(touches, "AT_ONCE", at_once)
    rows = drawn(len(str(route)))
    load(engine, rows)
    put(engine, "those", [{"customer_no": who, "sides": 1 + who % 3} for who in range(40)])
    kinds = kinds_of(engine, SOURCES, AS_OF, route.by)
    seen = Counter(each[2] for each in rows if each[1] < AS_OF.instant)
    assert sum(each.touches for each in kinds) == sum(seen.values())
    with journeys_counted(engine, SOURCES, AS_OF, route, kinds, "those") as counts:
        found = sides(engine, counts, ["one", None], 1_000)
    expected = by_hand(rows, route)
    for bit, side in enumerate(found, 1):
        mine = [each for each in expected if 1 + each[0] % 3 & bit]
        journeys = [each for each in mine if each[1]]
        assert side.journeys == len(journeys)
        assert side.direct == len(mine) - len(journeys)
        assert side.customers == len({who for who, *_ in journeys})
        endings = Counter(ending for *_, ending in journeys)
        assert (side.ended, side.stopped, side.open) == tuple(
            endings[each] for each in ("reached", "stopped", "open")
        )
        check_steps(side, journeys)
        check_moves(side, journeys)
    paths = Counter(tuple(steps[:12]) for who, steps, _ in expected if 1 + who % 3 & 1 and steps)
    shown = Counter()
    for each in found[0].paths:
        shown[each.steps] += each.journeys
    assert shown == paths
    assert [each.journeys for each in found[0].paths] == sorted(
        (each.journeys for each in found[0].paths), reverse=True
    )


def check_steps(side, journeys):
    for each in side.steps:
        holding = [one for one in journeys if each.kind in one[1]]
        assert each.journeys == len(holding)
        assert each.reached == sum(one[2] == "reached" for one in holding) / len(holding)
        assert each.visits == sum(one[1].count(each.kind) for one in holding)
        stopped = [one for one in holding if one[2] == "stopped" and one[1][-1] == each.kind]
        assert each.stopped == len(stopped)
    if side.stop:
        assert side.stop.stopped == max(each.stopped for each in side.steps)


def check_moves(side, journeys):
    expected = Counter()
    flows = Counter()
    for _, steps, ending in journeys:
        last = ("reached", None) if ending == "reached" else (ending, None)
        after = [("", each) for each in steps[1:]] + [last]
        for place, (start, (how, end)) in enumerate(zip(steps, after, strict=True), 1):
            expected[start, how, end] += 1
            flows[min(place, 12), start, how, end] += 1
    shown = {
        (each.start, each.ending, None if each.ending else each.end): each.journeys
        for each in side.moves
    }
    assert shown == expected
    for start in {each.start for each in side.moves}:
        assert sum(each.share for each in side.moves if each.start == start) == pytest.approx(1)
    short = [each for each in side.flows if 0 < each.place < 12]
    assert {
        (each.place, each.start, each.ending, None if each.ending else each.end): each.journeys
        for each in short
    } == {key: count for key, count in flows.items() if key[0] < 12}
    assert sum(each.journeys for each in side.flows if each.place == 0) == len(journeys)


def test_time_between_steps(engine):
    rows: list[Touch] = []
    for who, minutes in enumerate((1, 2, 10, 60, 600)):
        rows += [
            (who, FIRST, "view", None, None),
            (who, FIRST + timedelta(minutes=5), "view", None, None),
            (who, FIRST + timedelta(minutes=5 + minutes), "order", None, None),
        ]
    load(engine, [*rows, (9, FIRST, "sent", None, None)])
    with journeys_counted(
        engine, SOURCES, AS_OF, Route(), kinds_of(engine, SOURCES, AS_OF, "kind")
    ) as counts:
        [side] = sides(engine, counts, [None], 5)
    [move] = [each for each in side.moves if each.ending == "reached"]
    assert move.median_seconds == pytest.approx(600, rel=0.06)
    assert move.share == 1


def test_rare_kinds_are_one_step(engine):
    rows = [
        (who, FIRST, f"kind {number:03}", None, None)
        for number in range(60)
        for who in range(61 - number)
    ]
    names = ("customer_no", "occurred_at", "name", "source", "session_id")
    put(engine, "counted_events", [dict(zip(names, each, strict=True)) for each in rows])
    kinds = kinds_of(engine, [EVENTS], AS_OF, "kind")
    with journeys_counted(engine, [EVENTS], AS_OF, Route(goal="kind 059"), kinds) as counts:
        [side] = sides(engine, counts, [None], 5)
    assert {each.kind for each in side.steps} == {None, *(f"kind {each:03}" for each in range(29))}
    assert side.paths[0].longer


def test_shares_of_journeys_hold_the_truth():
    draw = np.random.Generator(np.random.PCG64(4))
    held = shown = 0
    for _ in range(400):
        customers = 150
        n = 1 + draw.poisson(draw.gamma(1, 4, customers))
        k = draw.binomial(n, draw.beta(2, 6, customers))
        sums = (int(n @ n), int(n @ k), int(k @ k))
        found = share_by_customer(int(n.sum()), int(k.sum()), *sums, customers)
        if found.low is not None and found.high is not None:
            shown += 1
            held += found.low <= 0.25 <= found.high
    assert shown == 400
    assert 0.92 <= held / shown <= 0.98


def test_few_customers_have_no_interval():
    assert share_by_customer(900, 300, 90_000, 30_000, 10_000, 9).reason == "few"
    assert share_by_customer(0, 0, 0, 0, 0, 0).value is None
    few = share_by_customer(900, 300, 90_000, 30_000, 10_000, 9)
    assert difference(few, few).reason == "few"
