"""Fills the report: asks the workspace everything that the report shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from segmentry.core.time import AsOf
from segmentry.report.content import ReportContent
from segmentry.workspace.reporting.asking import Asking, asking
from segmentry.workspace.reporting.backtest import tried
from segmentry.workspace.reporting.base import base
from segmentry.workspace.reporting.buying import affinity, allocation
from segmentry.workspace.reporting.cards import cards, categories
from segmentry.workspace.reporting.clusters import clusters
from segmentry.workspace.reporting.cohorts import cohorts
from segmentry.workspace.reporting.combinations import combinations
from segmentry.workspace.reporting.crossings import crossings
from segmentry.workspace.reporting.discovery import discovery
from segmentry.workspace.reporting.drift import drift_of
from segmentry.workspace.reporting.geography import geography_of
from segmentry.workspace.reporting.journeys import journeys_of
from segmentry.workspace.reporting.methods import families, groups_of, missing
from segmentry.workspace.reporting.migrations import migrations
from segmentry.workspace.reporting.models import models
from segmentry.workspace.reporting.quality import quality
from segmentry.workspace.reporting.rfm import rfm
from segmentry.workspace.reporting.segments import locked, overlaps, segments
from segmentry.workspace.reporting.sensitivity import reactions
from segmentry.workspace.reporting.trust import trust
from segmentry.workspace.reporting.upcoming import upcoming_of
from segmentry.workspace.reporting.value import value

if TYPE_CHECKING:
    from segmentry.workspace.workspace import Workspace


def fill(workspace: Workspace, as_of: AsOf, language: str | None = None) -> ReportContent:
    """Everything the report shows, as of an instant, in the workspace's language or another."""
    with asking(workspace, as_of, language) as asked:
        return _content(asked)


def _content(asked: Asking) -> ReportContent:
    workspace = asked.workspace
    answered = asked.cards()
    saved = segments(asked)
    return ReportContent(
        workspace_name=workspace.settings.name,
        currency=workspace.settings.currency,
        timezone=workspace.settings.timezone,
        locale=asked.wording.language,
        as_of=str(asked.as_of),
        data_through=workspace.data_through() or "",
        generated_from=_made_from(asked, len(saved)),
        trust=trust(asked),
        base=base(asked),
        rfm=rfm(asked),
        groups=groups_of(asked, "rfm"),
        eleven=groups_of(asked, "rfm_eleven"),
        value=value(asked),
        backtest=tried(asked),
        quality=quality(asked),
        discovery=discovery(asked),
        families=families(asked),
        missing=missing(asked),
        clusters=clusters(asked),
        crossings=crossings(asked),
        categories=categories(asked, answered),
        affinity=affinity(asked),
        upcoming=upcoming_of(asked),
        geography=geography_of(asked),
        migrations=migrations(asked),
        drift=drift_of(asked),
        cohorts=cohorts(asked),
        journeys=journeys_of(asked),
        sensitivity=reactions(asked),
        models=models(asked),
        cards=cards(asked, answered),
        segments=saved,
        overlap=overlaps(asked, saved),
        combinations=combinations(asked, saved),
        allocation=allocation(asked),
        locked=locked(asked),
    )


def _made_from(asked: Asking, segments: int) -> str:
    counts = {
        "features": len(asked.features.shown),
        "segmentations": len(asked.available),
        "segments": segments,
    }
    parts = [asked.words(f"written.{name}", count=count) for name, count in counts.items()]
    return asked.words.listed(parts, "and")


__all__ = ["fill"]
