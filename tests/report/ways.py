"""Journeys and reactions to prices of the made-up shop."""

from __future__ import annotations

from segmentry.report.content import (
    DriftView,
    Estimated,
    GradeView,
    JourneysView,
    PassView,
    PathView,
    QualityView,
    ReactionView,
    SensitivityView,
    ShiftView,
    StepView,
    ThingView,
    UpcomingView,
)


def journeys() -> JourneysView:
    """Looking, asking, and all that is rarer."""
    return JourneysView(
        told=("28% of journeys end with “order”.", "Most stop after “look”."),
        through="2026-09-01",
        journeys=900,
        labels=("look", "ask", "other"),
        endings=(
            ("reached", "order"),
            ("stopped", "stopped"),
            ("open", "still open"),
            ("onward", "goes on"),
        ),
        passes=(
            PassView(place=0, start=0, end=1, ending="", journeys=300),
            PassView(place=0, start=0, end=None, ending="stopped", journeys=500),
            PassView(place=0, start=2, end=None, ending="open", journeys=100),
            PassView(place=1, start=1, end=None, ending="reached", journeys=250),
            PassView(place=1, start=1, end=None, ending="onward", journeys=50),
        ),
        paths=(
            PathView(
                steps="look → ask",
                customers=200,
                journeys=250,
                share=0.28,
                reached=Estimated(0.83, 0.78, 0.87),
            ),
            PathView(
                steps="look", customers=9, journeys=20, share=0.02, reached=Estimated(0.1)
            ),
        ),
        steps=(
            StepView(
                label="look", journeys=800, reached=0.31, visits=810, stopped=500, stop_share=0.62,
                most=True,
            ),
            StepView(
                label="ask", journeys=300, reached=0.83, visits=300, stopped=0, stop_share=0.0,
                most=False,
            ),
        ),
    )  # fmt: skip


def upcoming() -> UpcomingView:
    """Two categories, one of which a group never buys."""
    return UpcomingView(
        told=("Of whoever buys within 30 days.",),
        groups=("VIP", "Regular"),
        things=(
            ThingView(name="Tea", share=0.5, shares=(0.7, 0.3)),
            ThingView(name="Gifts", share=0.1, shares=(0.1, None)),
        ),
    )


def drift() -> DriftView:
    """A feature that moved, one that did not, and RFM."""
    return DriftView(
        since="2026-06-01",
        beyond=1,
        features=2,
        shifts=(
            ShiftView(
                label="Revenue",
                index=0.3,
                chance=0.02,
                moved="strong",
                steady=False,
                before=20,
                after=31,
            ),
            ShiftView(
                label="Orders",
                index=0.01,
                chance=0.02,
                moved="steady",
                steady=True,
                before=2,
                after=2,
            ),
        ),
        divisions=(ShiftView(label="RFM", index=0.05, chance=0.01, moved="slight", steady=False),),
    )


def quality() -> QualityView:
    """One group that is good in one way, and of which nothing can be said in another."""
    return QualityView(
        criteria=("Stable", "Reachable"),
        groups=("VIP",),
        grades=(
            (
                GradeView(grade="good", points=1.0, evidence=("stayed: 85%",)),
                GradeView(grade="cannot be said", points=None),
            ),
        ),
    )


def sensitivity() -> SensitivityView:
    """One group that reacts strongly, and one of which nothing can be said."""
    nothing = Estimated(None, withheld="nothing")
    return SensitivityView(
        told=("Everyone buy far less when prices are higher.",),
        caveat="Seen, not tried.",
        of=5,
        periods=52,
        products=140,
        groups=(
            ReactionView(
                label="VIP",
                place=2,
                promoted=Estimated(0.31, 0.29, 0.33),
                index=Estimated(1.2, 1.1, 1.3),
                elasticity=Estimated(-2.1, -2.4, -1.8),
                change=Estimated(-0.18, -0.2, -0.16),
                more=Estimated(-0.4, -0.7, -0.1),
            ),
            ReactionView(
                label="Lost",
                place=4,
                promoted=Estimated(0.2, withheld="few"),
                index=nothing,
                elasticity=Estimated(-1.0, withheld="few"),
                change=Estimated(-0.09, withheld="few"),
                more=nothing,
            ),
        ),
    )
