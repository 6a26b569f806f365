"""What was asked for and kept, of the made-up shop: clusters, groups that stand out, and more."""

from __future__ import annotations

from decimal import Decimal

from segmentry.report.content import (
    AffinityView,
    AllocationView,
    ApartView,
    BudgetPoint,
    ClusteringView,
    ClusterView,
    CombinationsView,
    CombinationView,
    DiscoveryView,
    Estimated,
    FoundView,
    SpendView,
    StayView,
    TogetherView,
)


def clusters() -> tuple[ClusteringView, ...]:
    """Two natural groups, of which one was saved; and what is no natural group."""
    found = ClusteringView(
        name="habits",
        label="Habits",
        as_of="2026-10-01",
        customers=11_884,
        natural=True,
        verdict="There are 2 natural groups.",
        nearest=2,
        silhouette=0.58,
        null=0.21,
        strength=0.93,
        features=("Orders", "Preferred channel"),
        compared_by=("orders", "preferred channel"),
        clusters=(
            ClusterView(
                label="Orders: high",
                customers=4_004,
                share=0.337,
                stability=0.91,
                sentence="orders is at least 7",
                precision=0.97,
                recall=0.95,
                traits=("Orders: high", "Preferred channel: web"),
            ),
            ClusterView(
                label="Like most",
                customers=7_880,
                share=0.663,
                stability=0.95,
                sentence="orders is less than 7",
                precision=0.98,
                recall=0.99,
            ),
        ),
        apart=(
            ApartView(0, 0, 1.9, "12", "4"),
            ApartView(1, 0, -0.3, "3", "4"),
            ApartView(0, 1, 0.3, "web 81%", "web 51%"),
        ),
        accuracy=0.98,
    )
    none = ClusteringView(
        name="",
        label="",
        as_of="2026-09-01",
        customers=11_884,
        natural=False,
        verdict="There are no natural groups.",
        nearest=3,
        silhouette=0.22,
        null=None,
        strength=None,
        lacking=("valley", "null"),
        features=("Orders",),
        compared_by=("orders",),
    )
    return found, none


def discovery() -> DiscoveryView:
    """One group that held at a later time, and one without an interval."""

    def group(number: int, sentence: str, lift: Estimated, **rest: object) -> FoundView:
        return FoundView(
            number=number,
            sentence=sentence,
            customers=614 // number,
            share=0.05 / number,
            each=Estimated(310.0, 280.0, 345.0),
            others=Estimated(101.0),
            lift=lift,
            part=Estimated(0.14, 0.12, 0.16),
            **rest,  # type: ignore[arg-type]
        )

    return DiscoveryView(
        as_of="2026-10-01",
        verdict="2 groups stand out upwards: revenue in the next 90 days.",
        outcome="revenue in the next 90 days",
        unit="money",
        cut="2026-04-04",
        later="2026-07-03",
        asked=11_884,
        tried=20_110,
        tested=100,
        confirmed=2,
        groups=(
            group(
                1,
                "city is Lviv and plan is paid",
                Estimated(3.07, 2.7, 3.4),
                later="held",
                later_sentence="so again at a later time",
                warnings=("“city” is as it was loaded.",),
            ),
            group(
                2,
                "orders in 90 days is at least 9",
                Estimated(2.2, withheld="heavy"),
                later="unsaid",
                later_sentence="too unsure at a later time",
            ),
        ),
    )


def affinity() -> AffinityView:
    return AffinityView(
        as_of="2026-10-01",
        of="category",
        orders=57_311,
        least=574,
        found=31,
        certain=22,
        sets=(
            TogetherView(
                things=("Tea", "Jam"),
                orders=902,
                share=0.016,
                lift=Estimated(3.4, 3.1, 3.8),
                certain=True,
            ),
            TogetherView(
                things=("Tea", "Rope"),
                orders=580,
                share=0.01,
                lift=Estimated(1.02, 0.9, 1.2),
                certain=False,
            ),
        ),
    )


def allocation() -> AllocationView:
    return AllocationView(
        budget=Decimal(3_000),
        spent=Decimal(2_000),
        left=Decimal(2_800),
        low=Decimal(900),
        high=Decimal(4_500),
        next_unit=0.8,
        shares=(
            SpendView(
                label="VIP",
                spent=Decimal(1_000),
                brings=Decimal(3_000),
                next_unit=0.8,
                between=(Decimal(1_000), Decimal(2_500)),
            ),
            SpendView(label="Regular", spent=Decimal(1_000), brings=Decimal(1_800), next_unit=0.0),
        ),
        curve=(BudgetPoint(0, 0), BudgetPoint(1_000, 2_000), BudgetPoint(2_000, 2_800)),
    )


def combinations() -> CombinationsView:
    """Of three segments; a quarter of the combinations is not shown."""
    return CombinationsView(
        labels=("Gift buyers", "Lapsing regulars", "Students"),
        sizes=(1_033, 412, 118),
        combinations=(
            CombinationView((0,), 910),
            CombinationView((1,), 370),
            CombinationView((0, 2), 71),
        ),
        left_out=1,
    )


def stays() -> tuple[StayView, ...]:
    return (
        StayView(
            group="vip",
            customers=1_400,
            stayed=Estimated(0.91, 0.89, 0.93),
            half_life=Estimated(221.0, 180.0, 287.0),
        ),
        StayView(
            group="new",
            customers=12,
            stayed=Estimated(0.0, withheld="few"),
            half_life=Estimated(0.0, withheld="few"),
        ),
    )
