"""Predictions where the truth is known, and on public data beside the plain ways.

`null` and `planted` draw customers at cuts without a workspace; `completejourney` and `cdnow` load
the data into one and predict out of time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from scipy.stats import rankdata
from sklearn.model_selection import KFold

from segmentry.cli.demo import shop
from segmentry.models.prediction import backtest
from segmentry.models.prediction.alone import one_thread
from segmentry.models.prediction.backtest import Decision, Trial
from segmentry.models.prediction.card import Card
from segmentry.models.prediction.fitted import fit
from segmentry.models.prediction.inputs import default_inputs
from segmentry.models.prediction.learner import BOOSTING, RANKS, learners
from segmentry.models.prediction.measure import Held
from segmentry.models.prediction.ranks import RANK, RFM
from segmentry.models.prediction.rows import Reader, Rows
from segmentry.models.prediction.target import Target
from segmentry.workspace.workspace import Workspace

CUTS, PEOPLE = 4, 1_000


def drawn(draw: np.random.Generator, effect: float, people: int = PEOPLE) -> list[Rows]:
    """Cuts at which a yes depends on inputs as strongly as `effect` says; 0 is not at all."""
    return [_cut(draw, effect, people) for _ in range(CUTS)]


def _cut(draw: np.random.Generator, effect: float, people: int) -> Rows:
    plain = draw.gamma(2, 30, people), draw.poisson(4, people) + 1.0, draw.gamma(2, 50, people)
    others = {f"input_{each}": draw.normal(size=people) for each in range(12)}
    others["web"] = (draw.random(people) < 0.5).astype(float)
    odds = effect * (1.5 * others["input_0"] * others["web"] + others["input_1"] ** 2 - 1)
    odds += effect * -0.01 * plain[0] - 0.5
    label = (draw.random(people) < 1 / (1 + np.exp(-odds))).astype(float)
    columns = others | dict(zip(RFM, plain, strict=True))
    columns[RFM[0] + RANK] = middle_rank(-columns[RFM[0]])
    columns |= {name + RANK: middle_rank(columns[name]) for name in RFM[1:]}
    return Rows(np.arange(people), pa.table(columns), label)


def middle_rank(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ranks in (0, 1), equal values the same."""
    return (rankdata(values) - 0.5) / len(values)


def judged(seed: int, effect: float) -> tuple[Trial, Decision]:
    """One set of customers, tried and decided."""
    with one_thread():
        cuts = drawn(np.random.default_rng(seed), effect)
        trial = backtest.tried(backtest.ways(cuts, learners(amounts=False), seed, amounts=False))
        return trial, backtest.decided(trial, seed)


def null(seed: int, sets: int) -> dict[str, float]:
    """How often the base rate is used where nothing depends on anything."""
    used = [judged(seed * 10_000 + each, 0)[1].used for each in range(sets)]
    return {
        "base_rate_used": used.count("base_rate") / sets,
        "boosting_used": used.count(BOOSTING) / sets,
    }


def planted(seed: int, sets: int) -> dict[str, float]:
    """How often boosting is used where it should be, and how it is calibrated there."""
    found = [judged(seed * 10_000 + each, 1) for each in range(sets)]
    last = [trial.at(0)[BOOSTING] for trial, _ in found]
    return {
        "boosting_used": float(np.mean([each.boosted for _, each in found])),
        "auc_gain": float(np.mean([each.auc_gain.value for _, each in found])),
        "slope": float(np.mean([each.line()["slope"].value for each in last])),
        "ece": float(np.mean([each.ece(np.ones(len(each.label))) for each in last])),
        "ece_by_chance": float(np.mean([each.ece_by_chance(seed) for each in last])),
    }


def figures(seed: int, sets: int) -> dict[str, float]:
    """Both simulations; 200 sets each are the full size."""
    found = {"null": null(seed, sets), "planted": planted(seed, sets)}
    return {f"{kind}_{name}": value for kind, each in found.items() for name, value in each.items()}


# public data


def completejourney(folder: Path) -> Workspace:
    """The demo's shop in a workspace."""
    workspace = Workspace.create(folder, currency=shop.CURRENCY, timezone=shop.TIMEZONE)
    for part in shop.parts():
        workspace.loader().load(part.read(), mapping=part.mapping, name=part.name)
    return workspace


def cdnow(folder: Path, file: Path) -> Workspace:
    """The first buyers of early 1997 in a workspace."""
    names = ["customer_id", "day", "count", "amount"]
    rows = pd.read_csv(file, sep=r"\s+", skiprows=1, names=names, dtype={"customer_id": str})
    rows["ordered_at"] = pd.to_datetime(rows.day.astype(str)).dt.strftime("%Y-%m-%d")
    rows["order_id"] = range(len(rows))
    workspace = Workspace.create(folder, timezone="UTC")
    workspace.load(orders=rows[["order_id", "customer_id", "ordered_at", "amount"]])
    return workspace


def out_of_time(workspace: Workspace, target: Target, seed: int) -> dict[str, Any]:
    """Figures at the newest cut by way of scoring, and what is used."""
    card = fit(workspace.customers, target, workspace.as_of(), seed=seed).card
    return {"used": card.decision, "plain": card.plain, "card": card, **dict(_values(card))}


def _values(card: Card) -> Iterator[tuple[str, float | None]]:
    for way, known in (card.figures or {}).items():
        for name, each in known.items():
            yield f"{way}_{name}", each.value


def half_and_half(workspace: Workspace, seed: int) -> Mapping[str, float]:
    """CDNOW 39/39 weeks: AUC of buying in the second half from what was known after the first.

    There is no earlier cut with the same horizon, so boosting learns from other customers at the
    same cut (five parts): more than production could know, and it is still no better by much.
    """
    target = Target(kind="buys_again", horizon_days=273)
    until = workspace.as_of()
    reader = Reader(workspace.customers, target, default_inputs(workspace.features()))
    rows = reader.cut(target.before(until), until, 1)
    known, ones = learners(amounts=False), np.ones(len(rows))
    found = {}
    with one_thread():
        for name in (RANKS, BOOSTING):
            raw = np.empty(len(rows))
            for rest, part in KFold(5, shuffle=True, random_state=seed).split(raw):
                raw[part] = known[name](rows.taken(rest), seed)(rows.taken(part))
            found[name] = Held(raw, rows.label, amounts=False).auc(ones)
    return found
