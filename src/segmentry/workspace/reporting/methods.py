"""Every way of dividing that the data allow, and the sums of their groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import reduce
from typing import Any

from segmentry.core.types import Type
from segmentry.engines.duckdb import quote
from segmentry.language.node import Node
from segmentry.language.text import parse_value
from segmentry.report.content import (
    FamilyView,
    GroupView,
    MethodView,
    MissingMethod,
    TrendPoint,
)
from segmentry.segments.segment import Family, Segmentation
from segmentry.sql.expression import Column, Select, call
from segmentry.sql.operators import Op
from segmentry.workspace import history
from segmentry.workspace.division import Because, Division
from segmentry.workspace.methods import Method
from segmentry.workspace.reporting.asking import CARDED, TABLE, Asking

ORDER: tuple[Family, ...] = (
    "value", "lifecycle", "engagement", "product", "behavioural", "demographic", "geographic",
    "economic", "psychographic", "company", "own",
)  # fmt: skip
ELSEWHERE = ("rfm", "rfm_eleven")
"""They have a section of their own."""
MOST = 12
"""Groups shown of a method by values; the smaller ones stand together."""
TREND_POINTS = 13

Sums = Mapping[str, Mapping[str, Any]]
"""Group → its sums."""


def families(asked: Asking) -> tuple[FamilyView, ...]:
    """The methods by what they look at, RFM left out."""
    chosen = [each for name, each in asked.available.items() if name not in ELSEWHERE]
    counted, reasons = _counted(asked, chosen), _reasons(asked, chosen)
    found = []
    for family in ORDER:
        methods = [each for each in chosen if each.family == family and counted.get(each.feature)]
        views = tuple(
            _method(asked, each, counted[each.feature], reasons[each.name]) for each in methods
        )
        if views:
            found.append(FamilyView(name=family, label=asked.wording.family(family), methods=views))
    return tuple(found)


def groups_of(asked: Asking, name: str) -> tuple[GroupView, ...]:
    """The groups of one method in their order; none when the data do not allow it."""
    if name not in asked.available:
        return ()
    segmentation = asked.available[name]
    sums = _counted(asked, [segmentation]).get(segmentation.feature, {})
    return tuple(_groups(asked, segmentation, sums))


def missing(asked: Asking) -> tuple[MissingMethod, ...]:
    """The methods that the data do not allow, and what they need."""
    return tuple(
        MissingMethod(
            asked.wording.segmentation(each.segmentation),
            asked.wording.family(each.family),
            _needs(asked, each),
        )
        for each in asked.methods
        if not each.available
    )


def _needs(asked: Asking, method: Method) -> str:
    if method.missing:
        return method.missing
    lacking = [asked.wording.need(each.need) for each in method.gates if not each.passed]
    return asked.words.listed(lacking, "and")


def _method(
    asked: Asking, segmentation: Segmentation, sums: Sums, reasons: tuple[str, ...]
) -> MethodView:
    groups = list(_groups(asked, segmentation, sums))
    shown, rest = groups, []
    if not segmentation.groups and len(groups) > MOST:
        largest = sorted(groups, key=lambda each: -each.customers)[:MOST]
        shown = [each for each in groups if each in largest]
        rest = [each for each in groups if each not in largest]
    return MethodView(
        name=segmentation.name,
        label=asked.wording.segmentation(segmentation),
        about=asked.wording.about(segmentation),
        reasons=reasons,
        groups=tuple(shown),
        rest=_together(asked, rest, sums) if rest else None,
        rest_count=len(rest),
        playbooks=tuple(asked.playbook(segmentation, each.name) for each in shown)
        if segmentation.name not in CARDED
        else (),
    )


def _groups(asked: Asking, segmentation: Segmentation, sums: Sums) -> Iterator[GroupView]:
    customers = sum(each["customers"] for each in sums.values())
    revenue = sum((each["revenue"] for each in sums.values()), Decimal(0))
    trends = _trends(asked, segmentation)
    rules = {each.name: each.rule or each.means for each in segmentation.groups}
    for name in segmentation.in_order({name: each["customers"] for name, each in sums.items()}):
        yield _group(
            sums.get(name, NOBODY),
            (customers, revenue),
            name=name,
            label=asked.wording.group(segmentation, name),
            trend=tuple(trends.get(name, ())),
            sentence=asked.sentence(rules[name]) if name in rules else "",
        )


NOBODY: Mapping[str, Any] = {
    "customers": 0, "revenue": Decimal(0), "orders": 0, "buyers": 0, "recency_days": None,
}  # fmt: skip


def _group(sums: Mapping[str, Any], of: tuple[int, Decimal], **said: Any) -> GroupView:
    customers, revenue = of
    return GroupView(
        customers=sums["customers"],
        customer_share=sums["customers"] / customers if customers else 0.0,
        revenue=sums["revenue"],
        revenue_share=float(sums["revenue"] / revenue) if revenue else None,
        average_order=sums["revenue"] / sums["orders"] if sums["orders"] else None,
        orders_per_customer=sums["orders"] / sums["buyers"] if sums["buyers"] else None,
        recency_days_median=sums["recency_days"],
        **said,
    )


def _together(asked: Asking, groups: Sequence[GroupView], sums: Sums) -> GroupView:
    """Groups as one; the median of medians is no median, so it is left out."""
    added: dict[str, Any] = reduce(
        lambda one, other: {
            key: one[key] + other[key] for key in ("customers", "revenue", "orders", "buyers")
        },
        (dict(sums[each.name]) for each in groups),
    )
    whole = (
        sum(each["customers"] for each in sums.values()),
        sum((each["revenue"] for each in sums.values()), Decimal(0)),
    )
    label = asked.words("report.methods.rest", count=len(groups))
    return _group(added | {"recency_days": None}, whole, name="", label=label)


def _counted(asked: Asking, segmentations: Sequence[Segmentation]) -> dict[str, dict[str, Any]]:
    """Feature → group → sums, of one segmentation after the other: medians hold what they read."""
    return {each.feature: _sums(asked, each.feature) for each in segmentations}


def _sums(asked: Asking, feature: str) -> dict[str, Any]:
    values = ("monetary", "frequency", "recency_days")
    if "monetary" not in asked.features:
        values = ("0", "0", "NULL::INTEGER")
    monetary, frequency, recency = values
    rows = asked.engine.rows(
        f"SELECT {quote(feature)} AS part, count(*), coalesce(sum({monetary}), 0),"
        f" coalesce(sum({frequency}), 0)::BIGINT, count(*) FILTER (WHERE {frequency} > 0),"
        f" median({recency})::DOUBLE FROM {TABLE} WHERE part IS NOT NULL GROUP BY part"
        " ORDER BY part"
    )
    return {
        group: {
            "customers": customers,
            "revenue": Decimal(revenue),
            "orders": orders,
            "buyers": buyers,
            "recency_days": days,
        }
        for group, customers, revenue, orders, buyers, days in rows
    }


def _reasons(asked: Asking, segmentations: Sequence[Segmentation]) -> dict[str, tuple[str, ...]]:
    """Why limits are so; what they rest on in the base is computed for all methods at once."""
    nodes: dict[str, Node] = {}
    places: dict[tuple[str, int, str], str] = {}
    for each in segmentations:
        for place, reason in enumerate(each.reasons):
            for name, expression in reason.base.items():
                column = places[each.name, place, name] = f"base_{len(nodes)}"
                nodes[column] = parse_value(expression)
    row: Mapping[str, Any] = _once(asked, nodes) if nodes else {}
    return {
        each.name: tuple(
            asked.wording.reasons(
                Division(
                    each, str(asked.as_of), 0, {}, (),
                    tuple(
                        Because(reason, {n: row.get(places[each.name, at, n]) for n in reason.base})
                        for at, reason in enumerate(each.reasons)
                    ),
                )
            )
        )
        for each in segmentations
    }  # fmt: skip


def _once(asked: Asking, nodes: Mapping[str, Node]) -> Mapping[str, Any]:
    """Values that are the same for every customer, to two places, as people read them."""
    columns = {
        name: call(Op.MAXIMUM, Column(name, Type.NUMBER), type=Type.NUMBER) for name in nodes
    }
    found: list[dict[str, Any]] = asked.engine.fetch(
        Select(asked.customers.query(nodes), columns)
    ).to_pylist()
    return {
        name: round(value, 2) if isinstance(value, float) else value
        for name, value in found[0].items()
    }


def _trends(asked: Asking, segmentation: Segmentation) -> dict[str, list[TrendPoint]]:
    """Sizes of groups at the last recorded points."""
    found = history.sizes(asked.engine, segmentation.feature)
    return {
        part: [
            TrendPoint(asked.day(each.as_of), each.customers)
            for each in points
            if each.as_of <= asked.as_of.instant
        ][-TREND_POINTS:]
        for part, points in found.items()
    }
