"""Cards of the fitted models."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segmentry.language.value import Name
from segmentry.report.content import Estimated, ModelView, Tenth, WayView
from segmentry.workspace.models import Fitted
from segmentry.workspace.reporting.asking import Asking

OF_PREDICTION = ("auc", "gini", "mae", "brier", "ece")
OF_PURCHASES = ("gini", "mae", "bias")
"""Measures shown, those that there are."""
NAMED = {"bg_nbd": "BG/NBD", "mbg_nbd": "MBG/NBD", "pareto_nbd": "Pareto/NBD"}
"""What models of purchases are called in every language."""
TELLING, BEST = 5, 0.2
"""Features named as the most telling; the part of customers whose expected value is named."""


def models(asked: Asking) -> tuple[ModelView, ...]:
    """Each model as it was fitted last by the instant, by name."""
    return tuple(_models(asked))


def _models(asked: Asking) -> Iterator[ModelView]:
    every = asked.workspace.models
    for model in every.all():
        fitted = every.last(model.name, asked.as_of)
        if fitted is not None:
            view = _purchases if model.question == "clv" else _prediction
            yield view(asked, fitted)


def _prediction(asked: Asking, fitted: Fitted) -> ModelView:
    card = fitted.card
    figures: Mapping[str, Any] = card["figures"] or {}
    there: Mapping[str, Any] = next(iter(figures.values()), {})
    measures = tuple(each for each in OF_PREDICTION if each in there)
    return ModelView(
        name=fitted.model.name,
        label=asked.wording.feature(fitted.model.name),
        as_of=asked.day(fitted.as_of.instant),
        days=card["horizon_days"],
        scored=fitted.customers,
        sentences=(_why(asked, card), *_telling(asked, card["reasons"])),
        measures=measures,
        ways=tuple(
            WayView(
                label=_way(asked, name),
                used=name == card["decision"],
                figures=tuple(Estimated(**row[each]) for each in measures),
            )
            for name, row in figures.items()
        ),
        tenths=tuple(Tenth(each["predicted"], each["observed"]) for each in card["reliability"]),
        shares=not fitted.model.target().is_amount,
    )


def _purchases(asked: Asking, fitted: Fitted) -> ModelView:
    card = fitted.card
    used = (card["method"], card["correction"])
    rows = [
        each
        for each in card["holdout"]
        if each["of"] == "orders" and each["correction"] in ("none", card["correction"])
    ]
    total, top = _concentration(asked, fitted.model.name)
    return ModelView(
        name=fitted.model.name,
        label=asked.wording.feature(fitted.model.name),
        as_of=asked.day(fitted.as_of.instant),
        days=card["horizon_days"],
        scored=fitted.customers,
        sentences=tuple(_held_out(asked, card, rows, used)),
        measures=OF_PURCHASES,
        ways=tuple(
            WayView(
                label=_corrected(asked, each),
                used=(each["method"], each["correction"]) == used,
                figures=tuple(Estimated(each["measures"][one]) for one in OF_PURCHASES),
            )
            for each in rows
        ),
        tenths=tuple(
            Tenth(each["predicted"] / each["customers"], each["actual"] / each["customers"])
            for each in card["deciles"]
        ),
        uncorrected=card["correction"] != "none",
        expected=total,
        top_share=top,
    )


def _why(asked: Asking, card: Mapping[str, Any]) -> str:
    return asked.words(f"report.models.why.{card['why']}", plain=_way(asked, card["plain"]))


def _telling(asked: Asking, reasons: Sequence[Mapping[str, Any]]) -> list[str]:
    names = [asked.wording.feature(each["feature"]) for each in reasons[:TELLING]]
    if not names:
        return []
    return [asked.words("report.models.telling", list=asked.words.listed(names, "and"))]


def _held_out(
    asked: Asking, card: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], used: tuple[str, str]
) -> Iterator[str]:
    yield asked.words(
        f"report.models.corrected.{'no' if used[1] == 'none' else 'yes'}",
        method=_way(asked, used[0]),
    )
    for each in rows:
        bias = each["measures"]["bias"]
        if (each["method"], each["correction"]) == used and bias is not None:
            share = asked.write.share(1 + bias)
            yield asked.words("report.models.held_out", days=card["holdout_days"], share=share)
    yield from _sure(asked, card)


def _sure(asked: Asking, card: Mapping[str, Any]) -> Iterator[str]:
    """How far the sum may be off; cards of earlier versions do not say."""
    factor = card.get("orders_factor", {})
    if factor.get("low") is not None:
        low, high = (asked.write.share(factor[each] / factor["value"]) for each in ("low", "high"))
        yield asked.words("report.models.sure", low=low, high=high)
    if not card.get("year_seen", True):
        yield asked.words("report.models.no_year")


def _corrected(asked: Asking, row: Mapping[str, Any]) -> str:
    label = _way(asked, row["method"])
    if row["correction"] == "none":
        return label
    return asked.words("report.models.corrected_way", way=label)


def _way(asked: Asking, name: str) -> str:
    key = f"report.models.way.{name}"
    return asked.words(key) if key in asked.words else NAMED.get(name, name)


def _concentration(asked: Asking, name: str) -> tuple[Decimal | None, float | None]:
    """The expected value of all customers, and the part of the best fifth of them."""
    if name not in asked.features:
        return None, None
    rows = asked.customers.engine.fetch(asked.customers.query({"value": Name(name)}))
    values = pc.cast(rows.column("value"), pa.float64()).drop_null().to_numpy()
    total = float(values.sum())
    if total <= 0:
        return None, None
    best = np.sort(values)[::-1][: int(np.ceil(len(values) * BEST))]
    return Decimal(round(total)), float(best.sum()) / total
