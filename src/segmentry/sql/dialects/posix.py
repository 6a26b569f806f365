r"""The language's patterns as POSIX regular expressions that find the same texts.

Our patterns are a part of RE2 (`language/pattern.py`), read by bytes and without flags. PostgreSQL
reads advanced regular expressions: there `.` and `[^a]` find a line break too, `\b` is another
character, a class inside brackets may not be a complement, and a repetition counts to 255 at most.
Whether a text holds a match does not depend on greediness, so that is left as it is.
"""

from __future__ import annotations

import re

MOST_REPEATS = 255
_TOKEN = re.compile(
    r"(?P<escape>\\.)|(?P<brackets>\[\^?\]?(?:\\.|[^\]\\])*\])|(?P<dot>\.)"
    r"|(?P<times>\{[0-9]+(?:,[0-9]*)?\}\??)|(?P<other>.)",
    re.DOTALL,
)
_CLASSES = {
    "d": "0-9",
    "w": "0-9A-Za-z_",
    "s": r"\t\n\f\r ",
    "D": r"\u0001-/:-\U0010ffff",
    "W": r"\u0001-/:-@\[-\^`{-\U0010ffff",
}


def in_posix(pattern: str) -> str:
    r"""The checked pattern as PostgreSQL has to read it.

    >>> print(in_posix(r"^\d.\b"))
    ^[0-9][^\n]\y
    """
    parts: list[str] = []
    atom = 0
    opened: list[int] = []
    for found in _TOKEN.finditer(pattern):
        if found.lastgroup == "times":
            parts[atom:] = [_repeated("".join(parts[atom:]), found["times"])]
            continue
        if found["other"] == ")":
            start = opened.pop()
            parts[start:] = ["".join([*parts[start:], ")"])]
            atom = len(parts) - 1
            continue
        if found["other"] == "(":
            opened.append(len(parts))
        if found["other"] not in ("*", "+", "?"):
            atom = len(parts)
        parts.append(_translated(found))
    return "".join(parts)


def _translated(found: re.Match[str]) -> str:
    match found.lastgroup:
        case "dot":
            return r"[^\n]"
        case "brackets":
            return _brackets(found["brackets"])
        case "escape":
            return _escape(found["escape"][1])
        case _:
            return found[0]


def _escape(escaped: str) -> str:
    if escaped == "b":
        return r"\y"
    if escaped == "S":
        return rf"[^{_CLASSES['s']}]"
    return f"[{_CLASSES[escaped]}]" if escaped in _CLASSES else f"\\{escaped}"


def _brackets(brackets: str) -> str:
    return re.sub(r"\\(.)", lambda one: _CLASSES.get(one[1], one[0]), brackets, flags=re.DOTALL)


def _repeated(atom: str, times: str) -> str:
    """The atom repeated, in portions that PostgreSQL can count."""
    low, comma, high = re.fullmatch(r"\{([0-9]+)(,?)([0-9]*)\}\??", times).groups()  # type: ignore[union-attr]
    least = int(low)
    if max(least, int(high or 0)) <= MOST_REPEATS:
        return f"{atom}{times}"
    text = "".join(f"{atom}{{{each}}}" for each in _portions(least))
    if not comma:
        more = ""
    elif not high:
        more = f"{atom}*"
    else:
        more = "".join(f"{atom}{{0,{each}}}" for each in _portions(int(high) - least))
    return f"(?:{text}{more})"


def _portions(number: int) -> list[int]:
    whole, rest = divmod(number, MOST_REPEATS)
    return [MOST_REPEATS] * whole + ([rest] if rest else [])


__all__ = ["in_posix"]
