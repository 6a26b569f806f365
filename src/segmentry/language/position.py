"""Where in a rule's text a part stands, so that an error can point at it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from segmentry.core.errors import DeclarationError

E = TypeVar("E", bound=DeclarationError)


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a text; line and column count from 1."""

    line: int
    column: int

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}"


def placed(error: E, position: Position | None) -> E:
    """The error, saying where it is unless it says so already."""
    if position is not None and not error.where:
        error.where = str(position)
        error.details |= {"line": position.line, "column": position.column}
    return error


@contextmanager
def located(position: Position | None) -> Iterator[None]:
    """Errors raised inside say where they are; the innermost place wins."""
    try:
        yield
    except DeclarationError as error:
        placed(error, position)
        raise
