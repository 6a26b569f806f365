"""Earlier cuts of a shop, each with what came after it."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass

from segmentry.features.customers import Customers
from segmentry.models.clv.counts import History, Holdout, history
from segmentry.models.clv.gamma_gamma import Spending
from segmentry.models.clv.gate import needs
from segmentry.models.clv.purchases import Purchases

CUTS = 5
"""How many are looked at at most."""
MOST = 200_000
"""Customers of a cut whose later purchases are looked at."""


@dataclass(frozen=True)
class Past:
    """A cut.

    Args:
        days_ago: Before the instant.
        rows: Histories at the cut, to fit.
        held: What came until the next cut, of the newest until the instant.
        enough: Whether enough had bought by then to fit anything.
    """

    as_of: str
    days_ago: int
    rows: Purchases
    spending: Spending
    held: Holdout
    enough: bool


def pasts(customers: Customers, now: History, days: int) -> tuple[Past, ...]:
    """Cuts some days apart, the newest first, until one has too few customers to fit.

    Where a cut has less than twice these days of history behind it, one more follows in its middle,
    and no further.
    """
    found: list[Past] = []
    later, back, ago = now, days, days
    with ExitStack() as last:
        while len(found) < CUTS:
            with ExitStack() as opened:
                cut = opened.enter_context(history(customers, ago))
                found.append(_past(cut, ago, later))
                last.close()
                last.enter_context(opened.pop_all())
            if back < days or not found[-1].enough:
                break
            later, back = cut, min(days, max(cut.extent().days // 2, 1))
            ago += back
    return tuple(found)


def _past(cut: History, ago: int, later: History) -> Past:
    wanted = ("buyers", "frequent_buyers")
    return Past(
        as_of=str(cut.as_of),
        days_ago=ago,
        rows=cut.rows_to_fit(),
        spending=cut.spending(),
        held=cut.until(later, MOST),
        enough=all(each.met for each in needs(cut.extent()) if each.name in wanted),
    )


__all__ = ["Past", "pasts"]
