"""What each node is made of, for whoever builds rules piece by piece: the JSON face, described."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, dataclass, fields
from typing import Any, get_args, get_origin, get_type_hints

from segmentry.core.types import Type
from segmentry.language.aggregate import FOLDS
from segmentry.language.condition import OPERATORS
from segmentry.language.function import MEANINGS
from segmentry.language.literal import Constant
from segmentry.language.node import Condition, Node
from segmentry.language.text_match import MATCHES
from segmentry.language.vocabulary import NODES

TYPES = tuple(
    each.value for each in (Type.TEXT, Type.INTEGER, Type.NUMBER, Type.BOOLEAN, Type.DATE)
)
OPTIONS = {
    ("arithmetic", "operator"): ("+", "-", "*", "/"),
    ("comparison", "operator"): tuple(OPERATORS),
    ("text_match", "how"): tuple(MATCHES),
    ("function", "function"): tuple(MEANINGS),
    ("aggregate", "function"): ("count", *FOLDS),
    ("days_since", "which"): ("first", "last"),
    ("score", "best"): ("high", "low"),
}
"""What a text may be, where it is one of a few."""
NAMED = {
    ("name", "name"): "feature",
    ("in_segment", "name"): "segment",
    ("in_list", "name"): "list",
}
NAMES = {"feature": "feature", "fact": "fact", "field": "field", "by": "field"}
"""Fields whose text is a name, and of what."""
WORDS = {"str": "text", "int": "integer", "bool": "boolean", "ValueNode": "value"}


@dataclass(frozen=True)
class Piece:
    """A field of a node.

    Args:
        holds: `condition`, `value`, `constant`, `text`, `integer`, `boolean`, `decimal`, `span`,
            `window`; of a text that is a name `feature`, `fact`, `field`, `segment` or `list`; and
            `any` of a constant's own value.
        many: Whether it is a list of them.
        optional: Whether it may be left out.
        options: What a text may be, where it is one of a few.
    """

    name: str
    holds: str
    many: bool = False
    optional: bool = False
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Face:
    """A kind of node.

    Args:
        condition: Whether it can stand where a condition is needed; else a value is.
    """

    kind: str
    condition: bool
    pieces: tuple[Piece, ...]


def faces() -> Iterator[Face]:
    """Every kind of node, in the order of the vocabulary."""
    for kind, node in NODES.items():
        yield Face(kind, issubclass(node, Condition), tuple(_pieces(node)))


def _pieces(node: type[Node]) -> Iterator[Piece]:
    if node is Constant:
        yield from (Piece("type", "text", options=TYPES), Piece("value", "any"))
        return
    hints = get_type_hints(node)
    for each in fields(node):
        if each.name != "position":
            yield _piece(node.kind, each.name, hints[each.name], each.default is not MISSING)


def _piece(kind: str, name: str, hint: Any, optional: bool) -> Piece:
    inner = [each for each in get_args(hint) if each not in (type(None), ...)]
    if type(None) in get_args(hint):
        return _piece(kind, name, inner[0], True)
    many = get_origin(hint) is tuple
    holds = (inner[0] if many else hint).__name__
    holds = WORDS.get(holds, holds.lower())
    if holds == "text":
        holds = NAMED.get((kind, name)) or NAMES.get(name, holds)
    return Piece(name, holds, many, optional, OPTIONS.get((kind, name), ()))


__all__ = ["TYPES", "Face", "Piece", "faces"]
