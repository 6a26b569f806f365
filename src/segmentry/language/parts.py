"""A sentence in parts: which words are said by which part of the tree."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Final

from segmentry.core.types import Value
from segmentry.language.node import Node
from segmentry.language.sentence import sentence
from segmentry.language.span import Span
from segmentry.language.window import Window
from segmentry.language.words import Said, Words
from segmentry.locale import Messages, Phrase

_OPEN, _CLOSE, _FIRST = "\ufdd0", "\ufdd1", 0xF0000
"""Characters that no text has: they stand around what a part says until the whole is said."""
_MARK: Final = re.compile(f"({_OPEN}.|{_CLOSE})", re.DOTALL)


@dataclass(frozen=True)
class Part:
    """Some words of a sentence.

    Args:
        text: The words, with the spaces around them.
        pointer: JSON pointer from the rule to the innermost node, or field of one, that says them.
    """

    text: str
    pointer: str


def parts(node: Node, messages: Messages, labels: Mapping[str, str] | None = None) -> list[Part]:
    """The sentence of a rule in order; the texts joined are exactly what `sentence` says.

    Where a text of the person has the characters in it by which parts are told apart, the whole
    sentence is one part.
    """
    whole = sentence(node, messages, labels)
    places = dict(_places(node, ""))
    pointers = list(dict.fromkeys(places.values()))
    marked = _MarkedMessages(messages.language, messages.entries)
    told = node.sentence(_MarkedWords(marked, labels or {}, places=places, pointers=pointers))
    found = list(_read(told, pointers))
    exact = "".join(each.text for each in found) == whole
    return found if exact else [Part(whole, "")]


def _places(node: Node, pointer: str) -> Iterator[tuple[int, str]]:
    """Where each node, window and span of the tree stands, by identity."""
    yield id(node), pointer
    for each in fields(node):
        if not each.compare:
            continue
        value = getattr(node, each.name)
        several = enumerate(value) if isinstance(value, tuple) else [(None, value)]
        for number, inner in several:
            place = f"{pointer}/{each.name}" + ("" if number is None else f"/{number}")
            if isinstance(inner, Node):
                yield from _places(inner, place)
            elif isinstance(inner, Window | Span):
                yield id(inner), place


class _Number(int):
    """A whole number that knows who says it."""

    place: int


class _MarkedMessages(Messages):
    """Messages that write a number between the marks of who says it."""

    def _write(self, value: object) -> object:
        written = super()._write(value)
        return _marked(str(written), value.place) if isinstance(value, _Number) else written


@dataclass(frozen=True)
class _MarkedWords(Words):
    """Words that put marks around what a part of the tree says."""

    places: Mapping[int, str] = field(default_factory=dict)
    pointers: list[str] = field(default_factory=list)

    def said(self, by: object, text: Said, within: str = "") -> Said:
        place = self._place(by, within)
        if place is None:
            return text
        if isinstance(text, Phrase):
            return Phrase(lambda form: _marked(text.form(form), place))
        return _marked(text, place)

    def number(self, by: object, value: Value, within: str = "") -> Value:
        place = self._place(by, within)
        if place is None or type(value) is not int:
            return value
        number = _Number(value)
        number.place = place
        return number

    def _place(self, by: object, within: str) -> int | None:
        if id(by) not in self.places:
            return None
        pointer = self.places[id(by)] + (f"/{within}" if within else "")
        if pointer not in self.pointers:
            self.pointers.append(pointer)
        return self.pointers.index(pointer)


def _marked(text: str, place: int) -> str:
    return f"{_OPEN}{chr(_FIRST + place)}{text}{_CLOSE}" if text else text


def _read(told: str, pointers: list[str]) -> Iterator[Part]:
    """The parts between the marks; neighbours of one place are one."""
    inside: list[str] = []
    text = ""
    for piece in filter(None, _MARK.split(told)):
        after = _after(inside, piece, pointers)
        if after is None:
            text += piece
            continue
        if text and _last(after) != _last(inside):
            yield Part(text, _last(inside))
            text = ""
        inside = after
    if text:
        yield Part(text, _last(inside))


def _after(inside: list[str], piece: str, pointers: list[str]) -> list[str] | None:
    """Where one is after a mark; nothing if the piece is none."""
    if piece == _CLOSE:
        return inside[:-1]
    if piece[0] == _OPEN:
        place = ord(piece[1:] or "\0") - _FIRST
        return [*inside, pointers[place] if 0 <= place < len(pointers) else ""]
    return None


def _last(inside: list[str]) -> str:
    return inside[-1] if inside else ""
