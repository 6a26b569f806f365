"""How far the data can be believed, and what was done with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

Severity = Literal["info", "warn", "error"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckView:
    """One check of the data: what of its records failed, and what to do about it.

    `trend` holds the failing share (0..1) of earlier runs and this one, oldest first.
    """

    name: str
    label: str
    entity: str
    severity: Severity
    passed: bool
    failing: int
    of: int
    message: str = ""
    fix: str = ""
    trend: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadView:
    """One load of one entity; `records` = `accepted` + `unchanged` + `rejected`."""

    source: str
    entity: str
    records: int
    accepted: int
    unchanged: int
    rejected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """A kind of unusual record (returns, zero prices), how many, and what was done with them."""

    label: str
    count: int
    policy: str


class LockedColumn(NamedTuple):
    """A column that nothing may use, and what it is about (health, opinions)."""

    column: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """How far the data can be believed: a score from 0 to 100, or `None` if nothing was checked.

    `locked` columns hold special categories of personal data and are not used; `merged` records of
    customers count for another one.
    """

    score: int | None = None
    checks: tuple[CheckView, ...] = ()
    loads: tuple[LoadView, ...] = ()
    treatments: tuple[Treatment, ...] = ()
    locked: tuple[LockedColumn, ...] = ()
    merged: int = 0
