"""Which features a workspace can compute, and which are locked and what would unlock them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain

from segmentry.core.errors import (
    CycleError,
    DuplicateNameError,
    LockedFeatureError,
    SegmentryError,
)
from segmentry.data.available import to_load
from segmentry.data.entity import ENTITIES
from segmentry.data.identity.counted import OF_COMPANY
from segmentry.data.line_fields import MADE_OF
from segmentry.features.consent import StoredTrait, consented
from segmentry.features.declaration import Feature
from segmentry.language.check import check
from segmentry.language.closed import values_of
from segmentry.language.inline import inlined
from segmentry.language.names import row_fields
from segmentry.language.node import Condition, Measure, Node, Statistic, ValueNode
from segmentry.language.pareto import BasePareto
from segmentry.language.population import BaseQuantile, Score
from segmentry.language.schema import Fact, Field, Schema
from segmentry.language.text import names, parse_value
from segmentry.sql.expression import Column, columns_of


@dataclass(frozen=True)
class KnownFeature:
    """A declaration with its tree and its type."""

    declaration: Feature
    node: ValueNode
    field: Field

    @property
    def name(self) -> str:
        """Name of the feature."""
        return self.declaration.name


@dataclass(frozen=True)
class Features:
    """All features of a workspace: those that its data allows, and what would unlock the rest."""

    schema: Schema
    """Facts of the workspace, and every available feature and trait as a name."""
    known: Mapping[str, KnownFeature]
    """Each after those it reads."""

    def __iter__(self) -> Iterator[KnownFeature]:
        return iter(self.known.values())

    def __contains__(self, name: str) -> bool:
        return name in self.known

    @cached_property
    def shown(self) -> tuple[KnownFeature, ...]:
        """The features that are of interest by themselves."""
        return tuple(each for each in self if not each.declaration.hidden)

    @cached_property
    def text(self) -> str:
        """All that is declared, as one text."""
        declared = "\n".join(f"{each.name}={each.node.text()}" for each in self)
        return f"{declared}\n{sorted(self.schema.features)}"

    def needed(self, nodes: Iterable[Node], ready: Collection[str] = ()) -> list[KnownFeature]:
        """The features that the nodes read, directly or through others, each after what it reads.

        Args:
            ready: Features that need not be computed, nor what they read.
        """
        found: dict[str, KnownFeature] = {}
        open_names = [name for node in nodes for name in names_in(node)]
        while open_names:
            name = open_names.pop()
            if name in self.known and name not in found and name not in ready:
                found[name] = self.known[name]
                open_names += names_in(found[name].node)
        return [each for each in self.known.values() if each.name in found]

    def columns(self, name: str) -> list[str]:
        """Lineage: the columns, as `table.column`, that a feature or trait is made from."""
        if name not in self.known:
            return [held_in(self.schema, name)]
        found: dict[str, None] = {}
        for each in [*self.needed([self.known[name].node]), self.known[name]]:
            for column in columns_in(each.node, self.schema, self.known):
                found[column] = None
        return list(found)


def resolve(
    declarations: Iterable[Feature],
    schema: Schema,
    traits: Mapping[str, Field],
    rules: Mapping[str, Condition] | None = None,
) -> Features:
    """Read and check declarations against what is loaded.

    A feature that reads a missing fact, column or locked feature is locked, with the column that
    would unlock it; one that is wrong in itself is an error. Order of declaration does not matter.

    Args:
        rules: Trees of the segments that features may ask for with `in_segment`.

    Raises:
        DuplicateNameError: Two features, or a feature and a trait, have one name.
        CycleError: A feature reads itself through others.
    """
    trees = {name: consented(each) for name, each in schema.consented.items()}
    for each in declarations:
        if each.name in trees or each.name in traits:
            raise DuplicateNameError(
                f"there are two features called `{each.name}`.", feature=each.name
            )
        trees[each.name] = (each, inlined(tree(each.expression), rules or {}))
    known: dict[str, KnownFeature] = {}
    locked: dict[str, str] = dict(schema.locked)
    features = dict(traits)
    for name in _in_order(trees):
        declaration, node = trees[name]
        here = replace(schema, features=features, locked=locked)
        missing = next(chain(_lacking(declaration, here), _missing(node, here)), None)
        if missing is not None:
            locked[name] = missing
            continue
        try:
            kind = check(node, here)
        except LockedFeatureError as error:
            locked[name] = error.details["unlocking"]
            continue
        except SegmentryError as error:
            error.message = f"feature `{name}`: {error.message}"
            error.details["feature"] = name
            raise
        features[name] = Field(name, kind, values=values_of(node, here))
        known[name] = KnownFeature(declaration, node, features[name])
    return Features(replace(schema, features=features, locked=locked), known)


def statistics_in(node: Node) -> list[Statistic]:
    """Statistics of the base that a tree reads."""
    return [
        statistic
        for each in node.walk()
        if isinstance(each, Score | BaseQuantile | BasePareto)
        for statistic in each.statistics()
    ]


def names_in(node: Node) -> list[str]:
    """Names of features that a tree reads, those in statistics of the base too."""
    return [name for name in names(node) if name != "customer_id"]


def columns_in(node: Node, schema: Schema, known: Mapping[str, object]) -> Iterator[str]:
    """The stored columns that a tree reads itself, as `table.column`."""
    for each in node.walk():
        if isinstance(each, Measure):
            fact = schema.fact(each.fact)
            known_fields = row_fields(fact)
            fields = [known_fields[name] for name in each.fields()]
            stored = [column for field in fields for column in stored_in(fact, field)]
            yield from stored or [f"{fact.table}.{fact.instant}"]
        elif isinstance(each, StoredTrait):
            yield f"customers.{each.name}"
    for name in names_in(node):
        if name not in known:
            yield held_in(schema, name)


def held_in(schema: Schema, trait: str) -> str:
    """The stored column of a trait, as `table.column`."""
    held = schema.features[trait].derived
    return f"{held.relation}.{held.name}" if isinstance(held, Column) else f"customers.{trait}"


def stored_in(fact: Fact, field: Field) -> list[str]:
    """The stored columns behind a field, as `table.column`; a day or hour is its instant's."""
    moments = {fact.day: fact.instant, fact.hour: fact.instant}
    if field.derived is None:
        return [f"{field.dimension or fact.table}.{moments.get(field.name, field.name)}"]
    return [
        f"{each.relation or fact.table}.{moments.get(each.name, each.name)}"
        for each in columns_of([field.derived])
        if each.name != "customer_no" and each.name not in fact.keys[1:]
    ]


def tree(expression: str) -> ValueNode:
    """The tree of a feature's expression as it is written."""
    return parse_value(expression)


def _in_order(trees: Mapping[str, tuple[Feature, ValueNode]]) -> list[str]:
    done: dict[str, None] = {}
    path: list[str] = []

    def visit(name: str) -> None:
        if name in done:
            return
        if name in path:
            shown = " → ".join([*path, name])
            raise CycleError(f"feature `{name}` uses itself: {shown}.", feature=name)
        path.append(name)
        for each in names_in(trees[name][1]):
            if each in trees:
                visit(each)
        path.pop()
        done[name] = None

    for name in trees:
        visit(name)
    return list(done)


def _lacking(declaration: Feature, schema: Schema) -> Iterator[str]:
    """The traits that a feature reads and that are not loaded, as `table.column`."""
    for name in declaration.traits:
        if name not in schema.features and name not in schema.locked:
            column = name.removeprefix(OF_COMPANY)
            yield f"customers.{name}" if column == name else f"companies.{column}"


def _missing(node: Node, schema: Schema) -> Iterator[str]:
    for each in node.walk():
        if isinstance(each, Measure):
            if each.fact not in schema.facts:
                yield to_load(each.fact)
            else:
                fact = schema.facts[each.fact]
                yield from (
                    fact.locked.get(name) or to_load(each.fact, _lacked(name, fact))
                    for name in each.fields()
                    if name not in row_fields(fact)
                )
    for name in names_in(node):
        if name in schema.locked:
            yield schema.locked[name]
        elif name not in schema.features and name in ENTITIES["customers"].attributes:
            yield f"customers.{name}"


def _lacked(field: str, fact: Fact) -> str:
    """The field itself, or the first of those it is made of that is not there."""
    parts = MADE_OF.get(field, ())
    return next((each for each in parts if each not in fact.fields), field)
