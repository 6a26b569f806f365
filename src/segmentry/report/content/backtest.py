"""What groups taken as of past months did afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from segmentry.report.content.estimated import Estimated

Verdict = Literal["more", "less", "past", "unsaid"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedView:
    """One group, and its members afterwards.

    Args:
        place: From 0, among all groups; its colour goes by it.
        customers: Different customers who were in it in any of the months.
        revenue: Per member, in the days that followed; `more` is that less everyone else's.
        bought: Share of members who bought in them; `bought_more` is that less everyone else's.
    """

    label: str
    place: int
    customers: int
    revenue: Estimated
    more: Estimated
    bought: Estimated
    bought_more: Estimated
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedView:
    """How well a way of dividing tells who will bring much: 1 perfectly, 0 not at all.

    Args:
        over_naive: That less what past spend alone tells.
        naive: Whether it is one of the plain ways to beat.
    """

    label: str
    groups: int
    gini: Estimated
    over_naive: Estimated
    naive: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestView:
    """Groups as of past months; without groups it is not shown.

    Args:
        of: Number of groups, those without customers too.
        days: How long their members were followed.
        cuts: The days as of which they were taken, oldest first.
        ranking: Ways of dividing, the best first.
    """

    label: str = ""
    of: int = 0
    days: int = 0
    cuts: tuple[str, ...] = ()
    groups: tuple[TriedView, ...] = ()
    ranking: tuple[RankedView, ...] = ()
