"""Natural groups of customers, or that there are none; each as a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from segmentry.answers.basis import basis
from segmentry.answers.plain import Document
from segmentry.core.errors import DeclarationError

if TYPE_CHECKING:
    from segmentry.core.time import AsOf
    from segmentry.models.clusters.card import Card
    from segmentry.workspace.clusters import Wanted
    from segmentry.workspace.workspace import Workspace


def every(workspace: Workspace, language: str | None = None) -> Document:
    """The names of saved clusters, and what was found last; `None` where nothing was."""
    last = workspace.clusters.latest()
    return {
        "saved": workspace.clusters.names(),
        "latest": last and _document(workspace, workspace.as_of(last.as_of), last, language),
    }


def find(
    workspace: Workspace, wanted: Wanted, as_of: AsOf, language: str | None = None
) -> Document:
    """Look for natural groups; nothing is saved but the answer."""
    return _document(workspace, as_of, workspace.clusters.find(wanted, as_of), language)


def save(
    workspace: Workspace, name: str, wanted: Wanted, as_of: AsOf, language: str | None = None
) -> Document:
    """Find clusters and save them as a segmentation; saved again, they keep their ids."""
    card = workspace.clusters.save(name, wanted, as_of)
    return {"name": name, **_document(workspace, as_of, card, language)}


def one(workspace: Workspace, name: str, language: str | None = None) -> Document:
    """Saved clusters as they were found."""
    card = workspace.clusters.show(name)
    return {"name": name, **_document(workspace, workspace.as_of(card.as_of), card, language)}


def _told(workspace: Workspace, card: Card, language: str | None) -> Document:
    """The card, with rules by which a cluster can be saved: whom clusters divide goes with them."""
    from segmentry.language.text import parse_rule

    among, told = workspace.clusters.among(card.as_of), card.as_json()
    labels = [each.name for each in card.clusters]
    if language is not None:
        labels = workspace.clusters.labels(card, language)
    for each, label in zip(told["clusters"], labels, strict=True):
        each["label"] = label
        each["rule"] = parse_rule(f"{among} AND ({each['rule']})" if among else each["rule"]).text()
        each["sentence"] = _sentence(workspace, each["rule"], language)
    return told


def _sentence(workspace: Workspace, rule: str, language: str | None) -> str:
    """The rule in words; as it stands where it no longer holds on the data."""
    try:
        return workspace.sentence(rule, language)
    except DeclarationError:
        return rule


def _document(workspace: Workspace, instant: AsOf, card: Card, language: str | None) -> Document:
    return {
        **basis(workspace, instant),
        **_told(workspace, card, language),
        "as_of": str(instant),
        "exact": card.sample >= card.customers,
        "verdict": workspace.clusters.sentence(card, language),
        "reasons": workspace.clusters.reasons(card, language),
    }
