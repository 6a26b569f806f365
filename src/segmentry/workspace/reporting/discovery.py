"""Groups that stand out, as they were found last; nothing is searched anew."""

from __future__ import annotations

from segmentry.core.errors import DeclarationError
from segmentry.report.content import DiscoveryView, FoundView
from segmentry.report.content.discovery import Unit
from segmentry.workspace.discovery import Discovered, Discovery
from segmentry.workspace.reporting.asking import Asking
from segmentry.workspace.reporting.value import estimated

MONEY, SHARES = ("revenue", "profit"), ("bought_again",)
"""Outcomes to come that are amounts, and those that are shares of customers."""


def discovery(asked: Asking) -> DiscoveryView:
    """The last answer by the instant; an empty one where there is none."""
    found = asked.workspace.discovery.last(asked.as_of)
    if found is None:
        return DiscoveryView()
    outcome = _outcome(asked, found)
    key = ("less" if found.less else "more") if found.groups else "none"
    day = asked.workspace.as_of
    return DiscoveryView(
        as_of=asked.day(day(found.as_of).instant),
        verdict=asked.words(f"discovery.{key}", count=len(found.groups), of=outcome),
        outcome=outcome,
        unit=_unit(asked, found.by),
        cut=asked.day(day(found.cut).instant),
        later=asked.day(day(found.later).instant) if found.later else None,
        asked=found.asked,
        tried=found.tried,
        tested=found.tested,
        confirmed=found.confirmed,
        groups=tuple(_view(asked, each) for each in found.groups),
    )


def _outcome(asked: Asking, found: Discovery) -> str:
    if found.days:
        return asked.words(f"discovery.of.{found.by}", days=found.days)
    return asked.words("discovery.of.feature", feature=asked.wording.feature(found.by))


def _unit(asked: Asking, by: str) -> Unit:
    unit = asked.features.known[by].declaration.unit if by in asked.features else ""
    if unit == "money" or by in MONEY:
        return "money"
    return "share" if unit == "share" or by in SHARES else "number"


def _view(asked: Asking, found: Discovered) -> FoundView:
    words, feature = asked.words, asked.wording.feature
    return FoundView(
        number=found.number,
        sentence=_sentence(asked, found.rule),
        customers=found.customers,
        share=found.share,
        each=estimated(found.each),
        others=estimated(found.others),
        lift=estimated(found.lift),
        part=estimated(found.portion),
        later=found.later,
        later_sentence=words(f"discovery.later.{found.later}"),
        warnings=tuple(
            words(f"discovery.warned.{each.kind}", feature=feature(each.feature))
            for each in found.warnings
        ),
    )


def _sentence(asked: Asking, rule: str) -> str:
    """The rule in words; as it stands where it no longer holds on the data."""
    try:
        return asked.sentence(rule)
    except DeclarationError:
        return rule
