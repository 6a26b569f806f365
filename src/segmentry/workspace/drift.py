"""How a workspace's base changed between two instants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from segmentry.core.errors import UsageError
from segmentry.core.time import AsOf
from segmentry.core.types import Type
from segmentry.features.customers import Customers
from segmentry.insights.drift import Divided, Shift, divided, shifts
from segmentry.insights.member import Members, fetched
from segmentry.language.node import Node
from segmentry.language.value import Name
from segmentry.workspace.backtest import usual
from segmentry.workspace.value import asked

if TYPE_CHECKING:
    from segmentry.workspace.folder import When
    from segmentry.workspace.workspace import Workspace

SINCE_DAYS = 90
AT_ONCE = 24
"""Features whose numbers are in memory together, of both instants."""
NUMBERS = (Type.INTEGER, Type.NUMBER, Type.MONEY)


@dataclass(frozen=True)
class Drift:
    """What moved between two instants.

    Args:
        features: Those that moved most first.
        segmentations: As asked.
    """

    since: str
    as_of: str
    customers_before: int
    customers_after: int
    features: tuple[Shift, ...]
    segmentations: tuple[Divided, ...]


def drift(
    workspace: Workspace, names: Sequence[str], when: When = None, since: When = None
) -> Drift:
    """What moved between two instants: features, and groups with who stayed in them.

    Args:
        names: Features that are numbers, segmentations, saved segments, groups and rules; without
            any, all these features and the usual segmentations.
        since: The earlier instant; 90 days before by default.

    Raises:
        UsageError: `since` is not earlier, or nobody was known then.
        DeclarationError: A name is none, and no rule.
    """
    as_of = workspace.as_of(when)
    earlier = workspace.as_of(since) if since is not None else _before(as_of)
    if earlier.instant >= as_of.instant:
        raise UsageError(f"{earlier} is not before {as_of}.", fix="Name an earlier day.")
    pair = workspace.customers(earlier), workspace.customers(as_of)
    numbers, groups = _asked(workspace, names, pair[1], as_of)
    found: list[Shift] = []
    for start in range(0, len(numbers), AT_ONCE):
        some = {name: Name(name) for name in numbers[start : start + AT_ONCE]}
        found += shifts(*(fetched(each, some, {}) for each in pair))
    before, after = (fetched(each, {}, groups) for each in pair)
    _check(before, earlier)
    days = (as_of.instant - earlier.instant).total_seconds() / 86_400
    return Drift(
        since=str(earlier),
        as_of=str(as_of),
        customers_before=len(before),
        customers_after=len(after),
        features=tuple(sorted(found, key=lambda each: (-each.index, each.name))),
        segmentations=tuple(divided(before, after, name, days) for name in groups),
    )


def _before(as_of: AsOf) -> AsOf:
    return AsOf.parse(as_of.day - timedelta(days=SINCE_DAYS), as_of.timezone)


def _check(before: Members, earlier: AsOf) -> None:
    if not len(before):
        raise UsageError(
            f"no customer was known as of {earlier}.", fix="Name a later day: `--since DAY`."
        )


def _asked(
    workspace: Workspace, names: Sequence[str], customers: Customers, as_of: AsOf
) -> tuple[list[str], dict[str, Node]]:
    numbers = [each.name for each in customers.features.shown if each.field.type in NUMBERS]
    if not names:
        return numbers, asked(workspace, usual(workspace, as_of), as_of)
    own = [each for each in names if each in numbers]
    rest = [each for each in names if each not in numbers]
    return own, asked(workspace, rest, as_of) if rest else {}
