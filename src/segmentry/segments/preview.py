"""What a rule would give before it is saved: counts, exactly, and how they come about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from segmentry.core.time import AsOf
from segmentry.core.types import Type
from segmentry.engines.duckdb import DuckDB
from segmentry.features.compile import CUSTOMERS, CustomerSource, Plan
from segmentry.features.known import Features
from segmentry.language.condition import IsMissing
from segmentry.language.logic import And, Not, Or
from segmentry.language.node import Condition, Node, Scope, ValueNode
from segmentry.language.text import conditions
from segmentry.sql.expression import Call, Column, Expression, Query, Select, call, literal
from segmentry.sql.operators import Op


@dataclass(frozen=True)
class ConditionCount:
    """One condition of a rule and how many customers meet it by itself."""

    text: str
    customers: int


@dataclass(frozen=True)
class Preview:
    """The effect of a rule on the customers known at as_of.

    Args:
        customers: How many meet it.
        of: How many there are.
        missing_decided: For how many the answer rests on a missing value: were it known, the answer
            could be the other one.
        conditions: Each condition with how many meet it alone, in the order of the rule.
        kept: After each condition of the outermost AND, how many are left.
        sql: The statement that gives the members.
    """

    as_of: str
    customers: int
    of: int
    missing_decided: int
    conditions: tuple[ConditionCount, ...]
    kept: tuple[ConditionCount, ...]
    sql: str


def preview(
    engine: DuckDB,
    features: Features,
    rules: Mapping[str, Condition],
    rule: Condition,
    as_of: AsOf,
    source: CustomerSource = CUSTOMERS,
) -> Preview:
    """Count a rule and each of its conditions in one pass."""
    leaves = conditions(rule)
    parts = rule.parts if isinstance(rule, And) else (rule,)
    flags: dict[str, Node] = {"member": rule}
    flags |= {f"c{number}": leaf for number, leaf in enumerate(leaves)}
    flags |= {
        f"k{number}": And(parts[: number + 1]) if number else parts[0]
        for number in range(len(parts))
    }
    flags["unknown"] = Undecided(rule)
    per_customer = Plan(features, as_of, rules, source).query(flags)
    counts = {"of": call(Op.COUNT_ROWS, type=Type.INTEGER)}
    counts |= {name: _how_many(name) for name in flags}
    row = engine.fetch(Select(per_customer, counts)).to_pylist()[0]
    members = Plan(features, as_of, rules, source).query({}, where=rule)
    return Preview(
        as_of=str(as_of),
        customers=row["member"],
        of=row["of"],
        missing_decided=row["unknown"],
        conditions=tuple(
            ConditionCount(leaf.text(), row[f"c{number}"]) for number, leaf in enumerate(leaves)
        ),
        kept=tuple(
            ConditionCount(part.text(), row[f"k{number}"]) for number, part in enumerate(parts)
        ),
        sql=engine.render(members, pretty=True),
    )


def members(
    features: Features,
    rules: Mapping[str, Condition],
    rule: Condition,
    as_of: AsOf,
    source: CustomerSource = CUSTOMERS,
    shown: Mapping[str, Node] | None = None,
) -> Query:
    """The members of a rule as rows `customer_no`, `customer_id` and what is to be shown."""
    return Plan(features, as_of, rules, source).query(shown or {}, where=rule)


def _how_many(flag: str) -> Expression:
    nothing = literal(None, Type.INTEGER)
    met = call(Op.IF, Column(flag, Type.BOOLEAN), literal(1), nothing, type=Type.INTEGER)
    return call(Op.COUNT, met, type=Type.INTEGER)


class Undecided(Condition):
    """True where a rule's answer rests on a missing value.

    The rule is read in three-valued logic, in which a condition on a missing value is unknown; the
    answer rests on it exactly where the whole is unknown.
    """

    kind = "undecided"

    def __init__(self, rule: Condition) -> None:
        self.rule = rule

    def children(self):  # noqa: ANN201, D102
        yield self.rule

    def text(self) -> str:
        """Not a part of the language."""
        return f"undecided({self.rule.text()})"

    def as_json(self) -> dict[str, object]:
        """Not a part of the language."""
        return {"kind": self.kind}

    def compile(self, scope: Scope) -> Expression:
        """True where the three-valued reading is unknown."""
        return call(Op.IS_MISSING, three_valued(self.rule, scope))

    def holds(self, record, base) -> bool:  # noqa: ANN001, D102
        raise NotImplementedError


def three_valued(rule: Condition, scope: Scope) -> Expression:
    """The rule with "unknown" where a condition compares a missing value."""
    match rule:
        case And(parts):
            return _joined(Op.AND, [three_valued(each, scope) for each in parts])
        case Or(parts):
            return _joined(Op.OR, [three_valued(each, scope) for each in parts])
        case Not(part):
            return call(Op.NOT, three_valued(part, scope))
        case IsMissing():
            return rule.compile(scope)
        case _:
            values = [each for each in rule.children() if isinstance(each, ValueNode)]
            missing = [call(Op.IS_MISSING, each.compile(scope)) for each in values]
            if not missing:
                return rule.compile(scope)
            unknown = literal(None, Type.BOOLEAN)
            return call(Op.IF, _joined(Op.OR, missing), unknown, rule.compile(scope))


def _joined(op: Op, parts: list[Expression]) -> Expression:
    return parts[0] if len(parts) == 1 else Call(op, tuple(parts), Type.BOOLEAN)
