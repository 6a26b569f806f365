"""Traits that may be read only of customers who consented to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from segmentry.core.types import Type, Value
from segmentry.features.declaration import Feature
from segmentry.language.function import If
from segmentry.language.literal import quoted
from segmentry.language.node import Base, Names, Node, Record, Scope, ValueNode
from segmentry.language.schema import Consented
from segmentry.language.text import parse_rule
from segmentry.sql.expression import Column, Expression

PERSON = "customer"
"""Alias of the customers where traits stand."""
GIVEN = """NOT max(consents.recorded_at, where => purpose = {purpose} AND NOT given)
    >= max(consents.recorded_at, where => purpose = {purpose} AND given)
    AND max(consents.recorded_at, where => purpose = {purpose} AND given) IS NOT NULL"""
"""The latest word for a purpose before as_of is yes; of a yes and a no at one moment the no holds,
whatever their channels."""


@dataclass(frozen=True)
class StoredTrait(ValueNode):
    """A trait as it is stored, whoever consented; no text spells it, so no rule can ask for it."""

    kind = "stored_trait"
    name: str
    of: Type

    def children(self) -> Iterator[Node]:
        """None."""
        return iter(())

    def text(self) -> str:
        """The name of the trait, for people."""
        return self.name

    def type(self, names: Names) -> Type:  # noqa: ARG002
        """That of the column."""
        return self.of

    def compile(self, scope: Scope) -> Expression:  # noqa: ARG002
        """The column of the customers themselves; it reads no feature, so it is on their level."""
        return Column(self.name, self.of, PERSON)

    def value(self, record: Record, base: Base) -> Value:  # noqa: ARG002
        """The trait of the customer."""
        return record.stored.get(self.name)


def consented(trait: Consented) -> tuple[Feature, ValueNode]:
    """The trait for those whose latest consent before as_of is yes; missing for the others."""
    condition = parse_rule(GIVEN.format(purpose=quoted(trait.purpose)))
    name = trait.field.name
    node = If(condition, StoredTrait(name, trait.field.type))
    words = f"Only of customers who consented to `{trait.purpose}`."
    return Feature(name=name, kind="trait", expression=node.text(), description=words), node
