"""Customers who are asked at a cut: what is known of them then, and what they did after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from segmentry.core.errors import UsageError
from segmentry.core.time import AsOf
from segmentry.core.types import Type
from segmentry.features.columns import computed
from segmentry.features.customers import Customers
from segmentry.features.dense import widened
from segmentry.features.drawn import drawn
from segmentry.language.node import Condition, Node
from segmentry.language.text import parse_rule, parse_value
from segmentry.language.value import Name
from segmentry.models.prediction.inputs import Inputs
from segmentry.models.prediction.ranks import RFM, Wanted, ranked
from segmentry.models.prediction.target import SAMPLE, Target
from segmentry.segments.leaves import ready
from segmentry.sql.expression import Column, Query, Select, Table, call, literal
from segmentry.sql.operators import Op

At = Callable[[AsOf], Customers]
"""The customer table as of an instant, as `Workspace.customers` gives it."""
Numbers = NDArray[np.float64]

SALT = "prediction"
EVERYBODY, MET = "everybody", "#met"


@dataclass(frozen=True)
class Rows:
    """Customers at one cut, or at several one after another.

    Args:
        numbers: `customer_no`, ascending within a cut.
        table: The inputs, the columns of RFM, and ranks among those asked at the same cut.
        label: 1 or 0, or an amount; empty where it is not known yet.
    """

    numbers: NDArray[np.int64]
    table: pa.Table
    label: Numbers

    def __len__(self) -> int:
        return len(self.numbers)

    def taken(self, places: NDArray[np.int64]) -> Rows:
        """Some of the rows, in the order given."""
        return Rows(
            self.numbers[places],
            self.table.take(places),
            self.label[places] if len(self.label) else self.label,
        )

    def column(self, name: str) -> Numbers:
        """A column of numbers; missing is NaN."""
        return as_numbers(self.table.column(name))

    def put(self, name: str, column: Any) -> Rows:
        """The same rows with another column in a place."""
        place = self.table.column_names.index(name)
        return replace(self, table=self.table.set_column(place, name, column))


def together(parts: Sequence[Rows]) -> Rows:
    """Rows of several cuts, one after another."""
    return Rows(
        np.concatenate([each.numbers for each in parts]),
        pa.concat_tables([each.table for each in parts]),
        np.concatenate([each.label for each in parts]),
    )


def as_numbers(column: pa.ChunkedArray[Any]) -> Numbers:
    """A column of numbers or truth values as doubles; missing is NaN."""
    return np.asarray(column.cast(pa.float64()).to_numpy(zero_copy_only=False), np.float64)


@dataclass(frozen=True)
class Reader:
    """Reads the rows of a target.

    Args:
        sample: About how many customers leave the engine at one cut at most; of more, the same
            random ones at every cut.
    """

    at: At
    target: Target
    inputs: Inputs
    sample: int = SAMPLE

    def customers(self, as_of: AsOf) -> Customers:
        """The customer table as of an instant.

        Raises:
            UsageError: What is given is of another instant, so that it would know what came later.
        """
        found = self.at(as_of)
        if found.as_of != as_of:
            raise UsageError(f"customers as of {found.as_of} stand in for those as of {as_of}.")
        return found

    def asked(self, as_of: AsOf) -> int:
        """How many customers are asked at an instant."""
        customers = self.customers(as_of)
        counted = {"customers": call(Op.COUNT_ROWS, type=Type.INTEGER)}
        query = customers.query({}, self.target.asked())
        return int(customers.engine.value(Select(query, counted)) or 0)

    def cut(self, as_of: AsOf, until: AsOf, asked: int) -> Rows:
        """The rows of a cut, with labels from what happened from it until one horizon later."""
        sample = sampled(asked, self.sample)
        rule = self.target.asked_rule + (f" AND ({sample})" if sample else "")
        customers, these = self.customers(as_of), parse_rule(rule)
        read = self._outputs(customers).values()
        with drawn(customers, these, read) if sample else nullcontext(customers) as few:
            rows = self.rows(few, these)
        later = self.customers(until)
        where = parse_rule(sample) if sample else None
        found = later.engine.fetch(later.query({"label": self.target.label()}, where))
        return replace(rows, label=_of(rows.numbers, found, "label"))

    def rows(
        self,
        customers: Customers,
        where: Condition,
        wanted: Wanted | None = None,
        only: Sequence[int] = (),
    ) -> Rows:
        """Those who meet a condition, without labels.

        Args:
            wanted: What the engine works out of each; if not given, all that is known: the
                inputs, the columns of RFM, and ranks among all these customers.
            only: Numbers of customers, if only some of them are wanted.
        """
        outputs = self._outputs(customers)
        if wanted is not None:
            read = {*RFM, *wanted.reads}
            outputs = {name: node for name, node in outputs.items() if name in read}
        with asking(customers, outputs, where) as asked:
            query = ranked(asked, dict if wanted is None else wanted.worked_out)
            if only:
                number = query.result.columns["customer_no"]
                these = call(Op.IN, number, *map(literal, only))
                query = replace(query, result=replace(query.result, where=these))
            found = customers.engine.fetch(query)
        numbers = found.column("customer_no").to_numpy().astype(np.int64)
        return Rows(numbers, found.drop_columns(["customer_no"]), np.zeros(0))

    def _outputs(self, customers: Customers) -> dict[str, Node]:
        """What is read of each customer: the inputs, what `of` names, and RFM."""
        fact = "orders" if "orders" in customers.features.schema.facts else self.target.fact
        spent = "coalesce(sum(orders.gross_amount), 0)" if fact == "orders" else f"count({fact})"
        plain = (f"days_since_last({fact})", f"count({fact})", spent)
        texts = self.target.own_history | dict(zip(RFM, plain, strict=True))
        named: dict[str, Node] = {name: Name(name) for name in self.inputs.names}
        return named | {name: parse_value(text) for name, text in texts.items()}


@contextmanager
def asking(customers: Customers, outputs: Mapping[str, Node], where: Condition) -> Iterator[Query]:
    """What `customers.query` says; on the desk of columns that are computed one after another."""
    with ready(customers, [*outputs.values(), where]) as here:
        if here.source.columns is None:
            yield here.query(outputs, where)
            return
        columns = computed(here, {**outputs, MET: where})
        numbers = pa.array(np.arange(columns.size, dtype=np.int32))
        table = pa.table({"customer_no": numbers, **columns.values})
        types = {name: each.type for name, each in here.query(outputs).result.columns.items()}
        held = {name: widened(name, types[name]) for name in ("customer_no", *outputs)}
        met = Column(MET, Type.BOOLEAN)
        with customers.desk.registered(EVERYBODY, table):
            yield Query({}, result=Select(Table(EVERYBODY), held, where=met))


def sampled(asked: int, most: int) -> str:
    """A rule for about `most` of those asked; empty when there are no more."""
    if asked <= most:
        return ""
    return f"random_share('{SALT}') < {Decimal(most) / asked:.6f}"


def _of(numbers: NDArray[np.int64], found: pa.Table, name: str) -> Numbers:
    """A column of a table by customer, for these customers; missing is NaN."""
    held = found.column("customer_no").to_numpy()
    order = np.argsort(held, kind="stable")
    values = as_numbers(found.column(name))[order]
    places = np.searchsorted(held[order], numbers).clip(max=max(len(held) - 1, 0))
    if not len(held):
        return np.full(len(numbers), np.nan)
    return np.where(held[order][places] == numbers, values[places], np.nan)


__all__ = ["At", "Numbers", "Reader", "Rows", "as_numbers", "together"]
