"""The plain meaning of measures: a customer's rows of a fact, in order, inside a window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from segmentry.core.types import Value
from segmentry.language.names import row_schema
from segmentry.language.node import Base, Condition, Measure, Record
from segmentry.language.schema import Fact

Row = Mapping[str, Value]


def rows_of(measure: Measure, record: Record, base: Base) -> list[Row]:
    """The customer's rows that the measure reads, in the fact's order."""
    fact = base.schema.fact(measure.fact)
    return [
        row
        for row in sorted(record.facts.get(fact.name, ()), key=lambda each: in_order(each, fact))
        if measure.window.holds(instant_of(row, fact), base.as_of)
        and (measure.where is None or meets(measure.where, row, fact, record, base))
    ]


def instant_of(row: Row, fact: Fact) -> datetime:
    """When it happened."""
    instant = row[fact.instant]
    assert isinstance(instant, datetime)
    return instant


def in_order(row: Row, fact: Fact) -> Any:
    """Its place among the customer's rows; missing keys come last."""
    return [(row[key] is None, row[key] or 0) for key in fact.keys]


def meets(condition: Condition, row: Row, fact: Fact, record: Record, base: Base) -> bool:
    """Whether a row meets a condition on rows."""
    return condition.holds(replace(record, features=row), replace(base, schema=row_schema(fact)))
