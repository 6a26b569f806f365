"""What features, segmentations and groups are called in a language, and what is said of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from segmentry.core.types import Value
from segmentry.features.known import Features
from segmentry.language.node import Node
from segmentry.language.sentence import sentence
from segmentry.language.words import Words
from segmentry.locale import Messages, messages
from segmentry.segments.segment import Segmentation
from segmentry.workspace.division import Because, Division


@dataclass(frozen=True)
class Wording:
    """The texts of one language about what a workspace has.

    What is ready-made stands in the language's catalogue; a person's own features, segmentations
    and groups are called as that person called them, in every language.
    """

    language: str
    features: Features
    segmentations: tuple[Segmentation, ...] = ()

    @cached_property
    def messages(self) -> Messages:
        """The language's catalogue."""
        return messages(self.language)

    @cached_property
    def _grouped(self) -> dict[str, Segmentation]:
        return {each.feature: each for each in self.segmentations}

    def feature(self, name: str) -> str:
        """What a feature or trait is called; the group of a segmentation, like the segmentation."""
        if name in self._grouped:
            return self.segmentation(self._grouped[name])
        own = self.features.known[name].declaration.label if name in self.features else ""
        return self._or(f"features.{name}.label", own or name.replace("_", " "))

    def segmentation(self, each: Segmentation) -> str:
        """What a segmentation is called."""
        return self._or(f"segmentations.{each.name}.label", each.label or each.name)

    def about(self, each: Segmentation) -> str:
        """What a segmentation is, in a sentence; empty for a person's own."""
        return self._or(f"segmentations.{each.name}.about", "")

    def group(self, each: Segmentation, name: str) -> str:
        """What a group is called."""
        return self._or(f"segmentations.{each.name}.groups.{name}", name)

    def reasons(self, found: Division) -> list[str]:
        """Why the limits of a segmentation are what they are, a sentence each."""
        key = f"segmentations.{found.name}.reasons"
        return [
            self.messages(f"{key}.{each.reason.key}", **self._written(each))
            for each in found.reasons
        ]

    def _written(self, each: Because) -> dict[str, str]:
        values = {**each.reason.values, **each.computed}
        return {name: self._value(value) for name, value in values.items()}

    def _value(self, value: Value) -> str:
        return Words(self.messages).value(value)

    def sentence(self, node: Node) -> str:
        """A rule or value in words."""
        labels = {each.name: _inside(self.feature(each.name)) for each in self.features}
        return sentence(node, self.messages, labels)

    def _or(self, key: str, own: str) -> str:
        return self.messages(key) if key in self.messages else own


def _inside(label: str) -> str:
    """A label as it stands inside a sentence: `Days since …` small, `RFM group` as it is."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label
