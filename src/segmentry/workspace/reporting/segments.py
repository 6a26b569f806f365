"""The saved segments and how they overlap, and what waits for data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import islice

import numpy as np

from segmentry.core.errors import DeclarationError
from segmentry.core.types import Type
from segmentry.engines.held import UNIT, held
from segmentry.features.columns import by_number
from segmentry.insights.overlap import overlap
from segmentry.report.content import LockedFeature, OverlapView, SegmentRow, TrendPoint
from segmentry.report.content.segment import State
from segmentry.segments.bits import Bits, count
from segmentry.segments.sliced import Sliced, sliced
from segmentry.workspace import history
from segmentry.workspace.history import Size
from segmentry.workspace.reporting.asking import TABLE, Asking

TREND_POINTS, WIDEST = 13, 12
AT_ONCE = 128
"""Segments whose conditions and members are in memory together."""


def segments(asked: Asking) -> tuple[SegmentRow, ...]:
    """Every saved segment, by name."""
    return tuple(_segments(asked))


def _segments(asked: Asking) -> Iterator[SegmentRow]:
    worth = _worth(asked)
    counted = {
        name: (count(members), Decimal(worth.sum(members) or 0) / UNIT)
        for names in _some(asked)
        for name, members in sets_of(asked, names).items()
    }
    everybody, revenue = _customers(asked), _revenue(asked)
    saved = asked.workspace.saved()
    sizes = history.sizes_of_all(asked.engine, [each.name for each in saved])
    for each in saved:
        customers, brought = counted.get(each.name, (0, Decimal(0)))
        points = sizes.get(each.name, {}).get("", [])
        past = [point for point in points if point.as_of <= asked.as_of.instant]
        yield SegmentRow(
            name=each.name,
            label=each.label or each.name,
            sentence=_sentence(asked, each.rule),
            customers=customers,
            customer_share=customers / everybody if everybody else 0.0,
            revenue=brought,
            revenue_share=float(brought / revenue) if revenue else None,
            trend=tuple(
                TrendPoint(asked.day(each.as_of), each.customers) for each in past[-TREND_POINTS:]
            ),
            state="broken"
            if each.name not in counted
            else _state(customers, past, asked.as_of.instant),
        )


def _state(customers: int, past: Sequence[Size], now: datetime) -> State:
    """Stale is what has a history that ends before this instant."""
    if not customers:
        return "empty"
    return "stale" if past and past[-1].as_of < now else "fresh"


def _sentence(asked: Asking, rule: str) -> str:
    try:
        return asked.sentence(rule)
    except DeclarationError:
        return rule


def _revenue(asked: Asking) -> Decimal:
    if "monetary" not in asked.features:
        return Decimal(0)
    return Decimal(asked.engine.value(f"SELECT sum(monetary) FROM {TABLE}") or 0)


def _customers(asked: Asking) -> int:
    return int(asked.engine.value(f"SELECT count(*) FROM {TABLE}"))


def _some(asked: Asking) -> Iterator[list[str]]:
    """The segments, some at a time."""
    names = iter(asked.rules)
    while some := list(islice(names, AT_ONCE)):
        yield some


def sets_of(asked: Asking, names: Sequence[str]) -> dict[str, Bits]:
    """The members of segments."""
    asked.leaves.forget()
    asked.leaves.compute(asked.rules[name] for name in names)
    return {name: asked.leaves.members(asked.rules[name]) for name in names}


def _worth(asked: Asking) -> Sliced:
    """What customers have brought, by customer number."""
    if "monetary" not in asked.features:
        return sliced(np.zeros(0, np.int64), np.zeros(0, np.bool_))
    rows = asked.engine.fetch(f"SELECT customer_no, monetary FROM {TABLE}")
    column = held(by_number(asked.as_of, rows, ["monetary"]).column("monetary"), Type.MONEY)
    known = np.ones(len(column.values), np.bool_) if column.known is None else column.known
    return sliced(column.values, known)


def overlaps(asked: Asking, saved: Sequence[SegmentRow]) -> OverlapView:
    """All pairs of the largest segments; nothing with fewer than two that have customers."""
    rows = sorted((each for each in saved if each.customers), key=lambda each: -each.customers)
    if len(rows) < 2:
        return OverlapView()
    shown = rows[:WIDEST]
    found = overlap(sets_of(asked, [each.name for each in shown]), asked.leaves.known)
    return OverlapView(
        labels=tuple(each.label for each in shown),
        customers=tuple(
            tuple(found.size(one.name, other.name) for other in shown) for one in shown
        ),
        none=found.none,
        left_out=len(rows) - len(shown),
    )


def locked(asked: Asking) -> tuple[LockedFeature, ...]:
    """Features that wait for data, and which data."""
    return tuple(_locked(asked))


def _locked(asked: Asking) -> Iterator[LockedFeature]:
    known = {each.name: each for each in asked.workspace.declarations()}
    groups = {each.segmentation.feature for each in asked.methods}
    schema = asked.features.schema
    for name, needs in schema.locked.items():
        declared = known.get(name)
        hidden = declared is not None and declared.hidden
        if name not in groups and needs not in schema.sensitive and not hidden:
            own = declared.label if declared else ""
            yield LockedFeature(name, asked.wording.named(name, own), needs)
