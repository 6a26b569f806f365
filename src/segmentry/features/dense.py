"""Outputs of all customers, computed column by column: what adds up, then formulas, then the rest.

Another way of running what `Plan.query` says in one query, with the same answers. Measures that
rows add up to come from one reading of each fact (`scan`), the others each from a narrow query of
its own. What formulas make of them is computed on arrays; what arrays lack is asked of the engine,
of customers beside what is there already, some columns at a time. Nothing wide is ever joined or
grouped, and what is in memory is the result, a few columns, and one slice of rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from segmentry.core.errors import UnsupportedOperationError
from segmentry.core.types import MONEY_PLACES, Type
from segmentry.engines import arrays
from segmentry.engines.arrays import Held, held
from segmentry.features.aggregates import Aggregate, Apart, apart
from segmentry.features.compile import CUSTOMER, Beside, CustomerScope, Plan
from segmentry.features.customers import Customers
from segmentry.features.known import names_in
from segmentry.features.rows import Rows
from segmentry.features.scan import Scan
from segmentry.language.node import Measure, Node, Statistic
from segmentry.language.value import Name
from segmentry.sql.expression import Column, Expression, Select, Table, call, columns_of
from segmentry.sql.operators import Op

BESIDE = "computed_columns"
"""Name under which the engine reads what is computed already."""
AT_ONCE = 16
"""Outputs that the engine computes in one query."""
Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class DenseScope(CustomerScope):
    """Names and measures are columns in memory."""

    columns: Mapping[str, Any] = field(default_factory=dict)
    measured: Mapping[Measure, str] = field(default_factory=dict)

    def name(self, name: str) -> Expression:
        """The column of a feature that is computed."""
        if name not in self.columns:
            raise arrays.refused(name)
        return Column(name, self.type(name))

    def measure(self, measure: Measure) -> Expression:
        """The column of a measure."""
        return Column(self.measured[measure], measure.type(self))

    def statistic(self, statistic: Statistic) -> Expression:
        """Not here: it takes an order of all customers."""
        raise arrays.refused(f"statistic of {statistic.feature}")


@dataclass
class Dense:
    """Columns of customers, computed when they are asked for and then kept.

    Args:
        known: For each number, whether a customer with it is known at the instant.
        columns: Arrays as long as `known`, by name; measures under names that no feature has.
    """

    customers: Customers
    known: NDArray[np.bool_]
    columns: MutableMapping[str, Any] = field(default_factory=dict)
    measured: dict[Measure, str] = field(default_factory=dict)

    @classmethod
    def of(cls, customers: Customers, columns: MutableMapping[str, Any] | None = None) -> Dense:
        """Nothing computed yet but who is known.

        Raises:
            UnsupportedOperationError: A customer has a number below zero, so no place.
        """
        rows = customers.desk.fetch(Select(customers.query({}), {"customer_no": CUSTOMER}))
        numbers = rows.column("customer_no").to_numpy()
        if len(numbers) and numbers.min() < 0:
            raise arrays.refused("customers with numbers below zero")
        known = np.zeros(int(numbers.max()) + 1 if len(numbers) else 0, np.bool_)
        known[numbers] = True
        return cls(customers, known, {} if columns is None else columns)

    @property
    def size(self) -> int:
        """How many places there are."""
        return len(self.known)

    def outputs(self, wanted: Mapping[str, Node]) -> dict[str, Any]:
        """Outputs by name, missing for whom is not known; features they read are computed too."""
        self.prepare(wanted.values())
        found = {
            name: self.columns[node.name]
            for name, node in wanted.items()
            if isinstance(node, Name) and node.name in self.columns
        }
        self._compute({name: node for name, node in wanted.items() if name not in found}, found)
        return {name: self._of_known(found[name]) for name in wanted}

    def prepare(self, wanted: Iterable[Node]) -> None:
        """Compute the measures and features that nodes read; nothing for what is there already."""
        plan = self._plan()
        there = {name for name in plan.features.known if name in self.columns}
        plan.source = replace(plan.source, ready=plan.source.ready | there)
        needed, read = plan.reads(wanted)
        self._measure([each for each in read if each not in self.measured])
        missing = {each.name: each.node for each in needed if each.name not in self.columns}
        self._compute(missing, self.columns)

    def keep(self, names: Iterable[str]) -> None:
        """Compute features and traits into `columns`, missing for whom is not known."""
        wanted = {name: Name(name) for name in names}
        self.prepare(wanted.values())
        missing = {name: node for name, node in wanted.items() if name not in self.columns}
        self._compute(missing, self.columns)
        if not self.known.all():
            for name in wanted:
                self.columns[name] = self._of_known(self.columns[name])

    def _plan(self) -> Plan:
        customers = self.customers
        return Plan(customers.features, customers.as_of, customers.rules, customers.source)

    def _of_known(self, array: Any) -> Any:
        if self.known.all():
            return array
        return pc.if_else(pa.array(self.known), array, pa.scalar(None, array.type))

    # measures

    def _measure(self, wanted: Iterable[Measure]) -> None:
        left: list[Measure] = []
        by_fact: dict[str, list[Measure]] = {}
        for measure in wanted:
            by_fact.setdefault(measure.fact, []).append(measure)
        for fact, alike in by_fact.items():
            left += self._added_up(fact, alike)
        plan = self._plan()
        for measure in left:
            plan.register(measure)
        for _, select, named in plan.measure_steps():
            found = self.customers.desk.fetch(select)
            for name, array in self._placed(found, named):
                self._keep(named[name], array)

    def _keep(self, measure: Measure, array: Any) -> None:
        name = f"#{len(self.measured)}"
        self.measured[measure] = name
        if measure.empty is not None and array.null_count:
            array = array.fill_null(pa.scalar(measure.empty, array.type))
        self.columns[name] = array

    def _added_up(self, fact_name: str, wanted: Iterable[Measure]) -> list[Measure]:
        """Measures that rows add up to, from one reading; returns the others."""
        customers = self.customers
        schema, as_of = customers.features.schema, customers.as_of
        fact = schema.fact(fact_name)
        names: dict[Aggregate, str] = {}

        def named(each: Aggregate) -> str:
            return names.setdefault(each, f"a{len(names)}")

        parts: dict[Measure, Apart] = {}
        left = []
        for each in wanted:
            found = apart(each, Rows(schema, as_of, fact, each.window, each.where), named)
            if found is not None and _says_nothing_of_nothing(each, found):
                parts[each] = found
            else:
                left.append(each)
        used = {name for each in parts.values() for name in each.aggregates}
        scan = Scan(
            customers.desk,
            schema,
            as_of,
            fact,
            {name: each for each, name in names.items() if name in used},
            self._all_numbers,
        )
        try:
            for measure, column in _finished(parts, scan.columns()):
                self._keep(measure, compact(_cut(column, self.size)))
        except UnsupportedOperationError:
            left += [each for each in parts if each not in self.measured]
        return left

    @property
    def _all_numbers(self) -> int:
        """One more than the highest number that a row may have, of customers known later too."""
        relation = self.customers.source.relation
        assert relation is not None
        highest = call(Op.MAXIMUM, CUSTOMER, type=Type.INTEGER)
        found = self.customers.desk.value(Select(relation, {"highest": highest}))
        return max(-1 if found is None else int(found), self.size - 1) + 1

    # formulas

    def _compute(self, nodes: Mapping[str, Node], into: MutableMapping[str, Any]) -> None:
        """Compute nodes, each after those it reads; what arrays lack is left for the engine."""
        left: dict[str, Node] = {}
        for name, node in nodes.items():
            if len(left) == AT_ONCE or not left.keys().isdisjoint(names_in(node)):
                into.update(self._asked(left))
                left = {}
            column = self._on_arrays(node)
            if column is None:
                left[name] = node
            else:
                into[name] = column
        if left:
            into.update(self._asked(left))

    def _on_arrays(self, node: Node) -> Any:
        """The node computed on arrays; `None` if it cannot be."""
        if isinstance(node, Measure):
            return self.columns[self.measured[node]]
        scope = DenseScope(self._plan(), 0, self.columns, self.measured)
        try:
            expression = node.compile(scope)
            if any(each.relation for each in columns_of([expression])):
                return None  # a stored trait, which is no column here
            read = {each.name: each.type for each in columns_of([expression])}
            here = {name: held(self.columns[name], kind) for name, kind in read.items()}
            found = arrays.evaluate(expression, here)
        except UnsupportedOperationError:
            return None
        computed = isinstance(found.values, np.ndarray) and len(found.values) == self.size
        return compact(found) if computed and found.type is not Type.TEXT else None

    def _asked(self, nodes: Mapping[str, Node]) -> dict[str, Any]:
        """Nodes computed by the engine, features at the level where they belong."""
        customers, known = self.customers, self.customers.features.known
        nodes = {
            name: Name(name) if name in known and known[name].node is node else node
            for name, node in nodes.items()
        }
        beside = self._beside(nodes.values())
        query = replace(customers, source=replace(customers.source, beside=beside)).query(nodes)
        shown = {name: Column(name, Type.TEXT) for name in ["customer_no", *nodes]}
        names = [*beside.features, *beside.measures.values()]
        numbers = pa.array(np.arange(self.size, dtype=np.int32))
        table = pa.table({"customer_no": numbers} | {name: self.columns[name] for name in names})
        with customers.desk.registered(BESIDE, table):
            found = customers.desk.fetch(Select(query, shown))
        return dict(self._placed(found, nodes))

    def _beside(self, nodes: Iterable[Node]) -> Beside:
        """What nodes read and is computed already, with the types that the engine gives it."""
        needed, read = self._plan().reads(nodes)
        features = frozenset(each.name for each in needed if each.name in self.columns)
        measured = {each: self.measured[each] for each in read if each in self.measured}
        scope = CustomerScope(self._plan(), 0)
        types = {name: scope.type(name) for name in features}
        types |= {name: each.type(scope) for each, name in measured.items()}
        columns: dict[str, Expression] = {"customer_no": CUSTOMER}
        for name, kind in types.items():
            column = Column(name, kind)
            columns[name] = call(WIDENED[kind], column, type=kind) if kind in WIDENED else column
        return Beside(Select(Table(BESIDE), columns), features, measured)

    def _placed(self, found: pa.Table, names: Iterable[str]) -> Iterator[tuple[str, Any]]:
        """Columns of rows with `customer_no`, each value at its customer's place."""
        numbers = found.column("customer_no").to_numpy()
        inside = numbers < self.size
        if not inside.all():
            found, numbers = found.filter(pa.array(inside)), numbers[inside]
        there = np.zeros(self.size, np.bool_)
        there[numbers] = True
        places = np.zeros(self.size, np.int64)
        places[numbers] = np.arange(len(numbers))
        taken: pa.Int64Array = pa.array(places, pa.int64(), mask=~there)
        for name in names:
            yield name, found.column(name).combine_chunks().take(taken)


def _says_nothing_of_nothing(measure: Measure, found: Apart) -> bool:
    """Whether what it is made of gives the measure's `empty` of a customer without rows."""
    none = {
        name: Held(each.type, np.zeros(1, np.int64), None if each.counts else np.zeros(1, np.bool_))
        for name, each in found.aggregates.items()
    }
    try:
        said = arrays.evaluate(found.expression, none)
    except UnsupportedOperationError:
        return False
    if said.known is not None and not np.all(said.known):
        return measure.empty is None
    return measure.empty is not None and bool(np.all(said.values == measure.empty))


def _finished(
    parts: Mapping[Measure, Apart], columns: Iterable[tuple[str, Held]]
) -> Iterator[tuple[Measure, Held]]:
    """Each measure as soon as what it is made of is there; what no other needs is let go."""
    waiting = dict(parts)
    there: dict[str, Held] = {}
    for name, column in columns:
        there[name] = column
        for measure, each in [*waiting.items()]:
            if name in each.aggregates and each.aggregates.keys() <= there.keys():
                del waiting[measure]
                yield measure, arrays.evaluate(each.expression, there)
        if not any(name in each.aggregates for each in waiting.values()):
            del there[name]


def _cut(column: Held, size: int) -> Held:
    known = None if column.known is None else column.known[:size]
    return replace(column, values=column.values[:size], known=known)


WIDENED = {Type.INTEGER: Op.AS_INTEGER, Type.MONEY: Op.AS_MONEY}
"""What makes narrow numbers those of the engine again."""
WIDTHS = (np.int8, np.int16, np.int32)


def compact(column: Held) -> Any:
    """The column as Arrow: whole numbers in the narrowest type, 0 where a value is missing."""
    values, known = column.values, column.known
    if known is not None:
        values = np.where(known, values, np.zeros(1, values.dtype))
    size = len(values)
    valid = None
    if known is not None and not known.all():
        valid = _buffer(np.packbits(known, bitorder="little"))
    kind: Any
    data: Any
    match column.type:
        case Type.BOOLEAN:
            kind, data = pa.bool_(), np.packbits(values, bitorder="little")
        case Type.NUMBER:
            kind, data = pa.float64(), values.astype(np.float64, copy=False)
        case Type.DATE:
            kind, data = pa.date32(), values.astype(np.int32)
        case Type.INSTANT:
            kind, data = pa.timestamp("us"), values.astype(np.int64, copy=False)
        case Type.MONEY:
            kind, data = _money(values)
        case Type.TEXT:
            return _text(column)
        case _:
            data = values.astype(_width(values), copy=False)
            kind = pa.from_numpy_dtype(data.dtype)
    return pa.Array.from_buffers(kind, size, [valid, _buffer(data)])


def _text(column: Held) -> Any:
    assert column.words is not None
    mask = None if column.known is None else ~column.known
    places = pa.array(column.values.astype(np.int32), mask=mask)
    return pa.DictionaryArray.from_arrays(places, column.words)


def _buffer(values: NDArray[Any]) -> pa.Buffer:
    return pa.py_buffer(np.ascontiguousarray(values).data)


def _money(values: Numbers) -> tuple[Any, NDArray[Any]]:
    if _width(values) is np.int64 or np.abs(values).max(initial=0) >= 10**MOST_DIGITS:
        return pa.decimal64(18, MONEY_PLACES), values.astype(np.int64, copy=False)
    return pa.decimal32(MOST_DIGITS, MONEY_PLACES), values.astype(np.int32)


MOST_DIGITS = 9
"""Digits that 32 bits hold."""


def _width(values: NDArray[Any]) -> type[np.integer[Any]]:
    low, high = values.min(initial=0), values.max(initial=0)
    fits = (each for each in WIDTHS if np.iinfo(each).min <= low and high <= np.iinfo(each).max)
    return next(fits, np.int64)
