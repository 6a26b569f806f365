"""What a rule or feature may name on a workspace: facts with their fields, features, segments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from segmentry.core.errors import LockedFeatureError, UnknownNameError
from segmentry.core.types import Type
from segmentry.sql.expression import Expression


@dataclass(frozen=True, slots=True)
class Field:
    """A named, typed value: a column of a fact, or a feature of a customer.

    Args:
        dimension: The joined table that holds the column; empty when the fact itself does.
        derived: How to compute it from other columns of the fact (a window over the customer's
            earlier rows); `None` for a stored column.
        alias: The feature of which it is another name, so that it need not be listed; empty: none.
        values: Every text that a feature can be when it is not missing; `None`: any other may come.
    """

    name: str
    type: Type
    dimension: str = ""
    derived: Expression | None = None
    alias: str = ""
    values: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Dimension:
    """A table joined to a fact: at most one row for each fact row."""

    table: str
    key: str
    """Column of the fact, and of the table, that must be equal."""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something a customer does again and again: rows with a customer, an instant and fields.

    Every table of a fact has the columns `customer_no`, the instant (UTC), the local day and the
    local hour (0–23) of the instant.
    """

    name: str
    table: str
    instant: str
    day: str
    hour: str
    keys: tuple[str, ...]
    """Columns that put a customer's rows in a total order, the instant first."""
    fields: Mapping[str, Field]
    dimensions: Mapping[str, Dimension] = field(default_factory=dict)
    where: Expression | None = None
    """Which rows of the table belong to the fact."""
    relation: str = ""
    """What the rows are read from, as they count for customers; the table itself when empty."""
    locked: Mapping[str, str] = field(default_factory=dict)
    """Sensitive fields, and texts that name sensitive rows, with what would unlock each."""
    unloaded: Mapping[str, str] = field(default_factory=dict)
    """Fields that there would be with more data, with what to load."""

    @property
    def source(self) -> str:
        """The table or view that the rows are read from."""
        return self.relation or self.table

    def field(self, name: str) -> Field:
        """The field called `name`.

        Raises:
            UnknownNameError: The fact has no such field.
        """
        if name not in self.fields:
            raise UnknownNameError(f"field of {self.name}", name, self.fields)
        return self.fields[name]


@dataclass(frozen=True, slots=True)
class Consented:
    """A trait that may be read only of customers who consented to a purpose."""

    field: Field
    purpose: str


@dataclass(frozen=True, slots=True)
class Schema:
    """What exists on a workspace."""

    facts: Mapping[str, Fact] = field(default_factory=dict)
    features: Mapping[str, Field] = field(default_factory=dict)
    """Features and traits, all under one kind of name."""
    locked: Mapping[str, str] = field(default_factory=dict)
    """Known features that cannot be used, with what would unlock each: a column, a decision."""
    sensitive: Mapping[str, str] = field(default_factory=dict)
    """What would unlock sensitive fields, as in `locked`, and what these are about."""
    consented: Mapping[str, Consented] = field(default_factory=dict)
    """Traits that are not among the features as they stand, but bound to consent."""
    unloaded: Mapping[str, str] = field(default_factory=dict)
    """Facts and traits that there would be with more data, with what to load."""
    segments: frozenset[str] = frozenset()
    lists: frozenset[str] = frozenset()
    """Lists of customers, with those that hold who is in a segment by hand."""

    @property
    def listed(self) -> Mapping[str, Field]:
        """The features and traits, each under one name."""
        return {name: each for name, each in self.features.items() if not each.alias}

    def fact(self, name: str) -> Fact:
        """The fact called `name`.

        Raises:
            LockedFeatureError: Nothing of it is loaded.
            UnknownNameError: There is no such fact.
        """
        if name in self.facts:
            return self.facts[name]
        if name in self.unloaded:
            raise self.locked_error(name, self.unloaded[name])
        raise UnknownNameError("fact", name, self.facts)

    def feature(self, name: str) -> Field:
        """The feature or trait called `name`.

        Raises:
            LockedFeatureError: The library has it, but its data is not loaded, or is sensitive.
            UnknownNameError: There is no such feature.
        """
        if name in self.features:
            return self.features[name]
        for there in (self.locked, self.unloaded):
            if name in there:
                raise self.locked_error(name, there[name])
        raise UnknownNameError(
            "feature",
            name,
            [*self.features, *self.locked],
            hint=f"If it is a text, write it in quotes: '{name}'.",
        )

    def locked_error(self, name: str, unlocking: str) -> LockedFeatureError:
        """What to raise when something locked is named."""
        if unlocking in self.sensitive:
            return LockedFeatureError(
                f"`{name}` is locked: it is about {self.sensitive[unlocking]}.",
                fix=f"{unlocking[:1].upper()}{unlocking[1:]}.",
                unlocking=unlocking,
            )
        return LockedFeatureError(
            f"`{name}` needs data that is not loaded:",
            fix=f"load {unlocking}.",
            unlocking=unlocking,
        )
