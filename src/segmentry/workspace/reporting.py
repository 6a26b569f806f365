"""Fills the report: asks the workspace everything that the report shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from segmentry.core.time import AsOf, to_local
from segmentry.data.checks import Severity
from segmentry.insights import base as bases
from segmentry.insights import grid, migration, profile
from segmentry.locale import Messages
from segmentry.report import content as shown
from segmentry.report.content import (
    CategoryFact,
    CurvePoint,
    Fact,
    Flow,
    GroupCard,
    GroupView,
    LockedFeature,
    Named,
    ReportContent,
    SegmentationView,
    SegmentRow,
    TrendPoint,
)
from segmentry.report.writer import Writer
from segmentry.segments.playbook import Playbook
from segmentry.segments.segment import Segmentation
from segmentry.workspace import history
from segmentry.workspace.division import Division

if TYPE_CHECKING:
    from segmentry.workspace.workspace import Workspace

TABLE = "report_customers"
NUMBERS = ("recency_days", "frequency", "monetary", "average_order_amount", "median_gap_days",
           "basket_size", "category_breadth", "promotion_share", "discount_depth", "return_rate",
           "weekend_share", "age_years")  # fmt: skip
FAVORITES = ("preferred_weekday", "preferred_hour", "preferred_channel", "preferred_store",
             "preferred_payment", "order_country", "country", "city")  # fmt: skip
DESCRIBING = 8
SEVERITIES: Mapping[Severity, shown.Severity] = {
    Severity.INFO: "info",
    Severity.WARNING: "warn",
    Severity.ERROR: "error",
}
TREND_POINTS = 13


def fill(workspace: Workspace, as_of: AsOf, language: str | None = None) -> ReportContent:
    """Everything the report shows, as of an instant, in the workspace's language or another."""
    return _Report(workspace, as_of, language).content()


class _Report:
    def __init__(self, workspace: Workspace, as_of: AsOf, language: str | None) -> None:
        self.workspace = workspace
        self.as_of = as_of
        self.engine = workspace.engine
        self.features = workspace.features()
        self.wording = workspace.wording(language)
        self.words: Messages = self.wording.messages
        self.write = Writer(self.words, workspace.settings.currency)
        self.division: dict[str, Division] = {}

    def content(self) -> ReportContent:
        """Ask one thing after the other, over one table with a row per customer."""
        workspace = self.workspace
        self._prepare()
        ready = [each.segmentation for each in workspace.methods(self.as_of) if each.available]
        self.division = {each.name: workspace.divide(each.name, self.as_of) for each in ready}
        named = {each.name: each for each in ready}
        try:
            return ReportContent(
                locale=self.wording.language,
                workspace_name=workspace.settings.name,
                currency=workspace.settings.currency,
                timezone=workspace.settings.timezone,
                as_of=str(self.as_of),
                data_through=workspace.data_through() or "",
                generated_from=self._made_from(),
                trust=self._trust(),
                base=self._base(),
                rfm=self._rfm(),
                groups=self._groups(named["rfm"]) if "rfm" in named else (),
                eleven=self._groups(named["rfm_eleven"]) if "rfm_eleven" in named else (),
                segmentations=tuple(
                    SegmentationView(
                        name=each.name,
                        label=self.wording.segmentation(each),
                        description=self._reasons(each),
                        groups=self._groups(each),
                    )
                    for each in ready
                    if not each.name.startswith("rfm")
                ),
                migration=self._migration(named["rfm"]) if "rfm" in named else shown.Migration(),
                cards=tuple(self._cards(named["rfm"])) if "rfm" in named else (),
                segments=tuple(self._segments()),
                locked=tuple(self._locked()),
            )
        finally:
            self.engine.drop(TABLE)

    def _prepare(self) -> None:
        customers = self.workspace.customers(self.as_of)
        names = [each.name for each in self.features]
        traits = [name for name in FAVORITES if name in self.features.schema.features]
        query = customers.query(customers.named([*names, *traits]))
        self.engine.create(TABLE, query, temporary=True)

    def _made_from(self) -> str:
        counts = {
            "features": len(self.features.shown),
            "segmentations": len(self.division),
            "segments": len(self.workspace.saved()),
        }
        parts = [self.words(f"written.{name}", count=count) for name, count in counts.items()]
        return self.words.listed(parts, "and")

    # trust and base

    def _trust(self) -> shown.Trust:
        trust, results = self.workspace.check(self.as_of)
        return shown.Trust(
            score=trust.score,
            checks=tuple(
                shown.CheckView(
                    name=each.name,
                    label=each.name.replace("_", " ").capitalize(),
                    entity=each.entity,
                    severity=SEVERITIES[each.severity],
                    passed=each.passed,
                    failing=each.failing,
                    of=each.of,
                    message=each.sentence(),
                    trend=(*(past.failing / past.of for past in each.trend if past.of), each.share),
                )
                for each in results
            ),
            loads=tuple(
                shown.LoadView(
                    source=source,
                    entity=entity,
                    records=records,
                    accepted=accepted,
                    unchanged=unchanged,
                    rejected=rejected,
                )
                for source, entity, records, accepted, unchanged, rejected in self.engine.rows(
                    "SELECT source, entity, records, accepted, unchanged, rejected FROM loads"
                    " ORDER BY load_id, entity"
                )
            ),
            treatments=tuple(
                shown.Treatment(label=kind.replace("_", " "), count=count, policy=policy)
                for kind, count, policy in self.engine.rows(
                    "SELECT kind, sum(records)::BIGINT, policy FROM treatments"
                    " GROUP BY kind, policy ORDER BY 2 DESC, kind"
                )
            ),
        )

    def _base(self) -> shown.Base:
        found = bases.base(self.engine, self.as_of)
        curve, top = (
            bases.concentration(self.engine, TABLE) if "monetary" in self.features else ([], None)
        )
        return shown.Base(
            customers=found.customers,
            buyers=found.buyers,
            orders=found.orders,
            revenue=found.revenue_amount,
            average_order=found.revenue_amount / found.orders if found.orders else None,
            first_order_on=found.first_order_on.isoformat() if found.first_order_on else None,
            last_order_on=found.last_order_on.isoformat() if found.last_order_on else None,
            months=tuple(
                shown.MonthPoint(
                    month=each.month,
                    revenue=each.revenue_amount,
                    orders=each.orders,
                    customers=each.customers,
                    new_customers=each.new_customers,
                    complete=each.complete,
                )
                for each in found.months
            ),
            concentration=tuple(CurvePoint(*point) for point in curve),
            top20_share=top,
        )

    # groups

    def _rfm(self) -> shown.RfmView:
        parameters = self.workspace.settings.segmentations.get("rfm", {})
        bins = int(parameters.get("bins", 5))
        if "r_score" not in self.features:
            return shown.RfmView(bins=bins)
        division = self.workspace.rfm(self.as_of)
        averaged = parameters.get("monetary") == "average"
        monetary = "average_order_amount" if averaged else "monetary"
        mean = division.mean["monetary"]
        return shown.RfmView(
            bins=bins,
            mean_recency_days=division.mean["recency_days"],
            mean_frequency=division.mean["frequency"],
            mean_monetary=None if mean is None else Decimal(str(round(mean, 2))),
            limits=tuple(
                shown.ScoreLimits(
                    each.score,
                    self._span(each.recency_days),
                    self._span(each.frequency),
                    self._span(each.monetary),
                )
                for each in grid.spans(self.engine, TABLE, bins, monetary)
            ),
            cells=tuple(
                shown.RfmCell(
                    r=each.r_score,
                    f=each.f_score,
                    customers=each.customers,
                    revenue=each.revenue_amount,
                    mean_monetary=each.revenue_amount / each.customers,
                )
                for each in grid.cells(self.engine, TABLE)
            ),
        )

    def _groups(self, segmentation: Segmentation) -> tuple[GroupView, ...]:
        division = self.division[segmentation.name]
        rhythm = {
            name: (average, orders, recency)
            for name, average, orders, recency in self.engine.rows(
                f'SELECT "{segmentation.feature}", sum(monetary) / nullif(sum(frequency), 0),'
                " avg(nullif(frequency, 0))::DOUBLE, median(recency_days)::DOUBLE"
                f" FROM {TABLE} GROUP BY ALL"
            )
        }
        rules = {each.name: each.rule or each.means for each in segmentation.groups}
        if segmentation.by:
            rules |= {each.name: segmentation.rule_of(each.name) for each in division.groups}
        views = []
        for each in division.groups:
            average, orders, recency = rhythm.get(each.name, (None, None, None))
            views.append(
                GroupView(
                    name=each.name,
                    label=self.wording.group(segmentation, each.name),
                    customers=each.customers,
                    customer_share=each.customer_share,
                    revenue=each.revenue_amount,
                    revenue_share=each.revenue_share,
                    average_order=None if average is None else Decimal(str(average)),
                    orders_per_customer=orders,
                    recency_days_median=recency,
                    trend=tuple(self._trend(segmentation.feature, each.name)),
                    sentence=self._sentence(rules[each.name]),
                )
            )
        return tuple(views)

    def _reasons(self, segmentation: Segmentation) -> str:
        return " ".join(self.wording.reasons(self.division[segmentation.name]))

    def _trend(self, feature: str, group: str) -> Iterator[TrendPoint]:
        points = history.points(self.engine, feature, group)
        for each in [one for one in points if one.as_of <= self.as_of.instant][-TREND_POINTS:]:
            yield TrendPoint(self._day(each.as_of), each.customers)

    def _sentence(self, rule: str) -> str:
        if not rule:
            return self.words("segmentations.everyone_else")
        return self.wording.sentence(self.workspace.checked(rule))

    def _migration(self, segmentation: Segmentation) -> shown.Migration:
        found = migration.migration(self.engine, segmentation.feature, self.as_of.instant)
        return shown.Migration(
            periods=tuple(self._day(each) for each in found.points),
            groups=tuple(
                Named(each.name, self.wording.group(segmentation, each.name))
                for each in segmentation.groups
            ),
            flows=tuple(
                Flow(
                    step=each.step,
                    from_group=each.before,
                    to_group=each.after,
                    customers=each.customers,
                )
                for each in found.moves
                if each.after is not None
            ),
        )

    # cards

    def _cards(self, segmentation: Segmentation) -> Iterator[GroupCard]:
        numbers = [name for name in NUMBERS if name in self.features]
        texts = [name for name in FAVORITES if name in self.features.schema.features]
        schema = self.features.schema
        found = profile.profiles(
            self.engine,
            TABLE,
            segmentation.feature,
            numbers=numbers,
            texts=texts,
            as_of=self.as_of,
            has_categories="order_lines" in schema.facts
            and "category" in schema.facts["order_lines"].fields,
        )
        for group in segmentation.groups:
            if group.name in found:
                yield self._card(segmentation, found[group.name])

    def _card(self, segmentation: Segmentation, found: profile.Profile) -> GroupCard:
        playbook = self.wording.playbook(segmentation, found.group)
        said = {part: getattr(playbook, part, "") for part in Playbook.PARTS}
        return GroupCard(
            **said,
            group=found.group,
            facts=tuple(self._facts(found.means))[:DESCRIBING],
            top_categories=tuple(
                CategoryFact(name=each.name, share=each.share, vs_base=each.index)
                for each in found.categories
            ),
            when=self._when(found.favorites),
            where=self._where(found.favorites),
        )

    def _facts(self, means: Sequence[profile.Mean]) -> Iterator[Fact]:
        for each in means:
            if each.mean is None:
                continue
            unit = self.features.known[each.feature].declaration.unit
            yield Fact(
                label=self.wording.feature(each.feature),
                value=self._value(each.mean, unit),
                vs_base=each.mean / each.base if each.base else None,
            )

    def _value(self, value: float, unit: str) -> str:
        match unit:
            case "share":
                return self.write.share(value)
            case "money":
                return self.write.money(Decimal(str(value)))
            case "days" | "years" | "seconds":
                return self.words(f"written.{unit}", count=round(value))
            case _:
                return self.words.number(value, 1)

    def _when(self, favorites: Mapping[str, tuple[profile.Share, ...]]) -> str:
        parts = []
        if days := favorites.get("preferred_weekday"):
            weekday = self.words.weekday(int(days[0].name))
            parts.append(self.words("written.most", what=weekday, share=self._share(days[0])))
        if hours := favorites.get("preferred_hour"):
            hour = self.words.digits(f"{int(hours[0].name):02d}:00")
            parts.append(self.words("written.around", hour=hour, share=self._share(hours[0])))
        return self.words("list.comma").join(parts)

    def _where(self, favorites: Mapping[str, tuple[profile.Share, ...]]) -> str:
        parts = []
        for name in FAVORITES[2:]:
            if found := favorites.get(name):
                share = self._share(found[0])
                label = self.words(f"written.places.{name}")
                parts.append(
                    self.words("written.place", label=label, value=found[0].name, share=share)
                )
        return self.words("written.semicolon").join(dict.fromkeys(parts))

    def _share(self, found: profile.Share) -> str:
        return self.write.share(found.share, 0)

    # the rest

    def _segments(self) -> Iterator[SegmentRow]:
        of = self.engine.value(f"SELECT count(*) FROM {TABLE}")
        paid = "monetary" in self.features
        base = (self.engine.value(f"SELECT sum(monetary) FROM {TABLE}") or 0) if paid else 0
        for each in self.workspace.segments():
            found = self.workspace.size(each.rule, self.as_of)
            yield SegmentRow(
                name=each.name,
                label=each.declared.label or each.name,
                sentence=self._sentence(each.rule),
                customers=found.customers,
                customer_share=found.customers / of if of else 0.0,
                revenue=found.revenue_amount,
                revenue_share=float(found.revenue_amount / base) if base else None,
            )

    def _locked(self) -> Iterator[LockedFeature]:
        labels = {each.name: each for each in self.workspace.declarations()}
        for name, needs in self.features.schema.locked.items():
            declared = labels.get(name)
            if declared is None or not declared.hidden:
                own = declared.label if declared else ""
                yield LockedFeature(name, self.wording.named(name, own), needs)

    def _span(self, limits: tuple[int, int] | tuple[Decimal, Decimal] | None) -> str:
        if limits is None:
            return self.words("number.missing")
        decimals = 2 if isinstance(limits[0], Decimal) else 0
        low, high = (self.words.number(each, decimals) for each in limits)
        return low if low == high else f"{low}–{high}"

    def _day(self, instant: datetime) -> str:
        return to_local(instant, self.as_of.timezone).date().isoformat()


__all__ = ["fill"]
