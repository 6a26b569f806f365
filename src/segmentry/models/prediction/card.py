"""What a prediction says of itself: data, figures beside the plain ways, and what is used and why.

Plain data: every field is a text, a number, or a tuple or mapping of such, so that it is kept and
shown as JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from segmentry.models.prediction.gate import Need
from segmentry.models.prediction.measure import UNKNOWN, Figure, Slice


@dataclass(frozen=True)
class CutSize:
    """One cut of the history.

    Args:
        as_of: Features are as of it; labels are what happened from it until `until`.
        part: `test`: the figures of the card are of it; `training`: they are learned from it.
        asked: Customers asked; of many, a random sample.
        of: How many there were to ask.
        positives: Those with a yes, or with an amount above 0.
        mean: Share of a yes, or the mean amount.
    """

    as_of: str
    until: str
    part: str
    asked: int
    of: int
    positives: int
    mean: float


@dataclass(frozen=True)
class Reason:
    """A feature, and how much worse the ranking gets when its values are shuffled.

    Args:
        drop: Of AUC (for amounts of Gini), on customers and a time held out.
    """

    feature: str
    drop: float


@dataclass(frozen=True)
class LeftOut:
    """A feature that was not used, and why: `tells_the_future`."""

    feature: str
    why: str


@dataclass(frozen=True)
class Card:
    """The card of a prediction.

    Args:
        question: The target as declared.
        asked_rule: Who is asked, in the language of rules.
        label: What counts as a yes, or the amount, in that language.
        as_of: Up to when everything is known; the production model is made from what is before.
        sample: About how many customers are learned from at one cut at most.
        cuts: The newest first.
        features: What boosting reads; `undated` are those of them that carry no date.
        figures: By way of scoring, from the plainest on, at the newest cut with known labels.
        ece_by_chance: Calibration error that the used way would show by chance alone.
        reliability: Tenths of the customers, of the way that is used, from the highest down; also
            gain and lift.
        reasons: Of boosting, where it is used: the most telling features first.
        decision: Which way is used; `cannot_say` when too little is known.
        why: `better`: boosting loses less than the best plain way, by more than noise; `no_better`:
            it does not, so that plain way is used; `too_little`: see `missing`.
        plain: The best plain way, which `gain` and `auc_gain` compare boosting with.
        tested_cuts: Cuts over which it was compared.
        missing: What there is too little of.
    """

    question: Mapping[str, Any]
    asked_rule: str
    label: str
    as_of: str
    horizon_days: int
    seed: int
    sample: int
    cuts: tuple[CutSize, ...]
    decision: str
    why: str
    needs: tuple[Need, ...]
    missing: tuple[Need, ...]
    features: tuple[str, ...] = ()
    undated: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    figures: Mapping[str, Mapping[str, Figure]] | None = None
    ece_by_chance: float | None = None
    reliability: tuple[Slice, ...] = ()
    reasons: tuple[Reason, ...] = ()
    plain: str = ""
    gain: Figure = UNKNOWN
    auc_gain: Figure = UNKNOWN
    tested_cuts: int = 0

    @property
    def can_say(self) -> bool:
        """Whether there is a prediction."""
        return self.decision != CANNOT_SAY

    def as_json(self) -> dict[str, Any]:
        """The card as plain data."""
        return asdict(self)


CANNOT_SAY = "cannot_say"

__all__ = ["CANNOT_SAY", "Card", "CutSize", "LeftOut", "Reason"]
