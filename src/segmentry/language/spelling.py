"""What the texts and sentences of measures share: facts and fields, `where`, the window."""

from __future__ import annotations

from segmentry.language.literal import identifier, quoted
from segmentry.language.node import Condition
from segmentry.language.window import ALL_TIME, Window
from segmentry.language.words import Words

JOINED = 2
"""Binding of AND; what binds no tighter is grouped inside a longer sentence."""


def path(fact: str, field: str | None = None) -> str:
    """`orders.channel`, or `orders`."""
    return identifier(fact) + (f".{identifier(field)}" if field else "")


def options(where: Condition | None, window: Window = ALL_TIME, **more: str) -> str:
    """Named arguments, each after a comma: `where`, then `more`, then the window's."""
    named = {} if where is None else {"where": where.text()}
    named |= more | {name: quoted(text) for name, text in window.arguments().items()}
    return "".join(f", {name} => {text}" for name, text in named.items())


def rows_in_words(
    words: Words,
    fact: str,
    where: Condition | None,
    window: Window = ALL_TIME,
    count: object = None,
) -> str:
    """`orders in the last 90 days where channel is web`, or `3 orders …`."""
    said = words.rows(fact) if count is None else words.counted(count, fact)
    if in_window := window.sentence(words):
        said += f" {in_window}"
    if where is not None:
        condition = where.sentence(words.of_rows(fact))
        joined = where.binding <= JOINED
        condition = words("group", inner=condition) if joined else condition
        said += " " + words("where", condition=condition)
    return said


def group_of_rows(words: Words, fact: str, where: Condition | None, window: Window) -> str:
    """The same where more words follow: `orders in the last 90 days where (channel is web)`."""
    said = rows_in_words(words, fact, None, window)
    if where is None:
        return said
    condition = words("group", inner=where.sentence(words.of_rows(fact)))
    return f"{said} {words('where', condition=condition)}"
