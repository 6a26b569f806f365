"""The card of a lifetime value: how it was come by, and how far to trust it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from segmentry.models.clv.backtest import Backtest, Tested
from segmentry.models.clv.estimate import Estimate
from segmentry.models.clv.gate import Need
from segmentry.models.clv.level import Factor
from segmentry.models.clv.measures import Decile, deciles


@dataclass(frozen=True)
class Parameter:
    """A fitted parameter with its 90 % interval."""

    name: str
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Tracked:
    """Repeat purchases of all customers until a day, as they came and as the model expects."""

    day: str
    actual: float
    expected: float


@dataclass(frozen=True)
class Card:
    """All that was decided, and what it rests on.

    Args:
        method: `bg_nbd`, `mbg_nbd` or `pareto_nbd`.
        correction: `none`, `level`, `groups` or `boosted`: what makes up for errors of held-out
            time.
        orders_factor: By how much it changes the sum of purchases, how that is known, and how sure
            it is.
        spend_factor: The same of the value of a purchase.
        year_seen: Whether there is a year of history: without it no season is known.
        level: Purchases that came over those expected in held-out time, with a 90 % interval;
            nothing where no time could be held out.
        spending: `gamma_gamma`, or `mean`: the customer's own mean, where no model fits.
        frequency_spend_correlation: Between purchases and the logarithm of their mean value. The
            models take it for 0.
        groups: Rows that were fitted instead of customers: histories, or cells of them.
    """

    method: str
    as_of: str
    horizon_days: int
    yearly_discount: float
    seed: int
    needs: tuple[Need, ...]
    customers: int
    groups: int
    parameters: tuple[Parameter, ...]
    log_likelihood: float
    spending: str
    spending_parameters: tuple[Parameter, ...]
    frequency_spend_correlation: float | None
    correction: str
    orders_factor: Factor
    spend_factor: Factor
    year_seen: bool
    level: tuple[float, float, float] | None
    holdout_on: str | None
    holdout_days: int
    holdout_customers: int
    holdout: tuple[Tested, ...]
    deciles: tuple[Decile, ...]
    tracking: tuple[Tracked, ...]

    @classmethod
    def of(cls, tested: Backtest | None, **others: Any) -> Card:
        """A card with what held-out time said, if there was any."""
        newest = tested.foresight.cuts[0] if tested else None
        ratio = newest.orders_ratio if newest else None
        return cls(
            level=(ratio.value, ratio.low, ratio.high) if ratio else None,
            holdout_on=newest.past.as_of if newest else None,
            holdout_days=newest.held.days if newest else 0,
            holdout_customers=len(newest.held.rows) if newest else 0,
            holdout=tested.rows if tested else (),
            deciles=deciles(newest.orders, newest.held.purchases) if newest else (),
            **others,
        )

    def as_json(self) -> Mapping[str, Any]:
        """Plain objects, lists, texts and numbers."""
        return asdict(self)


def parameters(estimate: Estimate[Any] | None) -> tuple[Parameter, ...]:
    """The parameters of an estimate; none without one."""
    if estimate is None:
        return ()
    return tuple(
        Parameter(name, value, *estimate.intervals[name])
        for name, value in estimate.parameters.items()
    )
