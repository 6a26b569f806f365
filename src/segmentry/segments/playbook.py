"""A playbook: what is done for a group, in a person's words."""

from __future__ import annotations

from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field


class Playbook(BaseModel):
    """What is done for a group; a part that says nothing is empty.

    Args:
        name: `<segmentation>.<group in small letters>`, as `named` makes it.
        avoid: What not to do.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    PARTS: ClassVar[tuple[str, ...]] = ("goal", "offer", "message", "channel", "avoid")

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*\.\w+$")
    goal: str = ""
    offer: str = ""
    message: str = ""
    channel: str = ""
    avoid: str = ""

    def over(self, other: Playbook) -> Playbook:
        """Its own parts, and those of another where it has none."""
        held = {part: getattr(self, part) or getattr(other, part) for part in self.PARTS}
        return self.model_copy(update=held)


def named(segmentation: str, group: str) -> str:
    """Name under which the playbook of a group is kept.

    >>> named("rfm_eleven", "Can't Lose Them"), named("age", "65+"), named("size", "½")
    ('rfm_eleven.can_t_lose_them', 'age.65', 'size._')
    """
    plain = (each if each.isalpha() or each.isdecimal() else " " for each in group.lower())
    return f"{segmentation}.{'_'.join(''.join(plain).split()) or '_'}"
