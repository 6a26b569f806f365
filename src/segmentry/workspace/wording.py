"""What features, segmentations and groups are called in a language, and what is said of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from segmentry.core.types import Value
from segmentry.features.known import Features
from segmentry.language.node import Node
from segmentry.language.parts import Part, parts
from segmentry.language.sentence import sentence
from segmentry.language.words import Words
from segmentry.locale import Messages, messages
from segmentry.models.declaration import Model
from segmentry.segments.playbook import Playbook, named
from segmentry.segments.segment import UNKNOWN, Family, Need, Segmentation
from segmentry.workspace.division import Because, Division

ANY = "any"
"""Key of the playbook that holds for every group made by a value."""


@dataclass(frozen=True)
class Wording:
    """The texts of one language about what a workspace has.

    What is ready-made stands in the language's catalogue; a person's own features, segmentations
    and groups are called as that person called them, in every language.
    """

    language: str
    features: Features
    segmentations: tuple[Segmentation, ...] = ()
    playbooks: Mapping[str, Playbook] = field(default_factory=dict)
    segments: Mapping[str, str] = field(default_factory=dict)
    models: tuple[Model, ...] = ()

    @cached_property
    def messages(self) -> Messages:
        """The language's catalogue."""
        return messages(self.language)

    @cached_property
    def _grouped(self) -> dict[str, Segmentation]:
        return {each.feature: each for each in self.segmentations}

    @cached_property
    def _scores(self) -> dict[str, tuple[Model, str]]:
        return {name: (each, key) for each in self.models for name, key in each.scores.items()}

    def feature(self, name: str) -> str:
        """What a feature or trait is called; the group of a segmentation, like the segmentation.

        Also what predictions read beside features.
        """
        if name in self._grouped:
            return self.segmentation(self._grouped[name])
        if name in self._scores:
            return self.score(*self._scores[name])
        if name in self.features:
            return self.named(name, self.features.known[name].declaration.label)
        read = f"models.inputs.{name}"
        if read in self.messages:
            return self.messages(read)
        return self._or(f"columns.{name}", self.named(name, ""))

    def named(self, name: str, own: str) -> str:
        """What a feature is called that need not be computable; `own` is its declared name."""
        return self._or(f"features.{name}.label", own or name.replace("_", " "))

    def description(self, name: str) -> str:
        """What a feature means, in a sentence; empty where its name says it all."""
        own = self.features.known[name].declaration.description if name in self.features else ""
        return self._or(f"features.{name}.description", own)

    def score(self, model: Model, key: str) -> str:
        """What a score of a model is called, after the model's own label where it has one."""
        said = self.messages(f"models.{key}", of=model.of)
        return f"{model.label}: {said}" if model.label else said

    def segmentation(self, each: Segmentation) -> str:
        """What a segmentation is called."""
        return self._or(f"segmentations.{each.name}.label", each.label or each.name)

    def about(self, each: Segmentation) -> str:
        """What a segmentation is, in a sentence; empty for a person's own."""
        return self._or(f"segmentations.{each.name}.about", "")

    def group(self, each: Segmentation, name: str) -> str:
        """What a group is called."""
        shared = self.messages("segmentations.unknown") if name == UNKNOWN else name
        return self._or(f"segmentations.{each.name}.groups.{name}", shared)

    def table(self, fact: str) -> str:
        """What the rows of a fact are called, several of them."""
        return self._or(f"entities.{fact}", fact.replace("_", " "))

    def field(self, name: str) -> str:
        """What a field of a fact is called, as inside a sentence."""
        return self._or(f"fields.{name}", name.replace("_", " "))

    def attribute(self, name: str) -> str:
        """What a column that can be loaded is called."""
        return self._or(f"attributes.{name}", self.field(name))

    def family(self, family: Family) -> str:
        """What a family of segmentations is called."""
        return self.messages(f"segmentations.families.{family}")

    def need(self, need: Need) -> str:
        """What a segmentation needs, counted: `30 customers whose birth date is known`."""
        key = f"segmentations.needs.{need.key}"
        if key in self.messages:
            return self.messages(key, count=need.at_least)
        return f"{need.at_least} × {need.rule}"

    def playbook(self, each: Segmentation, group: str) -> Playbook | None:
        """What is done for a group: the workspace's own words, else those of the catalogue.

        A segmentation whose groups are made by values has one for all of them, and those of whom
        its criterion is not known have one everywhere. Nothing is said for a trait alone that gives
        no reason to act.
        """
        name = named(each.name, group)
        general = UNKNOWN.lower() if group == UNKNOWN else f"{each.name}.{ANY}"
        said = self._said(f"{each.name}.{group}", name) or self._said(general, name)
        shared = None if group == UNKNOWN else self.playbooks.get(named(each.name, ANY))
        own = self.playbooks.get(name) or shared
        return own.over(said) if own and said else own or said

    def _said(self, key: str, name: str) -> Playbook | None:
        keys = {part: f"playbooks.{key}.{part}" for part in Playbook.PARTS}
        said = {part: self.messages(one) for part, one in keys.items() if one in self.messages}
        return Playbook(name=name, **said) if said else None

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
        """Limits with as many digits as one reads: two decimals, or four of small ones."""
        if isinstance(value, float | Decimal):
            number = float(value)
            value = round(number, 2 if abs(number) >= 1 else 4)
        return Words(self.messages).value(value)

    def sentence(self, node: Node) -> str:
        """A rule or value in words."""
        return sentence(node, self.messages, self._labels)

    def parts(self, node: Node) -> list[Part]:
        """The same in parts, each with who says it."""
        return parts(node, self.messages, self._labels)

    @cached_property
    def _labels(self) -> dict[str, str]:
        """Features, traits and segments as they stand inside a sentence, and groups as values."""
        names = {*self.features.known, *self.features.schema.features}
        labels = {name: inside(self.feature(name)) for name in names}
        for each in self.segmentations:
            for group in each.groups:
                labels[f"{each.feature}={group.name}"] = self.group(each, group.name)
        return {**self.segments, **labels}

    def _or(self, key: str, own: str) -> str:
        return self.messages(key) if key in self.messages else own


def inside(label: str) -> str:
    """A label as it stands inside a sentence: `Days since …` small, `RFM group` as it is."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label
