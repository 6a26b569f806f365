"""Public data whose later part was kept back: lifetime value, and who buys again.

CDNOW, Online Retail and AdventureWorks stand in `../shared/data` beside the repository; without
that folder only the demo's shop is asked.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.validation import clv_held_out
from tests.validation.prediction import cdnow, completejourney, half_and_half, out_of_time

from segmentry.models.prediction.target import Target

DATA = Path(__file__).parents[3] / "shared" / "data"
WAYS = ("recency", "rfm_ranks", "rfm_regression", "boosting")


ASKED = {
    "completejourney": Target(kind="churn", horizon_days=60),
    "CDNOW": Target(kind="buys_again", horizon_days=91),
    "Online Retail": Target(kind="buys_again", horizon_days=60),
    "AdventureWorks": Target(kind="buys_again", horizon_days=90),
}


def figures(seed: int, sets: int) -> dict[str, float]:
    """Errors of lifetime value by set and way; the AUC of buying again beside plain ways."""
    found = dict(_journey(seed))
    if DATA.exists():
        found |= dict(_cdnow(seed)) | dict(clv_held_out.figures(DATA))
        for name, target in ASKED.items():
            found |= dict(_calibrated(name, target, seed))
    return found


def _journey(seed: int) -> Iterator[tuple[str, float]]:
    with (
        tempfile.TemporaryDirectory() as folder,
        completejourney(Path(folder) / "shop") as workspace,
    ):
        asked = out_of_time(workspace, Target(kind="buys_again", horizon_days=60), seed)
    for way in WAYS:
        yield f"completejourney, buys again in 60 days: AUC of {way}", asked[f"{way}_auc"]


def _cdnow(seed: int) -> Iterator[tuple[str, float]]:
    file = DATA / "cdnow" / "CDNOW_master.txt"
    with (
        tempfile.TemporaryDirectory() as folder,
        cdnow(Path(folder) / "shop", file) as workspace,
    ):
        for way, auc in half_and_half(workspace, seed).items():
            yield f"CDNOW, buys again in 39 weeks: AUC of {way}", auc


def _calibrated(name: str, target: Target, seed: int) -> Iterator[tuple[str, float]]:
    """How true probabilities are at the newest cut, and how much is lost beside plain ways."""
    with clv_held_out.shop(name, DATA) as workspace:
        asked = out_of_time(workspace, target, seed)
    about = f"{name}, {target.kind.replace('_', ' ')} in {target.horizon_days} days"
    used = asked["used"]
    for figure in ("ece", "slope", "brier"):
        yield f"{about}: {figure}", asked[f"{used}_{figure}"]
    yield f"{about}: ece by chance", asked["card"].ece_by_chance
    for way in ("base_rate", "rfm_regression"):
        yield f"{about}: brier of {way}", asked[f"{way}_brier"]
