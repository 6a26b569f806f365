"""Which saved segments customers are in at once."""

from __future__ import annotations

from collections.abc import Sequence

from segmentry.insights.overlap import combinations as counted
from segmentry.insights.overlap import overlap
from segmentry.report.content import CombinationsView, CombinationView, SegmentRow
from segmentry.workspace.reporting.asking import Asking
from segmentry.workspace.reporting.segments import WIDEST, sets_of

ROWS, COLUMNS = 8, 20
"""Segments and combinations shown at most."""


def combinations(asked: Asking, saved: Sequence[SegmentRow]) -> CombinationsView:
    """Of the largest segments, those that have most customers in common; nothing of fewer than two.

    A segment that has nobody in common with another says nothing here and is left out.
    """
    rows = sorted((each for each in saved if each.customers), key=lambda each: -each.customers)
    sets = sets_of(asked, [each.name for each in rows[:WIDEST]])
    found = overlap(sets, asked.leaves.known)
    common = found.shared.sum(axis=1) - found.shared.diagonal()
    places = sorted(range(len(sets)), key=lambda place: -int(common[place]))[:ROWS]
    shown = sorted(place for place in places if common[place])
    if len(shown) < 2:
        return CombinationsView()
    largest = sorted(
        counted([sets[rows[place].name] for place in shown]).items(),
        key=lambda each: (-each[1], each[0]),
    )
    return CombinationsView(
        labels=tuple(rows[place].label for place in shown),
        sizes=tuple(rows[place].customers for place in shown),
        combinations=tuple(CombinationView(*each) for each in largest[:COLUMNS]),
        left_out=max(len(largest) - COLUMNS, 0),
    )
