"""What follows from a tree alone is worked out once and kept on its nodes, which never change.

It goes when the tree goes. A copy (`replace`) starts afresh, and nodes compare without it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from segmentry.core.types import Type
    from segmentry.language.node import Names

Found = TypeVar("Found")
AnyNode = TypeVar("AnyNode")


def kept(find: Callable[[AnyNode], list[Found]]) -> Callable[[AnyNode], list[Found]]:
    """A question about a node alone; asked again, it gives a new list of what was found."""
    place = f"_{find.__name__}"

    @wraps(find)
    def asked(node: AnyNode) -> list[Found]:
        held = node.__dict__.get(place)
        if held is None:
            held = node.__dict__[place] = tuple(find(node))
        return list(held)

    return asked


def kept_type(find: Callable[[Any, Names], Type]) -> Callable[[Any, Names], Type]:
    """The type of a value, kept for the names it was asked with last.

    Every operator asks for the types of what is inside it: without this, nested choices would ask
    for those at the bottom again from every level. What does not fit is told each time.
    """

    @wraps(find)
    def asked(node: Any, names: Names) -> Type:
        schema, fact = names.schema, getattr(names, "fact", None)
        held = node.__dict__.get("_type")
        if held is not None and held[0] is schema and held[1] is fact:
            found: Type = held[2]
            return found
        kind = find(node, names)
        node.__dict__["_type"] = (schema, fact, kind)
        return kind

    return asked
