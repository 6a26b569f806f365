"""Long lists a page at a time: each page says from where the next one goes on."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from segmentry.core.errors import UsageError

MOST = 1_000
USUAL = 100
Item = TypeVar("Item")


@dataclass(frozen=True)
class Page:
    """Which part of a list is asked for.

    Args:
        limit: How many at most.
        cursor: From where on, as the page before said it; empty for the first.
    """

    limit: int = USUAL
    cursor: str = ""

    def after(self, *kinds: type) -> list[Any] | None:
        """What the page before ended with; `None` on the first page.

        Raises:
            UsageError: The cursor was not given by a page of this list.
        """
        if not self.cursor:
            return None
        try:
            found = json.loads(urlsafe_b64decode(self.cursor.encode("ascii")))
        except ValueError:
            found = None
        if not isinstance(found, list) or [type(each) for each in found] != list(kinds):
            raise UsageError(
                "this cursor is not from a page of this list.",
                fix="Take `next_cursor` as the page before gave it, or leave it out.",
            )
        return found

    def cut(
        self, items: Sequence[Item], ends_with: Callable[[Item], Sequence[Any]]
    ) -> tuple[list[Item], str | None]:
        """The items of this page, and the cursor of the next; `None` when this is the last.

        Args:
            items: One more than the limit, where there are so many.
            ends_with: What the next page needs to go on after an item.
        """
        shown = list(items[: self.limit])
        if len(items) <= self.limit:
            return shown, None
        end = json.dumps(list(ends_with(shown[-1])), ensure_ascii=True).encode("ascii")
        return shown, urlsafe_b64encode(end).decode("ascii")
