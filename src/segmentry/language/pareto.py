"""Pareto limits: the least value of those customers who bring the first part of the whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from segmentry.core.errors import RuleTypeError
from segmentry.core.types import Type, Value
from segmentry.language.arguments import Arguments, as_number, spelled, syntax_error
from segmentry.language.literal import clean, identifier
from segmentry.language.node import Base, Names, Node, Record, Scope, Statistic, ValueNode
from segmentry.language.operand import require
from segmentry.language.position import located
from segmentry.language.value import Name
from segmentry.language.words import Words
from segmentry.sql.expression import (
    Column,
    Expression,
    Order,
    Over,
    Relation,
    Select,
    call,
    literal,
)
from segmentry.sql.operators import Op

EXACT = (Type.INTEGER, Type.MONEY)
"""Types whose sums do not depend on the order of the customers."""


@dataclass(frozen=True)
class BasePareto(ValueNode):
    """The least value among the customers with the highest values who bring a share of the sum.

    A customer is one of them if those with strictly higher values bring less than the share, so
    equal values are in or out together and the one who passes the limit is in. Values below 0
    bring nothing. The same for everybody, exact. Missing when the sum is 0 or nobody has a value.
    """

    kind = "base_pareto"
    of_customers = True
    feature: str
    share: Decimal

    def __post_init__(self) -> None:
        clean(self.feature)
        if not 0 < self.share <= 1:
            raise RuleTypeError("the share is above 0 and at most 1.", fix="Write 0.8.")

    def children(self) -> Iterator[Node]:
        """The feature."""
        yield Name(self.feature, position=self.position)

    def text(self) -> str:
        """`base_pareto(monetary, 0.8)`."""
        return f"base_pareto({identifier(self.feature)}, {self.share:f})"

    def sentence(self, words: Words) -> str:
        """`least revenue of those who bring the first 80% of it`."""
        share = words.messages.number(self.share * 100)
        return words(
            "base_pareto", value=words.said(self, words.name(self.feature), "feature"), share=share
        )

    def type(self, names: Names) -> Type:
        """A double."""
        feature = Name(self.feature, position=self.position)
        require(feature, names, EXACT, "money or a whole number")
        return Type.NUMBER

    def statistics(self) -> list[Statistic]:
        """Itself."""
        return [Statistic(self.feature, float(self.share), of="sum")]

    def compile(self, scope: Scope) -> Expression:
        """The planner's column."""
        return scope.statistic(self.statistics()[0])

    def value(self, record: Record, base: Base) -> Value:  # noqa: ARG002
        """The plain limit."""
        return base.statistic(self.statistics()[0])


def limits(base: Relation, feature: Column, shares: Sequence[float]) -> Select:
    """One row with the limit of each share, in the columns `s0`, `s1` …, over a base's rows."""
    zero = literal(0)
    amount = Column("amount", feature.type)
    known = Select(
        base,
        {
            "value": call(Op.AS_NUMBER, feature, type=Type.NUMBER),
            "amount": call(Op.GREATEST, feature, zero, type=feature.type),
        },
        where=call(Op.NOT, call(Op.IS_MISSING, feature)),
        alias="base",
    )
    upto = Over(call(Op.RUNNING_SUM, amount, type=feature.type), (), (Order(amount, True),))
    equal = Over(call(Op.TOTAL, amount, type=feature.type), (amount,))
    above = Select(
        known,
        {
            "value": Column("value", Type.NUMBER),
            "above": call(Op.SUBTRACT, upto, equal, type=feature.type),
            "whole": Over(call(Op.TOTAL, amount, type=feature.type), ()),
        },
    )
    before = call(
        Op.DIVIDE, Column("above", feature.type), Column("whole", feature.type), type=Type.NUMBER
    )
    none = literal(None, Type.NUMBER)
    return Select(
        above,
        {
            f"s{place}": call(
                Op.MINIMUM,
                call(
                    Op.IF,
                    call(Op.LESS, before, literal(share)),
                    Column("value", Type.NUMBER),
                    none,
                    type=Type.NUMBER,
                ),
                type=Type.NUMBER,
            )
            for place, share in enumerate(shares)
        },
    )


@spelled("base_pareto")
def _read_pareto(arguments: Arguments) -> BasePareto:
    feature, rest = arguments.name("feature"), arguments.rest()
    if len(rest) != 1:
        raise syntax_error(
            "`base_pareto` needs a feature and a share.",
            arguments.position,
            "base_pareto(monetary, 0.8)",
        )
    with located(arguments.position):
        return BasePareto(feature, as_number(rest[0], "the share"))


__all__ = ["BasePareto", "limits"]
