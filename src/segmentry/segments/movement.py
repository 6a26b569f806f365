"""Whom a change of declarations moves: members of segments, and groups of segmentations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from segmentry.engines.duckdb import quote
from segmentry.features.customers import Customers
from segmentry.language.node import Node
from segmentry.language.value import Name
from segmentry.segments.effect import SAMPLE, Effect, Moved


@dataclass(frozen=True)
class GroupMove:
    """Customers whose group changes; `None` is no group."""

    before: str | None
    after: str | None
    customers: int
    revenue_amount: Decimal


@dataclass(frozen=True)
class Movement:
    """Whom a change moves, by name of segment and of group feature."""

    segments: Mapping[str, Effect]
    groups: Mapping[str, tuple[GroupMove, ...]]


def movement(
    before: Customers, after: Customers, segments: Sequence[str], groups: Sequence[str]
) -> Movement:
    """Compare the customers of two sets of declarations at one instant, each computed in one pass.

    A segment that one side does not have has no members there; a group feature that one side does
    not have, or cannot compute, gives nobody a group there.
    """
    desk = before.desk
    for name, side in (("moved_from", before), ("moved_to", after)):
        side.land(name, _outputs(side, segments, groups))
    try:
        return Movement(
            {name: _effect(before, after, number, name) for number, name in enumerate(segments)},
            {
                name: tuple(_group_moves(before, after, number, name))
                for number, name in enumerate(groups)
            },
        )
    finally:
        for name in ("moved_from", "moved_to"):
            desk.drop(name)


def _outputs(side: Customers, segments: Iterable[str], groups: Iterable[str]) -> dict[str, Node]:
    found: dict[str, Node] = dict(side.revenue)
    for number, name in enumerate(segments):
        if name in side.rules:
            found[f"s{number}"] = side.rules[name]
    for number, name in enumerate(groups):
        if name in side.features:
            found[f"g{number}"] = Name(name)
    return found


BOTH = "moved_from AS f JOIN moved_to AS t USING (customer_no)"


def _effect(before: Customers, after: Customers, number: int, name: str) -> Effect:
    was = f"f.s{number}" if name in before.rules else "FALSE"
    becomes = f"t.s{number}" if name in after.rules else "FALSE"
    sides = (f"NOT {was} AND {becomes}", f"{was} AND NOT {becomes}", f"{was} AND {becomes}")
    amount = "sum(t.revenue)" if after.revenue else "sum(0)"
    columns = ", ".join(
        f"count(*) FILTER ({each}), {amount} FILTER ({each}),"
        f" min(t.customer_id, {SAMPLE}) FILTER ({each})"
        for each in sides
    )
    [row] = before.desk.rows(f"SELECT {columns} FROM {BOTH}")
    moves = [
        Moved(row[at], Decimal(row[at + 1] or 0), tuple(row[at + 2] or ())) for at in (0, 3, 6)
    ]
    return Effect(str(after.as_of), *moves)


def _group_moves(
    before: Customers, after: Customers, number: int, name: str
) -> Iterable[GroupMove]:
    was = quote(f"g{number}") if name in before.features else None
    becomes = quote(f"g{number}") if name in after.features else None
    amount = "sum(t.revenue)" if after.revenue else "sum(0)"
    one = f"f.{was}" if was else "NULL::VARCHAR"
    other = f"t.{becomes}" if becomes else "NULL::VARCHAR"
    rows = before.desk.rows(
        f"SELECT {one} AS was, {other} AS becomes, count(*) AS customers, {amount}"
        f" FROM {BOTH} WHERE {one} IS DISTINCT FROM {other}"
        " GROUP BY ALL ORDER BY customers DESC, was, becomes"
    )
    return [
        GroupMove(start, end, customers, Decimal(revenue or 0))
        for start, end, customers, revenue in rows
    ]
