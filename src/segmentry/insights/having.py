"""The rule that holds for exactly the customers whom a card counts under a value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from segmentry.core.types import Type
from segmentry.insights.five_w import ANSWER, NEXT_ORDER, OF_FACTS
from segmentry.language.literal import identifier, quoted
from segmentry.language.node import Condition
from segmentry.language.schema import Field, Schema
from segmentry.language.text import parse_rule

DUE: Final[Mapping[str, str]] = {
    "overdue": "expected_gap_days < recency_days",
    "week": "expected_gap_days >= recency_days AND expected_gap_days <= recency_days + 7",
    "month": "expected_gap_days > recency_days + 7 AND expected_gap_days <= recency_days + 30",
    "later": "expected_gap_days > recency_days + 30",
}
"""When the next order is due."""


def having(dimension: str, value: str, schema: Schema) -> Condition | None:
    """The rule for a value of a dimension; `None` where two things are called so.

    Of a field of facts it is who has any such row; of a survey, whose latest answer it is.
    """
    if dimension.startswith(ANSWER):
        asked = quoted(dimension.removeprefix(ANSWER))
        answer = f"last(survey_answers.answer, where => question = {asked})"
        return parse_rule(f"{answer} = {quoted(value)}")
    if dimension == NEXT_ORDER:
        return parse_rule(DUE[value])
    held = {
        name: schema.facts[name].fields[dimension]
        for name, of in OF_FACTS.items()
        if dimension in of and name in schema.facts and dimension in schema.facts[name].fields
    }
    trait = schema.features.get(dimension)
    if len(held) + (trait is not None) != 1:
        return None
    if trait is not None:
        return parse_rule(_equal(trait, dimension, value))
    [(fact, field)] = held.items()
    return parse_rule(f"any({fact}, where => {_equal(field, dimension, value)})")


def _equal(field: Field, name: str, value: str) -> str:
    """That a field has a value, which is written as the engine writes it."""
    if field.type is Type.BOOLEAN:
        return identifier(name) if value == "true" else f"{identifier(name)} = false"
    number = field.type in (Type.INTEGER, Type.NUMBER, Type.MONEY)
    return f"{identifier(name)} = {value if number else quoted(value)}"


__all__ = ["having"]
