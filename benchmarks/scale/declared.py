"""200 features and 1,000 segments over them, drawn by seed: as rules, and as what they mean.

Each feature reads one fact, with one filter (a category, a channel, a store, a name of an event …)
and one window. Segments join two to five of some 1,300 distinct conditions by AND, OR and NOT.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from benchmarks.scale.source import (
    CATEGORIES,
    CHANNELS,
    CITIES,
    COUNTRIES,
    DEVICES,
    EVENTS,
    SOURCES,
    STORES,
)
from segmentry.features.declaration import Feature
from segmentry.segments.segment import Segment
from segmentry.workspace.declarations import FEATURE, KINDS, SEGMENT
from segmentry.workspace.workspace import Workspace

SEED = 17
FEATURES, LEAVES, SEGMENTS = 200, 1_440, 1_000
WINDOWS = (7, 30, 90, 180, 365, None)
"""Days; `None` is all time."""


@dataclass(frozen=True)
class Known:
    """One thing known of each customer.

    Args:
        function: `count`, `sum`, `avg`, `min`, `max`, `last`, `share` or `days_since_last`.
        column: Of the fact, that is measured; empty for rows.
        by: Column of the filter; empty for all rows.
    """

    fact: str
    function: str
    column: str = ""
    by: str = ""
    value: str = ""
    days: int | None = None

    @property
    def name(self) -> str:
        """Name of the feature."""
        of = self.value or "all"
        window = f"{self.days}d" if self.days else "ever"
        return f"{self.fact}_{self.function}_{self.column or 'rows'}_{of}_{window}"

    @property
    def expression(self) -> str:
        """The feature in the language of rules."""
        over = f"{self.fact}.{self.column}" if self.column else self.fact
        where = f", where => {self.by} = '{self.value}'" if self.by else ""
        window = f", last => '{self.days} days'" if self.days else ""
        return f"{self.function}({over}{where}{window})"


@dataclass(frozen=True)
class Leaf:
    """A condition on something known, or on a trait: `compared` follows the name."""

    known: Known | str
    compared: str

    @property
    def text(self) -> str:
        """The condition in the language of rules."""
        return f"{self.known if isinstance(self.known, str) else self.known.name} {self.compared}"


@dataclass(frozen=True)
class Part:
    """A condition of a rule, or its negation."""

    leaf: Leaf
    negated: bool


@dataclass(frozen=True)
class Rule:
    """A rule of two levels: groups of conditions, joined by `outer`, inside by the other word."""

    name: str
    outer: str
    groups: tuple[tuple[Part, ...], ...]

    @property
    def leaves(self) -> list[Leaf]:
        """Its conditions."""
        return [part.leaf for group in self.groups for part in group]

    def joined(self, spelled: dict[Leaf, str]) -> str:
        """The rule as a boolean expression over the conditions as they are spelled."""
        inner = "OR" if self.outer == "AND" else "AND"
        groups = (
            f" {inner} ".join(
                f"NOT ({spelled[part.leaf]})" if part.negated else f"({spelled[part.leaf]})"
                for part in group
            )
            for group in self.groups
        )
        return f" {self.outer} ".join(f"({each})" for each in groups)

    @property
    def text(self) -> str:
        """The rule in the language of rules."""
        return self.joined({leaf: leaf.text for leaf in self.leaves})


# drawing


def knowns() -> list[Known]:
    """The features, the same in every run."""
    draw = random.Random(SEED)
    chosen: list[Known] = []
    for pool, size in _pools():
        chosen += draw.sample(pool, size)
    assert len({each.name for each in chosen}) == FEATURES
    return chosen


def _pools() -> Iterator[tuple[list[Known], int]]:
    measured = (("count", ""), ("sum", "gross_amount"), ("avg", "unit_price"))
    measured += (("max", "unit_price"), ("days_since_last", ""))
    yield list(_all("order_lines", measured, "category", CATEGORIES)), 84
    yield list(_all("order_lines", measured[:2])), 6
    measured = (("count", ""), ("sum", "gross_amount"), ("avg", "gross_amount"))
    measured += (("min", "gross_amount"), ("max", "gross_amount"), ("days_since_last", ""))
    yield list(_all("orders", measured, "channel", CHANNELS)), 20
    yield list(_all("orders", measured[:2], "store", STORES)), 14
    yield list(_all("orders", (*measured, ("last", "channel")))), 12
    measured = (("count", ""), ("days_since_last", ""))
    yield list(_all("events", measured, "name", EVENTS)), 40
    yield list(_all("events", measured[:1], "source", SOURCES)), 5
    yield list(_all("events", (*measured, ("last", "device")))), 7
    yield list(_all("order_lines", (("share", "gross_amount"),), "category", CATEGORIES)), 8
    yield list(_all("orders", (("share", ""),), "channel", CHANNELS)), 4


def _all(
    fact: str, measured: tuple[tuple[str, str], ...], by: str = "", values: tuple[str, ...] = ("",)
) -> Iterator[Known]:
    for (function, column), value, days in product(measured, values, WINDOWS):
        yield Known(fact, function, column, by, value, days)


def _thresholds(known: Known) -> list[str]:
    few = known.days is not None and known.days < 60
    match known.function:
        case "count":
            steps = (1, 2, 3, 4) if few else (1, 2, 3, 5, 8, 13)
            return [f">= {each}" for each in steps] + ["= 0", "BETWEEN 1 AND 2"]
        case "sum":
            steps = (20, 50, 100, 250, 500, 1000)
            return [f">= {each}" for each in steps] + ["BETWEEN 50 AND 200", "< 30"]
        case "avg" | "min" | "max":
            return [f">= {each}" for each in (15, 25, 40, 60, 90)] + ["< 20", "< 50"]
        case "days_since_last":
            steps = (3, 7, 14, 21) if few else (14, 30, 60, 120, 240)
            return [f"<= {each}" for each in steps] + [f"> {steps[1]}", f"> {steps[2]}"]
        case "share":
            return [f">= {each}" for each in (0.1, 0.25, 0.5, 0.75)] + ["< 0.3", "< 0.6"]
        case _:
            values = {"channel": CHANNELS, "device": DEVICES}[known.column]
            return [f"= '{each}'" for each in values]


def leaves(chosen: list[Known]) -> list[Leaf]:
    """The conditions that segments draw from."""
    draw = random.Random(SEED + 1)
    pool = [Leaf(each, compared) for each in chosen for compared in _thresholds(each)]
    traits = {"country": COUNTRIES, "city": CITIES, "acquisition_source": SOURCES}
    own = [Leaf(name, f"= '{value}'") for name, values in traits.items() for value in values]
    pool += [Leaf("sex", "= 'female'"), *own]
    draw.shuffle(pool)
    return pool[:LEAVES]


def rules() -> list[Rule]:
    """The segments, the same in every run."""
    return drawn_rules(random.Random(SEED + 2), leaves(knowns()), SEGMENTS)


def used() -> list[Leaf]:
    """The distinct conditions of the segments."""
    return list(dict.fromkeys(leaf for rule in rules() for leaf in rule.leaves))


def drawn_rules(draw: random.Random, pool: list[Leaf], size: int) -> list[Rule]:
    """Segments over the conditions of a pool."""
    return [_rule(draw, pool, number) for number in range(size)]


def _rule(draw: random.Random, pool: list[Leaf], number: int) -> Rule:
    found = draw.sample(pool, draw.choices((2, 3, 4, 5), (3, 3, 2, 2))[0])
    parts = [Part(leaf, draw.random() < 0.15) for leaf in found]
    groups: list[tuple[Part, ...]] = []
    while parts:
        size = min(len(parts), draw.choice((1, 1, 2)))
        groups.append(tuple(parts[:size]))
        del parts[:size]
    return Rule(f"segment_{number:04d}", draw.choice(("AND", "AND", "OR")), tuple(groups))


def declare(workspace: Workspace) -> None:
    """Keep all features and segments as a workspace's own declarations."""
    features = [Feature(name=each.name, expression=each.expression) for each in knowns()]
    segments = [Segment(name=each.name, rule=each.text) for each in rules()]
    bodies = {(FEATURE, each.name): KINDS[FEATURE].body(each) for each in features}
    bodies |= {(SEGMENT, each.name): KINDS[SEGMENT].body(each) for each in segments}
    workspace.catalogue.change(bodies, (), workspace.clock())
