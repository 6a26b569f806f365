"""What the next purchases of groups will hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from segmentry.answers.basis import basis
from segmentry.answers.estimate import estimate
from segmentry.answers.named import labels, rules
from segmentry.answers.plain import Document

if TYPE_CHECKING:
    from segmentry.core.time import AsOf
    from segmentry.workspace.upcoming import GroupNext, Upcoming
    from segmentry.workspace.workspace import Workspace


def upcoming(
    workspace: Workspace,
    names: Sequence[str],
    of: str,
    top: int,
    as_of: AsOf,
    language: str | None = None,
) -> Document:
    """Probabilities of things by group, and how true they were on held-out time."""
    from segmentry.report.writer import Writer
    from segmentry.workspace.upcoming import USUAL
    from segmentry.workspace.upcoming_words import told

    found = workspace.remembered(
        "upcoming",
        lambda: workspace.insights.upcoming(*names, of=of, when=as_of),
        as_of,
        of,
        about=names,
    )
    chosen = list(names) or [USUAL]
    single = chosen[0] if _is_segmentation(workspace, chosen) else ""
    rule, label = rules(workspace, single, chosen), labels(workspace, single, language)
    write = Writer(workspace.wording(language).messages, workspace.settings.currency)
    return {
        **basis(workspace, as_of),
        "of": found.of,
        "horizon_days": found.horizon_days,
        "tried_customers": found.trial.customers,
        "missing": found.trial.missing or None,
        "by": found.trial.by,
        "tried": [
            {"way": each.way, "brier": each.brier, "ece": each.ece, "right": estimate(each.right)}
            for each in found.trial.ways
        ],
        "everyone": _group(found, found.everyone, top),
        "groups": [
            _group(found, each, top) | {"label": label(each.name), "rule": rule(each.name)}
            for each in found.groups
        ],
        "sentences": told(found, write),
    }


def _is_segmentation(workspace: Workspace, names: Sequence[str]) -> bool:
    return len(names) == 1 and names[0] in {each.name for each in workspace.segmentations()}


def _group(found: Upcoming, group: GroupNext, top: int) -> Document:
    return {
        "name": group.name or None,
        "customers": group.customers,
        "items": [
            {
                "item": each.item,
                "product_name": found.names.get(each.item),
                "share": each.share,
                "index": each.index,
            }
            for each in group.items[:top]
        ],
    }
