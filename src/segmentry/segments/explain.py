"""Why a customer is in a segment or not: each condition, its value, the rows that decide it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from segmentry.core.errors import NotFoundError
from segmentry.core.types import Type
from segmentry.features.customers import Customers
from segmentry.features.rows import Rows
from segmentry.language.condition import Comparison
from segmentry.language.listed import InList
from segmentry.language.logic import And, Not, Or
from segmentry.language.node import Condition, Measure, Node, ValueNode
from segmentry.language.text import conditions, measures
from segmentry.sql.expression import Column, Expression, Order, Select, call, literal
from segmentry.sql.operators import Op

EVIDENCE_ROWS = 5
EVIDENCE_MEASURES = 3


@dataclass(frozen=True)
class ExplainedCondition:
    """One condition for one customer.

    Args:
        value: What the condition looks at, for this customer; `None` is missing.
        evidence: Rows of facts that the value is made from, newest first, at most a few.
        decisive: Whether the answer would turn if this condition alone did.
        turned: The condition that would have to hold for this one to turn, as a rule.
        change: What would have to change for the condition to turn.
    """

    text: str
    met: bool
    value: Any
    evidence: tuple[Mapping[str, Any], ...]
    decisive: bool
    turned: str
    change: str


@dataclass(frozen=True)
class Explanation:
    """Whether a customer meets a rule at an instant, and why."""

    customer_id: str
    as_of: str
    member: bool
    conditions: tuple[ExplainedCondition, ...]


def explain(customers: Customers, rule: Condition, customer_id: str) -> Explanation:
    """Take a rule apart for one customer.

    Raises:
        NotFoundError: No such customer was known at as_of.
    """
    leaves = conditions(rule)
    outputs: dict[str, Node] = {"member": rule}
    for number, leaf in enumerate(leaves):
        outputs[f"c{number}"] = leaf
        if looked_at := _looked_at(leaf):
            outputs[f"v{number}"] = looked_at
    everybody = customers.query(outputs)
    identity = Column("customer_id", Type.TEXT)
    names = {name: Column(name, Type.TEXT) for name in ["customer_no", *outputs]}
    found = customers.engine.fetch(
        Select(everybody, names, where=call(Op.EQUAL, identity, literal(customer_id)))
    ).to_pylist()
    if not found:
        raise NotFoundError(
            f"no customer `{customer_id}` was known as of {customers.as_of}.",
            fix="Check the id; ids are compared exactly, as text.",
        )
    row = found[0]
    truths = {leaf: bool(row[f"c{number}"]) for number, leaf in enumerate(leaves)}
    return Explanation(
        customer_id=customer_id,
        as_of=str(customers.as_of),
        member=bool(row["member"]),
        conditions=tuple(
            ExplainedCondition(
                text=leaf.text(),
                met=truths[leaf],
                value=row.get(f"v{number}"),
                evidence=tuple(_evidence(customers, leaf, row["customer_no"])),
                decisive=_decides(rule, leaf, truths),
                turned=_turned(leaf, truths[leaf]),
                change=_change(leaf, truths[leaf], row.get(f"v{number}")),
            )
            for number, leaf in enumerate(leaves)
        ),
    )


def _looked_at(leaf: Condition) -> ValueNode | None:
    if isinstance(leaf, InList):
        return leaf.reason
    return next((each for each in leaf.children() if isinstance(each, ValueNode)), None)


def _decides(rule: Condition, leaf: Condition, truths: Mapping[Condition, bool]) -> bool:
    turned = {**truths, leaf: not truths[leaf]}
    return _answer(rule, truths) != _answer(rule, turned)


def _answer(rule: Condition, truths: Mapping[Condition, bool]) -> bool:
    match rule:
        case And(parts):
            return all(_answer(each, truths) for each in parts)
        case Or(parts):
            return any(_answer(each, truths) for each in parts)
        case Not(part):
            return not _answer(part, truths)
        case _:
            return truths[rule]


OPPOSITE = {"=": "<>", "<>": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


def _turned(leaf: Condition, met: bool) -> str:
    if not met:
        return leaf.text()
    if isinstance(leaf, Comparison):
        return replace(leaf, operator=OPPOSITE[leaf.operator]).text()
    return Not(leaf).text()


def _change(leaf: Condition, met: bool, value: Any) -> str:
    if isinstance(leaf, InList) and leaf.by_hand and met:
        return f"{leaf.by_hand} by hand: {value}"
    if not isinstance(leaf, Comparison):
        return f"now {'met' if met else 'not met'}: `{leaf.text()}` would have to turn"
    operator = OPPOSITE[leaf.operator] if met else leaf.operator
    wanted = f"{operator} {leaf.right.text()}"
    return f"{leaf.left.text()} is {_spelled(value)}; it would have to be {wanted}"


def _spelled(value: Any) -> str:
    if value is None:
        return "missing"
    whole = isinstance(value, float | Decimal) and value == int(value)
    return str(int(value)) if whole else str(value)


def _evidence(customers: Customers, leaf: Condition, customer_no: int) -> list[Mapping[str, Any]]:
    nodes: list[Node] = [leaf, *(each.node for each in customers.features.needed([leaf]))]
    distinct = list(dict.fromkeys(measure for node in nodes for measure in measures(node)))
    shown: dict[tuple[Any, ...], dict[str, Any]] = {}
    for measure in distinct[:EVIDENCE_MEASURES]:
        keys = customers.features.schema.fact(measure.fact).keys
        for row in _rows(customers, measure, customer_no):
            same = (measure.fact, *(row.get(key) for key in keys))
            shown.setdefault(same, {"fact": measure.fact}).update(row)
    return list(shown.values())


def _rows(customers: Customers, measure: Measure, customer_no: int) -> list[dict[str, Any]]:
    schema = customers.features.schema
    fact = schema.fact(measure.fact)
    rows = Rows(schema, customers.as_of, fact, measure.window, measure.where, customer=customer_no)
    scope = rows.scope()
    amounts = [name for name in ("gross_amount",) if name in fact.fields]
    named = [name for name in fact.keys if name in fact.fields]
    columns: dict[str, Expression] = {fact.instant: Column(fact.instant, Type.INSTANT, "rows")}
    columns |= {name: scope.name(name) for name in [*named, *measure.fields(), *amounts]}
    select = replace(
        rows.select(columns, grouped=False),
        order_by=tuple(
            Order(Column(key, Type.TEXT, "rows"), descending=True) for key in fact.keys[:1]
        ),
        limit=EVIDENCE_ROWS,
    )
    return [
        {name: value for name, value in row.items() if name != "customer_no"}
        for row in customers.engine.fetch(select).to_pylist()
    ]
