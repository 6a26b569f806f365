"""From a rule's text to its words and signs, each with its place."""

from __future__ import annotations

import re
from dataclasses import dataclass

from segmentry.core.errors import RuleSyntaxError
from segmentry.language.position import Position

MOST_CHARACTERS = 20_000
_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
    | (?P<number>[0-9]+(?:\.[0-9]+)?)
    | (?P<text>'(?:[^']|'')*')
    | (?P<quoted>"(?:[^"]|"")+")
    | (?P<name>[^\W\d]\w*)
    | (?P<sign>=>|<=|>=|<>|!=|--|/\*|[-+*/(),.=<>])
    """,
    re.VERBOSE,
)
_HINTS = {
    "'": ("a text opens here and does not close.", "End it with '; write '' for a quote inside."),
    '"': ("a name opens here and does not close.", 'End it with ".'),
    "&": ("`&` is not a sign of the language.", "Write AND."),
    "|": ("`|` is not a sign of the language.", "Write OR."),
    "!": ("`!` is not a sign of the language.", "Write NOT, or <> for unequal."),
    ";": ("a rule is one condition; `;` has no place in it.", "Take it out."),
    "‘": ("texts stand in straight quotes.", "Write ' instead of ‘."),
    "’": ("texts stand in straight quotes.", "Write ' instead of ’."),
    "“": ("texts stand in straight quotes.", "Write ' instead of “."),
    "”": ("texts stand in straight quotes.", "Write ' instead of ”."),
}


@dataclass(frozen=True, slots=True)
class Token:
    """A number, text, name (lower case unless it was quoted), sign, or the end."""

    kind: str
    text: str
    position: Position

    def is_(self, *words: str) -> bool:
        """Whether it is one of these signs or bare words."""
        return self.kind in ("sign", "name") and self.text in words

    def __str__(self) -> str:
        return "the end" if self.kind == "end" else f"`{self.text[:40]}`"


def tokens(text: str) -> list[Token]:
    """The tokens of a text, the end as the last.

    Raises:
        RuleSyntaxError: The text is too long, or a character has no place in a rule.
    """
    if len(text) > MOST_CHARACTERS:
        raise RuleSyntaxError(
            f"the rule has {len(text)} characters; {MOST_CHARACTERS} are allowed.",
            line=1,
            column=1,
            fix="Make parts of it segments and join them with in_segment.",
        )
    found: list[Token] = []
    at, line, line_start = 0, 1, 0
    while at < len(text):
        position = Position(line, at - line_start + 1)
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise _unreadable(text[at], position)
        raw = match[0]
        if match.lastgroup != "space":
            found.append(_token(match.lastgroup, raw, position))
        if newlines := raw.count("\n"):
            line += newlines
            line_start = at + raw.rindex("\n") + 1
        at = match.end()
        if match.lastgroup == "number" and re.match(r"\w", text[at:]):
            raise RuleSyntaxError(
                f"`{raw[:40]}{text[at]}` runs a number and letters together.",
                line=position.line,
                column=position.column,
                fix="Numbers are written 12 or 12.5; texts stand in quotes.",
            )
    return [*found, Token("end", "", Position(line, len(text) - line_start + 1))]


def _token(kind: str, raw: str, position: Position) -> Token:
    match kind:
        case "text":
            return Token(kind, raw[1:-1].replace("''", "'"), position)
        case "quoted":
            return Token(kind, raw[1:-1].replace('""', '"'), position)
        case "name":
            return Token(kind, raw.lower(), position)
        case _ if raw in ("--", "/*"):
            raise RuleSyntaxError(
                "comments are not a part of a rule.",
                line=position.line,
                column=position.column,
                fix="Put it into the description; between two minus signs put a space.",
            )
    return Token(kind, "<>" if raw == "!=" else raw, position)


def _unreadable(character: str, position: Position) -> RuleSyntaxError:
    shown = character if character.isprintable() else f"U+{ord(character):04X}"
    message, fix = _HINTS.get(character, (f"`{shown}` has no place in a rule.", ""))
    return RuleSyntaxError(message, line=position.line, column=position.column, fix=fix)
