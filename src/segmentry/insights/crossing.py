"""A crossing: two or three segmentations at once, cell by cell."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from segmentry.core.errors import UsageError
from segmentry.core.types import Type
from segmentry.features.customers import Customers
from segmentry.language.node import Node
from segmentry.language.value import Name
from segmentry.segments.segment import Segmentation
from segmentry.sql.expression import Column, Expression, Select, all_of, call
from segmentry.sql.operators import Op


@dataclass(frozen=True)
class Dimension:
    """One segmentation of a crossing, with the sizes of its groups among those crossed.

    Args:
        groups: Group → customers, in the order of the segmentation; empty ones too.
    """

    segmentation: Segmentation
    groups: Mapping[str, int]


@dataclass(frozen=True)
class Cell:
    """Customers who are in one group of each segmentation.

    Args:
        groups: One group a dimension, in their order.
        share: Of all customers crossed.
        index: Customers over how many there would be if the segmentations had nothing to do with
            one another; 1 is as by chance.
        rule: Holds for exactly these customers.
    """

    groups: tuple[str, ...]
    customers: int
    share: float
    revenue_amount: Decimal
    mean_revenue_amount: Decimal
    index: float
    rule: str


@dataclass(frozen=True)
class Crossing:
    """Two or three segmentations at once.

    Args:
        customers: Those who have a group in every one of them; the others are left out.
        cells: Those with customers, in the order of the groups; what is not there is empty.
    """

    as_of: str
    dimensions: tuple[Dimension, ...]
    customers: int
    revenue_amount: Decimal
    cells: tuple[Cell, ...]

    def cell(self, *groups: str) -> Cell | None:
        """The cell of one group a dimension; nothing when it is empty."""
        return next((each for each in self.cells if each.groups == groups), None)


def cross(customers: Customers, segmentations: Sequence[Segmentation]) -> Crossing:
    """Count every combination of the groups of two or three segmentations, in one query.

    Raises:
        UsageError: Fewer than two, more than three, or one twice.
    """
    names = [each.name for each in segmentations]
    if len(names) not in (2, 3) or len(set(names)) != len(names):
        raise UsageError("a crossing is of two or three different segmentations.")
    rows = _rows(customers, segmentations)
    total = sum(row["customers"] for row in rows)
    dimensions = tuple(
        Dimension(each, _sizes(each, place, rows)) for place, each in enumerate(segmentations)
    )
    return Crossing(
        as_of=str(customers.as_of),
        dimensions=dimensions,
        customers=total,
        revenue_amount=sum((_revenue(row) for row in rows), Decimal(0)),
        cells=tuple(
            sorted(_cells(rows, dimensions, total), key=lambda each: _place(each, dimensions))
        ),
    )


def _rows(customers: Customers, segmentations: Sequence[Segmentation]) -> list[dict[str, Any]]:
    revenue = customers.revenue
    parts = {f"part_{place}": Name(each.feature) for place, each in enumerate(segmentations)}
    wanted: dict[str, Node] = {**parts, **revenue}
    held = [Column(name, Type.TEXT) for name in parts]
    columns: dict[str, Expression] = {each.name: each for each in held}
    columns["customers"] = call(Op.COUNT_ROWS, type=Type.INTEGER)
    for name in revenue:
        columns[name] = call(Op.SUM, Column(name, Type.MONEY), type=Type.MONEY)
    grouped = Select(
        customers.query(wanted),
        columns,
        where=all_of(call(Op.NOT, call(Op.IS_MISSING, each)) for each in held),
        group_by=tuple(held),
    )
    found: list[dict[str, Any]] = customers.engine.fetch(grouped).to_pylist()
    return found


def _sizes(each: Segmentation, place: int, rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    sizes: dict[str, int] = {}
    for row in rows:
        name = row[f"part_{place}"]
        sizes[name] = sizes.get(name, 0) + row["customers"]
    return {name: sizes.get(name, 0) for name in each.in_order(sizes)}


def _cells(
    rows: Sequence[Mapping[str, Any]], dimensions: Sequence[Dimension], total: int
) -> Iterator[Cell]:
    for row in rows:
        groups = tuple(row[f"part_{place}"] for place in range(len(dimensions)))
        pairs = list(zip(dimensions, groups, strict=True))
        alone = math.prod(each.groups[name] / total for each, name in pairs)
        count, revenue = row["customers"], _revenue(row)
        yield Cell(
            groups=groups,
            customers=count,
            share=count / total,
            revenue_amount=revenue,
            mean_revenue_amount=revenue / count,
            index=count / total / alone,
            rule=" AND ".join(each.segmentation.rule_of(name) for each, name in pairs),
        )


def _revenue(row: Mapping[str, Any]) -> Decimal:
    return Decimal(row.get("revenue") or 0)


def _place(cell: Cell, dimensions: Sequence[Dimension]) -> tuple[int, ...]:
    return tuple(
        list(each.groups).index(name) for each, name in zip(dimensions, cell.groups, strict=True)
    )


__all__ = ["Cell", "Crossing", "Dimension", "cross"]
