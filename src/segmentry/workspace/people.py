"""Customers one by one: found by what they are called, and all that is known of one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING, Any

from segmentry.core.errors import NotFoundError
from segmentry.core.types import Type
from segmentry.data.checks.personal import PERSONAL
from segmentry.features.compile import CUSTOMERS
from segmentry.features.customers import Customers
from segmentry.features.rows import Rows
from segmentry.language.node import Condition, Node
from segmentry.language.schema import Fact
from segmentry.sql.expression import Column, Expression, Order, Select, all_of, call, literal
from segmentry.sql.operators import Op

if TYPE_CHECKING:
    from segmentry.workspace.folder import When
    from segmentry.workspace.workspace import Workspace

FEW = 20_000
"""Customers who are computed at once without making anybody wait."""
IDENTITY = Column("customer_id", Type.TEXT)
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Person:
    """All that is known of a customer at an instant.

    Args:
        values: Features and traits by name, those that are missing too.
        segments: The saved segments that the customer is in, sorted.
        exact: Whether what takes all customers to say, such as limits between groups, is of this
            instant too; else it is of the last refresh.
    """

    customer_id: str
    values: Row
    segments: tuple[str, ...]
    exact: bool


@dataclass(frozen=True)
class Happening:
    """A row of a fact of one customer.

    Args:
        values: The fields of the row that are known.
    """

    fact: str
    instant: datetime
    values: Row


class People:
    """Looks customers up."""

    def __init__(self, workspace: Workspace, when: When = None) -> None:
        self._workspace = workspace
        self._customers: Customers = workspace.customers(when)

    def count(self, rule: Condition | None = None) -> int:
        """How many meet a rule; without one, how many there are."""
        counted = {"customers": call(Op.COUNT_ROWS, type=Type.INTEGER)}
        query = Select(self._customers.query({}, rule), counted)
        return int(self._customers.engine.fetch(query).to_pylist()[0]["customers"])

    def some(
        self,
        names: Sequence[str],
        limit: int,
        after: str = "",
        rule: Condition | None = None,
        search: str = "",
    ) -> list[dict[str, Any]]:
        """Customers sorted by id, with features.

        Args:
            after: Only ids that come after this one.
            rule: Only those who meet it.
            search: Only those whose id, name, address or number has this in it, in any case.
        """
        called = self.called if search else []
        outputs = dict.fromkeys([*names, *called])
        columns = {name: Column(name, Type.TEXT) for name in ("customer_id", *names)}
        beyond = call(Op.LESS, literal(after), IDENTITY) if after else None
        wanted = [beyond, _says(search, called) if search else None]
        query = Select(
            self._customers.query(self._customers.named(outputs), rule),
            columns,
            where=all_of(wanted),
            order_by=(Order(IDENTITY),),
            limit=limit,
        )
        return self._customers.engine.fetch(query).to_pylist()

    @property
    def called(self) -> list[str]:
        """Traits that name or find a person, as far as they are loaded and texts."""
        listed = self._customers.features.schema.listed
        return [name for name in sorted(PERSONAL) if name in listed and _is_text(listed[name].type)]

    def one(self, customer_id: str) -> Person:
        """A customer with every feature of interest, traits, groups, and segments.

        As of a refresh that still holds it agrees with every list. As of another instant it does
        so among few customers; among many, that would take computing all of them.

        Raises:
            NotFoundError: Nobody of that id was known at the instant.
        """
        features = self._customers.features
        names = [
            name
            for name in features.schema.listed
            if name not in features or not features.known[name].declaration.hidden
        ]
        rules = self._workspace.sound()
        if self._customers.source is not CUSTOMERS:
            return self._by_own_rows(customer_id, names, sorted(rules), exact=True)
        if self._workspace.warehouse.taken_at() is not None and self.count() > FEW:
            return self._by_own_rows(customer_id, names, sorted(rules), exact=False)
        return self._among_all(customer_id, names, rules)

    def _by_own_rows(
        self, customer_id: str, names: Sequence[str], segments: Sequence[str], *, exact: bool
    ) -> Person:
        """From the customer's own rows; what takes all customers to say, by the last refresh."""
        found = self._workspace.live.customer(customer_id, when=self._customers.as_of)
        values = {name: found.feature(name) for name in names}
        inside = tuple(name for name in segments if found.is_in(name))
        return Person(found.record.customer_id, values, inside, exact)

    def _among_all(
        self, customer_id: str, names: Sequence[str], rules: Mapping[str, Condition]
    ) -> Person:
        """As for everybody: nothing was refreshed as of this instant, and it costs little."""
        members = {f"in_{place}": name for place, name in enumerate(sorted(rules))}
        outputs: dict[str, Node] = {
            f"is_{name}": each for name, each in self._customers.named(names).items()
        }
        outputs |= {column: rules[name] for column, name in members.items()}
        row = self._row(customer_id, outputs)
        values = {name: row[f"is_{name}"] for name in names}
        inside = tuple(name for column, name in members.items() if row[column])
        return Person(str(row["customer_id"]), values, inside, exact=True)

    def happenings(
        self, customer_id: str, limit: int, until: datetime | None = None, facts: Sequence[str] = ()
    ) -> Iterator[Happening]:
        """What a customer did, newest first; what happened at one instant, by fact and key.

        Args:
            limit: How many at most.
            until: The newest instant that is told.
            facts: Only these.

        Raises:
            NotFoundError: Nobody of that id was known at the instant.
            UnknownNameError: There is no such fact.
        """
        schema = self._customers.features.schema
        number = self._row(customer_id, {})["customer_no"]
        chosen = [schema.fact(name) for name in facts or schema.facts]
        streams = [self._rows(each, number, limit, until) for each in chosen]
        newest = merge(*streams, key=lambda each: each.instant, reverse=True)
        yield from islice(newest, limit)

    def _row(self, customer_id: str, outputs: Mapping[str, Node]) -> Row:
        columns: dict[str, Expression] = {
            name: Column(name, Type.TEXT) for name in ("customer_no", "customer_id", *outputs)
        }
        same = call(Op.EQUAL, IDENTITY, literal(customer_id))
        query = Select(self._customers.query(outputs), columns, where=same)
        found = self._customers.engine.fetch(query).to_pylist()
        if not found:
            raise NotFoundError(
                f"no customer `{customer_id}` was known as of {self._customers.as_of}.",
                fix="Check the id; ids are compared exactly, as text.",
            )
        row: Row = found[0]
        return row

    def _rows(
        self, fact: Fact, number: int, limit: int, until: datetime | None
    ) -> Iterator[Happening]:
        rows = Rows(self._customers.features.schema, self._customers.as_of, fact, customer=number)
        instant = Column(fact.instant, Type.INSTANT, "rows")
        scope = rows.scope()
        told = [name for name, each in fact.fields.items() if each.derived is None]
        columns: dict[str, Expression] = {"happened": instant}
        columns |= {f"is_{name}": scope.name(name) for name in told}
        until_then = None if until is None else call(Op.AT_MOST, instant, literal(until))
        keys = [Column(key, Type.TEXT, "rows") for key in fact.keys]
        query = replace(
            rows.select(columns, grouped=False, where=until_then),
            order_by=tuple(Order(key, descending=True) for key in keys),
            limit=limit,
        )
        for row in self._customers.engine.fetch(query).to_pylist():
            values = {name: row[f"is_{name}"] for name in told}
            known = {name: value for name, value in values.items() if value is not None}
            yield Happening(fact.name, row["happened"], known)


def _is_text(kind: Type) -> bool:
    return kind is Type.TEXT


def _says(search: str, called: Sequence[str]) -> Expression:
    """One of the columns has the text in it, in any case."""
    wanted = literal(search.lower())
    columns = [IDENTITY, *(Column(name, Type.TEXT) for name in called)]
    found = [
        call(Op.MET, call(Op.CONTAINS, call(Op.LOWER, each, type=Type.TEXT), wanted))
        for each in columns
    ]
    return reduce(lambda one, other: call(Op.OR, one, other), found)


__all__ = ["Happening", "People", "Person"]
