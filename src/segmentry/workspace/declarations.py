"""What people declared on a workspace, kind by kind: one value that can be changed and compared.

A new kind of declaration is one line of `KINDS`; versions, text, plan and apply follow from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from segmentry.features.declaration import Feature, library
from segmentry.features.scale import Scale
from segmentry.insights.market import MarketFigures
from segmentry.language.node import Condition
from segmentry.language.text import parse_rule
from segmentry.models.declaration import Model
from segmentry.segments.content import Content
from segmentry.segments.library import ready_made
from segmentry.segments.library.scale_bands import of_scale
from segmentry.segments.playbook import Playbook
from segmentry.segments.segment import Segment, Segmentation
from segmentry.workspace.schedule import Schedule

if TYPE_CHECKING:
    from segmentry.workspace.catalogue import Declared, Newest

SEGMENT, FEATURE, SEGMENTATION, SCALE = "segment", "feature", "segmentation", "scale"
PLAYBOOK, MODEL = "playbook", "model"
MARKET = "market"
CONTENT, SCHEDULE = "content", "schedule"


@dataclass(frozen=True)
class Kind:
    """A kind of declaration: what the catalogue calls it, its folder as text, its model.

    Args:
        texts: Fields that are written as a block of their own: rules and expressions.
    """

    name: str
    folder: str
    model: type[BaseModel]
    texts: tuple[str, ...] = ()

    def read(self, name: str, body: Mapping[str, Any], **more: Any) -> BaseModel:
        """The declaration of a name and a body; a segmentation's feature is called as itself."""
        implied = {"feature": name} if "feature" in self.model.model_fields else {}
        return self.model(**{"name": name} | implied | dict(body) | more)

    def kept(self, declared: Declared) -> BaseModel:
        """The declaration that the catalogue keeps."""
        versioned = "version" in self.model.model_fields
        more = {"version": declared.version} if versioned else {}
        return self.read(declared.name, declared.body, **more)

    def body(self, declared: BaseModel) -> dict[str, Any]:
        """What the catalogue keeps of a declaration: all but its name and version."""
        return declared.model_dump(mode="json", exclude={"name", "version"})


KINDS: Mapping[str, Kind] = {
    each.name: each
    for each in (
        Kind(FEATURE, "features", Feature, ("expression",)),
        Kind(SCALE, "scales", Scale),
        Kind(MARKET, "market", MarketFigures),
        Kind(MODEL, "models", Model, ("among",)),
        Kind(SEGMENTATION, "segmentations", Segmentation, ("among", "by", "rule")),
        Kind(SEGMENT, "segments", Segment, ("rule",)),
        Kind(PLAYBOOK, "playbooks", Playbook),
        Kind(CONTENT, "contents", Content),
        Kind(SCHEDULE, "schedules", Schedule),
    )
}

Key = tuple[str, str]
"""Kind and name."""
Kept = Mapping[str, Mapping[str, BaseModel]]
"""Kind → name → declaration."""


def read_kept(newest: Newest) -> Kept:
    """What the catalogue keeps, as declarations."""
    return {
        kind: {each.name: known.kept(each) for each in newest.get(kind, ())}
        for kind, known in KINDS.items()
    }


@dataclass(frozen=True)
class Declarations:
    """Everything that people declared on a workspace.

    Args:
        parameters: Of ready-made segmentations, by name.
    """

    parameters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    kept: Kept = field(default_factory=dict)

    def of(self, kind: str) -> Mapping[str, BaseModel]:
        """The declarations of a kind, by name."""
        return self.kept.get(kind, {})

    def having(self, kind: str, name: str, declared: BaseModel) -> Declarations:
        """The same with one more, or another one of that name."""
        return replace(self, kept={**self.kept, kind: {**self.of(kind), name: declared}})

    def without(self, kind: str, name: str) -> Declarations:
        """The same with one fewer."""
        others = {each: one for each, one in self.of(kind).items() if each != name}
        return replace(self, kept={**self.kept, kind: others})

    def own_features(self) -> list[Feature]:
        """Features that people declared here."""
        return [each for each in self.of(FEATURE).values() if isinstance(each, Feature)]

    def market(self) -> list[MarketFigures]:
        """Population figures, by trait."""
        return [each for each in self.of(MARKET).values() if isinstance(each, MarketFigures)]

    def scales(self) -> list[Scale]:
        """Survey scales, by name."""
        return [each for each in self.of(SCALE).values() if isinstance(each, Scale)]

    def models(self) -> list[Model]:
        """Models, by name."""
        return [each for each in self.of(MODEL).values() if isinstance(each, Model)]

    def own_segmentations(self) -> list[Segmentation]:
        """Segmentations that people declared here."""
        return [each for each in self.of(SEGMENTATION).values() if isinstance(each, Segmentation)]

    @cached_property
    def segmentations(self) -> Sequence[Segmentation]:
        """The ready-made segmentations with their parameters, those of scales, the own ones."""
        scales = map(of_scale, self.scales())
        return (*ready_made(self.parameters), *scales, *self.own_segmentations())

    def playbooks(self) -> dict[str, Playbook]:
        """What people wrote about groups, by name."""
        found = self.of(PLAYBOOK).items()
        return {name: each for name, each in found if isinstance(each, Playbook)}

    def contents(self) -> list[Content]:
        """What is shown to whom, by place."""
        return [each for each in self.of(CONTENT).values() if isinstance(each, Content)]

    def segments(self) -> list[Segment]:
        """The segments, by name."""
        return [each for each in self.of(SEGMENT).values() if isinstance(each, Segment)]

    @cached_property
    def features(self) -> Sequence[Feature]:
        """Every feature declaration: the library's, of segmentations and scales, the own ones."""
        return tuple(self._features())

    def _features(self) -> Iterator[Feature]:
        yield from library()
        for each in self.segmentations:
            yield from each.declarations()
        for scale in self.scales():
            yield from scale.declarations()
        for model in self.models():
            yield from model.declarations()
        yield from self.own_features()

    def rules(self) -> dict[str, Condition]:
        """Trees of the segments' rules, by name."""
        return {each.name: parse_rule(each.rule) for each in self.segments()}
