"""The RFM grid and what its scores mean."""

from __future__ import annotations

from decimal import Decimal

from segmentry.insights import grid
from segmentry.report.content import RfmCell, RfmView, ScoreLimits
from segmentry.workspace.reporting.asking import TABLE, Asking

AVERAGED = ("recency_days", "frequency", "monetary")


def rfm(asked: Asking) -> RfmView:
    """The grid; without orders there are no cells."""
    parameters = asked.workspace.settings.segmentations.get("rfm", {})
    bins = int(parameters.get("bins", 5))
    if "rfm" not in asked.available:
        return RfmView(bins=bins)
    averaged = parameters.get("monetary") == "average"
    monetary = "average_order_amount" if averaged else "monetary"
    recency, frequency, mean = _means(asked)
    return RfmView(
        bins=bins,
        mean_recency_days=recency,
        mean_frequency=frequency,
        mean_monetary=None if mean is None else Decimal(str(round(mean, 2))),
        limits=tuple(
            ScoreLimits(
                each.score,
                _counts(asked, each.recency_days),
                _counts(asked, each.frequency),
                _amounts(asked, each.monetary),
            )
            for each in grid.spans(asked.engine, TABLE, bins, monetary)
        ),
        cells=tuple(
            RfmCell(
                r=each.r_score,
                f=each.f_score,
                customers=each.customers,
                revenue=each.revenue_amount,
                mean_monetary=each.revenue_amount / each.customers,
            )
            for each in grid.cells(asked.engine, TABLE)
        ),
    )


def _means(asked: Asking) -> tuple[float | None, float | None, float | None]:
    feature = asked.available["rfm"].feature
    averages = ", ".join(f"avg({name})::DOUBLE" for name in AVERAGED)
    [(recency, frequency, monetary)] = asked.engine.rows(
        f"SELECT {averages} FROM {TABLE} WHERE {feature} IS NOT NULL"
    )
    return recency, frequency, monetary


def _counts(asked: Asking, limits: tuple[int, int] | None) -> str:
    return _span(asked, *map(asked.write.count, limits)) if limits else asked.write.count(None)


def _amounts(asked: Asking, limits: tuple[Decimal, Decimal] | None) -> str:
    return _span(asked, *map(asked.write.money, limits)) if limits else asked.write.count(None)


def _span(asked: Asking, low: str, high: str) -> str:
    return low if low == high else asked.words("report.span", low=low, high=high)
