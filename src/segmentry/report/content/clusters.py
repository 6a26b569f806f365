"""Natural groups of customers, or that there are none, as they were found last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class ApartView(NamedTuple):
    """How far a cluster lies from the base in one feature, by the places of both.

    `apart` is in spreads of the base, above or below it, and of a text the share of its commonest
    value less the base's share. `own` and `base` say both.
    """

    cluster: int
    feature: int
    apart: float
    own: str
    base: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterView:
    """One cluster.

    Args:
        stability: How far it is found again when customers are drawn anew: 1 wholly.
        sentence: Its rule in words; `precision` of those who meet it belong to it.
        traits: What it is told by, in words.
    """

    label: str
    customers: int
    share: float
    stability: float
    sentence: str
    precision: float
    recall: float
    traits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusteringView:
    """What was found once; without clusters, that there are none.

    Args:
        name: Of the segmentation that it was saved as; empty if it was not.
        natural: Whether these are natural groups, and no division that was asked for.
        verdict: That, in a sentence.
        nearest: Number of groups that came nearest to natural ones, or are them.
        silhouette: How far these stand apart; `null`, the same in data without groups.
        strength: Prediction strength; `None` where something else decided already.
        lacking: Why these are no natural groups: `size`, `valley`, `strength`, `stability`, `null`.
        features: What customers were compared by; `compared_by`, as it stands inside a sentence.
    """

    name: str
    label: str
    as_of: str
    customers: int
    natural: bool
    verdict: str
    nearest: int
    silhouette: float
    null: float | None
    strength: float | None
    lacking: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    compared_by: tuple[str, ...] = ()
    clusters: tuple[ClusterView, ...] = ()
    apart: tuple[ApartView, ...] = ()
    accuracy: float | None = None
