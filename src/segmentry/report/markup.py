"""HTML that escapes by itself: text becomes markup only through `el`."""

from __future__ import annotations

from html import escape

VOID = frozenset({"meta", "br", "col"})


class Markup(str):
    """Text that is already HTML."""

    __slots__ = ()


Child = str | None
"""Markup is written as it is, any other text is escaped, `None` is left out."""


def join(*children: Child) -> Markup:
    """The children one after another."""
    return Markup(
        "".join(
            child if isinstance(child, Markup) else escape(child, quote=False)
            for child in children
            if child is not None
        )
    )


def el(tag: str, /, *children: Child, **attributes: str | bool | None) -> Markup:
    """An element. `class_` is written `class`, `aria_label` as `aria-label`.

    An attribute that is `None` or false is left out; a true one is written without a value.

    >>> el("p", "a < b", class_="note")
    '<p class="note">a &lt; b</p>'
    """
    written = [tag]
    for name, value in attributes.items():
        if value is None or value is False:
            continue
        key = name.rstrip("_").replace("_", "-")
        written.append(key if value is True else f'{key}="{escape(str(value))}"')
    head = f"<{' '.join(written)}>"
    return Markup(head if tag in VOID else f"{head}{join(*children)}</{tag}>")
