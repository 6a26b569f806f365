"""What names mean: features of customers, or fields of a fact's rows."""

from __future__ import annotations

from dataclasses import dataclass

from segmentry.core.errors import RuleTypeError, UnknownNameError
from segmentry.core.types import Type
from segmentry.language.schema import Fact, Field, Schema


@dataclass(frozen=True)
class FeatureNames:
    """Names are features and traits of customers."""

    schema: Schema

    def type(self, name: str) -> Type:
        """Type of the feature; `customer_id` is text."""
        if name == "customer_id" and name not in self.schema.features:
            return Type.TEXT
        return self.schema.feature(name).type


@dataclass(frozen=True)
class FieldNames:
    """Names are fields of a fact's rows, its instant, day and hour among them."""

    schema: Schema
    fact: Fact

    def type(self, name: str) -> Type:
        """Type of the field.

        Raises:
            RuleTypeError: It is a feature of customers.
            LockedFeatureError: It is sensitive, or its data is not loaded.
            UnknownNameError: It is nothing.
        """
        known = row_fields(self.fact)
        if name in known:
            return known[name].type
        if name in self.schema.features:
            raise RuleTypeError(
                f"`{name}` is known of customers, not of {self.fact.name}.",
                fix="Inside the parentheses only fields of the rows can be named; compare it"
                " outside, joined by AND.",
            )
        for there in (self.fact.locked, self.fact.unloaded):
            if name in there:
                raise self.schema.locked_error(name, there[name])
        raise UnknownNameError(f"field of {self.fact.name}", name, known)


def row_fields(fact: Fact) -> dict[str, Field]:
    """What can be named of a row: the fields, and its instant, day and hour."""
    moments = {fact.instant: Type.INSTANT, fact.day: Type.DATE, fact.hour: Type.INTEGER}
    return {name: Field(name, kind) for name, kind in moments.items() if name} | dict(fact.fields)


def row_schema(fact: Fact) -> Schema:
    """The fields of a row as a schema of its own, for the plain meaning of a `where`."""
    return Schema(features=row_fields(fact))
