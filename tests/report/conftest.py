"""A made-up shop's report, full of ordinary numbers, and the smallest possible one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from math import sin

import pytest
from tests.report import found, ways

from segmentry.locale import messages
from segmentry.report.content import (
    AnswerView,
    BacktestView,
    Base,
    Cards,
    CardView,
    CategoriesView,
    CategoryView,
    CheckView,
    CohortCell,
    CohortsView,
    CohortView,
    CrossedCell,
    CrossingView,
    CurvePoint,
    Estimated,
    Fact,
    FamilyView,
    Flow,
    GeographyView,
    GroupView,
    Histogram,
    LoadView,
    LockedColumn,
    LockedFeature,
    MethodView,
    Migration,
    MissingMethod,
    ModelView,
    MonthPoint,
    Named,
    OverlapView,
    PlaceView,
    PlaybookView,
    RankedView,
    ReportContent,
    RfmCell,
    RfmView,
    ScoreLimits,
    SegmentRow,
    Tenth,
    TraitView,
    Treatment,
    TrendPoint,
    TriedView,
    Trust,
    ValueView,
    WayView,
    WorthView,
)
from segmentry.report.writer import Writer

PERIODS = ("2026-04-30", "2026-05-31", "2026-06-30", "2026-07-31", "2026-08-31", "2026-09-30")
FIVE = (
    Named("new", "New"),
    Named("regular", "Regular"),
    Named("vip", "VIP"),
    Named("inactive", "Inactive"),
    Named("lost", "Lost"),
)
SENTENCES = {
    "new": "Bought for the first time within the last 60 days.",
    "regular": "Bought at least twice, the last time within 120 days.",
    "vip": "Among the best fifth by frequency and by monetary, and bought within 120 days.",
    "inactive": "Last bought between 120 days and a year ago.",
    "lost": "No contact for over a year.",
}
SIZES = {"new": 1204, "regular": 4318, "vip": 1466, "inactive": 2907, "lost": 1989}
REVENUES = {"new": 68, "regular": 1394, "vip": 3105, "inactive": 702, "lost": 281}


def money(value: float) -> Decimal:
    return Decimal(str(round(value, 2)))


def group(name: str, label: str, customers: int, revenue: float, of: int = 11884) -> GroupView:
    orders = 1 + revenue / customers / 180
    trend = [TrendPoint(p, round(customers * (0.8 + 0.05 * i))) for i, p in enumerate(PERIODS)]
    return GroupView(
        name=name,
        label=label,
        customers=customers,
        customer_share=customers / of,
        revenue=money(revenue),
        revenue_share=revenue / 5_550_000,
        average_order=money(revenue / customers / orders),
        orders_per_customer=orders,
        recency_days_median={"new": 24, "lost": 481, "inactive": 203}.get(name, 41),
        trend=tuple(trend),
        sentence=SENTENCES.get(name, ""),
    )


def groups() -> tuple[GroupView, ...]:
    return tuple(group(n, label, SIZES[n], REVENUES[n] * 1000) for n, label in FIVE)


def eleven() -> tuple[GroupView, ...]:
    rows = [
        ("Champions", 1011, 2410),
        ("Loyal", 1502, 1180),
        ("Potential Loyalist", 1711, 492),
        ("New", 640, 31),
        ("Promising", 564, 37),
        ("Need Attention", 1190, 398),
        ("About to Sleep", 1055, 151),
        ("At Risk", 1322, 446),
        ("Can't Lose", 288, 241),
        ("Hibernating", 1404, 119),
        ("Lost", 1197, 45),
    ]
    return tuple(group(label.lower(), label, size, worth * 1000) for label, size, worth in rows)


def months() -> tuple[MonthPoint, ...]:
    points = []
    for at in range(25):
        year, month = divmod(2024 * 12 + 8 + at, 12)
        season = 1.35 if month in (10, 11) else 1.0
        revenue = (150_000 + at * 4_200 + 18_000 * sin(at * 1.7)) * season
        revenue *= 0.34 if at == 24 else 1
        points.append(
            MonthPoint(
                month=f"{year}-{month + 1:02d}",
                revenue=money(revenue),
                orders=round(revenue / 96),
                customers=round(revenue / 131),
                new_customers=round(revenue / 480),
                complete=at < 24,
            )
        )
    return tuple(points)


def rfm() -> RfmView:
    cells = []
    for r in range(1, 6):
        for f in range(1, 6):
            near = 1.6 - abs(r - f) * 0.33
            count = round(460 * near * (1.3 if r == f else 1)) if near > 0.3 else 14
            cells.append(
                RfmCell(
                    r=r,
                    f=f,
                    customers=count,
                    revenue=money(count * 46 * f**1.7),
                    mean_monetary=money(46 * f**1.7),
                )
            )
    return RfmView(
        bins=5,
        mean_recency_days=124.6,
        mean_frequency=4.271,
        mean_monetary=money(467.02),
        limits=(
            ScoreLimits(5, "up to 22 days", "9 or more orders", "from €840"),
            ScoreLimits(4, "23–58 days", "5–8 orders", "€410–€840"),
            ScoreLimits(3, "59–131 days", "3–4 orders", "€212–€410"),
            ScoreLimits(2, "132–290 days", "2 orders", "€95–€212"),
            ScoreLimits(1, "over 290 days", "1 order", "under €95"),
        ),
        cells=tuple(cells),
    )


def migration() -> Migration:
    stay = {"new": 0.35, "regular": 0.82, "vip": 0.91, "inactive": 0.84, "lost": 0.985}
    moves = {
        "new": {"regular": 0.45, "inactive": 0.2},
        "regular": {"vip": 0.04, "inactive": 0.14},
        "vip": {"regular": 0.09},
        "inactive": {"regular": 0.07, "lost": 0.09},
        "lost": {"regular": 0.015},
    }
    flows = []
    for step in range(len(PERIODS) - 1):
        for name, _ in FIVE:
            size = SIZES[name] * (0.84 + 0.03 * step)
            flows.append(
                Flow(step=step, from_group=name, to_group=name, customers=round(size * stay[name]))
            )
            for target, share in moves[name].items():
                flows.append(
                    Flow(step=step, from_group=name, to_group=target, customers=round(size * share))
                )
        flows.append(Flow(step=step, from_group=None, to_group="new", customers=560 + 17 * step))
    return Migration(
        name="rfm",
        label="RFM group",
        periods=PERIODS,
        groups=FIVE,
        flows=tuple(flows),
        stays=found.stays(),
    )


def check(name: str, label: str, entity: str, failing: int, of: int, **rest: object) -> CheckView:
    severity = rest.get("severity", "warn")
    return CheckView(
        name=name,
        label=label,
        entity=entity,
        severity=severity,  # type: ignore[arg-type]
        passed=not failing,
        failing=failing,
        of=of,
        message=str(rest.get("message", "")),
        trend=rest.get("trend", ()),  # type: ignore[arg-type]
    )


def checks() -> tuple[CheckView, ...]:
    return (
        check(
            "orphan_products",
            "Lines of unknown products",
            "order_lines",
            1204,
            184_220,
            severity="error",
            trend=(0.002, 0.002, 0.003, 0.0065),
            message="412 product codes of the lines are not in the products table; "
            "their category is missing.",
        ),
        check(
            "fill_email",
            "Customers without e-mail",
            "customers",
            2204,
            12_630,
            trend=(0.21, 0.2, 0.19, 0.1745),
            message="They cannot be reached by mail.",
        ),
        check(
            "outliers",
            "Orders of unusual amount",
            "orders",
            9,
            57_311,
            severity="info",
            message="Nine orders are over 40 times the median; the largest is €18,400.",
        ),
        check("currency", "One currency only", "orders", 0, 57_311),
        check("future", "No dates in the future", "orders", 0, 57_311),
        check("duplicates", "No exact duplicates", "order_lines", 0, 184_220),
        check("orphans", "Every order has a known customer", "orders", 0, 57_311),
        check("sums", "Lines add up to orders, to the cent", "orders", 0, 57_311),
        check("fresh", "Data is fresh", "orders", 0, 1),
    )


def loads() -> tuple[LoadView, ...]:
    return (
        LoadView(
            source="orders.csv",
            entity="orders",
            records=57_702,
            accepted=57_311,
            unchanged=0,
            rejected=391,
        ),
        LoadView(
            source="lines.csv",
            entity="order_lines",
            records=184_240,
            accepted=184_220,
            unchanged=0,
            rejected=20,
        ),
        LoadView(
            source="customers.xlsx",
            entity="customers",
            records=12_630,
            accepted=131,
            unchanged=12_499,
            rejected=0,
        ),
    )


def trust() -> Trust:
    return Trust(
        score=87,
        checks=checks(),
        loads=loads(),
        treatments=(
            Treatment(
                label="Returns and cancellations",
                count=1822,
                policy="Kept as negative lines; revenue is net of them",
            ),
            Treatment(label="Zero prices", count=377, policy="Kept, not counted as an order"),
        ),
        locked=(LockedColumn("union_member", "trade union membership"),),
        merged=12,
    )


def playbook(name: str) -> PlaybookView:
    return PlaybookView(
        goal="Turn a first purchase into a second one." if name == "new" else "Keep the rhythm.",
        offer="A code for the second order, valid for three weeks.",
        message="Thank you for choosing us: here is how to get the most from it.",
        channel="E-mail on day 3 and day 14, then a messenger.",
        avoid="A general discount: they have just paid the full price.",
    )


def card(at: int, each: GroupView) -> CardView:
    lift = (0.6, 1.1, 2.8, 0.7, 0.3)[at]
    week = (0.1, 0.12, 0.11, 0.16, 0.12, 0.2, 0.19)
    return CardView(
        group=each,
        playbook=playbook(each.name),
        answers={
            "who": AnswerView(
                facts=(Fact(label="Average order", value="€81.40", vs_base=lift),),
                traits=(
                    TraitView(
                        dimension="Age", value="25–34", share=0.38, vs_base=1.4, telling=True
                    ),
                    TraitView(dimension="Children", value="Yes", share=0.22, vs_base=0.8),
                ),
            ),
            "what": AnswerView(
                traits=(
                    TraitView(
                        dimension="Category", value="Home and garden", share=0.31, vs_base=1.2
                    ),
                    TraitView(dimension="Category", value="Electronics", share=0.22, vs_base=lift),
                )
            ),
            "why": AnswerView(note="The data hold no reasons."),
            "when": AnswerView(
                histograms=(
                    Histogram(
                        label="Weekday",
                        names=tuple("MTWTFSS"),
                        shares=week,
                        base=tuple(reversed(week)),
                    ),
                )
            ),
            "where": AnswerView(
                traits=(TraitView(dimension="Channel", value="Web", share=0.64, vs_base=1.1),)
            ),
        },
    )


def method(name: str, label: str, rows: Sequence[tuple[str, int, float]]) -> MethodView:
    found = tuple(group(n.lower(), n, size, worth * 1000, 12_630) for n, size, worth in rows)
    return MethodView(
        name=name,
        label=label,
        about="Where a customer stands, measured by the customer's own rhythm.",
        reasons=("Limits from your base's own rhythm: 34 days.", "At risk after 2 gaps."),
        groups=found,
        playbooks=tuple(playbook("new") if at else None for at in range(len(found))),
    )


def crossing() -> CrossingView:
    return CrossingView(
        name="lifecycle_tiers",
        row_label="Lifecycle",
        column_label="Value tier",
        rows=("New", "Active"),
        columns=("Top", "Middle", "Low"),
        customers=5_215,
        cells=tuple(
            CrossedCell(
                row=row,
                column=column,
                customers=400 + 90 * row + 31 * column,
                share=0.1,
                index=0.4 + 0.7 * row + 0.3 * column,
                revenue=money(21_000 * (row + 1)),
            )
            for row, column in ((0, 0), (0, 2), (1, 0), (1, 1), (1, 2))
        ),
    )


def geography() -> GeographyView:
    rows = [
        ("Ukraine", 0, 8_000, 0), ("Lviv Oblast", 1, 3_000, 0), ("Lviv", 2, 2_600, 0),
        ("Poland", 0, 2_100, 0), ("9 smaller places together", 0, 900, 9),
    ]  # fmt: skip
    return GeographyView(
        levels=("Country", "Region", "City"),
        known=11_000,
        unknown=1_630,
        places=tuple(
            PlaceView(
                label=label,
                depth=depth,
                customers=customers,
                customer_share=customers / 11_000,
                revenue=money(customers * 440),
                revenue_share=customers / 11_000,
                average_order=money(96.2),
                together=together,
            )
            for label, depth, customers, together in rows
        ),
    )


def categories() -> CategoriesView:
    return CategoriesView(
        groups=tuple(label for _, label in FIVE),
        categories=tuple(
            CategoryView(
                name=name, buyers=900, share=share, main_for=400, indexes=(0.8, 1.1, 2.2, None, 0.1)
            )
            for name, share in (("Home and garden", 0.31), ("Electronics", 0.22), ("Sport", 0.11))
        ),
    )


def around(value: float, off: float = 0.1) -> Estimated:
    return Estimated(value, value * (1 - off), value * (1 + off))


def value() -> ValueView:
    """The newest are too few for an interval."""
    views = []
    for place, each in enumerate(groups()):
        mean = float(each.revenue) / each.customers
        certain = each.name != "new"
        views.append(
            WorthView(
                label=each.label,
                place=place,
                customers=each.customers,
                customer_share=each.customer_share,
                revenue=each.revenue,
                revenue_share=around(each.revenue_share or 0.0),
                index=(each.revenue_share or 0.0) / each.customer_share,
                per_customer=around(mean) if certain else Estimated(mean, withheld="few"),
                order_value=around(90),
                orders_per_customer=around(each.orders_per_customer or 0.0),
                retention=Estimated(0.4, 0.35, 0.45) if certain else Estimated(None),
                profit=money(mean * 100),
                expected=around(40) if certain else None,
            )
        )
    return ValueView(label="RFM group", of=5, period_days=90, average=467.0, groups=tuple(views))


def backtest() -> BacktestView:
    return BacktestView(
        label="RFM group",
        of=5,
        days=90,
        cuts=("2026-05-01", "2026-06-01", "2026-07-01"),
        groups=(
            TriedView(
                label="VIP",
                place=2,
                customers=1466,
                revenue=around(512),
                more=around(431),
                bought=Estimated(0.81, 0.79, 0.83),
                bought_more=Estimated(0.5, 0.47, 0.53),
                verdict="more",
            ),
            TriedView(
                label="Lost",
                place=4,
                customers=31,
                revenue=Estimated(9, withheld="few"),
                more=Estimated(-120, withheld="few"),
                bought=Estimated(0.02, 0.0, 0.16),
                bought_more=Estimated(-0.4, withheld="few"),
                verdict="unsaid",
            ),
        ),
        ranking=(
            RankedView(
                label="Eleven RFM groups",
                groups=11,
                gini=Estimated(0.71, 0.69, 0.73),
                over_naive=Estimated(0.04, 0.01, 0.07),
                naive=False,
            ),
            RankedView(
                label="Past spend alone",
                groups=10,
                gini=Estimated(0.67, 0.65, 0.69),
                over_naive=Estimated(0.0, 0.0, 0.0),
                naive=True,
            ),
        ),
    )


def cohorts() -> CohortsView:
    """Three months; the newest month is not over."""

    def cells(*shares: float) -> tuple[CohortCell, ...]:
        return tuple(
            CohortCell(age=at, complete=at < len(shares), retention=around(share))
            for at, share in enumerate(shares, 1)
        )

    return CohortsView(
        cohorts=(
            CohortView(
                month="2026-07", customers=640, from_start=True, cells=cells(0.41, 0.33, 0.12)
            ),
            CohortView(month="2026-08", customers=512, from_start=False, cells=cells(0.38, 0.1)),
            CohortView(month="2026-09", customers=498, from_start=False, cells=cells(0.09)),
        ),
        whole=cells(0.4, 0.33, 0.3)[:2],
    )


def models() -> tuple[ModelView, ...]:
    """A lifetime value that was not tested, and a prediction that was."""
    return (
        ModelView(
            name="clv",
            label="Customer lifetime value",
            as_of="2026-10-01",
            days=90,
            scored=11_884,
            sentences=("Orders by BG/NBD.",),
            expected=Decimal(1_204_300),
            top_share=0.61,
        ),
        ModelView(
            name="leaves",
            label="Probability to leave",
            as_of="2026-10-01",
            days=30,
            scored=8_120,
            sentences=("Tells most: days since the last order.",),
            measures=("auc", "ece"),
            ways=(
                WayView(label="Recency alone", used=False, figures=(around(0.7), Estimated(0.03))),
                WayView(label="Boosting", used=True, figures=(around(0.8), Estimated(None))),
            ),
            tenths=tuple(Tenth(0.4 / at, 0.38 / at) for at in range(1, 11)),
            shares=True,
        ),
    )


@pytest.fixture(name="shop", scope="session")
def fictional_shop() -> ReportContent:
    return shop_content()


@pytest.fixture(name="empty", scope="session")
def empty_workspace() -> ReportContent:
    return empty_content()


@pytest.fixture(name="write", scope="session")
def english_writer() -> Writer:
    return Writer(messages("en"), "EUR")


def base() -> Base:
    curve = tuple(CurvePoint(x / 50, (x / 50) ** 0.22) for x in range(51))
    return Base(
        customers=12_630,
        buyers=11_884,
        orders=57_311,
        revenue=money(5_550_214.37),
        average_order=money(96.84),
        first_order_on="2024-09-02",
        last_order_on="2026-09-11",
        months=months(),
        concentration=curve,
        top20_share=0.702,
    )


def families() -> tuple[FamilyView, ...]:
    lifecycle = [
        ("Prospect", 746, 0.0),
        ("New", 1204, 68),
        ("Active", 4011, 2890),
        ("At risk", 1904, 1320),
        ("Lapsed", 2390, 801),
        ("Lost", 1989, 281),
        ("Won back", 386, 190),
    ]
    temperature = [("Cold", 7201, 1800), ("Warm", 4010, 2210), ("Hot", 1419, 1540)]
    return (
        FamilyView(
            name="lifecycle",
            label="Lifecycle",
            methods=(method("lifecycle", "Lifecycle stage", lifecycle),),
        ),
        FamilyView(
            name="engagement",
            label="Engagement",
            methods=(
                replace(
                    method("temperature", "Temperature", temperature),
                    rest=group("", "3 smaller groups together", 20, 4_000, 12_630),
                    rest_count=3,
                ),
            ),
        ),
    )


def segment(label: str, customers: int, revenue: float, sentence: str) -> SegmentRow:
    return SegmentRow(
        name=label.lower().replace(" ", "_"),
        label=label,
        sentence=sentence,
        customers=customers,
        customer_share=customers / 12_630,
        revenue=money(revenue),
        revenue_share=revenue / 5_550_000,
    )


def segments() -> tuple[SegmentRow, ...]:
    lapsing = segment(
        "Lapsing regulars", 412, 214_003.1,
        "Regular customers whose last order is more than twice their usual gap ago, and who spent "
        "over €300 in the last year.",
    )  # fmt: skip
    gifts = segment(
        "Gift buyers", 1033, 388_120,
        "Bought at least three times, most of it in November and December, and had an order sent "
        "to another address.",
    )  # fmt: skip
    trend = (TrendPoint("2026-08-31", 900), TrendPoint("2026-09-30", 1033))
    return lapsing, replace(gifts, trend=trend, state="stale")


def shop_content() -> ReportContent:
    return ReportContent(
        workspace_name="Kashtan & Sons",
        currency="EUR",
        timezone="Europe/Kyiv",
        as_of="2026-10-01",
        data_through="2026-09-11",
        generated_from="RFM version 3, lifecycle version 1, temperature version 1",
        notes=("Orders in PLN (214) were converted at the declared rate of 4.31.",),
        trust=trust(),
        base=base(),
        rfm=rfm(),
        groups=groups(),
        eleven=eleven(),
        value=value(),
        backtest=backtest(),
        discovery=found.discovery(),
        families=families(),
        missing=(MissingMethod("Income band", "Economy", "customers.income"),),
        clusters=found.clusters(),
        crossings=(crossing(),),
        categories=categories(),
        affinity=found.affinity(),
        geography=geography(),
        migrations=(migration(),),
        cohorts=cohorts(),
        upcoming=ways.upcoming(),
        drift=ways.drift(),
        quality=ways.quality(),
        journeys=ways.journeys(),
        sensitivity=ways.sensitivity(),
        models=models(),
        cards=(
            Cards(
                name="rfm",
                label="RFM group",
                cards=tuple(card(at, each) for at, each in enumerate(groups())),
                places=tuple(range(5)),
                of=5,
            ),
        ),
        overlap=OverlapView(
            labels=("Gift buyers", "Lapsing regulars"), customers=((1033, 40), (40, 412)), none=9000
        ),
        combinations=found.combinations(),
        allocation=found.allocation(),
        segments=segments(),
        locked=(
            LockedFeature(
                "wishlist_items", "Items on the wish-list", "events: name = wishlist_add"
            ),
            LockedFeature("birthday_month", "Month of birth", "customers: birth_date"),
            LockedFeature("profit", "Profit", "order_lines: cost_amount, or the costs table"),
        ),
    )


def empty_content() -> ReportContent:
    """A workspace into which nothing has been loaded."""
    return ReportContent(
        workspace_name="Empty",
        currency="UAH",
        timezone="UTC",
        as_of="2026-10-01",
        data_through="",
        base=Base(customers=0, buyers=0, orders=0, revenue=Decimal(0)),
        rfm=RfmView(bins=5),
    )
