"""Whether declarations hold together; finds everything that is wrong, not only the first thing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from segmentry.core.errors import CycleError, DeclarationError, SegmentryError, UnknownNameError
from segmentry.features.known import Features, resolve, tree
from segmentry.language.check import check
from segmentry.language.closed import unknown_values
from segmentry.language.node import Condition, Node
from segmentry.language.schema import Schema
from segmentry.language.text import parse_rule, parse_value, segments
from segmentry.segments import usage
from segmentry.segments.library import ready_made
from segmentry.segments.segment import Segmentation
from segmentry.workspace.declarations import FEATURE, SEGMENT, SEGMENTATION, Declarations

PARAMETERS = "parameters"


@dataclass(frozen=True)
class Wrong:
    """What is wrong with a part of a declaration."""

    kind: str
    name: str
    error: DeclarationError
    path: tuple[str | int, ...] = ()


@dataclass
class Check:
    """Takes out what is wrong until the rest holds together.

    Args:
        schema: Facts and traits that are loaded.
    """

    declarations: Declarations
    schema: Schema
    wrong: list[Wrong] = field(default_factory=list)
    rules: dict[str, Condition] = field(default_factory=dict)
    _gone: set[tuple[str, str]] = field(default_factory=set)

    def run(self) -> Features:
        """The features of all that holds; `wrong` and `rules` are filled."""
        self._parameters()
        self._spelling()
        self._circles()
        features = self._features()
        schema = replace(features.schema, segments=frozenset(self.rules))
        for name, rule in self.rules.items():
            with self._noting(SEGMENT, name, "rule"):
                check(rule, schema)
        self._values(schema)
        self._take_out()
        return features

    def _values(self, schema: Schema) -> None:
        """What can never be is named too; it says "nobody", and what reads it still holds."""
        for node, kind, name, path in self._written():
            self.wrong += (Wrong(kind, name, each, path) for each in unknown_values(node, schema))

    def _written(self) -> Iterator[tuple[Node, str, str, tuple[str | int, ...]]]:
        for name, rule in self.rules.items():
            yield rule, SEGMENT, name, ("rule",)
        for feature in self.declarations.own_features():
            yield tree(feature.expression), FEATURE, feature.name, ("expression",)
        for segmentation in self.declarations.own_segmentations():
            for path, text in rules_of(segmentation):
                yield parse_rule(text), SEGMENTATION, segmentation.name, path

    @contextmanager
    def _noting(self, kind: str, name: str, *path: str | int) -> Iterator[None]:
        """What goes wrong inside is noted; an echo of something that is gone is not said again."""
        try:
            yield
        except (SegmentryError, TypeError, ValueError) as error:
            self._note(kind, name, error, path)

    def _note(self, kind: str, name: str, error: Exception, path: tuple[str | int, ...]) -> None:
        echo = isinstance(error, UnknownNameError) and any(
            (each, error.details["name"]) in self._gone for each in (FEATURE, SEGMENTATION, SEGMENT)
        )
        self._gone.add((kind, name))
        if not echo:
            self.wrong.append(Wrong(kind, name, _declared_wrong(error), path))

    def _take_out(self) -> None:
        for kind, name in self._gone:
            self.declarations = self.declarations.without(kind, name)
            if kind == SEGMENT:
                self.rules.pop(name, None)

    def _parameters(self) -> None:
        with self._noting(PARAMETERS, PARAMETERS):
            ready_made(self.declarations.parameters)
        if self._gone:
            self.declarations = replace(self.declarations, parameters={})

    def _spelling(self) -> None:
        """Rules and expressions that cannot be read go first: all of them are named."""
        for feature in self.declarations.own_features():
            with self._noting(FEATURE, feature.name, "expression"):
                tree(feature.expression)
        for segment in self.declarations.segments():
            with self._noting(SEGMENT, segment.name, "rule"):
                self.rules[segment.name] = parse_rule(segment.rule)
        for segmentation in self.declarations.own_segmentations():
            self._groups(segmentation)
        self._take_out()

    def _groups(self, segmentation: Segmentation) -> None:
        name = segmentation.name
        for path, rule in rules_of(segmentation):
            with self._noting(SEGMENTATION, name, *path):
                parse_rule(rule)
        if segmentation.by:
            with self._noting(SEGMENTATION, name, "by"):
                parse_value(segmentation.by)
        for number, group in enumerate(segmentation.groups[:-1]):
            if group.rule is None:
                with self._noting(SEGMENTATION, name, "groups", number):
                    raise DeclarationError(f"everyone else, `{group.name}`, must come last.")

    def _circles(self) -> None:
        """Segments that use what is not there, or themselves."""
        for name, rule in self.rules.items():
            for each in segments(rule):
                if each not in self.rules:
                    with self._noting(SEGMENT, name, "rule"):
                        raise UnknownNameError("segment", each, self.rules)
            if name in usage.reached(name, self.rules):
                with self._noting(SEGMENT, name, "rule"):
                    raise CycleError(f"segment `{name}` uses itself.")
        self._take_out()

    def _features(self) -> Features:
        while True:
            try:
                return self._resolved()
            except DeclarationError as error:
                kind, name = self._declaring(error.details.get("feature", ""))
                if not name:
                    raise
                path = ("expression",) if kind == FEATURE else ()
                self._note(kind, name, error, path)
                self._take_out()

    def _resolved(self) -> Features:
        declared = self.declarations.features
        return resolve(declared, self.schema, self.schema.features, self.rules)

    def _declaring(self, feature: str) -> tuple[str, str]:
        for segmentation in self.declarations.own_segmentations():
            if feature in {each.name for each in segmentation.declarations()}:
                return SEGMENTATION, segmentation.name
        return FEATURE, feature if feature in self.declarations.of(FEATURE) else ""


def _declared_wrong(error: Exception) -> DeclarationError:
    if isinstance(error, DeclarationError):
        return error
    message = error.message if isinstance(error, SegmentryError) else f"{error}."
    return DeclarationError(message, fix=getattr(error, "fix", ""))


def rules_of(segmentation: Segmentation) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """The rules of a segmentation, each with the path to it."""
    if segmentation.among:
        yield ("among",), segmentation.among
    for number, group in enumerate(segmentation.groups):
        if group.rule is not None:
            yield ("groups", number, "rule"), group.rule
