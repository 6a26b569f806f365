"""What a person declares: a segment by a rule, a segmentation by an ordered list of groups."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict, Field

from segmentry.features.declaration import Feature
from segmentry.language.literal import quoted
from segmentry.language.text import parse_rule

NAME = r"^[a-z][a-z0-9_]{0,62}$"


class Segment(BaseModel):
    """Customers who meet a rule."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=NAME)
    rule: str
    label: str = ""
    version: int = 1


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


class Segmentation(BaseModel):
    """Groups in order: a customer is in the first whose rule is met, so in exactly one.

    Args:
        among: Rule that says whom it divides; the others have no group. Empty means everybody.
        feature: Name of the feature that holds the group's name.
        features: Features that the rules need and the library does not have.
        reasons: Why the limits are what they are, for people.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=NAME)
    label: str
    feature: str = Field(pattern=NAME)
    among: str = ""
    groups: tuple[Group, ...]
    features: tuple[Feature, ...] = ()
    reasons: tuple[str, ...] = ()

    def declarations(self) -> Iterator[Feature]:
        """The features it adds: its own, then the group, one nested choice over the rules."""
        yield from self.features
        yield Feature(
            name=self.feature,
            kind="group",
            expression=self.expression(),
            label=self.label,
            theme="segmentation",
        )

    def expression(self) -> str:
        """The group as an expression of the language."""
        chosen = "null"
        for group in reversed(self.groups):
            name = quoted(group.name)
            chosen = name if group.rule is None else f"if({group.rule}, {name}, {chosen})"
        return f"if({self.among}, {chosen})" if self.among else chosen

    def rule_of(self, group: str) -> str:
        """The rule, as text, that holds for exactly the members of a group."""
        return parse_rule(f"{self.feature} = {quoted(group)}").text()
