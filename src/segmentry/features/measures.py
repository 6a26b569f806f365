"""Measures of all customers as columns: what rows add up to, then the rest, each asked for alone.

Measures that rows add up to come from one reading of each fact (`scan`), the others each from a
narrow query of its own. Totals that an earlier snapshot holds are carried on instead (`carry`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

import numpy as np
import pyarrow as pa

from segmentry.core.errors import UnsupportedOperationError
from segmentry.core.types import Type
from segmentry.engines.held import Held, held
from segmentry.features.aggregates import Apart, apart, digest
from segmentry.features.alone import alone, names_in, select
from segmentry.features.carry import Carry
from segmentry.features.compacted import compact, taken
from segmentry.features.compile import CUSTOMER, CustomerScope, Plan
from segmentry.features.customers import Customers
from segmentry.features.moved import together
from segmentry.features.rows import Rows
from segmentry.features.rows_of import rows_of
from segmentry.features.scan import Scan
from segmentry.language.node import Measure
from segmentry.language.schema import Fact
from segmentry.sql.expression import Column, Relation, Select, call, literal
from segmentry.sql.operators import Op

COMPARED = (
    r"Call\(op=<Op\.(?:AT_LEAST|LESS): '\w+'>, operands=\("
    r"Column\(name='\w+', type=<Type\.INSTANT: 'instant'>, relation='\w*'\), "
)
"""How the comparison of an instant begins where an expression is written out."""


@dataclass
class Measures:
    """The columns of measures, under names that no feature has.

    Args:
        size: How many places a column has.
        columns: Where the columns are put.
        carry: What an earlier snapshot holds; `None` where nothing is kept for a later one.
        names: The columns of the measures that are there.
    """

    customers: Customers
    size: int
    columns: MutableMapping[str, Any]
    carry: Carry | None = None
    names: dict[Measure, str] = field(default_factory=dict)

    def compute(self, wanted: Iterable[Measure]) -> None:
        """Compute measures that are not there yet."""
        by_fact: dict[str, list[Measure]] = {}
        for measure in wanted:
            if _name(measure) in self.columns:
                self.names[measure] = _name(measure)
            elif measure not in self.names:
                by_fact.setdefault(measure.fact, []).append(measure)
        for fact, alike in by_fact.items():
            self._add_up(fact, dict(self._apart(fact, alike)))
            self._ask(fact, [each for each in alike if each not in self.names])

    def _apart(self, fact_name: str, wanted: Iterable[Measure]) -> Iterator[tuple[Measure, Apart]]:
        """Those that rows add up to."""
        schema, as_of = self.customers.features.schema, self.customers.as_of
        fact = schema.fact(fact_name)
        for each in wanted:
            found = apart(each, Rows(schema, as_of, fact, each.window, each.where))
            if found is not None and _says_nothing_of_nothing(each, found):
                yield each, found

    # what adds up

    def _add_up(self, fact_name: str, parts: Mapping[Measure, Apart]) -> None:
        """Compute measures from their totals; too large numbers leave some to be asked for."""
        totals = {key: each for part in parts.values() for key, each in part.totals.items()}
        customers = self.customers
        fact = customers.features.schema.fact(fact_name)
        try:
            carried: set[str] = set()
            if self.carry is not None:
                totals |= self.carry.companions(totals)
                carried = self.carry.bring(fact, totals)
            anew = [each for key, each in totals.items() if key not in carried]
            scan = Scan(
                customers.desk,
                customers.features.schema,
                customers.as_of,
                fact,
                anew,
                self._all_numbers,
            )
            self._patch({m: part for m, part in parts.items() if part.totals.keys() <= carried})
            rest = {each: part for each, part in parts.items() if each not in self.names}
            known = {key for part in rest.values() for key in part.totals if key in carried}
            there = ((key, held(self.columns[key], totals[key].type)) for key in sorted(known))
            for measure, column in _finished(rest, chain(there, self._kept(scan.columns()))):
                self._keep(measure, parts[measure], column)
        except UnsupportedOperationError:
            return

    def _kept(self, columns: Iterable[tuple[str, Held]]) -> Iterator[tuple[str, Held]]:
        """The totals cut to the customers there are; a later snapshot goes on from them."""
        for key, column in columns:
            cut = _cut(column, self.size)
            if self.carry is not None:
                self.columns[key] = compact(cut)
            yield key, cut

    def _keep(self, measure: Measure, part: Apart, column: Held) -> None:
        if self.carry is not None:
            self.carry.note(_name(measure), part.expression)
        same = _same(part)
        self._put(measure, self.columns[same] if same in self.columns else compact(column))

    def _patch(self, parts: Mapping[Measure, Apart]) -> None:
        """Compute measures of which every total was carried on, where one of these moved."""
        for measure, part in parts.items():
            assert self.carry is not None
            name = _name(measure)
            places = self.carry.places_of(name, part.expression, part.totals)
            if places is None:
                continue
            self.carry.note(name, part.expression)
            self.names[measure] = name
            same = _same(part)
            if same in self.columns and (measure.empty is None or part.totals[same].counts):
                self.carry.same(name, same)
                continue
            here = {
                key: taken(self.columns[key], each.type, places)
                for key, each in part.totals.items()
            }
            new = part.value(here)
            if measure.empty is not None and new.known is not None:
                new = held(_without_gaps(compact(new), measure), new.type)
            self.carry.patch(name, new.type, places, new)

    # what does not

    def _ask(self, fact_name: str, wanted: Iterable[Measure]) -> None:
        """Compute measures by queries, of those customers only whose rows moved, if it is known."""
        fact = self.customers.features.schema.fact(fact_name)
        left = list(wanted)
        if self.carry is not None and left:
            alike = [each for each in left if self._is_carried(each)]
            if self._ask_again(fact, alike):
                left = [each for each in left if each not in alike]
            for each in left:
                self.carry.note(_name(each), self._told(each))
        for measure, array in _asked(self.customers, left, self.size):
            self._put(measure, array)

    def _ask_again(self, fact: Fact, wanted: Sequence[Measure]) -> bool:
        """Compute measures anew of the customers whose rows moved; `False` if these are many."""
        carry = self.carry
        earlier = None if carry is None else carry.earlier
        if carry is None or earlier is None or fact.name not in earlier.facts:
            return False
        if not earlier.joined.isdisjoint(each.table for each in fact.dimensions.values()):
            return False
        windows = {window for each in wanted for window in each.windows}
        active = carry.active(fact, windows) if wanted else carry.fresh
        who = together([carry.again(fact), active], self.size)
        if carry.too_many(who):
            return False
        read = {name for each in wanted for name in names_in(self._select(each))}
        with rows_of(self.customers, fact, who, read) as schema:
            features = replace(self.customers.features, schema=schema)
            theirs = replace(self.customers, features=features)
            for measure, array in _asked(theirs, wanted, len(who)):
                name, kind = (
                    _name(measure),
                    measure.type(CustomerScope(Plan(features, theirs.as_of), 0)),
                )
                carry.note(name, self._told(measure))
                carry.patch(name, kind, who, held(_without_gaps(array, measure), kind))
                self.names[measure] = name
        return True

    def _is_carried(self, measure: Measure) -> bool:
        """Whether the measure is there and no other customer's rows have a say in it."""
        if self.carry is None or not self.carry.is_alike(_name(measure), self._told(measure)):
            return False
        return alone(self._select(measure), self._rows(measure).fact.source)

    def _told(self, measure: Measure) -> object:
        """What a measure means at any instant: its select, but for where its windows end."""
        as_of = self.customers.as_of
        edges = {edge for window in measure.windows for edge in window.bounds(as_of)}
        literals = (re.escape(repr(literal(each))) for each in edges | {as_of.instant} if each)
        limits = re.compile(f"{COMPARED}(?:{'|'.join(literals)})")
        return self._rows(measure).fact, limits.sub("", repr(self._select(measure)))

    def _select(self, measure: Measure) -> Relation:
        return select(measure, self._rows(measure))

    def _rows(self, measure: Measure) -> Rows:
        schema, as_of = self.customers.features.schema, self.customers.as_of
        return Rows(schema, as_of, schema.fact(measure.fact), measure.window, measure.where)

    def _put(self, measure: Measure, array: Any) -> None:
        name = self.names[measure] = _name(measure)
        self.columns[name] = _without_gaps(array, measure)

    @property
    def _all_numbers(self) -> int:
        """One more than the highest number that a row may have, of customers known later too."""
        relation = self.customers.source.relation
        assert relation is not None
        highest = call(Op.MAXIMUM, CUSTOMER, type=Type.INTEGER)
        found = self.customers.desk.value(Select(relation, {"highest": highest}))
        return max(-1 if found is None else int(found), self.size - 1) + 1


def _asked(
    customers: Customers, wanted: Iterable[Measure], size: int
) -> Iterator[tuple[Measure, Any]]:
    plan = Plan(customers.features, customers.as_of, customers.rules, customers.source)
    for each in wanted:
        plan.register(each)
    for _, asked, named in plan.measure_steps():
        found = customers.desk.fetch(asked)
        for name, array in placed(found, named, size):
            yield named[name], array


def _without_gaps(array: Any, measure: Measure) -> Any:
    """With the measure's `empty` for customers who have no rows."""
    if measure.empty is None or not array.null_count:
        return array
    return array.fill_null(pa.scalar(measure.empty, array.type))


def _same(part: Apart) -> str:
    """The total that the measure is, if it is one."""
    return part.expression.name if isinstance(part.expression, Column) else ""


def placed(found: pa.Table, names: Iterable[str], size: int) -> Iterator[tuple[str, Any]]:
    """Columns of rows with `customer_no`, each value at its customer's place."""
    numbers = found.column("customer_no").to_numpy()
    inside = numbers < size
    if not inside.all():
        found, numbers = found.filter(pa.array(inside)), numbers[inside]
    there = np.zeros(size, np.bool_)
    there[numbers] = True
    places = np.zeros(size, np.int64)
    places[numbers] = np.arange(len(numbers))
    at: pa.Int64Array = pa.array(places, pa.int64(), mask=~there)
    for name in names:
        yield name, found.column(name).combine_chunks().take(at)


def _name(measure: Measure) -> str:
    return digest((measure.fact, measure.text()))


def _says_nothing_of_nothing(measure: Measure, found: Apart) -> bool:
    """Whether what it is made of gives the measure's `empty` of a customer without rows."""
    none = {
        key: Held(each.type, np.zeros(1, np.int64), None if each.counts else np.zeros(1, np.bool_))
        for key, each in found.totals.items()
    }
    try:
        said = found.value(none)
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
    for key, column in columns:
        there[key] = column
        for measure, each in [*waiting.items()]:
            if key in each.totals and each.totals.keys() <= there.keys():
                del waiting[measure]
                yield measure, each.value(there)
        if not any(key in each.totals for each in waiting.values()):
            del there[key]


def _cut(column: Held, size: int) -> Held:
    known = None if column.known is None else column.known[:size]
    return replace(column, values=column.values[:size], known=known)


__all__ = ["Measures", "placed"]
