"""The rows of a fact as a measure reads them: before as_of, in its window, meeting its `where`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from segmentry.core.errors import UnknownNameError
from segmentry.core.time import AsOf
from segmentry.core.types import Type
from segmentry.language.names import FieldNames, row_fields
from segmentry.language.node import Condition, Measure, Statistic
from segmentry.language.schema import Fact, Schema
from segmentry.language.window import ALL_TIME, Window
from segmentry.sql.expression import (
    Call,
    Column,
    Expression,
    Join,
    Over,
    Relation,
    Select,
    Table,
    all_of,
    call,
    columns_of,
    holds,
    literal,
)
from segmentry.sql.operators import Op

ROWS = "rows"
"""Alias of a fact's rows in a measure's select."""


@dataclass(frozen=True)
class RowScope:
    """Names are fields of a fact's rows."""

    schema: Schema
    as_of: AsOf
    fact: Fact

    def name(self, name: str) -> Expression:
        """The column of a field in the fact's rows or in a joined table, or what it is made of."""
        kind = self.type(name)
        field = row_fields(self.fact)[name]
        if field.derived is not None and not reads_other_rows(field.derived):
            return of_rows(field.derived)
        return Column(name, kind, field.dimension or ROWS)

    def type(self, name: str) -> Type:
        """Type of a field."""
        return FieldNames(self.schema, self.fact).type(name)

    def measure(self, measure: Measure) -> Expression:
        """Not here: a row has no measures."""
        raise UnknownNameError("value of a row", measure.text(), self.fact.fields)

    def statistic(self, statistic: Statistic) -> Expression:
        """Not here: a row has no statistics of the base."""
        raise UnknownNameError("value of a row", statistic.feature, self.fact.fields)

    def segment(self, name: str) -> Expression:
        """Not here: a row is in no segment."""
        raise UnknownNameError("value of a row", name, self.fact.fields)


@dataclass(frozen=True)
class Rows:
    """The rows that a measure reads: before as_of, inside its window, meeting its `where`."""

    schema: Schema
    as_of: AsOf
    fact: Fact
    window: Window = ALL_TIME
    where: Condition | None = None
    customer: int | None = None
    """Only this customer's rows, to show the evidence."""

    def scope(self) -> RowScope:
        """Where names are the fact's fields."""
        return RowScope(self.schema, self.as_of, self.fact)

    def select(
        self,
        columns: Mapping[str, Expression],
        *,
        grouped: bool = True,
        where: Expression | None = None,
    ) -> Select:
        """`columns` from the rows, `customer_no` first; one row per customer when `grouped`."""
        customer = Column("customer_no", Type.INTEGER, ROWS)
        condition = all_of([self._rows_wanted(customer), None if where is None else of_rows(where)])
        output = {"customer_no": customer} | {name: of_rows(each) for name, each in columns.items()}
        used = [*output.values(), *([] if condition is None else [condition])]
        joins = tuple(self._joins(used))
        return Select(
            self._source([*used, *(each.on for each in joins if each.on is not None)]),
            output,
            alias=ROWS,
            joins=joins,
            where=condition,
            group_by=(customer,) if grouped else (),
        )

    def bounds(self) -> Iterator[Expression]:
        """The conditions on a row's instant."""
        start, end = self.window.bounds(self.as_of)
        if start:
            yield call(Op.AT_LEAST, self._instant, literal(start))
        yield call(Op.LESS, self._instant, literal(min(end, self.as_of.instant)))

    @property
    def before(self) -> Expression:
        """The condition that every row meets."""
        return call(Op.LESS, self._instant, literal(self.as_of.instant))

    @property
    def _instant(self) -> Column:
        return Column(self.fact.instant, Type.INSTANT, ROWS)

    def _rows_wanted(self, customer: Column) -> Expression | None:
        return all_of(
            [
                None if self.fact.where is None else of_rows(self.fact.where),
                *self.bounds(),
                call(Op.NOT, call(Op.IS_MISSING, customer))
                if self.customer is None
                else call(Op.EQUAL, customer, literal(self.customer)),
                self.where.compile(self.scope()) if self.where else None,
            ]
        )

    def _source(self, used: Iterable[Expression]) -> Relation:
        """The table, or the table with the derived fields that are used, computed over all rows."""
        names = {each.name for each in columns_of(used) if each.relation == ROWS}
        derived = {
            name: expression
            for name in names
            if (expression := getattr(self.fact.fields.get(name), "derived", None)) is not None
        }
        if not derived:
            return Table(self.fact.source)
        stored = {name: Column(name, self._type(name)) for name in sorted(names - set(derived))}
        for each in columns_of(filter(None, [self.fact.where])):
            stored.setdefault(each.name, replace(each, relation=""))
        columns = {name: of_rows(each) for name, each in (stored | derived).items()}
        return Select(
            Table(self.fact.source),
            columns,
            alias=ROWS,
            joins=tuple(self._joins(columns.values())),
            where=all_of(
                [None if self.fact.where is None else of_rows(self.fact.where), self.before]
            ),
        )

    def _type(self, name: str) -> Type:
        if name in self.fact.fields:
            return self.fact.fields[name].type
        return Type.INSTANT if name == self.fact.instant else Type.TEXT

    def _joins(self, used: Iterable[Expression]) -> Iterator[Join]:
        for name in sorted({each.relation for each in columns_of(used)} - {ROWS, ""}):
            dimension = self.fact.dimensions[name]
            key = Column(dimension.key, Type.TEXT)
            on = call(Op.EQUAL, replace(key, relation=ROWS), replace(key, relation=name))
            yield Join(Table(dimension.table), name, on)


def of_rows(tree: Expression) -> Expression:
    """The expression with columns that name no relation taken from the fact's rows."""
    match tree:
        case Column(_, _, ""):
            return replace(tree, relation=ROWS)
        case Call(_, operands):
            return replace(tree, operands=tuple(map(of_rows, operands)))
        case Over(inner, partition, order):
            keys = tuple(replace(each, key=of_rows(each.key)) for each in order)
            moved = of_rows(inner)
            assert isinstance(moved, Call)
            return Over(moved, tuple(map(of_rows, partition)), keys)
        case _:
            return tree


def reads_other_rows(tree: Expression) -> bool:
    """Whether an expression looks at rows beside its own."""
    return holds(tree, Over)
