"""Finding clusters: prepared, chosen, held against a null, told as rules."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from threadpoolctl import threadpool_limits

from segmentry.core.errors import UsageError
from segmentry.models.clusters import profile, surrogate
from segmentry.models.clusters.algorithm import METHODS, Fitted
from segmentry.models.clusters.card import Card, Cluster, Spot, Used
from segmentry.models.clusters.choose import LOOKED_AT, Choice, Judge
from segmentry.models.clusters.column import Column, Floats, Whole
from segmentry.models.clusters.keeping import Earlier, same_ids
from segmentry.models.clusters.prepare import Preparation, Scale, prepare
from segmentry.models.clusters.trial import Trial

SAMPLE = 20_000
"""Customers by whom groups are made; everybody is placed in them."""
LEAST = 200
"""Fewer customers than this say nothing about natural groups."""
LEAST_FEATURES = 2
CHUNK = 100_000
SPOTS = 400


@dataclass(frozen=True)
class Asked:
    """What is wanted.

    Args:
        anyway: Number of groups to divide into if there are no natural ones.
        word: What a trait is called; `usual`, a cluster without any.
    """

    as_of: str
    word: Callable[[profile.Trait], str]
    usual: str
    seed: int = 1
    anyway: int | None = None


def find(
    customer_no: NDArray[np.int64],
    columns: Sequence[Column],
    asked: Asked,
    earlier: Earlier | None = None,
) -> Card:
    """The natural groups of customers, or that there are none; the same bits for the same seed.

    Args:
        customer_no: Numbers of the customers, in any order; the sample is chosen by their hash.
        earlier: What was found before; clusters that are the same keep id and name.

    Raises:
        UsageError: There are too few customers, or too few features that say anything.
    """
    if len(customer_no) < LEAST:
        raise UsageError(
            f"clusters need {LEAST} customers; there are {len(customer_no)}.",
            fix="Load more customers.",
        )
    rows = sample(customer_no, asked.seed)
    few = [each.take(rows) for each in columns]
    preparation = prepare(few)
    if len(preparation.scales) < LEAST_FEATURES:
        raise UsageError(
            f"clusters need {LEAST_FEATURES} features that tell customers apart;"
            f" there are {len(preparation.scales)}.",
            fix="Name more with --features.",
        )
    with threadpool_limits(1):
        points = preparation.points(few)
        judge = Judge(points, [each.width for each in preparation.scales], asked.seed)
        choice = judge.choose()
        method, trial = (
            (choice.fitted, choice.closest)
            if choice.fitted or asked.anyway is None
            else judge.divide(asked.anyway)
        )
        found = Found(asked, preparation, choice, rows, few, points)
        if method is None:
            return found.card(len(customer_no), earlier)
        fitted = METHODS[method.method](points, method.k, asked.seed)
        return found.with_clusters(columns, judge.matched(fitted, method), trial, earlier)


def sample(customer_no: NDArray[np.int64], seed: int) -> Whole:
    """Places of the customers of the sample, by number: those whose numbers' hashes are lowest."""
    with np.errstate(over="ignore"):
        mixed = customer_no.astype(np.uint64) + np.uint64(seed) * np.uint64(0x9E3779B97F4A7C15)
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
        mixed ^= mixed >> np.uint64(31)
    chosen = np.lexsort((customer_no, mixed))[:SAMPLE]
    return np.asarray(chosen[np.argsort(customer_no[chosen])], dtype=np.int64)


@dataclass(frozen=True)
class Found:
    """What is known after choosing, to be made into a card."""

    asked: Asked
    preparation: Preparation
    choice: Choice
    rows: Whole
    few: Sequence[Column]
    points: Floats

    def card(self, customers: int, earlier: Earlier | None) -> Card:
        """The card without clusters."""
        scales, choice = self.preparation.scales, self.choice
        return Card(
            as_of=self.asked.as_of,
            seed=self.asked.seed,
            natural=choice.fitted is not None,
            asked=None,
            method=None,
            customers=customers,
            sample=len(self.rows),
            looked_at=min(LOOKED_AT, len(self.rows)),
            features=tuple(Used(each.name, _how(each), each.weight) for each in scales),
            left_out=self.preparation.left_out,
            closest=choice.closest,
            trials=choice.trials,
            votes=dict(choice.votes),
            clusters=(),
            accuracy=None,
            picture=(),
            next_id=earlier.next_id if earlier else 1,
        )

    def with_clusters(
        self, columns: Sequence[Column], fitted: Fitted, trial: Trial, earlier: Earlier | None
    ) -> Card:
        """The card with everybody placed, and the rules held against that."""
        labels = placed(self.preparation, columns, fitted)
        own = fitted.place(self.points)
        node = surrogate.surrogate(self.few, own, self.asked.seed)
        held = {each.name: each for each in columns}
        told = surrogate.place(node, held)
        ids, next_id = same_ids(labels, fitted.k, earlier)
        clusters = self._clusters(columns, labels, ids, earlier)
        rules = surrogate.rules(node, held, fitted.k)
        fidelity = surrogate.fidelity(told, labels, fitted.k)
        made = [
            Cluster(
                id=ids[each],
                name=clusters[each][0],
                traits=clusters[each][1],
                customers=int((labels == each).sum()),
                share=float((labels == each).mean()),
                stability=trial.jaccards[each],
                rule=rules[each],
                rule_customers=int((told == each).sum()),
                precision=fidelity.precision[each],
                recall=fidelity.recall[each],
                profile=clusters[each][2],
            )
            for each in range(fitted.k)
        ]
        empty = self.card(len(labels), earlier)
        return replace(
            empty,
            asked=None if empty.natural else fitted.k,
            method=fitted.method,
            clusters=tuple(sorted(made, key=lambda each: (-each.customers, each.id))),
            accuracy=fidelity.accuracy,
            picture=_picture(self.points, own, ids),
            next_id=next_id,
        )

    def _clusters(
        self, columns: Sequence[Column], labels: Whole, ids: Sequence[int], earlier: Earlier | None
    ) -> list[tuple[str, tuple[profile.Trait, ...], tuple[profile.Against, ...]]]:
        """Name, traits and profile of each cluster."""
        k = len(ids)
        against = profile.profiles(columns, self.preparation.scales, labels, k)
        related = profile.correlations(self.few)
        traits = [profile.traits(each, related) for each in against]
        before = earlier.names if earlier else {}
        taken = {place: before[each] for place, each in enumerate(ids) if each in before}
        names = profile.named(traits, self.asked.word, self.asked.usual, taken)
        return [
            (name, tuple(own), tuple(rows))
            for name, own, rows in zip(names, traits, against, strict=True)
        ]


def placed(preparation: Preparation, columns: Sequence[Column], fitted: Fitted) -> Whole:
    """The cluster of everybody, chunk by chunk."""
    size = len(columns[0].values)
    parts = [
        fitted.place(preparation.points([each.take(slice(at, at + CHUNK)) for each in columns]))
        for at in range(0, size, CHUNK)
    ]
    return np.concatenate(parts)


def _how(scale: Scale) -> str:
    return "words" if scale.words else "long_tail" if scale.bend else "number"


def _picture(points: Floats, labels: Whole, ids: Sequence[int]) -> tuple[Spot, ...]:
    """Some customers of the sample in the plane that tells the clusters apart best."""
    several = len(ids) > 2
    plane = (
        LinearDiscriminantAnalysis(n_components=2).fit(points, labels)
        if several
        else PCA(2, svd_solver="full").fit(points)
    )
    spots = plane.transform(points[:: max(1, len(points) // SPOTS)][:SPOTS])
    own = labels[:: max(1, len(points) // SPOTS)][:SPOTS]
    return tuple(
        Spot(round(float(x), 3), round(float(y), 3), ids[each])
        for (x, y), each in zip(spots, own, strict=True)
    )
