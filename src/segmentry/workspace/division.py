"""A segmentation as numbers: each group with its customers and what they have brought."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from segmentry.core.types import Type, Value
from segmentry.features.customers import Customers
from segmentry.language.function import If
from segmentry.language.literal import Constant
from segmentry.language.node import Node
from segmentry.language.text import parse_rule, parse_value
from segmentry.language.value import Name
from segmentry.segments.segment import Need, Reason, Segmentation
from segmentry.sql.expression import Column, Expression, Select, call
from segmentry.sql.operators import Op

if TYPE_CHECKING:
    from segmentry.report.chart_page import Chart


@dataclass(frozen=True)
class GroupSize:
    """One group: its customers and their revenue so far. Shares are of all who have a group."""

    name: str
    customers: int
    customer_share: float
    revenue_amount: Decimal
    revenue_share: float


@dataclass(frozen=True)
class Because:
    """A reason of the segmentation with what its expressions over the base amount to."""

    reason: Reason
    computed: Mapping[str, Value]


@dataclass(frozen=True)
class Gate:
    """A need, and how many customers there are who meet it."""

    need: Need
    there: int

    @property
    def passed(self) -> bool:
        """Whether there are enough."""
        return self.there >= self.need.at_least


@dataclass(frozen=True)
class Division:
    """How a segmentation divides the customers at an instant.

    Args:
        customers: How many have a group; the others are outside the segmentation's `among`.
        mean: Means of features over these customers; missing values are left out.
        gates: What it needs, and what there is; whoever asks decides what to make of it.
    """

    segmentation: Segmentation
    as_of: str
    customers: int
    mean: Mapping[str, float | None]
    groups: tuple[GroupSize, ...]
    reasons: tuple[Because, ...]
    gates: tuple[Gate, ...] = ()

    @property
    def name(self) -> str:
        """Name of the segmentation."""
        return self.segmentation.name

    def plot(self, currency: str = "") -> Chart:
        """Shares of customers and revenue as a chart that a notebook shows."""
        from segmentry.workspace import display

        return display.division_chart(self, currency)

    def _repr_html_(self) -> str:
        from segmentry.workspace import display

        return display.division(self)


def divide(
    customers: Customers, segmentation: Segmentation, means: tuple[str, ...] = ()
) -> Division:
    """Count the groups of a segmentation in one pass.

    Declared groups come in their order, empty ones too; those made by values as the segmentation
    orders them.
    """
    revenue = customers.revenue
    base = dict(_base(segmentation))
    wanted: dict[str, Node] = {"part": Name(segmentation.feature)}
    wanted |= {f"mean_{name}": Name(name) for name in means}
    needs: dict[str, Node] = {
        f"need_{place}": met(each.rule) for place, each in enumerate(segmentation.needs)
    }
    per_customer = customers.query(wanted | revenue | base | needs)
    part = Column("part", Type.TEXT)
    columns: dict[str, Expression] = {
        "part": part,
        "customers": call(Op.COUNT_ROWS, type=Type.INTEGER),
    }
    for name in [*(f"mean_{each}" for each in means), *revenue]:
        columns[name] = call(Op.SUM, Column(name, Type.MONEY), type=Type.MONEY)
        columns[f"{name}_count"] = call(Op.COUNT, Column(name, Type.MONEY), type=Type.INTEGER)
    for name in base:
        columns[name] = call(Op.MAXIMUM, Column(name, Type.NUMBER), type=Type.NUMBER)
    for name in needs:
        columns[name] = call(Op.SUM, Column(name, Type.INTEGER), type=Type.INTEGER)
    grouped = Select(per_customer, columns, group_by=(part,))
    counted = customers.engine.fetch(grouped).to_pylist()
    rows = {row["part"]: row for row in counted if row["part"] is not None}
    sizes = {name: row["customers"] for name, row in rows.items()}
    divided = sum(sizes.values())
    total = sum((row.get("revenue") or Decimal(0) for row in rows.values()), Decimal(0))
    return Division(
        segmentation=segmentation,
        as_of=str(customers.as_of),
        customers=divided,
        mean={name: _mean(rows.values(), f"mean_{name}") for name in means},
        groups=tuple(
            _size(name, rows.get(name, {}), divided, total) for name in segmentation.in_order(sizes)
        ),
        reasons=tuple(_because(segmentation, rows)),
        gates=tuple(
            Gate(each, sum(int(row[name]) for row in counted))
            for name, each in zip(needs, segmentation.needs, strict=True)
        ),
    )


def met(rule: str) -> Node:
    """1 for a customer who meets a rule, else 0."""
    return If(parse_rule(rule), Constant.of(1), Constant.of(0))


def _base(segmentation: Segmentation) -> Iterator[tuple[str, Node]]:
    for place, reason in enumerate(segmentation.reasons):
        for name, expression in reason.base.items():
            yield f"base_{place}_{name}", parse_value(expression)


def _because(segmentation: Segmentation, rows: Mapping[str, Any]) -> Iterator[Because]:
    row: Mapping[str, Any] = next(iter(rows.values()), {})
    for place, reason in enumerate(segmentation.reasons):
        yield Because(reason, {name: row.get(f"base_{place}_{name}") for name in reason.base})


def _mean(rows: Collection[Mapping[str, Any]], name: str) -> float | None:
    count = sum(row[f"{name}_count"] for row in rows)
    total = sum((Decimal(row[name] or 0) for row in rows), Decimal(0))
    return float(total / count) if count else None


def _size(name: str, row: Mapping[str, Any], customers: int, total: Decimal) -> GroupSize:
    count = int(row.get("customers", 0))
    revenue = Decimal(row.get("revenue") or 0)
    return GroupSize(
        name=name,
        customers=count,
        customer_share=count / customers if customers else 0.0,
        revenue_amount=revenue,
        revenue_share=float(revenue / total) if total else 0.0,
    )
