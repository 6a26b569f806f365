"""Journeys: the commonest paths, how far each leads to the goal, and where people stop.

A customer may have many journeys, and those of one customer resemble one another. So a share of
journeys is as sure as one of so many independent ones as would vary as much (Kish 1965, Survey
Sampling: 8.2), and its interval is Wilson's of that number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any, Literal

from segmentry.engines.duckdb import DuckDB
from segmentry.insights.estimate import FEW_COUNTED, NOTHING, Estimate, share
from segmentry.insights.touches import FINE, GOAL, LONGEST, Counts, best_paths

Ending = Literal["", "reached", "stopped", "open"]
"""What becomes of a journey after a step: another step, the goal, nothing more, not known yet."""


@dataclass(frozen=True)
class Path:
    """The steps of journeys that had exactly these, without the goal.

    Args:
        steps: Kinds, the first twelve; `None` for one of the rarer kinds.
        longer: Further steps follow, whatever they are.
        share: Of all journeys of the side.
        reached: Share of the journeys that ended with the goal.
    """

    steps: tuple[str | None, ...]
    longer: bool
    customers: int
    journeys: int
    share: float
    reached: Estimate


@dataclass(frozen=True)
class Step:
    """A kind of touchpoint in journeys.

    Args:
        kind: `None` for all rarer kinds together.
        journeys: Journeys that hold it.
        reached: Share of them that ended with the goal.
        visits: How often journeys came to it; more often than once in some.
        stopped: Journeys that ended here without the goal.
        stop_share: Of the visits.
    """

    kind: str | None
    journeys: int
    reached: float
    visits: int
    stopped: int
    stop_share: float


@dataclass(frozen=True)
class Move:
    """What came after a step, wherever in a journey.

    Args:
        end: The kind of the next step, if there was one; `None` for rarer kinds.
        share: Of all that came after such a step.
        median_seconds: Between the last touchpoint of the one and the first of the other, to some
            5 %; `None` where nothing more came.
    """

    start: str | None
    end: str | None
    ending: Ending
    journeys: int
    share: float
    median_seconds: float | None


@dataclass(frozen=True)
class Flow:
    """Journeys that went from one step to another at a place, from 1.

    Args:
        place: That of the first of the two; 0: `end` is the journey's first step.
    """

    place: int
    start: str | None
    end: str | None
    ending: Ending
    journeys: int


@dataclass(frozen=True)
class Side:
    """The journeys of one set of customers.

    Args:
        name: The segment; `None` for everyone, or everyone else.
        customers: Those who had a journey.
        ended: Journeys that reached the goal; `open` are those that may still go on.
        direct: How often the goal was reached with no step before it, which is no journey.
        reached: Share of journeys that ended with the goal.
        paths: The commonest of the first side, on every side in the same order.
        steps: By how many journeys hold them.
        stop: The step at which most journeys ended without the goal.
        moves: By step, the commonest first.
    """

    name: str | None
    customers: int
    journeys: int
    ended: int
    stopped: int
    open: int
    direct: int
    reached: Estimate
    paths: tuple[Path, ...]
    steps: tuple[Step, ...]
    stop: Step | None
    moves: tuple[Move, ...]
    flows: tuple[Flow, ...]


def sides(
    engine: DuckDB, counts: Counts, names: Sequence[str | None], most: int
) -> tuple[Side, ...]:
    """What was counted, as one side for each name."""
    best = best_paths(engine, most)
    return tuple(
        _Side(counts, place).side(name, [(steps, codes, row[7 * place : 7 * place + 7])
                                         for steps, codes, row in best])
        for place, name in enumerate(names)
    )  # fmt: skip


def difference(one: Estimate, other: Estimate) -> Estimate:
    """The difference of two shares of different customers (Newcombe 1998, Stat. Med. 17: 873).

    >>> found = difference(share(60, 100), share(40, 100))
    >>> round(found.value, 2), found.low > 0
    (0.2, True)
    """
    if one.value is None or other.value is None:
        return NOTHING
    value = one.value - other.value
    if None in (one.low, one.high, other.low, other.high):
        return Estimate(value, reason="few")
    assert one.low is not None
    assert one.high is not None
    assert other.low is not None
    assert other.high is not None
    below = sqrt((one.value - one.low) ** 2 + (other.high - other.value) ** 2)
    above = sqrt((one.high - one.value) ** 2 + (other.value - other.low) ** 2)
    return Estimate(value, value - below, value + above)


def share_by_customer(
    journeys: int, reached: int, nn: int, nk: int, kk: int, customers: int
) -> Estimate:
    """The share of journeys that reached the goal, where the customer is what varies.

    Args:
        nn: Sum over customers of the square of their journeys; `nk` of these times those that
            reached it, `kk` of the square of the latter.

    >>> one, other = share_by_customer(100, 50, 100, 50, 50, 100), share(49.5, 99)
    >>> abs(one.low - other.low) < 1e-9 and abs(one.high - other.high) < 1e-9
    True
    """
    if not journeys:
        return NOTHING
    value = reached / journeys
    if customers < FEW_COUNTED:
        return Estimate(value, reason="few")
    variance = (kk - 2 * value * nk + value**2 * nn) / journeys**2 * customers / (customers - 1)
    as_many = value * (1 - value) / variance if variance > 0 else float(customers)
    found = share(value * as_many, as_many)
    return Estimate(value, found.low, found.high, found.reason)


class _Side:
    """Sums of one side."""

    def __init__(self, counts: Counts, place: int) -> None:
        self._counts, self._bit = counts, 1 << place

    def side(self, name: str | None, best: Sequence[tuple[int, tuple[int, ...], Any]]) -> Side:
        [whole] = self._summed(self._counts.wholes, 0).values() or [(0,) * 8]
        customers, journeys, reached, still, nn, nk, kk, direct = whole
        steps = self._steps()
        return Side(
            name=name,
            customers=customers,
            journeys=journeys,
            ended=reached,
            stopped=journeys - reached - still,
            open=still,
            direct=direct,
            reached=share_by_customer(journeys, reached, nn, nk, kk, customers),
            paths=tuple(self._path(*each, journeys) for each in best),
            steps=tuple(steps),
            stop=max(steps, key=lambda each: each.stopped, default=None),
            moves=tuple(self._moves()),
            flows=tuple(self._flows()),
        )

    def _summed(self, found: dict[tuple[int, ...], tuple[int, ...]], *keys: int) -> dict[Any, Any]:
        """Sums of this side's customers, by the parts of the key after the sides that are named."""
        summed: dict[Any, Any] = {}
        for key, values in found.items():
            if key[0] & self._bit:
                kept = tuple(key[each] for each in keys if each)
                before = summed.get(kept, (0,) * len(values))
                summed[kept] = tuple(one + two for one, two in zip(before, values, strict=True))
        return summed

    def _label(self, code: int) -> str | None:
        return self._counts.labels.get(code)

    def _path(self, steps: int, codes: tuple[int, ...], row: Sequence[Any], of: int) -> Path:
        customers, journeys, reached, _, nn, nk, kk = (int(each or 0) for each in row)
        return Path(
            steps=tuple(map(self._label, codes)),
            longer=steps > LONGEST,
            customers=customers,
            journeys=journeys,
            share=journeys / of if of else 0.0,
            reached=share_by_customer(journeys, reached, nn, nk, kk, customers),
        )

    def _steps(self) -> list[Step]:
        visits = self._summed(self._counts.moves, 3)
        stopped = {
            code: sums[0]
            for (code, still), sums in self._summed(self._counts.ends, 2, 3).items()
            if not still
        }
        found = [
            Step(
                kind=self._label(code),
                journeys=journeys,
                reached=reached / journeys,
                visits=visits[code,][0],
                stopped=stopped.get(code, 0),
                stop_share=stopped.get(code, 0) / visits[code,][0],
            )
            for (code,), (journeys, reached) in self._summed(self._counts.kinds, 1).items()
        ]
        return sorted(found, key=lambda each: (-each.journeys, each.kind or "~"))

    def _moves(self) -> Iterator[Move]:
        medians = _medians(self._summed(self._counts.waits, 1, 2, 3))
        after: dict[int, list[tuple[int, int, Ending]]] = {}
        for (start, end), (journeys,) in self._summed(self._counts.moves, 2, 3).items():
            if start:
                ending: Ending = "reached" if end == GOAL else ""
                after.setdefault(start, []).append((journeys, end, ending))
        for (last, still), (journeys,) in self._summed(self._counts.ends, 2, 3).items():
            after.setdefault(last, []).append((journeys, 0, "open" if still else "stopped"))
        for start in sorted(after, key=lambda code: self._label(code) or "~"):
            whole = sum(journeys for journeys, *_ in after[start])
            for journeys, end, ending in sorted(after[start], key=lambda each: (-each[0], each[1])):
                yield Move(
                    self._label(start),
                    self._label(end) if end else None,
                    ending,
                    journeys,
                    journeys / whole,
                    medians.get((start, end)),
                )

    def _flows(self) -> Iterator[Flow]:
        moves = self._summed(self._counts.moves, 1, 2, 3)
        for (step, start, end), (journeys,) in sorted(moves.items()):
            ending: Ending = "reached" if end == GOAL else ""
            yield Flow(step - 1, self._label(start), self._label(end), ending, journeys)
        ends = self._summed(self._counts.ends, 1, 2, 3)
        for (steps, last, still), (journeys,) in sorted(ends.items()):
            yield Flow(steps, self._label(last), None, "open" if still else "stopped", journeys)


def _medians(waits: dict[Any, Any]) -> dict[tuple[int, int], float]:
    """The median time of each move, from classes of length."""
    classes: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for (start, end, length), (count,) in sorted(waits.items()):
        classes.setdefault((start, end), []).append((length, count))
    return {key: _median(each) for key, each in classes.items()}


def _median(classes: Sequence[tuple[int, int]]) -> float:
    """The time below which half lie, on the straight line through the class that holds it."""
    half, below = sum(count for _, count in classes) / 2, 0
    for length, count in classes:
        if below + count >= half:
            low, high = (2 ** ((length + more) / FINE) - 1 for more in (0, 1))
            return float(low + (high - low) * (half - below) / count) if length else 0.0
        below += count
    return 0.0
