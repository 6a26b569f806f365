r"""Our regular expressions as Java reads them, with the same meaning.

The rule language allows a part of RE2 (`language/pattern.py`). Java reads most of it alike; what it
reads otherwise is written out: `$` (Java also finds it before a line's end), `.` (Java leaves out
more than the line feed), `\s` (Java has one more), `\b` (Java's letters are not only ASCII).

RE2 takes time in proportion to the text. Java tries one way of matching after the other, so a
pattern with too many ways is refused: `(a+)+` would take longer than anybody waits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import prod

from segmentry.core.errors import UnsupportedOperationError
from segmentry.sql.operators import Op

MOST_WAYS = 10**10
"""As many as five open repetitions have."""
OPEN = 100
"""How many ways an open repetition counts for; texts in which things are looked for are short."""

_WORD = "[a-zA-Z0-9_]"
_WRITTEN_OUT = {
    "$": r"\z",
    ".": r"[^\n]",
    r"\s": r"[\t\n\f\r ]",
    r"\S": r"[^\t\n\f\r ]",
    r"\b": f"(?:(?<={_WORD})(?!{_WORD})|(?<!{_WORD})(?={_WORD}))",
}
_TOKEN = re.compile(
    r"\\.|\[(?:\\.|[^\]\\])*\]|\(\?:|[()|]|(?:[*+?]|\{[0-9]+(?:,[0-9]*)?\})\??|.", re.DOTALL
)
_REPEAT = re.compile(r"\{([0-9]+)(,([0-9]*))?\}")


def in_java(pattern: str) -> str:
    """The checked pattern, as Java reads it.

    Raises:
        UnsupportedOperationError: It has so many ways to match that Java would not come to an end.
    """
    parts = _TOKEN.findall(pattern)
    if _ways_of_choice(iter(parts)) > MOST_WAYS:
        raise UnsupportedOperationError(
            f"spark cannot compute `{Op.MATCHES.value}` with a pattern that can match a text in so"
            " many ways.",
            fix="Repeat single characters or brackets, as in [a-z]+, not groups with repetitions or"
            " alternatives inside, and at most five of them.",
            operator=Op.MATCHES.value,
            engine="spark",
        )
    return "".join(map(_written, parts))


def _written(part: str) -> str:
    if part.startswith("["):
        return re.sub(r"\\.", lambda one: r"\t\n\f\r " if one[0] == r"\s" else one[0], part)
    return _WRITTEN_OUT.get(part, part)


def _ways_of_choice(parts: Iterator[str]) -> float:
    """In how many ways alternatives up to the closing parenthesis can match; at least 1."""
    branches: list[list[float]] = [[]]
    for part in parts:
        if part == ")":
            break
        if part == "|":
            branches.append([])
        elif _is_repetition(part):
            branches[-1].append(_repeated(branches[-1].pop(), part))
        else:
            branches[-1].append(_ways_of_choice(parts) if part in ("(", "(?:") else 1)
    return sum(map(prod, branches))


def _is_repetition(part: str) -> bool:
    return part[0] in "*+?{"


def _repeated(ways: float, part: str) -> float:
    """In how many ways so many of something can match that itself has `ways`."""
    if part[0] in "*+":
        return OPEN if ways == 1 else MOST_WAYS + 1
    found = _REPEAT.match(part)
    low, high = (int(found[1]), found[3] if found[2] else found[1]) if found else (0, "1")
    if not high:
        return OPEN if ways == 1 else MOST_WAYS + 1
    return min(sum(min(ways, MOST_WAYS) ** count for count in range(low, int(high) + 1)),
               MOST_WAYS + 1)  # fmt: skip
