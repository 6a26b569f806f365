"""What the report shows, and nothing about how.

These plain values are the report's only input: whoever fills them has already asked every
question; the report counts, queries and reads no clock. All sequences are shown in the order
given. Names and labels may hold anything a person typed; they are escaped when written.

Shares are fractions from 0 to 1. Money is in `ReportContent.currency`: what was paid, returns not
taken off. Days and periods are ISO texts (`2011-12-10`, a month as `2011-12`); an instant
(`2011-12-10T14:30`) is given in the workspace's time zone. `None` means "cannot be said" and is
shown as a dash.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from segmentry.report.content.backtest import BacktestView, RankedView, TriedView
from segmentry.report.content.base import Base, CurvePoint, MonthPoint
from segmentry.report.content.buying import (
    AffinityView,
    AllocationView,
    BudgetPoint,
    SpendView,
    TogetherView,
)
from segmentry.report.content.card import (
    AnswerView,
    Cards,
    CardView,
    Fact,
    Histogram,
    Question,
    TraitView,
)
from segmentry.report.content.clusters import ApartView, ClusteringView, ClusterView
from segmentry.report.content.cohorts import CohortCell, CohortsView, CohortView
from segmentry.report.content.discovery import DiscoveryView, FoundView
from segmentry.report.content.drift import DriftView, ShiftView
from segmentry.report.content.estimated import Estimated
from segmentry.report.content.group import (
    CrossedCell,
    CrossingView,
    FamilyView,
    GroupView,
    MethodView,
    MissingMethod,
    PlaybookView,
    TrendPoint,
)
from segmentry.report.content.journeys import JourneysView, PassView, PathView, StepView
from segmentry.report.content.migration import Flow, Migration, Named, StayView
from segmentry.report.content.models import ModelView, Tenth, WayView
from segmentry.report.content.place import (
    CategoriesView,
    CategoryView,
    GeographyView,
    PlaceView,
    ThingView,
    UpcomingView,
)
from segmentry.report.content.quality import GradeView, QualityView
from segmentry.report.content.rfm import RfmCell, RfmView, ScoreLimits
from segmentry.report.content.segment import (
    CombinationsView,
    CombinationView,
    LockedFeature,
    OverlapView,
    SegmentRow,
)
from segmentry.report.content.sensitivity import ReactionView, SensitivityView
from segmentry.report.content.trust import (
    CheckView,
    LoadView,
    LockedColumn,
    Severity,
    Treatment,
    Trust,
)
from segmentry.report.content.value import ValueView, WorthView

__all__ = [
    "AffinityView",
    "AllocationView",
    "AnswerView",
    "ApartView",
    "BacktestView",
    "Base",
    "BudgetPoint",
    "CardView",
    "Cards",
    "CategoriesView",
    "CategoryView",
    "CheckView",
    "ClusterView",
    "ClusteringView",
    "CohortCell",
    "CohortView",
    "CohortsView",
    "CombinationView",
    "CombinationsView",
    "CrossedCell",
    "CrossingView",
    "CurvePoint",
    "DiscoveryView",
    "DriftView",
    "Estimated",
    "Fact",
    "FamilyView",
    "Flow",
    "FoundView",
    "GeographyView",
    "GradeView",
    "GroupView",
    "Histogram",
    "JourneysView",
    "LoadView",
    "LockedColumn",
    "LockedFeature",
    "MethodView",
    "Migration",
    "MissingMethod",
    "ModelView",
    "MonthPoint",
    "Named",
    "OverlapView",
    "PassView",
    "PathView",
    "PlaceView",
    "PlaybookView",
    "QualityView",
    "Question",
    "RankedView",
    "ReactionView",
    "ReportContent",
    "RfmCell",
    "RfmView",
    "ScoreLimits",
    "SegmentRow",
    "SensitivityView",
    "Severity",
    "ShiftView",
    "SpendView",
    "StayView",
    "StepView",
    "Tenth",
    "ThingView",
    "TogetherView",
    "TraitView",
    "Treatment",
    "TrendPoint",
    "TriedView",
    "Trust",
    "UpcomingView",
    "ValueView",
    "WayView",
    "WorthView",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportContent:
    """Everything one report says.

    Attributes:
        locale: Language of the report's own words: `en`, `uk`, `ru`, `pl` or `fa`.
        as_of: The instant everything is computed for; nothing later was read.
        data_through: The last day there is data for.
        generated_from: One line that names the definitions and versions behind the numbers.
        groups: The five-group RFM scheme.
        eleven: The eleven-group RFM scheme, or empty.
        value: What the five groups are worth.
        backtest: What became of them in past months.
        discovery: Groups that stand out, as they were found last.
        families: Every way of dividing that the data allow, but RFM.
        missing: Those that the data do not allow.
        notes: Remarks a reader should see first, such as a currency that was converted.
    """

    workspace_name: str
    currency: str
    timezone: str
    as_of: str
    data_through: str
    base: Base
    rfm: RfmView
    locale: str = "en"
    generated_from: str = ""
    trust: Trust = field(default_factory=Trust)
    groups: tuple[GroupView, ...] = ()
    eleven: tuple[GroupView, ...] = ()
    value: ValueView = field(default_factory=ValueView)
    backtest: BacktestView = field(default_factory=BacktestView)
    quality: QualityView = field(default_factory=QualityView)
    discovery: DiscoveryView = field(default_factory=DiscoveryView)
    families: tuple[FamilyView, ...] = ()
    missing: tuple[MissingMethod, ...] = ()
    clusters: tuple[ClusteringView, ...] = ()
    crossings: tuple[CrossingView, ...] = ()
    categories: CategoriesView = field(default_factory=CategoriesView)
    affinity: AffinityView = field(default_factory=AffinityView)
    upcoming: UpcomingView = field(default_factory=UpcomingView)
    geography: GeographyView = field(default_factory=GeographyView)
    migrations: tuple[Migration, ...] = ()
    drift: DriftView = field(default_factory=DriftView)
    cohorts: CohortsView = field(default_factory=CohortsView)
    journeys: JourneysView = field(default_factory=JourneysView)
    sensitivity: SensitivityView = field(default_factory=SensitivityView)
    models: tuple[ModelView, ...] = ()
    cards: tuple[Cards, ...] = ()
    segments: tuple[SegmentRow, ...] = ()
    overlap: OverlapView = field(default_factory=OverlapView)
    combinations: CombinationsView = field(default_factory=CombinationsView)
    allocation: AllocationView = field(default_factory=AllocationView)
    locked: tuple[LockedFeature, ...] = ()
    notes: tuple[str, ...] = ()
