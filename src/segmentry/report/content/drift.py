"""What moved between two instants."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftView:
    """A feature or a way of dividing: its stability index, and what chance alone stays under.

    Args:
        moved: How much, in words; `steady`: within chance.
        before: Mean of a number; `None` for a way of dividing.
    """

    label: str
    index: float
    chance: float
    moved: str
    steady: bool
    before: float | None = None
    after: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftView:
    """What moved since an earlier day, the most first; without shifts it is not shown.

    Args:
        beyond: How many features moved beyond chance, of so many looked at.
    """

    since: str = ""
    beyond: int = 0
    features: int = 0
    shifts: tuple[ShiftView, ...] = ()
    divisions: tuple[ShiftView, ...] = ()
