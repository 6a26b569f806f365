"""Segments and segmentations of a workspace, tried on its past."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from segmentry.core.errors import UsageError
from segmentry.core.time import AsOf
from segmentry.data.identity.counted import counted
from segmentry.insights.backtest import HORIZONS, Ranked, Tried, ranked, tried
from segmentry.insights.future import Cut, cut
from segmentry.language.node import Node
from segmentry.workspace.value import asked

if TYPE_CHECKING:
    from segmentry.workspace.folder import When
    from segmentry.workspace.workspace import Workspace

HISTORY_DAYS = 90
"""Days of orders before the first cut."""
MOST_CUTS = 12
USUAL = ("rfm", "rfm_eleven", "lifecycle", "temperature", "revenue_tiers", "profit_tiers")
"""What is ranked when nothing is named: the usual segmentations that the data allow, and own."""


@dataclass(frozen=True)
class Backtest:
    """What came of the members of segments as of past months.

    Args:
        cuts: The first days of months as of which members were taken, oldest first.
        groups: For each name its groups; a segment has itself.
        ranking: All that was asked about and two naive rows, best first; none when it cannot be
            said.
    """

    as_of: str
    cuts: tuple[str, ...]
    groups: Mapping[str, tuple[Tried, ...]]
    ranking: tuple[Ranked, ...]


def backtest(
    workspace: Workspace,
    names: Sequence[str],
    when: When = None,
    most_cuts: int = MOST_CUTS,
    shown: Sequence[str] | None = None,
) -> Backtest:
    """Segments and segmentations as of the first day of each month, against what followed.

    Args:
        names: Segmentations, saved segments, groups and rules; without any, the usual
            segmentations, the workspace's own and its saved segments.
        most_cuts: Of more months, the latest.
        shown: Of which names the groups are told; all, unless said.

    Raises:
        UsageError: The orders do not reach back far enough.
        DeclarationError: A name is none, and no rule.
    """
    as_of = workspace.as_of(when)
    divisions = asked(workspace, list(names) or usual(workspace, as_of), as_of)
    instants = _instants(workspace, as_of, most_cuts)
    cuts = [_cut(workspace, each, as_of, divisions) for each in instants]
    return Backtest(
        as_of=str(as_of),
        cuts=tuple(str(each) for each in instants),
        groups={
            name: tuple(tried(cuts, name)) for name in divisions if shown is None or name in shown
        },
        ranking=tuple(ranked(cuts)),
    )


def usual(workspace: Workspace, as_of: AsOf) -> list[str]:
    """The usual segmentations that the data allow, the workspace's own, and its segments."""
    ready = [each for each in workspace.methods(as_of) if each.available]
    found = [each.name for each in ready if each.name in USUAL or each.family == "own"]
    return found + [each.name for each in workspace.saved()]


def _instants(workspace: Workspace, as_of: AsOf, most_cuts: int) -> list[AsOf]:
    """First days of months with enough before them and the shortest horizon behind them."""
    orders = counted("orders")
    first = workspace.engine.value(
        f"SELECT min(ordered_at) FROM {orders} WHERE is_purchase AND customer_no IS NOT NULL"
    )
    if first is None:
        raise UsageError("a backtest needs orders; there are none.", fix="Load orders.")
    earliest = first + timedelta(days=HISTORY_DAYS)
    latest = as_of.instant - timedelta(days=HORIZONS[0])
    found: list[AsOf] = []
    day = date(as_of.day.year, as_of.day.month, 1)
    while len(found) < most_cuts:
        here = AsOf.parse(day, as_of.timezone)
        if here.instant < earliest:
            break
        if here.instant <= latest:
            found.insert(0, here)
        day = (day - timedelta(days=1)).replace(day=1)
    if not found:
        raise UsageError(
            f"a backtest needs {HISTORY_DAYS} days of orders before the first day of a month, and"
            f" {HORIZONS[0]} after it; they begin on {first:%Y-%m-%d}.",
            fix="Load older orders.",
        )
    return found


def _cut(workspace: Workspace, instant: AsOf, end: AsOf, divisions: Mapping[str, Node]) -> Cut:
    over = [days for days in HORIZONS if instant.instant + timedelta(days=days) <= end.instant]
    return cut(workspace.customers(instant), workspace.engine, divisions, over)
