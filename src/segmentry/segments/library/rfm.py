"""RFM: how recently, how often, for how much; scores, then groups from the scores.

Scores depend on values alone: a score is one plus the number of limits that the value passes, so
equal customers get equal scores and a better value never scores lower. The limits are quantiles of
the customers who bought, or are given.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Literal

from segmentry.core.errors import UsageError
from segmentry.features.declaration import Feature
from segmentry.segments.segment import Group, Need, Reason, Segmentation

Limits = Mapping[Literal["recency", "frequency", "monetary"], Sequence[int | float]]

BUYERS = "frequency >= 1"

GRID = (
    # monetary and frequency together: 1            2                     3
    ("Lost", "Hibernating", "At Risk", "At Risk", "Can't Lose Them"),
    ("Hibernating", "Hibernating", "At Risk", "At Risk", "Can't Lose Them"),
    ("About To Sleep", "About To Sleep", "Need Attention", "Loyal", "Loyal"),
    ("Promising", "Potential Loyalist", "Potential Loyalist", "Loyal", "Champions"),
    ("New", "Potential Loyalist", "Potential Loyalist", "Champions", "Champions"),
)
"""The eleven groups: rows are the recency score 1–5, columns the mean of the other two, 1–5."""

ELEVEN = (
    "Champions", "Loyal", "Potential Loyalist", "New", "Promising", "Need Attention",
    "About To Sleep", "At Risk", "Can't Lose Them", "Hibernating", "Lost",
)  # fmt: skip


def segmentations(
    bins: int = 5,
    monetary: Literal["total", "average"] = "total",
    limits: Limits | None = None,
    lost_after_days: int = 365,
) -> list[Segmentation]:
    """The five groups of the trade, and the eleven.

    Args:
        bins: Scores run from 1 to this: 3, 4 or 5.
        monetary: Total paid, or the average order.
        limits: Fixed ascending limits, one fewer than `bins`, instead of quantiles.
        lost_after_days: Longer without an order is lost.

    Raises:
        UsageError: A parameter outside these.
    """
    if bins not in (3, 4, 5):
        raise UsageError(f"RFM has 3, 4 or 5 scores, not {bins}.")
    features = tuple(_scores(bins, monetary, limits or {}))
    high, low = math.ceil(0.8 * bins), max(1, math.floor(0.4 * bins))
    here, new = f"recency_days <= {lost_after_days}", f"frequency = 1 AND r_score >= {high}"
    scores = Reason(key="given" if limits else "quantiles", values={"bins": bins})
    reasons = (
        scores,
        Reason(key="lost", values={"days": lost_after_days}),
        Reason(key="vip", values={"high": high, "low": low}),
        Reason(key="new", values={"high": high}),
        Reason(key="inactive", values={"low": low}),
    )
    five = Segmentation(
        name="rfm",
        family="value",
        feature="rfm_group",
        among=BUYERS,
        needs=(_need(bins),),
        picture="ladder",
        groups=(
            Group(
                name="VIP",
                rule=f"{here} AND r_score > {low} AND f_score >= {high} AND m_score >= {high}",
            ),
            Group(name="Regular", rule=f"{here} AND r_score > {low} AND NOT ({new})"),
            Group(name="New", rule=f"{here} AND {new}"),
            Group(name="Inactive", rule=f"{here} AND r_score <= {low}"),
            Group(name="Lost", means=f"recency_days > {lost_after_days}"),
        ),
        features=features,
        reasons=reasons,
    )
    return [five, _eleven(bins, scores)]


def _need(bins: int) -> Need:
    """A score cannot have fewer customers than one."""
    return Need(key="buyers", rule=BUYERS, at_least=bins)


def _scores(bins: int, monetary: str, limits: Limits) -> list[Feature]:
    amount = "monetary" if monetary == "total" else "average_order_amount"
    sources = (
        ("r", "recency", "recency_days"),
        ("f", "frequency", "frequency"),
        ("m", "monetary", amount),
    )
    features = []
    for letter, name, source in sources:
        among = f"buyer_{name}"
        best = ", best => 'low'" if letter == "r" else ""
        given = limits.get(name)  # type: ignore[call-overload]
        if given is not None and len(given) != bins - 1:
            raise UsageError(f"{bins} scores need {bins - 1} limits for {name}, not {len(given)}.")
        scale = (
            f"limits => ({', '.join(str(each) for each in given)})" if given else f"bins => {bins}"
        )
        features += [
            Feature(name=among, kind="formula", expression=f"if({BUYERS}, {source})", hidden=True),
            Feature(
                name=f"{letter}_score",
                kind="formula",
                expression=f"score({among}, {scale}{best})",
                label=f"{name.capitalize()} score",
                theme="rfm",
            ),
        ]
    return features


def _eleven(bins: int, scores: Reason) -> Segmentation:
    """Groups by the recency score and the mean of the other two, both brought to 1–5."""
    recency = _to_five("r_score", bins)
    worth = _to_five("(f_score + m_score) / 2", bins)
    cells: dict[str, list[str]] = {name: [] for name in ELEVEN}
    for row, names in enumerate(GRID, start=1):
        for column, name in enumerate(names, start=1):
            cells[name].append(f"rfm_recency_step = {row} AND rfm_worth_step = {column}")
    *ruled, last = ELEVEN
    return Segmentation(
        name="rfm_eleven",
        family="value",
        feature="rfm_group_eleven",
        among=BUYERS,
        needs=(_need(bins),),
        groups=(
            *(Group(name=name, rule=" OR ".join(cells[name])) for name in ruled),
            Group(name=last),
        ),
        features=(
            Feature(name="rfm_recency_step", kind="formula", expression=recency, hidden=True),
            Feature(name="rfm_worth_step", kind="formula", expression=worth, hidden=True),
        ),
        reasons=(scores, Reason(key="grid")),
    )


def _to_five(score: str, bins: int) -> str:
    """The score, 1 … bins, as a step 1 … 5 with both ends kept."""
    return f"round(1 + ({score} - 1) * 4 / {bins - 1})"
