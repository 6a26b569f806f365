"""Which features a prediction may read: dated ones, as they were at the cut."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from segmentry.core.errors import UnknownNameError, UsageError
from segmentry.core.types import Type
from segmentry.features.known import Features, KnownFeature
from segmentry.language.population import Score
from segmentry.language.preference import Distinctive

UNDATED_TABLES = ("customers", "companies")
"""What they hold is as it was when loaded, perhaps long after the cut."""
WRITTEN_LATER = ("returned_amount", "net_amount", "status")
"""Columns of facts that change after the fact's own date, as when goods come back."""
READABLE = (Type.INTEGER, Type.NUMBER, Type.MONEY, Type.BOOLEAN, Type.TEXT)


@dataclass(frozen=True)
class Inputs:
    """The features a model reads, each after the other, in a fixed order.

    Args:
        undated: Those of them that may tell of the future; watched while fitting.
    """

    names: tuple[str, ...]
    undated: tuple[str, ...] = ()


def default_inputs(features: Features) -> Inputs:
    """Every shown number, truth value and text that is made of dated facts alone.

    Groups and scores are left out, since they look at the whole base and say again what their
    parts say; so are traits and what changes after its own date (returns, status), since they may
    tell of the time after the cut. Locked features are not there at all.
    """
    chosen = (each for each in features.shown if _of_itself(each))
    return Inputs(tuple(each.name for each in chosen if is_dated(features, each.name)))


def chosen_inputs(features: Features, names: Iterable[str]) -> Inputs:
    """Features and traits by name, in that order, whether dated or not.

    Raises:
        UnknownNameError: There is no such feature or trait.
        UsageError: One is a date or an instant.
    """
    found = tuple(dict.fromkeys(names))
    for name in found:
        if name not in features.schema.features:
            raise UnknownNameError("feature", name, features.schema.features)
        if features.schema.features[name].type not in READABLE:
            raise UsageError(f"`{name}` is a date.", fix="Name one that counts days instead.")
    return Inputs(found, tuple(each for each in found if not is_dated(features, each)))


def is_dated(features: Features, name: str) -> bool:
    """Whether a feature as of an instant is the same whatever happened at or after it."""
    for column in features.columns(name):
        table, _, field = column.partition(".")
        if table in UNDATED_TABLES or field in WRITTEN_LATER:
            return False
    return not any(getattr(each, "fact", "") == "returns" for each in _trees(features, name))


def _trees(features: Features, name: str) -> Iterable[object]:
    if name not in features.known:
        return
    known = features.known[name]
    for each in [*features.needed([known.node]), known]:
        yield from each.node.walk()


def _of_itself(each: KnownFeature) -> bool:
    against_base = any(isinstance(node, Distinctive | Score) for node in each.node.walk())
    plain = each.declaration.kind in ("aggregate", "formula") and each.field.type in READABLE
    return plain and not against_base


__all__ = ["Inputs", "chosen_inputs", "default_inputs", "is_dated"]
