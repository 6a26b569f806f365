"""What is shown to whom: for a place of a site or a letter, a segment's content."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Variant(BaseModel):
    """What members of a segment are shown."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    segment: str
    show: Mapping[str, Any]


class Content(BaseModel):
    """The variants of a place, the first that fits is shown.

    Args:
        otherwise: What everyone else is shown.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=100)
    variants: tuple[Variant, ...] = Field(default=(), max_length=100)
    otherwise: Mapping[str, Any] = Field(default_factory=dict)

    def chosen(self, is_in: Callable[[str], bool]) -> tuple[str | None, Mapping[str, Any]]:
        """The segment whose content is shown, and the content; `None` for everyone else.

        >>> place = Content(name="hero", variants=[{"segment": "vip", "show": {"text": "Hello"}}])
        >>> place.chosen(lambda segment: segment == "vip")
        ('vip', {'text': 'Hello'})
        >>> place.chosen(lambda segment: False)
        (None, {})
        """
        for each in self.variants:
            if is_in(each.segment):
                return each.segment, each.show
        return None, self.otherwise
