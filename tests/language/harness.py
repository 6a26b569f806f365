"""Rules on literal rows: a small planner for tests, with one subselect for each measure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from segmentry.core.time import AsOf
from segmentry.core.types import Type
from segmentry.engines.engine import Engine
from segmentry.features.statistics import statistics_row
from segmentry.language.names import row_fields
from segmentry.language.node import Base, Measure, Node, Statistic
from segmentry.language.schema import Fact, Schema
from segmentry.sql.expression import (
    Column,
    Expression,
    Join,
    Query,
    Select,
    Table,
    all_of,
    call,
    literal,
)
from segmentry.sql.operators import Op

CUSTOMER = Column("customer_no", Type.INTEGER)
ARROW = {
    Type.TEXT: pa.string(),
    Type.INTEGER: pa.int64(),
    Type.NUMBER: pa.float64(),
    Type.MONEY: pa.decimal128(18, 4),
    Type.BOOLEAN: pa.bool_(),
    Type.DATE: pa.date32(),
    Type.INSTANT: pa.timestamp("us"),
}


@dataclass(frozen=True)
class RowScope:
    schema: Schema
    as_of: AsOf
    fact: Fact

    def name(self, name):
        return Column(name, self.type(name))

    def type(self, name):
        return row_fields(self.fact)[name].type


@dataclass(frozen=True)
class Rows:
    schema: Schema
    as_of: AsOf
    measure: Measure

    @property
    def fact(self):
        return self.schema.fact(self.measure.fact)

    def scope(self):
        return RowScope(self.schema, self.as_of, self.fact)

    def select(self, columns, *, grouped=True, where=None):
        start, end = self.measure.window.bounds(self.as_of)
        instant = Column(self.fact.instant, Type.INSTANT)
        own = self.measure.where.compile(self.scope()) if self.measure.where else None
        inside = [
            None if start is None else call(Op.AT_LEAST, instant, literal(start)),
            call(Op.LESS, instant, literal(end)),
            own,
            where,
        ]
        return Select(
            Table(self.fact.table),
            {"customer_no": CUSTOMER, **columns},
            where=all_of(inside),
            group_by=(CUSTOMER,) if grouped else (),
        )


@dataclass
class CustomerScope:
    """Collects the measures and statistics it is asked for, as a planner does."""

    schema: Schema
    as_of: AsOf
    measures: list[Measure] = field(default_factory=list)
    statistics: list[Statistic] = field(default_factory=list)

    def name(self, name):
        return Column(name, self.type(name), "c")

    def type(self, name):
        return Type.TEXT if name == "customer_id" else self.schema.feature(name).type

    def measure(self, measure):
        if measure not in self.measures:
            self.measures.append(measure)
        held = Column("value", measure.type(self), f"m{self.measures.index(measure)}")
        if measure.empty is None:
            return held
        return call(Op.FIRST_KNOWN, held, literal(measure.empty), type=held.type)

    def statistic(self, statistic):
        if statistic not in self.statistics:
            self.statistics.append(statistic)
        return Column(f"q{self.statistics.index(statistic)}", Type.NUMBER, "base")

    def segment(self, name):
        return Column(f"in {name}", Type.BOOLEAN, "c")


def planned(nodes: Mapping[str, Node], schema: Schema, as_of: AsOf) -> Query:
    """One row per customer: `customer_id` and each node."""
    scope = CustomerScope(schema, as_of)
    columns: dict[str, Expression] = {"customer_id": Column("customer_id", Type.TEXT, "c")}
    columns |= {name: node.compile(scope) for name, node in nodes.items()}
    steps, joins = {}, []
    for number, measure in enumerate(scope.measures):
        steps[f"m{number}"] = measure.select(Rows(schema, as_of, measure))
        on = call(
            Op.EQUAL,
            Column("customer_no", Type.INTEGER, f"m{number}"),
            Column("customer_no", Type.INTEGER, "c"),
        )
        joins.append(Join(Table(f"m{number}"), f"m{number}", on))
    if scope.statistics:
        steps["base"] = statistics_row(schema, Table("customers"), scope.statistics)
        joins.append(Join(Table("base"), "base", None))
    result = Select(Table("customers"), columns, alias="c", joins=tuple(joins))
    return Query(steps, result=result)


def load(engine: Engine, base: Base) -> None:
    """The records as tables: `customers` with features and segments, and one for each fact."""
    schema = base.schema
    types = {name: ARROW[each.type] for name, each in schema.features.items()}
    columns = {
        "customer_no": pa.array(range(len(base.records)), pa.int32()),
        "customer_id": pa.array([each.customer_id for each in base.records], pa.string()),
    }
    for name, kind in types.items():
        columns[name] = pa.array([each.features.get(name) for each in base.records], kind)
    for name in schema.segments:
        columns[f"in {name}"] = pa.array([name in each.segments for each in base.records])
    engine.write("customers", pa.table(columns))
    for fact in schema.facts.values():
        rows = [
            {"customer_no": number} | dict(row)
            for number, record in enumerate(base.records)
            for row in record.facts.get(fact.name, ())
        ]
        columns = {"customer_no": pa.array([row["customer_no"] for row in rows], pa.int32())}
        for name, each in row_fields(fact).items():
            columns[name] = pa.array([row[name] for row in rows], ARROW[each.type])
        engine.write(fact.table, pa.table(columns))


def computed(engine: Engine, nodes: Sequence[Node], base: Base) -> list[list[object]]:
    """What the engine says of each node, customer by customer in the base's order."""
    named = {f"n{number}": node for number, node in enumerate(nodes)}
    table = engine.fetch(planned(named, base.schema, base.as_of)).to_pylist()
    by_id = {row["customer_id"]: row for row in table}
    assert len(by_id) == len(table) == len(base.records)
    return [[by_id[each.customer_id][name] for each in base.records] for name in named]
