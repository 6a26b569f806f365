"""The saved segments and how they overlap, and what waits for data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from segmentry.core.errors import DeclarationError
from segmentry.insights.overlap import Overlap, overlap
from segmentry.report.content import LockedFeature, OverlapView, SegmentRow, TrendPoint
from segmentry.report.content.segment import State
from segmentry.workspace import history
from segmentry.workspace.reporting.asking import MEMBER, TABLE, Asking

TREND_POINTS, WIDEST = 13, 12


def segments(asked: Asking) -> tuple[SegmentRow, ...]:
    """Every saved segment, by name."""
    return tuple(_segments(asked))


def _segments(asked: Asking) -> Iterator[SegmentRow]:
    found, revenue = _overlap(asked, list(asked.rules)), _revenue(asked)
    itself = {each.one: each for each in found.pairs if each.one == each.other}
    for each in asked.workspace.saved():
        pair = itself.get(MEMBER + each.name)
        customers = pair.customers if pair else 0
        brought = pair.revenue_amount if pair else Decimal(0)
        points = history.sizes(asked.engine, each.name).get("", [])
        past = [point for point in points if point[0] <= asked.as_of.instant]
        yield SegmentRow(
            name=each.name,
            label=each.label or each.name,
            sentence=_sentence(asked, each.rule),
            customers=customers,
            customer_share=customers / found.customers if found.customers else 0.0,
            revenue=brought,
            revenue_share=float(brought / revenue) if revenue else None,
            trend=tuple(TrendPoint(asked.day(at), size) for at, size in past[-TREND_POINTS:]),
            state="broken" if pair is None else _state(customers, past, asked.as_of.instant),
        )


def _state(customers: int, past: Sequence[tuple[datetime, int]], now: datetime) -> State:
    """Stale is what has a history that ends before this instant."""
    if not customers:
        return "empty"
    return "stale" if past and past[-1][0] < now else "fresh"


def _sentence(asked: Asking, rule: str) -> str:
    try:
        return asked.sentence(rule)
    except DeclarationError:
        return rule


def _revenue(asked: Asking) -> Decimal:
    if "monetary" not in asked.features:
        return Decimal(0)
    return Decimal(asked.engine.value(f"SELECT sum(monetary) FROM {TABLE}") or 0)


def _overlap(asked: Asking, names: Sequence[str]) -> Overlap:
    return overlap(asked.engine, TABLE, [MEMBER + each for each in names])


def overlaps(asked: Asking, saved: Sequence[SegmentRow]) -> OverlapView:
    """All pairs of the largest segments; nothing with fewer than two that have customers."""
    rows = sorted((each for each in saved if each.customers), key=lambda each: -each.customers)
    if len(rows) < 2:
        return OverlapView()
    shown = rows[:WIDEST]
    found = _overlap(asked, [each.name for each in shown])
    return OverlapView(
        labels=tuple(each.label for each in shown),
        customers=tuple(
            tuple(found.size(MEMBER + one.name, MEMBER + other.name) for other in shown)
            for one in shown
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
