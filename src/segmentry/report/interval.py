"""Numbers with their intervals in words: on the page, and in charts."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from segmentry.report.content import Estimated
from segmentry.report.markup import Markup, el
from segmentry.report.writer import Writer

Written = Callable[[float], str]
"""How the number is written."""


def money(write: Writer) -> Written:
    """Estimated money in full."""
    return lambda value: write.money(Decimal(str(round(value, 2))))


def interval(found: Estimated, write: Writer, written: Written) -> str:
    """From where to where it may lie, or why that cannot be said."""
    if found.low is None or found.high is None:
        key = f"report.interval.{found.withheld or 'nothing'}"
        return write.messages(key)
    low, high = written(found.low), written(found.high)
    return write.messages("report.interval.span", low=low, high=high)


def estimated(found: Estimated, write: Writer, written: Written) -> Markup:
    """The number, and below it its interval."""
    if found.value is None:
        return el("span", write.count(None))
    class_ = "spread withheld" if found.low is None else "spread"
    below = el("small", interval(found, write, written), class_=class_)
    return el("span", written(found.value), below)
