"""What a rule would give before it is saved: counts, exactly, and how they come about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import accumulate
from typing import NoReturn

import numpy as np

from segmentry.core.types import Type
from segmentry.features.customers import Customers
from segmentry.language.condition import IsMissing
from segmentry.language.literal import Constant
from segmentry.language.logic import And, Not, Or
from segmentry.language.node import Base, Condition, Node, Record, Scope, ValueNode
from segmentry.language.text import conditions
from segmentry.segments.bits import Bits, count
from segmentry.segments.leaves import Leaves
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
    """Count a rule and each of its conditions in one pass.

    On the desk by bits; another engine counts by itself, so that only the counts travel.
    """
    parts = rule.parts if isinstance(rule, And) else (rule,)
    here = customers.engine is customers.desk
    counts = (_counted if here else _asked)(customers, rule, parts)
    return Preview(
        as_of=str(customers.as_of),
        customers=counts["member"],
        of=counts["of"],
        missing_decided=counts["unknown"],
        conditions=tuple(
            ConditionCount(leaf.text(), counts[f"c{number}"])
            for number, leaf in enumerate(conditions(rule))
        ),
        kept=tuple(
            ConditionCount(part.text(), counts[f"k{number}"]) for number, part in enumerate(parts)
        ),
        sql=customers.engine.render(customers.query({}, rule), pretty=True),
    )


Counts = Mapping[str, int]


def _counted(customers: Customers, rule: Condition, parts: Sequence[Condition]) -> Counts:
    """Counts of the rule, of each condition (`c0` …) and of what the first parts keep (`k0` …)."""
    leaves = Leaves.of(customers)
    leaves.compute([rule, *_missing_in(rule)])
    kept = accumulate(map(leaves.members, parts), np.bitwise_and)
    sets = {"member": leaves.members(rule), "of": leaves.known, "unknown": undecided(leaves, rule)}
    sets |= {f"c{number}": leaves.members(leaf) for number, leaf in enumerate(conditions(rule))}
    sets |= {f"k{number}": each for number, each in enumerate(kept)}
    return {name: count(each) for name, each in sets.items()}


def _asked(customers: Customers, rule: Condition, parts: Sequence[Condition]) -> Counts:
    """The same, counted by the engine."""
    flags: dict[str, Node] = {"member": rule, "unknown": Undecided(rule)}
    flags |= {f"c{number}": leaf for number, leaf in enumerate(conditions(rule))}
    flags |= {
        f"k{number}": And(tuple(parts[: number + 1])) if number else parts[0]
        for number in range(len(parts))
    }
    counts: dict[str, Expression] = {"of": call(Op.COUNT_ROWS, type=Type.INTEGER)}
    counts |= {name: _how_many(name) for name in flags}
    [row] = customers.engine.fetch(Select(customers.query(flags), counts)).to_pylist()
    found: Counts = row
    return found


def _how_many(flag: str) -> Expression:
    nothing = literal(None, Type.INTEGER)
    met = call(Op.IF, Column(flag, Type.BOOLEAN), literal(1), nothing, type=Type.INTEGER)
    return call(Op.COUNT, met, type=Type.INTEGER)


# for how many the answer rests on a missing value


def undecided(leaves: Leaves, rule: Condition) -> Bits:
    """Those for whom a rule's answer rests on a missing value, as `Undecided` says it."""
    met, not_met = _sides(leaves, rule)
    return leaves.known & ~(met | not_met)


def _sides(leaves: Leaves, rule: Condition) -> tuple[Bits, Bits]:
    """Those who meet a rule, and those who do not, whatever the missing values are."""
    match rule:
        case And(parts):
            sides = [_sides(leaves, each) for each in parts]
            return (
                reduce(np.bitwise_and, (met for met, _ in sides)),
                reduce(np.bitwise_or, (not_met for _, not_met in sides)),
            )
        case Or(parts):
            sides = [_sides(leaves, each) for each in parts]
            return (
                reduce(np.bitwise_or, (met for met, _ in sides)),
                reduce(np.bitwise_and, (not_met for _, not_met in sides)),
            )
        case Not(part):
            met, not_met = _sides(leaves, part)
            return not_met, met
        case _:
            sure = reduce(
                np.bitwise_and, (~leaves.members(each) for each in _missing(rule)), leaves.known
            )
            met = leaves.members(rule)
            return sure & met, sure & ~met


def _missing(leaf: Condition) -> list[Condition]:
    """That each of the values which a condition compares is missing; it may rest on these."""
    if isinstance(leaf, IsMissing):
        return []
    values = (each for each in leaf.children() if isinstance(each, ValueNode))
    return [IsMissing(each) for each in values if not isinstance(each, Constant)]


def _missing_in(rule: Condition) -> list[Condition]:
    return [each for leaf in conditions(rule) for each in _missing(leaf)]


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
