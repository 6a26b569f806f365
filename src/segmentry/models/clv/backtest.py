"""Models of purchases on held-out time: fitted at a cut, held against what came after it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from segmentry.core.errors import UsageError
from segmentry.models.clv.correction import Boosted, ByGroup, Correction, Level
from segmentry.models.clv.counts import Holdout
from segmentry.models.clv.foreseen import Foreseen, Foresight
from segmentry.models.clv.level import NONE, Factor, Ratio
from segmentry.models.clv.measures import Measures, deviance, measure
from segmentry.models.clv.model import METHODS, PurchaseModel
from segmentry.models.clv.outlook import YEAR
from segmentry.models.clv.past import Past
from segmentry.models.clv.purchases import Array, Purchases

SHAPES: tuple[type[Correction], ...] = (ByGroup, Boosted)
WORTH = 0.005
"""Of the deviance: by how much a shape must be better than none, out of time, to be used."""


@dataclass(frozen=True)
class Tested:
    """One prediction on held-out time.

    Args:
        method: A model, or `frequency`, `spend_in_year`: ranking by that alone.
        correction: `none`, or what was learnt at cuts before the cut.
        of: `orders` or `spend`.
    """

    method: str
    correction: str
    of: str
    measures: Measures


@dataclass(frozen=True)
class Backtest:
    """What held-out time says.

    Args:
        rows: Every candidate, on the customers and days of the newest cut.
        method: The model with the least deviance.
        foresight: What it foresaw at each cut.
        shape: The shape of a correction that proved itself.
    """

    rows: tuple[Tested, ...]
    method: str
    foresight: Foresight
    shape: type[Correction] | None
    seed: int

    def correction(
        self, factor: Factor, model: PurchaseModel, rows: Purchases, days: int
    ) -> Correction | None:
        """What changes the sum of these customers by a factor; of the shape that proved itself."""
        shape = self.shape or (Level if factor.value != 1 else None)
        if shape is None:
            return None
        learnt = _learnt(shape, self.foresight.cuts[0], self.seed)
        return learnt.carried(rows, model.expected_purchases(rows, days), factor.value)


def backtest(pasts: Sequence[Past], method: str, seed: int) -> Backtest:
    """Choose a model, and the shape of its correction, at the newest cut.

    The model is the one with the least deviance. A shape is used only where one that was learnt at
    the cut before beats none by half a percent of the deviance; or, where none does, one that was
    learnt from half of the customers does so of the other half.

    Args:
        pasts: At least one, the newest first.
        method: The only one to look at, or `auto`.

    Raises:
        UsageError: None can be fitted.
    """
    found = _candidates(pasts[0], tuple(METHODS) if method == "auto" else (method,))
    held = pasts[0].held
    plain = [_of_orders(name, NONE, each.orders, held) for name, each in found.items()]
    best = min(plain, key=lambda each: each.measures.deviance).method
    foresight = Foresight((found[best], *_earlier(pasts[1:], best)), tuple(pasts))
    tried = _corrected(foresight, seed)
    shape = _shape(found[best].orders, tried, held)
    if shape is None:
        halves = _by_halves(foresight, seed)
        shape = _shape(found[best].orders, halves, held)
        tried |= {shape.name: halves[shape.name]} if shape else {}
    rows = [
        *plain,
        *(_of_orders(best, name, each, held) for name, each in tried.items()),
        *_of_spend(best, foresight, tried, shape.name if shape else Level.name),
        *_naive(held),
    ]
    return Backtest(tuple(rows), best, foresight, shape, seed)


def _candidates(past: Past, methods: Sequence[str]) -> dict[str, Foreseen]:
    """What each model foresees, without those that cannot be fitted."""
    found: dict[str, Foreseen] = {}
    problems: list[UsageError] = []
    for name in methods:
        try:
            found[name] = Foreseen.by(name, past)
        except UsageError as error:
            problems.append(error)
    if not found:
        raise problems[0]
    return found


def _earlier(pasts: Sequence[Past], method: str) -> Iterator[Foreseen]:
    """Earlier cuts, as far back as the model can be fitted."""
    for past in pasts:
        if not past.enough:
            return
        try:
            yield Foreseen.by(method, past)
        except UsageError:
            return


def _corrected(foresight: Foresight, seed: int) -> dict[str, Array]:
    """Purchases foreseen at the newest cut, by what had been learnt before; nothing without."""
    newest, before = foresight.cuts[0], foresight.before
    if before is None:
        return {}
    factor = before.orders(newest.model, newest.past.rows).value
    rows, orders = newest.held.rows, newest.orders
    kinds: tuple[type[Correction], ...] = (Level, *SHAPES)
    learnt = {kind.name: _learnt(kind, before.cuts[0], seed) for kind in kinds}
    return {
        name: orders * each.carried(rows, orders, factor).factors(rows, orders)
        for name, each in learnt.items()
    }


def _by_halves(foresight: Foresight, seed: int) -> dict[str, Array]:
    """Purchases foreseen at the newest cut, each customer's by what was learnt from the others.

    Their sum is what had been known of it before.
    """
    newest, before = foresight.cuts[0], foresight.before
    factor = before.orders(newest.model, newest.past.rows).value if before else 1.0
    rows, orders, came = newest.held.rows, newest.orders, newest.held.purchases
    draw = np.random.Generator(np.random.PCG64(seed))
    first, second = np.array_split(draw.permutation(len(orders)), 2)
    found = {kind.name: np.empty(len(orders)) for kind in SHAPES}
    for kind in SHAPES:
        for own, others in ((first, second), (second, first)):
            learnt = kind.learn(rows.taken(others), orders[others], came[others], seed)
            mine, said = rows.taken(own), orders[own]
            carried = learnt.carried(mine, said, factor)
            found[kind.name][own] = said * carried.factors(mine, said)
    return found


def _learnt(kind: type[Correction], cut: Foreseen, seed: int) -> Correction:
    return kind.learn(cut.held.rows, cut.orders, cut.held.purchases, seed)


def _shape(plain: Array, tried: Mapping[str, Array], held: Holdout) -> type[Correction] | None:
    """The shape that proved itself, if one did."""
    best, least = None, _deviance(plain, held) * (1 - WORTH)
    for kind in SHAPES:
        if kind.name in tried and (found := _deviance(tried[kind.name], held)) < least:
            best, least = kind, found
    return best


def _deviance(predicted: Array, held: Holdout) -> float:
    """The deviance once the sum is right."""
    return deviance(predicted * Ratio.of(held.purchases, predicted).value, held.purchases)


def _of_orders(method: str, correction: str, predicted: Array, held: Holdout) -> Tested:
    return Tested(method, correction, "orders", measure(predicted, held.purchases))


def _of_spend(
    method: str, foresight: Foresight, tried: Mapping[str, Array], used: str
) -> Iterator[Tested]:
    """Spend as the model alone foresaw it, and as what had been learnt before corrects it."""
    newest, before = foresight.cuts[0], foresight.before
    paid = newest.held.paid
    yield Tested(method, NONE, "spend", measure(newest.orders * newest.spend, paid))
    if before is not None:
        spend = newest.spend * before.spend().value
        yield Tested(method, used, "spend", measure(tried[used] * spend, paid))


def _naive(held: Holdout) -> Iterator[Tested]:
    """What a spreadsheet has: that customers go on as until the cut."""
    life = max(float(np.mean(held.rows.age)), 1.0)
    orders = held.rows.frequency * held.days / life
    yield _of_orders("frequency", NONE, orders, held)
    paid = held.spent_in_year * held.days / min(life, YEAR)
    yield Tested("spend_in_year", NONE, "spend", measure(paid, held.paid))


__all__ = ["Backtest", "Tested", "backtest"]
