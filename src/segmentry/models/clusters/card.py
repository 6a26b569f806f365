"""The card of clusters: whether there are natural groups, which, how sure, and as which rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from segmentry.models.clusters.prepare import LeftOut
from segmentry.models.clusters.profile import Against, Trait
from segmentry.models.clusters.trial import Trial


@dataclass(frozen=True)
class Used:
    """A feature that points are made of.

    Args:
        how: `number`, `long_tail` (drawn in by a signed logarithm) or `words`.
        weight: 1, or less where other features say the same.
    """

    feature: str
    how: str
    weight: float


@dataclass(frozen=True)
class Cluster:
    """One cluster.

    Args:
        id: Stays the same from one finding to the next; never given to another cluster.
        traits: What the name says, for any language.
        stability: Bootstrapped Jaccard index.
        rule: Its rule; who meets it is in the cluster's group.
        precision: Of those who meet the rule, the share that belongs to the cluster.
        recall: Of those who belong to the cluster, the share that meets the rule.
    """

    id: int
    name: str
    traits: tuple[Trait, ...]
    customers: int
    share: float
    stability: float
    rule: str
    rule_customers: int
    precision: float
    recall: float
    profile: tuple[Against, ...]


@dataclass(frozen=True)
class Spot:
    """One customer of a sample in the picture, without saying which."""

    x: float
    y: float
    cluster: int


@dataclass(frozen=True)
class Card:
    """What was found.

    Args:
        natural: There are natural groups, and `clusters` are these.
        asked: Number of groups somebody asked for anyway; what is shown then is a division.
        sample: Customers by whom the groups were made; `looked_at`, by whom their number.
        closest: What came nearest to natural groups, or is them, against the null.
        votes: Criterion → the number that it likes best of those that passed all; the largest of
            those is taken, whatever the votes.
        accuracy: Share of customers whom the rules place in their cluster.
        next_id: The first id that no cluster has had.
    """

    as_of: str
    seed: int
    natural: bool
    asked: int | None
    method: str | None
    customers: int
    sample: int
    looked_at: int
    features: tuple[Used, ...]
    left_out: tuple[LeftOut, ...]
    closest: Trial
    trials: tuple[Trial, ...]
    votes: Mapping[str, int]
    clusters: tuple[Cluster, ...]
    accuracy: float | None
    picture: tuple[Spot, ...]
    next_id: int

    def as_json(self) -> dict[str, Any]:
        """Everything, as plain values."""
        found: dict[str, Any] = TypeAdapter(Card).dump_python(self, mode="json")
        return found

    def names(self) -> dict[int, str]:
        """Id → name of each cluster."""
        return {each.id: each.name for each in self.clusters}


def read_card(document: Mapping[str, Any]) -> Card:
    """The card that `as_json` wrote.

    Raises:
        ValidationError: It is no card.
    """
    return TypeAdapter(Card).validate_python(dict(document))


__all__ = ["Card", "Cluster", "Spot", "Used", "read_card"]
