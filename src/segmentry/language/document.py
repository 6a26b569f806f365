"""The JSON face: `{"version": 1, "rule": {"kind": …}}`, checked field by field when it is read."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from segmentry.core.errors import DeclarationError, RuleSyntaxError, RuleTypeError, UnknownNameError
from segmentry.core.types import Type
from segmentry.language.literal import Constant, clean
from segmentry.language.node import Condition, Node
from segmentry.language.parser import MOST_DEPTH, bounded
from segmentry.language.span import Span
from segmentry.language.vocabulary import NODES
from segmentry.language.window import ARGUMENTS, Window, day_of, window_of

VERSION = 1


def rule_to_json(rule: Condition) -> dict[str, Any]:
    """The rule with the version of the format."""
    return {"version": VERSION, "rule": rule.as_json()}


def rule_from_json(document: Any) -> Condition:
    """The rule of a document.

    Raises:
        DeclarationError: It is not one of ours; `where` is a JSON pointer.
    """
    given = _object(document, "")
    if given.get("version") != VERSION:
        raise _wrong(f"this version of Segmentry reads version {VERSION}.", "/version")
    if unknown := given.keys() - {"version", "rule"}:
        raise UnknownNameError("field", min(unknown), ["version", "rule"], where="/")
    node = _node(given.get("rule"), "/rule", Condition, 1)
    assert isinstance(node, Condition)
    bounded(node)
    return node


def from_json(given: Any) -> Node:
    """The node of a JSON object with its `kind`.

    Raises:
        DeclarationError: It is not one of ours; `where` is a JSON pointer.
    """
    node = _node(given, "", Node, 1)
    bounded(node)
    return node


def _wrong(message: str, pointer: str, fix: str = "") -> RuleTypeError:
    return RuleTypeError(message, where=pointer or "/", fix=fix)


def _object(given: Any, pointer: str) -> Mapping[str, Any]:
    if not isinstance(given, dict):
        raise _wrong(f"an object is needed, not {_shown(given)}.", pointer)
    return given


def _shown(given: Any) -> str:
    return "nothing" if given is None else f"`{str(given)[:40]}`"


def _node(given: Any, pointer: str, wanted: type, depth: int) -> Node:
    if depth > 2 * MOST_DEPTH:
        raise _wrong(f"more than {MOST_DEPTH} levels lie inside one another.", pointer)
    content = dict(_object(given, pointer))
    kind = content.pop("kind", None)
    if not isinstance(kind, str) or kind not in NODES:
        raise UnknownNameError("kind", str(kind)[:40], NODES, where=f"{pointer}/kind")
    node_class = NODES[kind]
    if not issubclass(node_class, wanted):
        need = "condition" if wanted is Condition else "value"
        raise _wrong(f"a {need} is needed, and `{kind}` is none.", pointer)
    try:
        if node_class is Constant:
            return _constant(content, pointer)
        return node_class(**_fields(node_class, content, pointer, depth))
    except RuleSyntaxError:
        raise
    except DeclarationError as error:
        error.where = error.where or pointer or "/"
        raise


def _fields(
    node_class: type[Node], content: dict[str, Any], pointer: str, depth: int
) -> dict[str, Any]:
    known = _shape(node_class)
    if unknown := content.keys() - known.keys():
        name = str(min(unknown, key=str))[:40]
        raise UnknownNameError(f"field of {node_class.kind}", name, known, where=pointer or "/")
    read = {}
    for name, (declared, annotation) in known.items():
        if name in content:
            read[name] = _value(content[name], f"{pointer}/{name}", annotation, depth)
        elif declared.default is MISSING and not _may_be_none(annotation):
            raise _wrong(f"`{node_class.kind}` needs `{name}`.", f"{pointer}/{name}")
        elif declared.default is MISSING:
            read[name] = None
    return read


@cache
def _shape(node_class: type[Node]) -> dict[str, tuple[Field[Any], Any]]:
    hints = get_type_hints(node_class)
    return {
        each.name: (each, hints[each.name])
        for each in fields(node_class)
        if each.name != "position"
    }


def _may_be_none(annotation: Any) -> bool:
    return type(None) in get_args(annotation)


def _value(given: Any, pointer: str, annotation: Any, depth: int) -> Any:
    """A field's value, by the type it is declared with."""
    if get_origin(annotation) in (Union, types.UnionType):
        if given is None:
            return None
        (annotation,) = (each for each in get_args(annotation) if each is not type(None))
    if get_origin(annotation) is tuple:
        if not isinstance(given, list):
            raise _wrong(f"a list is needed, not {_shown(given)}.", pointer)
        inner = get_args(annotation)[0]
        return tuple(
            _value(each, f"{pointer}/{number}", inner, depth) for number, each in enumerate(given)
        )
    if issubclass(annotation, Node):
        return _node(given, pointer, annotation, depth + 1)
    return _plain(given, pointer, annotation)


def _plain(given: Any, pointer: str, annotation: type) -> Any:
    try:
        if annotation is Window:
            return _window(given, pointer)
        if annotation is Decimal:
            return _decimal(given, pointer)
        if annotation in (str, Span) and isinstance(given, str):
            return clean(given) if annotation is str else Span.parse(given)
        if annotation in (int, bool) and type(given) is annotation:
            return given
    except DeclarationError as error:
        error.where = error.where or pointer
        raise
    wanted = {str: "a text", Span: "a text such as 90 days", int: "a whole number"}
    raise _wrong(f"{wanted.get(annotation, 'true or false')} is needed.", pointer)


def _window(given: Any, pointer: str) -> Window:
    content = _object(given, pointer)
    for name, text in content.items():
        if name not in ARGUMENTS:
            raise UnknownNameError("window", str(name)[:40], ARGUMENTS, where=pointer)
        if not isinstance(text, str):
            raise _wrong("a text such as 90 days is needed.", f"{pointer}/{name}")
    return window_of(content)


def _decimal(given: Any, pointer: str) -> Decimal:
    try:
        if isinstance(given, bool) or not isinstance(given, str | int | float):
            raise _wrong("a number is needed.", pointer)
        number = Decimal(str(given)[:60])
    except InvalidOperation:
        raise _wrong(f"`{str(given)[:40]}` is not a number.", pointer) from None
    if not number.is_finite() or abs(number.adjusted()) > 40:
        raise _wrong(f"`{str(given)[:40]}` is not a number.", pointer)
    return number


def _constant(content: dict[str, Any], pointer: str) -> Constant:
    if unknown := content.keys() - {"type", "value"}:
        name = str(min(unknown, key=str))[:40]
        raise UnknownNameError("field of constant", name, ["type", "value"], where=pointer or "/")
    given, at = content.get("value"), f"{pointer}/value"
    match content.get("type"):
        case Type.TEXT if given is None or isinstance(given, str):
            return Constant.of(given)
        case Type.BOOLEAN if isinstance(given, bool):
            return Constant.of(given)
        case Type.INTEGER if isinstance(given, int) and not isinstance(given, bool):
            return Constant.of(given)
        case Type.NUMBER:
            return Constant.of(_decimal(given, at))
        case Type.DATE if isinstance(given, str):
            return Constant.of(day_of(given))
    kinds = [each.value for each in (Type.TEXT, Type.INTEGER, Type.NUMBER, Type.BOOLEAN, Type.DATE)]
    raise _wrong("the value is not of its type.", at, f"A type is one of {', '.join(kinds)}.")


__all__ = ["VERSION", "from_json", "rule_from_json", "rule_to_json"]
