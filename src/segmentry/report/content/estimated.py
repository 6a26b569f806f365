"""A number and how sure it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Withheld = Literal["", "nothing", "few", "heavy"]
"""Why there is no interval: nothing to go by, too few customers, or a few of them decide it all."""


@dataclass(frozen=True, slots=True)
class Estimated:
    """A number with its 95 % interval, or with why there is none."""

    value: float | None
    low: float | None = None
    high: float | None = None
    withheld: Withheld = ""
