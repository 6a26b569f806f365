"""Moves of customers between groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from segmentry.report.content.estimated import Estimated


class Named(NamedTuple):
    """A thing's name in definitions, and its label for people."""

    name: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Customers who were in `from_group` at period `step` and in `to_group` at `step` + 1.

    Those who stayed are flows too. `from_group` is `None` for customers who were not there yet.
    """

    step: int
    from_group: str | None
    to_group: str
    customers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StayView:
    """Who of a group's members before the last step are in it after.

    Args:
        half_life: After how many days half have left, if they go on leaving so.
    """

    group: str
    customers: int
    stayed: Estimated
    half_life: Estimated


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """Moves between the groups of one way of dividing over the last periods, oldest first.

    Args:
        stays: Of groups that had members before the last step, in the order of groups.
    """

    name: str = ""
    label: str = ""
    periods: tuple[str, ...] = ()
    groups: tuple[Named, ...] = ()
    flows: tuple[Flow, ...] = ()
    stays: tuple[StayView, ...] = ()
