"""One customer as plain Python, and the customers among whom one is looked at.

The plain meaning of a node (`value`, `holds`) reads these alone. What depends on other customers is
asked of the base, so that the same meaning holds among records that are at hand, and for one
customer alone with what is known of the others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from segmentry.core.time import AsOf
from segmentry.core.types import Value
from segmentry.language.names import row_schema
from segmentry.language.schema import Fact, Schema

if TYPE_CHECKING:
    from segmentry.language.node import Condition, Measure, WeightedMeasure

Row = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Statistic:
    """A limit of a feature over the base: all customers at as_of who have a value for it.

    Args:
        of: `rank`: that share of the customers lies below the limit, a quantile. `sum`: the
            customers from the highest value down to the limit bring that share of the sum.
    """

    feature: str
    share: float
    of: Literal["rank", "sum"] = "rank"


@dataclass(frozen=True)
class Record:
    """One customer as plain Python, for the plain meaning: `value` and `holds` read only this.

    `facts` has all rows of each fact (later ones too: the node must leave them out), each a dict
    of the fact's fields plus its instant, day and hour columns, stored in no particular order.

    Args:
        stored: Traits as they are stored, where a feature says whether they may be read.
    """

    customer_id: str
    features: Mapping[str, Value] = field(default_factory=dict)
    facts: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    segments: Container[str] = frozenset()
    stored: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Base:
    """The customers among whom one is looked at, and the instant; what population nodes read."""

    as_of: AsOf
    records: Sequence[Record]
    schema: Schema

    def rows(self, measure: Measure, record: Record) -> Sequence[Row]:
        """The customer's rows that a measure reads, in the fact's order."""
        fact = self.schema.fact(measure.fact)
        return [
            row
            for row in sorted(record.facts.get(fact.name, ()), key=lambda row: in_order(row, fact))
            if measure.window.holds(instant_of(row, fact), self.as_of)
            and (measure.where is None or self.meets(measure.where, row, fact, record))
        ]

    def meets(self, condition: Condition, row: Row, fact: Fact, record: Record) -> bool:
        """Whether a row meets a condition on rows."""
        here = replace(self, schema=row_schema(fact))
        return condition.holds(replace(record, features=row), here)

    def measured(self, measure: Measure, record: Record) -> Value:
        """What a measure is for a customer."""
        return measure.value(record, self)

    def statistic(self, statistic: Statistic) -> float | None:
        """A limit of a feature over all customers; missing when nobody has a value."""
        values: list[Any] = [each.features.get(statistic.feature) for each in self.records]
        known = [each for each in values if each is not None]
        find = quantile if statistic.of == "rank" else pareto
        return find(known, statistic.share)

    def weights(self, measure: WeightedMeasure) -> Mapping[Value, Any]:
        """How much each value of a field weighs with all customers together."""
        found: dict[Value, Any] = defaultdict(int)
        for each in self.records:
            for value, weight in measure.weights(each, self).items():
                found[value] += weight
        return found


def instant_of(row: Row, fact: Fact) -> datetime:
    """When it happened."""
    instant = row[fact.instant]
    assert isinstance(instant, datetime)
    return instant


def in_order(row: Row, fact: Fact) -> Any:
    """Its place among the customer's rows; missing keys come last."""
    return [(row[key] is None, row[key] or 0) for key in fact.keys]


def quantile(values: Sequence[Any], share: float) -> float | None:
    """The value below which `share` of the values lie, between the two nearest in proportion.

    >>> quantile([1, 2, 4], 0.5), quantile([1, 2], 0.25), quantile([], 0.5)
    (2.0, 1.25, None)
    """
    ordered = sorted(map(float, values))
    if not ordered:
        return None
    place = (len(ordered) - 1) * share
    low, high = ordered[int(place)], ordered[min(int(place) + 1, len(ordered) - 1)]
    return low + (high - low) * (place - int(place))


def pareto(values: Sequence[Any], share: float) -> float | None:
    """The least of the values that, from the highest down, bring the first `share` of the sum.

    Values below 0 bring nothing; of equal values all are in or out.

    >>> pareto([70, 20, 10], 0.8), pareto([0], 0.8)
    (20.0, None)
    """
    known = sorted(values, reverse=True)
    brought = [max(each, 0) for each in known]
    whole = float(sum(brought))
    if not whole:
        return None
    above = (sum(each for each in brought if each > mine) for mine in brought)
    shares = (float(each) / whole for each in above)
    inside = [value for value, found in zip(known, shares, strict=True) if found < share]
    return float(inside[-1])
