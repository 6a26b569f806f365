"""What a model foresaw at earlier cuts, and by how much its sums are to be changed for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from segmentry.models.clv.counts import Holdout
from segmentry.models.clv.estimate import fit
from segmentry.models.clv.gamma_gamma import fit_spending
from segmentry.models.clv.level import LAST, NONE, TRACKING, Factor, Ratio, Ways, tracked
from segmentry.models.clv.model import METHODS, PurchaseModel
from segmentry.models.clv.past import Past
from segmentry.models.clv.purchases import Array, Purchases


@dataclass(frozen=True)
class Foreseen:
    """What was foreseen at a cut of each of its customers.

    Args:
        orders: Purchases until the next cut.
        spend: The value of one of them.
    """

    past: Past
    model: PurchaseModel
    orders: Array
    spend: Array

    @classmethod
    def by(cls, method: str, past: Past) -> Self:
        """What a model foresees that is fitted at the cut.

        Raises:
            UsageError: It cannot be fitted.
        """
        model = fit(METHODS[method].start(past.rows), past.rows).model
        held, spending = past.held, fit_spending(past.spending)
        count = held.rows.frequency + 1
        each = spending.model.expected_spend(count, held.spent) if spending else held.spent / count
        return cls(past, model, model.expected_purchases(held.rows, held.days), each)

    @property
    def held(self) -> Holdout:
        """What came."""
        return self.past.held

    @cached_property
    def orders_ratio(self) -> Ratio:
        """Purchases that came over those foreseen."""
        return Ratio.of(self.held.purchases, self.orders)

    @cached_property
    def spend_ratio(self) -> Ratio:
        """What was paid over what should have been, had the sum of purchases been right."""
        return Ratio.of(self.held.paid, self.orders_ratio.value * self.orders * self.spend)


@dataclass(frozen=True)
class Foresight:
    """One model at several cuts.

    Args:
        cuts: Those at which it could be fitted, the newest first, at least one.
        pasts: All of them.
    """

    cuts: tuple[Foreseen, ...]
    pasts: tuple[Past, ...]

    @property
    def before(self) -> Foresight | None:
        """What was known at the newest cut; nothing where there is no earlier one."""
        return Foresight(self.cuts[1:], self.pasts[1:]) if self.cuts[1:] else None

    def orders(self, model: PurchaseModel, rows: Purchases) -> Factor:
        """The factor on purchases ahead, of the model as fitted to histories now."""
        past = [
            (cut.past.as_of, cut.orders_ratio.value, each.orders_ways(cut.model, cut.past.rows))
            for cut, each in self._judges()
        ]
        return Factor.of(self.orders_ways(model, rows), past)

    def spend(self) -> Factor:
        """The factor on the value of a purchase ahead."""
        past = [
            (cut.past.as_of, cut.spend_ratio.value, each.spend_ways())
            for cut, each in self._judges()
        ]
        return Factor.of(self.spend_ways(), past)

    def _judges(self) -> Iterator[tuple[Foreseen, Foresight]]:
        """Cuts, each with what was known there, as long as now from a cut as long before."""
        for place, cut in enumerate(self.cuts):
            rest = self.pasts[place + 1 :]
            if rest and rest[0].held.days == cut.held.days:
                yield cut, Foresight(self.cuts[place + 1 :], rest)

    def orders_ways(self, model: PurchaseModel, rows: Purchases) -> Ways:
        """Factors on purchases ahead, of a model fitted to histories now, by way."""
        last, days = self.pasts[0].rows, self.pasts[0].held.days
        return {
            LAST: self.cuts[0].orders_ratio.drawn if self.cuts else 1.0,
            NONE: 1.0,
            TRACKING: tracked(model, rows, last, days),
        }

    def spend_ways(self) -> Ways:
        """Factors on the value of a purchase ahead, by way.

        The model's word comes first: a few dear purchases move the ratio more than it can tell.
        """
        return {NONE: 1.0, LAST: self.cuts[0].spend_ratio.drawn if self.cuts else 1.0}


__all__ = ["Foreseen", "Foresight"]
