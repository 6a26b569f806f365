"""What the texts and sentences of measures share: facts and fields, `where`, the window."""

from __future__ import annotations

from segmentry.language.literal import identifier, quoted
from segmentry.language.node import Condition
from segmentry.language.window import ALL_TIME, Window
from segmentry.language.words import Words
from segmentry.locale import Phrase

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
) -> Phrase:
    """`orders in the last 90 days where channel is web`, or `3 orders …`."""
    rows = _in_window(words, fact, window, count)
    if where is None:
        return rows
    condition = where.sentence(words.of_rows(fact))
    joined = where.binding <= JOINED
    condition = words("group", inner=condition) if joined else condition
    return Phrase(lambda form: words("where", rows=rows.form(form), condition=condition))


def group_of_rows(words: Words, fact: str, where: Condition | None, window: Window) -> Phrase:
    """The same where more words follow: `orders in the last 90 days where (channel is web)`."""
    rows = _in_window(words, fact, window)
    if where is None:
        return rows
    condition = where.sentence(words.of_rows(fact))
    return Phrase(lambda form: words("where_group", rows=rows.form(form), condition=condition))


def _in_window(words: Words, fact: str, window: Window, count: object = None) -> Phrase:
    time = window.sentence(words)

    def said(form: str) -> str:
        rows = words.rows(fact, form) if count is None else words.counted(count, fact, form)
        return f"{rows} {time}" if time else rows

    return Phrase(said)
