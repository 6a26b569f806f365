"""What moved between two instants, and who stayed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from segmentry.answers.basis import basis
from segmentry.answers.estimate import estimate
from segmentry.answers.plain import Document

if TYPE_CHECKING:
    from segmentry.core.time import AsOf
    from segmentry.insights.drift import Divided, Shift
    from segmentry.workspace.workspace import Workspace


def drift(
    workspace: Workspace, names: Sequence[str], as_of: AsOf, since: AsOf | str | None = None
) -> Document:
    """Which features and groups moved since an earlier day, beyond what chance does."""
    found = workspace.remembered(
        "drift",
        lambda: workspace.insights.drift(*names, when=as_of, since=since),
        as_of,
        since,
        about=names,
    )
    return {
        **basis(workspace, as_of),
        "since": found.since,
        "customers_before": found.customers_before,
        "customers_after": found.customers_after,
        "features": [_shift(each) for each in found.features],
        "segmentations": [_divided(each) for each in found.segmentations],
    }


def _shift(found: Shift) -> Document:
    return {
        "name": found.name,
        "index": found.index,
        "chance": found.chance,
        "level": found.level,
        "before": found.before,
        "after": found.after,
    }


def _divided(found: Divided) -> Document:
    return {
        **_shift(found.shift),
        "groups": [
            {
                "name": each.name,
                "before": each.before,
                "after": each.after,
                "before_share": each.before_share,
                "after_share": each.after_share,
                "stayed": estimate(each.stayed),
                "half_life_days": estimate(each.half_life_days),
            }
            for each in found.groups
        ],
    }
