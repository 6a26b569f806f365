"""How groups react to discounts and prices."""

from __future__ import annotations

from dataclasses import dataclass

from segmentry.report.content.estimated import Estimated


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionView:
    """One group.

    Args:
        place: From 0, among all groups; its colour goes by it.
        promoted: Share of what was paid for discounted goods; `index` over that of everyone else.
        change: Of units at a price ten percent higher, as a share.
        more: Elasticity less everyone else's.
    """

    label: str
    place: int
    promoted: Estimated
    index: Estimated
    elasticity: Estimated
    change: Estimated
    more: Estimated


@dataclass(frozen=True, slots=True, kw_only=True)
class SensitivityView:
    """Groups; without any it is not shown.

    Args:
        told: Sentences about everyone.
        of: Number of groups, those without customers too.
        periods: Weeks or months in which prices were held against units.
        products: Products whose price moved.
    """

    told: tuple[str, ...] = ()
    caveat: str = ""
    of: int = 0
    periods: int = 0
    products: int = 0
    groups: tuple[ReactionView, ...] = ()
