"""Outputs of all customers, computed column by column: what adds up, then formulas, then the rest.

Another way of running what `Plan.query` says in one query, with the same answers. Measures that
rows add up to come from one reading of each fact (`scan`), the others each from a narrow query of
its own. What formulas make of them is computed on arrays; what arrays lack is asked of the engine,
of customers beside what is there already, some columns at a time. Nothing wide is ever joined or
grouped, and what is in memory is the result, a few columns, and one slice of rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from segmentry.core.errors import UnsupportedOperationError
from segmentry.core.types import Type
from segmentry.engines import arrays
from segmentry.engines.held import held
from segmentry.features.carry import Carry
from segmentry.features.compacted import compact, taken
from segmentry.features.compile import CUSTOMER, Beside, CustomerScope, Plan
from segmentry.features.customers import Customers
from segmentry.features.known import names_in, statistics_in
from segmentry.features.measures import Measures, placed
from segmentry.features.moved import Numbers, together
from segmentry.features.statistics import found_on_arrays, statistics_row
from segmentry.language.node import Measure, Node, Statistic
from segmentry.language.value import Name
from segmentry.sql.expression import Column, Expression, Literal, Select, Table, call, columns_of
from segmentry.sql.operators import Op

BESIDE = "computed_columns"
"""Name under which the engine reads what is computed already."""
AT_ONCE = 16
"""Outputs that the engine computes in one query."""
TRAIT = "trait"
"""What a stored trait is computed as."""


@dataclass(frozen=True)
class DenseScope(CustomerScope):
    """Names and measures are columns in memory, statistics of the base are numbers."""

    columns: Mapping[str, Any] = field(default_factory=dict)
    measured: Mapping[Measure, str] = field(default_factory=dict)
    found: Callable[[Statistic], Expression] = field(kw_only=True)

    def name(self, name: str) -> Expression:
        """The column of a feature that is computed."""
        if name not in self.columns:
            raise arrays.refused(name)
        return Column(name, self.type(name))

    def measure(self, measure: Measure) -> Expression:
        """The column of a measure."""
        return Column(self.measured[measure], measure.type(self))

    def statistic(self, statistic: Statistic) -> Expression:
        """What it comes to."""
        return self.found(statistic)


@dataclass
class Dense:
    """Columns of customers, computed when they are asked for and then kept.

    Args:
        known: For each number, whether a customer with it is known at the instant.
        columns: Arrays as long as `known`, by name; measures under names that no feature has.
        carry: What an earlier snapshot holds, where columns are kept for a later one.
    """

    customers: Customers
    known: NDArray[np.bool_]
    columns: MutableMapping[str, Any] = field(default_factory=dict)
    carry: Carry | None = None
    _statistics: dict[Statistic, Literal] = field(default_factory=dict)

    @classmethod
    def of(cls, customers: Customers, columns: MutableMapping[str, Any] | None = None) -> Dense:
        """Nothing computed yet but who is known.

        Raises:
            UnsupportedOperationError: A customer has a number below zero, so no place.
        """
        return cls(customers, everybody(customers), {} if columns is None else columns)

    @property
    def size(self) -> int:
        """How many places there are."""
        return len(self.known)

    @cached_property
    def measures(self) -> Measures:
        """The columns of measures."""
        return Measures(self.customers, self.size, self.columns, self.carry)

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
        self.measures.compute(read)
        missing = {each.name: each.node for each in needed if each.name not in self.columns}
        self._compute(missing, self.columns)

    def keep(self, names: Iterable[str]) -> None:
        """Compute features and traits into `columns`, missing for whom is not known."""
        wanted = {name: Name(name) for name in names}
        self._keep_traits([name for name in wanted if self._is_stored(name)])
        self.prepare(wanted.values())
        missing = {name: node for name, node in wanted.items() if name not in self.columns}
        self._compute(missing, self.columns)
        if not self.known.all():
            for name in wanted:
                self._mask(name)

    def _is_stored(self, name: str) -> bool:
        """Whether it is a trait that stands in the table of customers."""
        features = self.customers.features
        return name not in features.known and name not in features.schema.consented

    def _keep_traits(self, names: Sequence[str]) -> None:
        """Stored traits; of new customers only, where the others are known to be what they were."""
        missing = {name: Name(name) for name in names if name not in self.columns}
        carry = self.carry
        if carry is None or carry.earlier is None or not carry.earlier.people:
            left = missing
        else:
            left = {name: node for name, node in missing.items() if not carry.is_alike(name, TRAIT)}
            alike = {name: node for name, node in missing.items() if name not in left}
            self._patch_asked(alike, carry.fresh)
        for name, column in self._asked(left).items() if left else ():
            self._put(name, column, self.columns)
        for name in missing:
            if carry is not None:
                carry.note(name, TRAIT)

    def _mask(self, name: str) -> None:
        """Leave a column without values for whom is not known."""
        if self.carry is None or name not in self.carry.places:  # else it is so already
            self.columns[name] = self._of_known(self.columns[name])

    def _plan(self) -> Plan:
        customers = self.customers
        return Plan(customers.features, customers.as_of, customers.rules, customers.source)

    def _of_known(self, array: Any) -> Any:
        if self.known.all():
            return array
        return pc.if_else(pa.array(self.known), array, pa.scalar(None, array.type))

    # formulas

    def _compute(self, nodes: Mapping[str, Node], into: MutableMapping[str, Any]) -> None:
        """Compute nodes, each after those it reads; what arrays lack is left for the engine."""
        waiting = _Waiting()
        for name, node in nodes.items():
            if waiting.is_full or not waiting.names.isdisjoint(names_in(node)):
                self._flush(waiting, into)
            formula = self._formula(node)
            places = None if formula is None else self._places(name, formula, into)
            if formula is not None and places is not None:
                if self._patch(name, formula, places):
                    continue
                if not statistics_in(node):  # the engine would take them of a part of the base
                    waiting.some[name] = (node, places)
                    continue
            column = None if formula is None else self._on_arrays(node, formula)
            if column is None:
                waiting.whole[name] = node
            else:
                self._put(name, column, into)
        self._flush(waiting, into)

    def _put(self, name: str, column: Any, into: MutableMapping[str, Any]) -> None:
        if self.carry is None or self.carry.earlier is None or into is not self.columns:
            into[name] = column
            return
        into[name] = self._of_known(column)  # as the earlier one was kept
        self.carry.compare(name)

    def _flush(self, waiting: _Waiting, into: MutableMapping[str, Any]) -> None:
        """Ask the engine for what waits."""
        for name, column in self._asked(waiting.whole).items() if waiting.whole else ():
            self._put(name, column, into)
        if waiting.some:
            places = together((each for _, each in waiting.some.values()), self.size)
            self._patch_asked({name: node for name, (node, _) in waiting.some.items()}, places)
        waiting.whole.clear()
        waiting.some.clear()

    def _formula(self, node: Node) -> Expression | None:
        """The node over columns; `None` if it reads what is no column."""
        if isinstance(node, Measure):
            return Column(self.measures.names[node], node.type(self._scope))
        try:
            expression = node.compile(self._scope)
        except UnsupportedOperationError:
            return None
        if any(each.relation for each in columns_of([expression])):
            return None  # a stored trait, which is no column here
        return expression

    @property
    def _scope(self) -> DenseScope:
        return DenseScope(self._plan(), 0, self.columns, self.measures.names, found=self._statistic)

    def _statistic(self, statistic: Statistic) -> Literal:
        """A statistic of the customers there are; the feature's column must be there."""
        if statistic not in self._statistics:
            alike = [each for each in self._all_statistics if each.feature == statistic.feature]
            self._find_statistics(statistic.feature, list(dict.fromkeys([statistic, *alike])))
        return self._statistics[statistic]

    @cached_property
    def _all_statistics(self) -> list[Statistic]:
        """What features ask of the base."""
        nodes = (each.node for each in self.customers.features)
        return [statistic for node in nodes for statistic in statistics_in(node)]

    def _find_statistics(self, name: str, wanted: Sequence[Statistic]) -> None:
        """Statistics of a feature, from one sorting of it."""
        if name not in self.columns:
            raise arrays.refused(name)
        column, schema = self.columns[name], self.customers.features.schema
        if not self.known.all():
            column = column.filter(pa.array(self.known))
        if any(each.of == "sum" for each in wanted):
            sums = found_on_arrays(held(column, schema.feature(name).type), wanted)
            self._statistics |= {each: Literal(of, Type.NUMBER) for each, of in sums.items()}
            wanted = [each for each in wanted if each not in sums]
        if not wanted:
            return
        base = Select(Table(BESIDE), {name: widened(name, schema.feature(name).type)})
        with self.customers.desk.registered(BESIDE, pa.table({name: column})):
            [row] = self.customers.desk.rows(statistics_row(schema, base, wanted))
        for statistic, found in zip(wanted, row, strict=True):
            self._statistics[statistic] = Literal(found, Type.NUMBER)

    def _on_arrays(self, node: Node, formula: Expression) -> Any:
        """The formula computed on arrays; `None` if it cannot be."""
        if isinstance(node, Measure):
            return self.columns[self.measures.names[node]]
        read = {each.name: each.type for each in columns_of([formula])}
        try:
            here = {name: held(self.columns[name], kind) for name, kind in read.items()}
            found = arrays.evaluate(formula, here)
        except UnsupportedOperationError:
            return None
        return compact(found) if np.shape(found.values) == (self.size,) else None

    def _places(
        self, name: str, formula: Expression, into: MutableMapping[str, Any]
    ) -> Numbers | None:
        """Where the earlier column is to be patched; `None` if it has to be computed anew."""
        if self.carry is None or into is not self.columns:
            return None
        inputs = [each.name for each in columns_of([formula])]
        places = self.carry.places_of(name, formula, inputs)
        self.carry.note(name, formula)
        return places

    def _patch(self, name: str, formula: Expression, places: Numbers) -> bool:
        """Compute a formula on arrays of some places; `False` if it cannot be."""
        assert self.carry is not None
        if isinstance(formula, Column) and self.known.all():
            self.carry.same(name, formula.name)
            return True
        read = {each.name: each.type for each in columns_of([formula])}
        try:
            here = {each: taken(self.columns[each], kind, places) for each, kind in read.items()}
            found = arrays.evaluate(formula, here)
        except UnsupportedOperationError:
            return False
        if np.shape(found.values) != (len(places),):
            return False
        self.carry.patch(name, found.type, places, found)
        return True

    # what the engine computes

    def _asked(self, nodes: Mapping[str, Node]) -> dict[str, Any]:
        """Nodes computed by the engine, features at the level where they belong."""
        found = self._asked_of(nodes, np.arange(self.size, dtype=np.int32))
        return dict(placed(found, nodes, self.size))

    def _patch_asked(self, nodes: Mapping[str, Node], places: Numbers) -> None:
        """Nodes computed by the engine of some customers, patched into the earlier columns."""
        carry = self.carry
        assert carry is not None
        if not nodes:
            return
        found = self._asked_of(nodes, places)
        order = np.searchsorted(places, found.column("customer_no").to_numpy())
        renumbered = found.set_column(0, "customer_no", pa.array(order))
        for name, array in placed(renumbered, nodes, len(places)):
            kind = self._scope.type(name)
            carry.patch(name, kind, places, held(array, kind))

    def _asked_of(self, nodes: Mapping[str, Node], numbers: NDArray[Any]) -> pa.Table:
        """Nodes of the customers with these numbers, with `customer_no`."""
        customers, known = self.customers, self.customers.features.known
        nodes = {
            name: Name(name) if name in known and known[name].node is node else node
            for name, node in nodes.items()
        }
        beside = self._beside(nodes.values())
        query = replace(customers, source=replace(customers.source, beside=beside)).query(nodes)
        shown = {name: Column(name, Type.TEXT) for name in ["customer_no", *nodes]}
        names = [*beside.features, *beside.measures.values()]
        everybody = len(numbers) == self.size
        here = pa.array(numbers)
        columns = {
            name: self.columns[name] if everybody else self.columns[name].take(here)
            for name in names
        }
        table = pa.table({"customer_no": here.cast(pa.int32())} | columns)
        with customers.desk.registered(BESIDE, table):
            return customers.desk.fetch(Select(query, shown))

    def _beside(self, nodes: Iterable[Node]) -> Beside:
        """What nodes read and is computed already, with the types that the engine gives it."""
        needed, read = self._plan().reads(nodes)
        features = frozenset(each.name for each in needed if each.name in self.columns)
        names = self.measures.names
        measured = {each: names[each] for each in read if each in names}
        scope = CustomerScope(self._plan(), 0)
        types = {name: scope.type(name) for name in features}
        types |= {name: each.type(scope) for each, name in measured.items()}
        columns: dict[str, Expression] = {"customer_no": CUSTOMER}
        columns |= {name: widened(name, kind) for name, kind in types.items()}
        return Beside(Select(Table(BESIDE), columns), features, measured)


@dataclass
class _Waiting:
    """Nodes left for the engine: of all customers, and of those at some places."""

    whole: dict[str, Node] = field(default_factory=dict)
    some: dict[str, tuple[Node, Numbers]] = field(default_factory=dict)

    @property
    def names(self) -> set[str]:
        """Of all of them."""
        return {*self.whole, *self.some}

    @property
    def is_full(self) -> bool:
        """Whether to ask for them now."""
        return len(self.whole) + len(self.some) >= AT_ONCE


def everybody(customers: Customers) -> NDArray[np.bool_]:
    """For each number, whether a customer with it is known at the instant.

    Raises:
        UnsupportedOperationError: A customer has a number below zero, so no place.
    """
    rows = customers.desk.fetch(Select(customers.query({}), {"customer_no": CUSTOMER}))
    numbers = rows.column("customer_no").to_numpy()
    if len(numbers) and numbers.min() < 0:
        raise arrays.refused("customers with numbers below zero")
    known = np.zeros(int(numbers.max()) + 1 if len(numbers) else 0, np.bool_)
    known[numbers] = True
    return known


def widened(name: str, kind: Type) -> Expression:
    """A column with the type that the engine gives it."""
    column = Column(name, kind)
    return call(WIDENED[kind], column, type=kind) if kind in WIDENED else column


WIDENED = {Type.INTEGER: Op.AS_INTEGER, Type.MONEY: Op.AS_MONEY}
"""What makes narrow numbers those of the engine again."""
