"""Whether there is enough to say anything of lifetime value, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass

from segmentry.core.errors import UsageError
from segmentry.models.clv.counts import Extent


@dataclass(frozen=True)
class Need:
    """One thing that is needed.

    Args:
        name: `buyers`, `days`, `silent_days` or `frequent_buyers`.
        needed: At least that much; of `silent_days`, at most.
        found: How much there is.
    """

    name: str
    needed: int
    found: int

    @property
    def met(self) -> bool:
        """Whether there is enough."""
        return (
            self.found <= self.needed if self.name == "silent_days" else self.found >= self.needed
        )


NEEDED = {"buyers": 500, "days": 180, "silent_days": 30, "frequent_buyers": 20}
SAID = {
    "buyers": "customers who bought ({found}, needed {needed})",
    "days": "days of history ({found}, needed {needed})",
    "silent_days": "recent orders (the last is {found} days old, at most {needed})",
    "frequent_buyers": "customers with three purchases or more ({found}, needed {needed})",
}


def needs(extent: Extent) -> tuple[Need, ...]:
    """Each thing that is needed, and how much of it there is."""
    return tuple(Need(name, least, getattr(extent, name)) for name, least in NEEDED.items())


def check(extent: Extent) -> None:
    """Make sure that there is enough.

    Raises:
        UsageError: There is not; says what is missing. No guess is made.
    """
    missing = [each for each in needs(extent) if not each.met]
    if missing:
        lacking = "; ".join(
            SAID[each.name].format(found=each.found, needed=each.needed) for each in missing
        )
        raise UsageError(
            f"lifetime value cannot be told: there are too few {lacking}.",
            fix="Load a longer history of orders, or look as of a day nearer to its end.",
            missing={each.name: each.found for each in missing},
        )
