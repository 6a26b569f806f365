"""How every part stood at the last point, kept beside the columns it was computed from.

So much of it that the next point needs neither the members themselves nor the changes that led to
them: how many there are, what they brought, what the history of the part takes, and what the rule
meant. It is one small file in the folder of the columns, there whole or not at all; without it the
next point is computed as the first one is. Whether it is of this history is seen from the history.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from segmentry.core.time import AsOf
from segmentry.core.whole import whole
from segmentry.engines.duckdb import DuckDB
from segmentry.segments.past import Pieces

FILE = "memberships.json"
EDITION = 1
"""Raised when the same rule over the same columns gives other members than before."""
HISTORY = """SELECT segment, bit_xor(said)::VARCHAR FROM (
        SELECT segment, hash(part, as_of, mark) AS said FROM membership_change
        UNION ALL SELECT segment, hash(part, as_of) FROM membership_whole)
    GROUP BY segment"""


@dataclass(frozen=True)
class Size:
    """How large a part is.

    Args:
        members: How many customers are in it.
        valued: How many of them have a revenue.
        units: What these brought, in whole units of money's last place.
    """

    members: int = 0
    valued: int = 0
    units: int = 0

    def __add__(self, other: Size) -> Size:
        """Both together; what is taken off is below zero."""
        return Size(
            self.members + other.members, self.valued + other.valued, self.units + other.units
        )


@dataclass(frozen=True)
class Part:
    """How a part stood: its size, and what must be read to know its members."""

    size: Size
    pieces: Pieces


NO_PART = Part(Size(), Pieces())


@dataclass(frozen=True)
class Standing:
    """How a segment, or a segmentation with its groups, stood.

    Args:
        meaning: What the rule said as an expression over columns.
        history: Another text whenever what is recorded of it is something else.
    """

    meaning: str
    history: str
    parts: Mapping[str, Part]


@dataclass(frozen=True)
class Standings:
    """How all stood at a point.

    Args:
        valued: Whether customers had a revenue at all.
    """

    as_of: AsOf
    valued: bool
    segments: Mapping[str, Standing]

    def write(self, folder: Path) -> None:
        """Keep them in a folder, whole or not at all.

        Raises:
            OSError: The folder cannot be written to, or the disk is full.
        """
        said = {
            "edition": EDITION,
            "instant": self.as_of.instant.isoformat(),
            "timezone": self.as_of.timezone,
            "valued": self.valued,
            "segments": {name: _said(each) for name, each in self.segments.items()},
        }
        with whole(folder / FILE) as draft:
            draft.write_text(json.dumps(said, separators=(",", ":")))


def standings(folder: Path) -> Standings | None:
    """How all stood when the columns of a folder were computed; `None` if that is not known."""
    try:
        said = json.loads((folder / FILE).read_text())
        if said["edition"] != EDITION:
            return None
        instant = datetime.fromisoformat(said["instant"])
        segments = {name: _standing(each) for name, each in said["segments"].items()}
        return Standings(AsOf(instant, said["timezone"]), said["valued"], segments)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _said(standing: Standing) -> list[Any]:
    parts = {
        name: [*vars(each.size).values(), *vars(each.pieces).values()]
        for name, each in standing.parts.items()
    }
    return [standing.meaning, standing.history, parts]


def _standing(said: list[Any]) -> Standing:
    meaning, history, parts = said
    stood = {name: Part(Size(*each[:3]), Pieces(*each[3:])) for name, each in parts.items()}
    return Standing(meaning, history, stood)


def histories(engine: DuckDB) -> dict[str, str]:
    """A text for each segment that has a history, another one whenever that is another."""
    return dict(engine.rows(HISTORY))
