"""What a customer prefers: the most frequent value of a field, and the most distinctive one.

Rows count alike, or by a field (`by => net_amount`), whose missing values count as nothing. Rows
without a value of the field itself are left out, also of totals.
"""

from __future__ import annotations

from abc import abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from segmentry.core.errors import RuleTypeError
from segmentry.core.types import Type, Value
from segmentry.language.aggregate import NUMERIC, ORDERED, FactMeasure
from segmentry.language.arguments import Arguments, spelled
from segmentry.language.literal import clean, identifier
from segmentry.language.names import FieldNames
from segmentry.language.node import (
    Base,
    Condition,
    FactRows,
    Names,
    Record,
    Scope,
    WeightedMeasure,
)
from segmentry.language.position import located
from segmentry.language.rows import rows_of
from segmentry.language.spelling import options
from segmentry.language.window import ALL_TIME, Window
from segmentry.language.words import Words
from segmentry.locale import Phrase
from segmentry.sql.expression import Column, Expression, Over, Relation, Select, call, literal
from segmentry.sql.operators import Op

CUSTOMER = Column("customer_no", Type.INTEGER)
SHARE = Column("share", Type.NUMBER)
INDEX = Column("index", Type.NUMBER)
Weights = Mapping[Value, Any]


class _Preference(FactMeasure, WeightedMeasure):
    """A measure over the weight of each value of a field."""

    fusible = False
    field: str
    by: str | None

    @property
    def empty(self) -> Value:
        """Missing."""
        return None

    def own_fields(self) -> tuple[str, ...]:
        """The field, and the one that rows count by."""
        return (self.field, *([self.by] if self.by else ()))

    def expression(self, scope: Scope) -> Expression:
        """Not one aggregate: the planner asks `select`."""
        raise NotImplementedError(self.kind)

    def _checked(self, names: Names, function: str) -> Type:
        inner = self.check_rows(names)
        if self.by is not None and inner.type(self.by) not in NUMERIC:
            with located(self.position):
                raise RuleTypeError(f"`by` needs a number, and `{self.by}` is none.")
        return self._field_type(inner, ORDERED, function)

    def _by(self) -> dict[str, str]:
        return {"by": identifier(self.by)} if self.by else {}

    def _column(self, rows: FactRows) -> Column:
        return Column("value", FieldNames(rows.schema, rows.fact).type(self.field))

    def _weight(self, rows: FactRows) -> Column:
        """The column of the weight: a number of rows, or a sum in the type of what is added."""
        names = FieldNames(rows.schema, rows.fact)
        return Column("weight", Type.INTEGER if self.by is None else names.type(self.by))

    def cells(self, rows: FactRows) -> Select:
        """One row for each customer and value: `customer_no`, `value`, `weight`."""
        scope, value = rows.scope(), self._column(rows)
        columns = {"value": scope.name(self.field)}
        weight: Expression = call(Op.COUNT_ROWS, type=Type.INTEGER)
        if self.by is not None:
            columns["counted"] = scope.name(self.by)
            counted = Column("counted", FieldNames(rows.schema, rows.fact).type(self.by))
            added = call(Op.SUM, counted, type=counted.type)
            weight = call(Op.FIRST_KNOWN, added, literal(0), type=counted.type)
        known = call(Op.NOT, call(Op.IS_MISSING, scope.name(self.field)))
        return Select(
            rows.select(columns, grouped=False, where=known),
            {"customer_no": CUSTOMER, "value": value, "weight": weight},
            group_by=(CUSTOMER, value),
        )

    def weights(self, record: Record, base: Base) -> Weights:
        """Weight of each value in one customer's rows."""
        found: dict[Value, Any] = defaultdict(int)
        for row in rows_of(self, record, base):
            if row[self.field] is not None:
                counted: Any = 1 if self.by is None else row[self.by]
                found[row[self.field]] += 0 if counted is None else counted
        return found

    def _what(self, words: Words) -> Phrase:
        return words.said(self, words.of_rows(self.fact).name(self.field), "field")

    def _counted_by(self, words: Words, said: str) -> str:
        if self.by is None:
            return said
        return words("aggregate.by", what=said, field=words.of_rows(self.fact).name(self.by))

    @abstractmethod
    def plain(self, weights: Weights) -> Value:
        """The value from the weights of one customer."""

    def value(self, record: Record, base: Base) -> Value:
        """The plain meaning."""
        weights = self.weights(record, base)
        return self.plain(weights) if weights else None


@dataclass(frozen=True)
class MostFrequent(_Preference):
    """The value with most rows, or with most of `by`; of equals the least (texts by bytes)."""

    kind = "most_frequent"
    fact: str
    field: str
    by: str | None = None
    where: Condition | None = None
    window: Window = ALL_TIME

    def __post_init__(self) -> None:
        clean(self.fact + self.field + (self.by or ""))

    def text(self) -> str:
        """`most_frequent(order_lines.category, by => net_amount)`."""
        return f"most_frequent({self._path()}{options(self.where, self.window, **self._by())})"

    def sentence(self, words: Words) -> str:
        """`most frequent category of orders`."""
        said = words("aggregate.most_frequent", field=self._what(words))
        return self.said(words, self._counted_by(words, said))

    def type(self, names: Names) -> Type:
        """That of the field."""
        return self._checked(names, self.kind)

    def select(self, rows: FactRows) -> Relation:
        """The first by weight, then value."""
        value = self._column(rows)
        weight = self._weight(rows)
        lightest = call(Op.NEGATE, weight, type=weight.type)
        first = call(Op.FIRST_BY, value, lightest, value, type=value.type)
        return Select(
            self.cells(rows), {"customer_no": CUSTOMER, "value": first}, group_by=(CUSTOMER,)
        )

    def plain(self, weights: Weights) -> Value:
        """The heaviest, then the least."""
        return min(weights, key=lambda value: (-weights[value], value))


@dataclass(frozen=True)
class TopShare(_Preference):
    """The share of the value with most rows (or most of `by`) in all; missing if all is 0."""

    kind = "top_share"
    fact: str
    field: str
    by: str | None = None
    where: Condition | None = None
    window: Window = ALL_TIME

    def __post_init__(self) -> None:
        clean(self.fact + self.field + (self.by or ""))

    def text(self) -> str:
        """`top_share(order_lines.category, by => net_amount)`."""
        return f"top_share({self._path()}{options(self.where, self.window, **self._by())})"

    def sentence(self, words: Words) -> str:
        """`share of the most frequent category of orders`."""
        said = words("aggregate.top_share", field=self._what(words))
        return self.said(words, self._counted_by(words, said))

    def type(self, names: Names) -> Type:
        """A double."""
        self._checked(names, self.kind)
        return Type.NUMBER

    def select(self, rows: FactRows) -> Relation:
        """Greatest weight over the sum of all."""
        weight = self._weight(rows)
        top, whole = (call(op, weight, type=weight.type) for op in (Op.MAXIMUM, Op.SUM))
        share = call(Op.DIVIDE, top, whole, type=Type.NUMBER)
        return Select(
            self.cells(rows), {"customer_no": CUSTOMER, "value": share}, group_by=(CUSTOMER,)
        )

    def plain(self, weights: Weights) -> Value:
        """Greatest over sum."""
        return quotient(max(weights.values()), sum(weights.values()))


def quotient(part: Any, whole: Any) -> float | None:
    """Real division; missing by zero."""
    return float(part) / float(whole) if whole else None


@dataclass(frozen=True)
class Distinctive(_Preference):
    """The value whose share in the customer most exceeds its share in the base, or by how much.

    The base's share is over the same rows and window of all customers. Values below `at_least` of
    the customer, and those with no positive share in the base, are left out; missing if none is
    left. Of equals the larger share wins, then the least value (texts by bytes).

    Args:
        index: Whether the result is the ratio of the shares (`distinctive_index`), not the value.
    """

    kind = "distinctive"
    fact: str
    field: str
    by: str | None = None
    at_least: Decimal = Decimal("0.1")
    index: bool = False
    where: Condition | None = None
    window: Window = ALL_TIME

    def __post_init__(self) -> None:
        clean(self.fact + self.field + (self.by or ""))
        if not 0 < self.at_least <= 1:
            raise RuleTypeError("`at_least` is a share above 0, at most 1.", fix="Write 0.1.")

    @property
    def _function(self) -> str:
        return "distinctive_index" if self.index else "distinctive"

    def text(self) -> str:
        """`distinctive(order_lines.category, by => net_amount, at_least => 0.1)`."""
        named = options(self.where, self.window, **self._by(), at_least=f"{self.at_least:f}")
        return f"{self._function}({self._path()}{named})"

    def sentence(self, words: Words) -> str:
        """`most over-represented category of orders`."""
        said = words(f"aggregate.{self._function}", field=self._what(words))
        return self.said(words, self._counted_by(words, said))

    def type(self, names: Names) -> Type:
        """That of the field, or a double."""
        kind = self._checked(names, self._function)
        return Type.NUMBER if self.index else kind

    def select(self, rows: FactRows) -> Relation:
        """Shares in customer and base, their ratio, and the first by ratio, share, value."""
        value = self._column(rows)
        ratio = Select(
            self._shares(rows, value),
            {"customer_no": CUSTOMER, "value": value, "share": SHARE,
             "index": call(Op.DIVIDE, SHARE, Column("base_share", Type.NUMBER), type=Type.NUMBER)},
            where=call(
                Op.AND,
                call(Op.AT_LEAST, SHARE, literal(float(self.at_least))),
                call(Op.GREATER, Column("base_share", Type.NUMBER), literal(0.0)),
            ),
        )  # fmt: skip
        keys = [call(Op.NEGATE, each, type=Type.NUMBER) for each in (INDEX, SHARE)]
        wanted = INDEX if self.index else value
        first = call(Op.FIRST_BY, wanted, *keys, value, type=wanted.type)
        return Select(ratio, {"customer_no": CUSTOMER, "value": first}, group_by=(CUSTOMER,))

    def _shares(self, rows: FactRows, value: Column) -> Select:
        weight = self._weight(rows)

        def whole(*of: Expression) -> Expression:
            return Over(call(Op.TOTAL, weight, type=weight.type), of)

        share = call(Op.DIVIDE, weight, whole(CUSTOMER), type=Type.NUMBER)
        base_share = call(Op.DIVIDE, whole(value), whole(), type=Type.NUMBER)
        columns: dict[str, Expression] = {"customer_no": CUSTOMER, "value": value}
        columns |= {"share": share, "base_share": base_share}
        return Select(self.cells(rows), columns)

    def value(self, record: Record, base: Base) -> Value:
        """The plain meaning; asks the base what weighs how much with all customers."""
        own = self.weights(record, base)
        candidates = list(self._candidates(own, base.weights(self)))
        if not candidates:
            return None
        index, _, value = min(candidates)
        return -index if self.index else value

    def _candidates(self, own: Weights, all_weights: Weights) -> Iterable[tuple[float, float, Any]]:
        mine, whole = sum(own.values()), sum(all_weights.values())
        for value, weight in own.items():
            share = quotient(weight, mine)
            base_share = quotient(all_weights.get(value, 0), whole)
            if share is None or base_share is None or base_share <= 0:
                continue
            if share >= float(self.at_least):
                yield -share / base_share, -share, value

    def plain(self, weights: Weights) -> Value:
        """Not of one customer alone."""
        raise NotImplementedError(self.kind)


@spelled("most_frequent", "top_share")
def _read_frequent(arguments: Arguments) -> MostFrequent | TopShare:
    fact, field = arguments.path()
    by, where, window = arguments.by(), arguments.where(), arguments.window()
    if arguments.function == "top_share":
        return TopShare(fact, field, by, where, window)
    return MostFrequent(fact, field, by, where, window)


@spelled("distinctive", "distinctive_index")
def _read_distinctive(arguments: Arguments) -> Distinctive:
    fact, field = arguments.path()
    at_least = arguments.number("at_least")
    return Distinctive(
        fact,
        field,
        arguments.by(),
        Decimal("0.1") if at_least is None else at_least,
        arguments.function == "distinctive_index",
        arguments.where(),
        arguments.window(),
    )
