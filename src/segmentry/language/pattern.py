r"""Regular expressions that mean the same everywhere: a part of RE2, checked before it is used.

Allowed: characters, `.`, `^`, `$`, classes `[a-z]` and `[^…]`, `\d \w \s` and their capitals
(ASCII), `\b`, groups `(…)` and `(?:…)`, alternatives, and `* + ? {m,n}` with an optional `?`.
No back-references, no look-around, no flags: nothing that can run away.
"""

from __future__ import annotations

import re

from segmentry.core.errors import RuleTypeError

MOST_CHARACTERS = 256
MOST_PARTS = 1000
"""How many parts a pattern may have once counted repetitions are written out."""
MOST_DEPTH = 20
_ESCAPES = frozenset("dDwWsSbnrt")
_SPECIAL = frozenset("\\.^$*+?()[]{}|/-")
_REPEAT = re.compile(r"(?:[*+?]|\{([0-9]{1,4})(?:(,)([0-9]{1,4})?)?\})\??")


def checked(pattern: str) -> str:
    """The pattern itself, if it is one of ours.

    Raises:
        RuleTypeError: It is too long, or has what is not allowed; says where.
    """
    if len(pattern) > MOST_CHARACTERS:
        raise RuleTypeError(f"a pattern has at most {MOST_CHARACTERS} characters.")
    reader = _Reader(pattern)
    reader.alternatives(1)
    if reader.at < len(pattern):
        raise reader.refusal("a closing parenthesis without an opening one")
    return pattern


def in_python(pattern: str) -> re.Pattern[str]:
    """The checked pattern for the plain meaning, read as RE2 reads it."""
    return re.compile(_TOKEN.sub(_translated, pattern), re.ASCII)


_TOKEN = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|\$", re.DOTALL)
_SPACE = "\\t\\n\\f\\r "


def _translated(found: re.Match[str]) -> str:
    match found[0]:
        case "$":
            return r"\Z"
        case r"\s":
            return f"[{_SPACE}]"
        case r"\S":
            return f"[^{_SPACE}]"
        case brackets if brackets[0] == "[":
            return re.sub(r"\\.", lambda one: _SPACE if one[0] == r"\s" else one[0], brackets)
        case other:
            return other


class _Reader:
    """Reads a pattern by recursive descent; depth is bounded by its length."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0
        self.parts = 0
        self.depth = 0

    def refusal(self, what: str) -> RuleTypeError:
        return RuleTypeError(
            f"the pattern has {what} at character {self.at + 1}.",
            fix="Allowed are characters, . ^ $ [a-z] \\d \\w \\s \\b (…) | * + ? {m,n}.",
        )

    def peek(self, length: int = 1) -> str:
        return self.pattern[self.at : self.at + length]

    def alternatives(self, repeated: int) -> None:
        self.sequence(repeated)
        while self.peek() == "|":
            self.at += 1
            self.sequence(repeated)

    def sequence(self, repeated: int) -> None:
        while self.peek() not in ("", "|", ")"):
            start = self.at
            repeatable = self.skip_atom()
            end = self.at
            times = repeated * self.repetition(repeatable)
            if self.pattern[start] == "(":
                self.inner(start, end, times)
            else:
                self.parts += times
            if max(self.parts, times) > MOST_PARTS:
                raise self.refusal("too many repetitions")

    def inner(self, start: int, end: int, repeated: int) -> None:
        """Read the inside of a group again, now that it is known how often it is repeated."""
        after, self.at = self.at, start + (3 if self.pattern.startswith("(?:", start) else 1)
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise self.refusal("too many groups inside one another")
        self.alternatives(repeated)
        if self.at != end - 1:
            raise self.refusal("a group that does not close")
        self.at, self.depth = after, self.depth - 1

    def skip_atom(self) -> bool:
        """Go past one atom; whether it may be repeated."""
        match self.peek():
            case "\\":
                return self.escape()
            case "[":
                self.character_class()
            case "(":
                self.group()
            case "*" | "+" | "?" | "{" | "}" | "]":
                raise self.refusal(f"a `{self.peek()}` out of place (write \\{self.peek()})")
            case other:
                self.at += 1
                return other not in "^$"
        return True

    def escape(self) -> bool:
        escaped = self.peek(2)[1:]
        if escaped not in _ESCAPES | _SPECIAL or not escaped:
            raise self.refusal("an escape that is not allowed")
        self.at += 2
        return escaped != "b"

    def character_class(self) -> None:
        self.at += 2 if self.peek(2) == "[^" else 1
        first = True
        while first or self.peek() != "]":
            low = self.class_character()
            if self.peek() == "-" and self.peek(2) not in ("-", "-]"):
                self.at += 1
                high = self.class_character()
                if not low or not high or low > high:
                    raise self.refusal("a range that holds nothing")
            first = False
        self.at += 1

    def class_character(self) -> str:
        """One character of a class; empty for one that is a class itself, such as a digit."""
        character = self.peek()
        if character == "\\":
            escaped = self.peek(2)[1:]
            if not escaped or escaped in "bS":
                raise self.refusal("an escape that is not allowed in brackets")
            self.escape()
            return (
                ""
                if escaped in "dDwWs"
                else {"n": "\n", "r": "\r", "t": "\t"}.get(escaped, escaped)
            )
        if character in ("", "[", "]", "^", "-", "&", "~", "|"):
            raise self.refusal("brackets that do not close" if not character else
                               f"a `{character}` in brackets (write \\{character})")  # fmt: skip
        self.at += 1
        return character

    def group(self) -> None:
        if self.peek(2) == "(?" and self.peek(3) != "(?:":
            raise self.refusal("look-around, a flag or a named group")
        depth = 0
        while self.at < len(self.pattern):
            match self.peek():
                case "\\":
                    self.at += 1
                case "[":
                    self.character_class()
                    continue
                case "(":
                    depth += 1
                case ")":
                    depth -= 1
            self.at += 1
            if depth == 0:
                return
        raise self.refusal("a group that does not close")

    def repetition(self, repeatable: bool) -> int:
        found = _REPEAT.match(self.pattern, self.at)
        if found is None:
            if self.peek() == "{":
                raise self.refusal("a `{` out of place (write \\{)")
            return 1
        if not repeatable:
            raise self.refusal("a repetition of nothing")
        self.at = found.end()
        if self.peek() in ("*", "+", "?", "{"):
            raise self.refusal("a repetition of a repetition")
        low, _, high = found[1], found[2], found[3]
        if low and high and int(high) < int(low):
            raise self.refusal("a repetition with its ends exchanged")
        return max(int(high or low or 1), 1)
