"""What a rule would give before it is saved: counts, exactly, and how they come about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NoReturn

from segmentry.core.types import Type
from segmentry.features.customers import Customers
from segmentry.language.condition import IsMissing
from segmentry.language.logic import And, Not, Or
from segmentry.language.node import Base, Condition, Node, Record, Scope, ValueNode
from segmentry.language.text import conditions
from segmentry.sql.expression import Call, Column, Expression, Select, call, literal
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


def preview(customers: Customers, rule: Condition) -> Preview:
    """Count a rule and each of its conditions in one pass."""
    leaves = conditions(rule)
    parts = rule.parts if isinstance(rule, And) else (rule,)
    flags: dict[str, Node] = {"member": rule, "unknown": Undecided(rule)}
    flags |= {f"c{number}": leaf for number, leaf in enumerate(leaves)}
    flags |= {
        f"k{number}": And(parts[: number + 1]) if number else parts[0]
        for number in range(len(parts))
    }
    counts: dict[str, Expression] = {"of": call(Op.COUNT_ROWS, type=Type.INTEGER)}
    counts |= {name: _how_many(name) for name in flags}
    [row] = customers.engine.fetch(Select(customers.query(flags), counts)).to_pylist()
    return Preview(
        as_of=str(customers.as_of),
        customers=row["member"],
        of=row["of"],
        missing_decided=row["unknown"],
        conditions=tuple(
            ConditionCount(leaf.text(), row[f"c{number}"]) for number, leaf in enumerate(leaves)
        ),
        kept=tuple(
            ConditionCount(part.text(), row[f"k{number}"]) for number, part in enumerate(parts)
        ),
        sql=customers.engine.render(customers.query({}, rule), pretty=True),
    )


def _how_many(flag: str) -> Expression:
    nothing = literal(None, Type.INTEGER)
    met = call(Op.IF, Column(flag, Type.BOOLEAN), literal(1), nothing, type=Type.INTEGER)
    return call(Op.COUNT, met, type=Type.INTEGER)


@dataclass(frozen=True, eq=False)
class Undecided(Condition):
    """True where a rule's answer rests on a missing value. Asked of rules, not a part of them.

    The rule is read in three-valued logic, in which a condition on a missing value is unknown; the
    answer rests on it exactly where the whole is unknown.
    """

    kind = "undecided"
    rule: Condition

    def children(self) -> Iterator[Node]:
        """The rule."""
        yield self.rule

    def text(self) -> str:
        """For error messages only."""
        return f"undecided({self.rule.text()})"

    def compile(self, scope: Scope) -> Expression:
        """True where the three-valued reading is unknown."""
        return call(Op.IS_MISSING, three_valued(self.rule, scope))

    def holds(self, record: Record, base: Base) -> NoReturn:
        """It has no plain meaning: people do not write it."""
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


def _joined(op: Op, parts: Sequence[Expression]) -> Expression:
    return parts[0] if len(parts) == 1 else Call(op, tuple(parts), Type.BOOLEAN)
