"""The crossings that tell most, as far as the data allow them."""

from __future__ import annotations

from segmentry.insights.crossing import Crossing, Dimension, cross
from segmentry.report.content import CrossedCell, CrossingView
from segmentry.segments.segment import Segmentation
from segmentry.workspace.reporting.asking import Asking

PAIRS = (
    ("lifecycle", "revenue_tiers"),
    ("rfm", "main_category"),
    ("rfm", "channel"),
    ("rfm", "age"),
    ("rfm", "age_band"),
    ("rfm", "income_band"),
    ("lifecycle", "rfm"),
    ("rfm", "country"),
    ("rfm", "order_country"),
)
"""Pairs by how much they tell a shop; the first ones available are shown."""
MOST, WIDEST = 3, 12
"""Crossings shown, and groups of each side; smaller ones are left out."""


def crossings(asked: Asking) -> tuple[CrossingView, ...]:
    """Up to three crossings."""
    ready = asked.available
    pairs = [(ready[one], ready[other]) for one, other in PAIRS if one in ready and other in ready]
    found = (_shown(asked, cross(asked.customers, pair)) for pair in pairs[:MOST])
    return tuple(each for each in found if each.cells)


def _shown(asked: Asking, found: Crossing) -> CrossingView:
    over, across = (each.segmentation for each in found.dimensions)
    rows, columns = (_largest(each) for each in found.dimensions)
    return CrossingView(
        name=f"{over.name}_{across.name}",
        row_label=asked.wording.segmentation(over),
        column_label=asked.wording.segmentation(across),
        rows=_labels(asked, over, rows),
        columns=_labels(asked, across, columns),
        customers=found.customers,
        cells=tuple(
            CrossedCell(
                row=rows.index(each.groups[0]),
                column=columns.index(each.groups[1]),
                customers=each.customers,
                share=each.share,
                index=each.index,
                revenue=each.revenue_amount,
            )
            for each in found.cells
            if each.groups[0] in rows and each.groups[1] in columns
        ),
    )


def _largest(each: Dimension) -> list[str]:
    """The groups shown, in their order; empty ones are not."""
    held = [name for name, customers in each.groups.items() if customers]
    shown = sorted(held, key=lambda name: -each.groups[name])[:WIDEST]
    return [name for name in held if name in shown]


def _labels(asked: Asking, segmentation: Segmentation, names: list[str]) -> tuple[str, ...]:
    return tuple(asked.wording.group(segmentation, name) for name in names)
