"""Clusters that were saved, or what was found last where nothing was; nothing is found anew."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from segmentry.core.errors import DeclarationError
from segmentry.core.types import Type
from segmentry.report.content import ApartView, ClusteringView, ClusterView
from segmentry.workspace.reporting.asking import Asking
from segmentry.workspace.wording import inside

if TYPE_CHECKING:
    from segmentry.models.clusters.card import Card, Cluster
    from segmentry.models.clusters.profile import Against


def clusters(asked: Asking) -> tuple[ClusteringView, ...]:
    """Each saved clustering as it was found last by the instant, else the last that was found."""
    every = asked.workspace.clusters
    saved = [(name, every.last(name, asked.as_of)) for name in every.names()]
    cards = [(name, card) for name, card in saved if card is not None]
    if not cards:
        found = every.latest(asked.as_of)
        cards = [("", found)] if found is not None else []
    return tuple(_view(asked, name, card) for name, card in cards)


def _view(asked: Asking, name: str, card: Card) -> ClusteringView:
    closest = card.closest
    return ClusteringView(
        name=name,
        label=_label(asked, name),
        as_of=asked.day(asked.workspace.as_of(card.as_of).instant),
        customers=card.customers,
        natural=card.natural,
        verdict=asked.workspace.clusters.sentence(card, asked.wording.language),
        nearest=closest.k,
        silhouette=closest.silhouette,
        null=closest.null_silhouette,
        strength=closest.strength,
        lacking=() if card.natural else closest.failed,
        compared_by=tuple(inside(asked.wording.feature(each.feature)) for each in card.features),
        features=tuple(asked.wording.feature(each.feature) for each in card.features),
        clusters=tuple(
            _cluster(asked, each, label)
            for each, label in zip(card.clusters, _labels(asked, name, card), strict=True)
        ),
        apart=tuple(_apart(asked, card)),
        accuracy=card.accuracy,
    )


def _label(asked: Asking, name: str) -> str:
    segmentation = asked.available.get(name)
    return asked.wording.segmentation(segmentation) if segmentation else name


def _labels(asked: Asking, name: str, card: Card) -> list[str]:
    """Saved clusters as they are called everywhere; others in the report's language."""
    if name:
        return [each.name for each in card.clusters]
    return asked.workspace.clusters.labels(card, asked.wording.language)


def _cluster(asked: Asking, each: Cluster, label: str) -> ClusterView:
    word, language = asked.workspace.clusters.word, asked.wording.language
    return ClusterView(
        label=label,
        customers=each.customers,
        share=each.share,
        stability=each.stability,
        sentence=_sentence(asked, each.rule),
        precision=each.precision,
        recall=each.recall,
        traits=tuple(word(trait, language) for trait in each.traits),
    )


def _sentence(asked: Asking, rule: str) -> str:
    """The rule in words; as it stands where it no longer holds on the data."""
    try:
        return asked.sentence(rule)
    except DeclarationError:
        return rule


def _apart(asked: Asking, card: Card) -> Iterator[ApartView]:
    """Every feature of every cluster whose place against the base is known."""
    features = {each.feature: place for place, each in enumerate(card.features)}
    for place, cluster in enumerate(card.clusters):
        for each in cluster.profile:
            if each.feature in features and (each.apart is not None or each.values):
                yield _against(asked, place, features[each.feature], each)


def _against(asked: Asking, cluster: int, feature: int, each: Against) -> ApartView:
    if each.values:
        top, share = each.values[0], asked.write.round_share
        return ApartView(
            cluster,
            feature,
            top.share - top.base_share,
            f"{top.value} {share(top.share)}",
            f"{top.value} {share(top.base_share)}",
        )
    own, base = (_written(asked, each.feature, one) for one in (each.median, each.base_median))
    return ApartView(cluster, feature, each.apart or 0.0, own, base)


def _written(asked: Asking, feature: str, value: float | None) -> str:
    """A number as its feature is written: money, a share, or a number."""
    write = asked.write
    if value is None or feature not in asked.features:
        return write.number(value)
    known = asked.features.known[feature]
    if known.field.type is Type.MONEY:
        return write.money(Decimal(str(round(value, 2))))
    return write.share(value) if known.declaration.unit == "share" else write.number(value)
