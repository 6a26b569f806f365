"""The last answer of a function, given again as long as it is asked the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Last(Generic[P, T]):
    """A function that gives its last answer again as long as it is asked the same.

    Whoever keeps what follows from an answer can then tell by identity that nothing has changed.
    What it is asked with must not be changed afterwards. An error is not kept.

    >>> halved = Last(lambda number: [number / 2])
    >>> halved(4) is halved(4)
    True
    >>> halved(6)
    [3.0]
    """

    def __init__(self, make: Callable[P, T]) -> None:
        self._make = make
        self._last: tuple[object, T] | None = None

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> T:
        """The answer of the function."""
        asked = args, kwargs
        if self._last is None or self._last[0] != asked:
            self._last = None
            self._last = asked, self._make(*args, **kwargs)
        return self._last[1]
