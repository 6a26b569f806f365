"""What all customers together say, taken from the features and facts of an instant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from segmentry.core.time import AsOf
from segmentry.core.types import Type, Value
from segmentry.engines.engine import Engine
from segmentry.features.customers import Customers
from segmentry.features.one import Others
from segmentry.features.rows import Rows
from segmentry.features.statistics import statistics_row
from segmentry.language.base import Statistic
from segmentry.language.node import Measure, Node, WeightedMeasure
from segmentry.language.preference import Distinctive
from segmentry.language.schema import Fact, Schema
from segmentry.sql.expression import Call, Column, Expression, Over, Select, call
from segmentry.sql.operators import Op

WEIGHT = Column("weight", Type.NUMBER)


def others(customers: Customers, nodes: Iterable[Node]) -> Others:
    """What the nodes ask of the base: of these customers, and of the facts at their instant."""
    engine, schema, as_of = customers.engine, customers.features.schema, customers.as_of
    every = list(dict.fromkeys(each for node in nodes for each in node.walk()))
    wanted = list(dict.fromkeys(each for node in every for each in node.statistics()))
    distinctive = [each for each in every if isinstance(each, Distinctive)]
    measures = [each for each in every if isinstance(each, Measure)]
    return Others(
        _statistics(customers, wanted),
        {each: _weights(engine, schema, as_of, each) for each in distinctive},
        {tree: _usual(engine, schema, as_of, fact, tree) for fact, tree in _over(schema, measures)},
    )


def _statistics(customers: Customers, wanted: list[Statistic]) -> Mapping[Statistic, float | None]:
    if not wanted:
        return {}
    base = customers.query(customers.named(dict.fromkeys(each.feature for each in wanted)))
    asked = statistics_row(customers.features.schema, base, wanted)
    [row] = customers.engine.fetch(asked).to_pylist()
    return {each: row[f"q{place}"] for place, each in enumerate(wanted)}


def _weights(
    engine: Engine, schema: Schema, as_of: AsOf, measure: WeightedMeasure
) -> Mapping[Value, Any]:
    rows = Rows(schema, as_of, schema.fact(measure.fact), measure.window, measure.where)
    cells = measure.cells(rows)
    value = Column("value", cells.columns["value"].type)
    weight = call(Op.SUM, WEIGHT, type=cells.columns["weight"].type)
    found = Select(cells, {"value": value, "weight": weight}, group_by=(value,))
    return {row["value"]: row["weight"] for row in engine.fetch(found).to_pylist()}


def _over(schema: Schema, measures: Iterable[Measure]) -> Iterator[tuple[Fact, Over]]:
    """Values over other customers' rows in the fields that measures read, each once."""
    found: dict[Over, Fact] = {}
    for measure in measures:
        fact = schema.fact(measure.fact)
        for name in measure.fields():
            if name in fact.fields and (derived := fact.fields[name].derived) is not None:
                found |= {tree: fact for tree in _inside(derived) if tree.call.op is Op.MEDIAN}
    yield from ((fact, tree) for tree, fact in found.items())


def _inside(tree: Expression) -> Iterator[Over]:
    match tree:
        case Over():
            yield tree
        case Call(_, operands):
            for each in operands:
                yield from _inside(each)
        case _:
            pass


def _usual(
    engine: Engine, schema: Schema, as_of: AsOf, fact: Fact, tree: Over
) -> Mapping[Value, Value]:
    [group], [value] = tree.partition, tree.call.operands
    rows = Rows(schema, as_of, fact).select({"group": group, "value": value}, grouped=False)
    key = Column("group", group.type)
    usual = Call(tree.call.op, (Column("value", value.type),), tree.type)
    found = Select(rows, {"group": key, "usual": usual}, group_by=(key,))
    return {row["group"]: row["usual"] for row in engine.fetch(found).to_pylist()}


__all__ = ["others"]
