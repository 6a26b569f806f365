"""How far a scale can be trusted: do its items say one thing, and who did not answer?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from segmentry.engines.duckdb import DuckDB, quote
from segmentry.features.customers import REVENUE, Customers
from segmentry.features.scale import Scale

TABLE = "scale_answers"
ORDERS = "frequency"
NOTABLE = 0.1
"""A standardised difference from which groups count as different (Austin 2009, Statistics in
Medicine 28, 3083–3107)."""


@dataclass(frozen=True)
class ItemReliability:
    """What one item does for its scale.

    Args:
        answered_share: Of the customers who answered any item, those who answered this one.
        mean: Mean answer, in the scale's direction.
        rest_correlation: With the sum of the other items; missing without spread.
        alpha_without: Alpha of the scale without the item; missing for two items.
        turn: Whether the correlation is below zero beyond chance (95 %): the item should probably
            be reversed, or no longer.
    """

    item: str
    answered_share: float
    mean: float | None
    rest_correlation: float | None
    alpha_without: float | None
    turn: bool


@dataclass(frozen=True)
class Difference:
    """A feature's mean among those who answered and those who did not.

    Args:
        standardised: Difference in standard deviations; missing without spread.
    """

    feature: str
    answered: float | None
    not_answered: float | None
    standardised: float | None

    @property
    def notable(self) -> bool:
        """Whether those who did not answer are others than those who did."""
        return self.standardised is not None and abs(self.standardised) >= NOTABLE


@dataclass(frozen=True)
class Reliability:
    """A scale on a base as of an instant.

    Args:
        customers: All customers.
        answered: Those who answered at least one item.
        scored: Those with a score.
        complete: Those who answered every item; alpha rests on them.
        alpha: Cronbach's alpha; missing for fewer than two complete answers, or without spread.
    """

    customers: int
    answered: int
    scored: int
    complete: int
    alpha: float | None
    items: tuple[ItemReliability, ...]
    differences: tuple[Difference, ...]

    @property
    def non_response_rate(self) -> float:
        """Share of the customers who answered no item."""
        return 1 - self.answered / self.customers if self.customers else 0.0


def reliability(customers: Customers, scale: Scale) -> Reliability:
    """Reliability of a scale and who did not answer, all from aggregates.

    Alpha is k / (k − 1) · (1 − Σ item variances / variance of the sum), over complete answers
    (Cronbach 1951, Psychometrika 16, 297–334).

    Raises:
        LockedFeatureError: An item is locked.
    """
    known = [each for each in (ORDERS, REVENUE) if each in customers.features]
    names = [*scale.item_features, scale.score, *known]
    desk = customers.desk
    for each in names:
        customers.features.schema.feature(each)
    customers.land(TABLE, customers.named(names))
    try:
        return _reliability(desk, scale, known)
    finally:
        desk.drop(TABLE)


def _reliability(engine: DuckDB, scale: Scale, known: Sequence[str]) -> Reliability:
    items = [quote(each) for each in scale.item_features]
    any_known = f"({' OR '.join(f'{each} IS NOT NULL' for each in items)})"
    customers, answered, scored = engine.rows(
        f"SELECT count(*), count(*) FILTER (WHERE {any_known}),"
        f" count({quote(scale.score)}) FROM {TABLE}"
    )[0]
    total = " + ".join(items)
    complete, whole = engine.rows(
        f"SELECT count({total}), var_samp(({total})::DOUBLE) FROM {TABLE}"
    )[0]
    variances = engine.rows(
        f"SELECT {', '.join(f'var_samp({each}::DOUBLE)' for each in items)} FROM {TABLE}"
        f" WHERE ({total}) IS NOT NULL"
    )[0]
    shares = engine.rows(
        f"SELECT {', '.join(f'count({each}), avg({each})' for each in items)} FROM {TABLE}"
    )[0]
    rests = engine.rows(f"SELECT {', '.join(_rest(each, total) for each in items)} FROM {TABLE}")[0]
    found = [
        ItemReliability(
            item=item,
            answered_share=shares[2 * place] / answered if answered else 0.0,
            mean=shares[2 * place + 1],
            rest_correlation=_finite(rests[2 * place]),
            alpha_without=_alpha(
                [each for other, each in enumerate(variances) if other != place],
                rests[2 * place + 1],
            ),
            turn=_below_zero(_finite(rests[2 * place]), complete),
        )
        for place, item in enumerate(scale.items)
    ]
    return Reliability(
        customers,
        answered,
        scored,
        complete,
        _alpha(variances, whole),
        tuple(found),
        tuple(_difference(engine, each, any_known) for each in known),
    )


def _rest(item: str, total: str) -> str:
    """The item's correlation with the sum of the others, and the variance of that sum."""
    rest = f"({total} - {item})::DOUBLE"
    return f"corr({item}::DOUBLE, {rest}), var_samp({rest})"


def _alpha(variances: Sequence[float | None], whole: float | None) -> float | None:
    known = [each for each in variances if each is not None]
    count = len(variances)
    if count < 2 or len(known) < count or not whole:
        return None
    return count / (count - 1) * (1 - sum(known) / whole)


def _finite(number: float | None) -> float | None:
    return number if number is not None and math.isfinite(number) else None


def _below_zero(correlation: float | None, count: int) -> bool:
    """Whether the upper end of the 95 % interval (Fisher's z) is below zero."""
    if correlation is None or count <= 3:
        return False
    bounded = max(correlation, -1 + 1e-12)
    return math.atanh(min(bounded, 1 - 1e-12)) + 1.96 / math.sqrt(count - 3) < 0


def _difference(engine: DuckDB, feature: str, answered: str) -> Difference:
    value = f"{quote(feature)}::DOUBLE"
    parts = {
        bool(did): (mean, variance)
        for did, mean, variance in engine.rows(
            f"SELECT {answered} AS did, avg({value}), var_samp({value}) FROM {TABLE} GROUP BY did"
        )
    }
    here, there = parts.get(True, (None, None)), parts.get(False, (None, None))
    return Difference(feature, here[0], there[0], _standardised(*here, *there))


def _standardised(
    mean: float | None, variance: float | None, other: float | None, spread: float | None
) -> float | None:
    """The difference of two means over the root of their mean variance."""
    if mean is None or variance is None or other is None or spread is None:
        return None
    deviation = math.sqrt((variance + spread) / 2)
    return (mean - other) / deviation if deviation else None
