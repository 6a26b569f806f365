"""The plain meaning of measures: a customer's rows of a fact, in order, inside a window."""

from __future__ import annotations

from collections.abc import Sequence

from segmentry.language.base import Base, Record, Row, instant_of
from segmentry.language.node import Condition, Measure
from segmentry.language.schema import Fact

__all__ = ["Row", "instant_of", "meets", "rows_of"]


def rows_of(measure: Measure, record: Record, base: Base) -> Sequence[Row]:
    """The customer's rows that the measure reads, in the fact's order."""
    return base.rows(measure, record)


def meets(condition: Condition, row: Row, fact: Fact, record: Record, base: Base) -> bool:
    """Whether a row meets a condition on rows."""
    return base.meets(condition, row, fact, record)
