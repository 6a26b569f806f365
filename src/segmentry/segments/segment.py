"""What a person declares: a segment by a rule, a segmentation by an ordered list of groups."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
)

from segmentry.features.declaration import Feature
from segmentry.language.literal import identifier, quoted
from segmentry.language.text import parse_rule

NAME = r"^[a-z][a-z0-9_]{0,62}$"
FOLDER = r"^(\S|\S[^\x00-\x1f\x7f]*\S)?$"
LONGEST_FOLDER = 60

Family = Literal[
    "value", "lifecycle", "engagement", "product", "behavioural", "demographic", "geographic",
    "economic", "psychographic", "company", "own",
]  # fmt: skip
"""What a segmentation looks at: the dimensions of the trade, and `own` for a person's own."""

RECORDED: frozenset[Family] = frozenset({"value", "lifecycle", "engagement", "own"})
"""Families whose memberships a refresh takes into the history, for they tell of movement. Habits
move slowly, traits have no past; of any of them every past day can be asked."""

Picture = Literal["bars", "ladder", "treemap"]
"""What shows the groups best: bars; steps from low to high; areas, where there are many."""

UNKNOWN = "Unknown"
"""Group of those, among whom a segmentation divides, for whom its criterion is missing."""

ENOUGH = 30
"""Customers below which shares and limits would say more about chance than about customers."""


BELOW = ("<", "under", "up to", "less than", "below")
"""What a band without a lower end begins with."""


def or_unknown(name: str) -> str:
    """A text as the `by` of a segmentation in which everybody has a group.

    >>> or_unknown("city")
    "coalesce(city, 'Unknown')"
    """
    return f"coalesce({identifier(name)}, {quoted(UNKNOWN)})"


def is_known(name: str) -> str:
    """The rule that something is on record.

    >>> is_known("city")
    'city IS NOT NULL'
    """
    return f"{identifier(name)} IS NOT NULL"


class Segment(BaseModel):
    """Customers who meet a rule.

    Args:
        folder: Under which heading people find it; empty is under none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=NAME)
    rule: str
    label: str = ""
    folder: str = Field(default="", max_length=LONGEST_FOLDER, pattern=FOLDER)
    version: int = 1

    @model_serializer(mode="wrap")
    def _spare(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """No folder is not written: segments from before there were any stay as they are."""
        body: dict[str, Any] = write(self)
        return {name: each for name, each in body.items() if name != "folder" or each}


class Group(BaseModel):
    """One group of a segmentation.

    Args:
        rule: `None` for "everyone else", which comes last.
        means: What "everyone else" amounts to here, as a rule for people to read.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    rule: str | None = None
    means: str = ""


class Reason(BaseModel):
    """Why a limit is what it is: a message of the catalogue with its values.

    Args:
        key: Message `segmentations.<segmentation>.reasons.<key>`.
        values: What stands in the message.
        base: Values that are computed: expressions that are the same for every customer, such as
            `base_median(median_gap_days)`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    values: Mapping[str, int | float | str | Decimal] = Field(default_factory=dict)
    base: Mapping[str, str] = Field(default_factory=dict)


class Need(BaseModel):
    """How many customers must meet a rule before a segmentation says anything.

    Args:
        key: Message `segmentations.needs.<key>`, of what is counted, with `count`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    rule: str
    at_least: int = Field(ge=1)


class Segmentation(BaseModel):
    """Groups in order: a customer is in the first whose rule is met, so in exactly one.

    Args:
        label: What it is called; empty for a ready-made one, which the catalogue names.
        among: Rule that says whom it divides; the others have no group. Empty means everybody.
        feature: Name of the feature that holds the group's name.
        by: Instead of groups: a text whose every value is a group (`main_category`). A customer for
            whom it is missing has no group.
        features: Features that the rules need and the library does not have.
        order: How groups made by values come: the largest first, or by the number that they begin
            with (`25-34` before `35-44`), `Unknown` last in both.
        traits: Columns of customers or companies that the rules read and a load may bring; without
            them the segmentation is locked.
        reasons: Why the limits are what they are, for people.
        needs: What it takes to say anything.
        picture: What shows it best.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=NAME)
    label: str = ""
    family: Family = "own"
    feature: str = Field(pattern=NAME)
    among: str = ""
    groups: tuple[Group, ...] = ()
    by: str = ""
    order: Literal["largest", "natural"] = "largest"
    features: tuple[Feature, ...] = ()
    traits: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    needs: tuple[Need, ...] = ()
    picture: Picture = "bars"

    def declarations(self) -> Iterator[Feature]:
        """The features it adds: its own, then the group, one nested choice over the rules."""
        yield from self.features
        yield Feature(
            traits=self.traits,
            name=self.feature,
            kind="group",
            expression=self.expression(),
            label=self.label,
            theme="segmentation",
        )

    def expression(self) -> str:
        """The group as an expression of the language."""
        chosen = self.by or "null"
        for group in reversed(self.groups):
            name = quoted(group.name)
            chosen = name if group.rule is None else f"if({group.rule}, {name}, {chosen})"
        return f"if({self.among}, {chosen})" if self.among else chosen

    def in_order(self, sizes: Mapping[str, int]) -> list[str]:
        """Declared groups in their order, empty ones too, then those made by values.

        Args:
            sizes: Group → customers.
        """
        declared = [group.name for group in self.groups]
        made = [name for name in sizes if name not in declared]
        return declared + sorted(made, key=lambda name: self._place(name, sizes[name]))

    def _place(self, group: str, size: int) -> tuple[bool, float, int, str]:
        number = re.search(r"\d+(?:[.,]\d+)*", group) if self.order == "natural" else None
        start = float(re.sub(r"\D", "", number[0])) if number else math.inf
        below = number is not None and group[: number.start()].strip().lower() in BELOW
        return group == UNKNOWN, -1.0 if below else start, -size, group

    def rule_of(self, group: str) -> str:
        """The rule, as text, that holds for exactly the members of a group."""
        return parse_rule(f"{self.feature} = {quoted(group)}").text()
