"""Whether a segment of a workspace is worth having."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from segmentry.core.errors import UsageError
from segmentry.insights.worthwhile import (
    Finding,
    actionable,
    measurable,
    reachable,
    separable,
    stable,
    substantial,
)
from segmentry.language.text import parse_rule
from segmentry.workspace.backtest import backtest
from segmentry.workspace.card import rule_of
from segmentry.workspace.drift import drift
from segmentry.workspace.value import value

if TYPE_CHECKING:
    from segmentry.core.time import AsOf
    from segmentry.features.customers import Customers
    from segmentry.workspace.folder import When
    from segmentry.workspace.workspace import Workspace

MAIN = 90
CONTACTS = ("email", "phone")
GIVEN = (
    "max(consents.recorded_at, where => given) IS NOT NULL"
    " AND NOT max(consents.recorded_at, where => NOT given)"
    " >= max(consents.recorded_at, where => given)"
)
"""The latest answer, to whatever was asked, is yes."""


@dataclass(frozen=True)
class Worthwhile:
    """A segment by the trade's criteria."""

    name: str
    rule: str
    as_of: str
    findings: tuple[Finding, ...]


def worthwhile(workspace: Workspace, name: str, when: When = None) -> Worthwhile:
    """A saved segment, a group or a rule by the trade's criteria, each with its evidence.

    Raises:
        DeclarationError: It is no name and not a rule either.
        UsageError: There are no orders.
    """
    as_of = workspace.as_of(when)
    rule = rule_of(workspace, name)
    seen = workspace.preview(rule, as_of)
    [worth] = value(workspace, [name], as_of).worths or [None]
    share = worth.revenue_share.value if worth else None
    findings = (
        substantial(seen.customers, seen.customers / max(seen.of, 1), share),
        measurable(seen.missing_decided / max(seen.of, 1), workspace.trust(as_of)),
        _stable(workspace, name, as_of),
        _separable(workspace, name, as_of),
        _reachable(workspace, rule, seen.customers, as_of),
        _actionable(workspace, name, rule),
    )
    return Worthwhile(name, rule, str(as_of), findings)


def _stable(workspace: Workspace, name: str, as_of: AsOf) -> Finding:
    try:
        found = drift(workspace, [name], as_of)
    except UsageError:
        return stable(None, MAIN, 0, None)
    groups = found.segmentations[0].groups
    if not groups:
        return stable(None, MAIN, 0, None)
    [group] = groups
    return stable(group.stayed.value, MAIN, group.before, group.half_life_days.value)


def _separable(workspace: Workspace, name: str, as_of: AsOf) -> Finding:
    try:
        found = backtest(workspace, [name], as_of)
    except UsageError:
        return separable("unsaid", None, 0)
    for group in found.groups[name]:
        outcomes = {each.days: each for each in group.outcomes}
        main = outcomes.get(MAIN)
        return separable(group.verdict, main.bought_more.value if main else None, len(found.cuts))
    return separable("unsaid", None, len(found.cuts))


def _reachable(workspace: Workspace, rule: str, members: int, as_of: AsOf) -> Finding:
    customers = workspace.customers(as_of)
    held = [each for each in CONTACTS if each in customers.features.schema.features]
    if not held or not members:
        return reachable(None, None)
    contact = " OR ".join(f"{each} IS NOT NULL" for each in held)
    asked = "consents" in customers.features.schema.facts
    return reachable(
        _count(customers, f"({rule}) AND ({contact})") / members,
        _count(customers, f"({rule}) AND {GIVEN}") / members if asked else None,
    )


def _count(customers: Customers, rule: str) -> int:
    return len(customers.engine.fetch(customers.query({}, where=parse_rule(rule))))


def _actionable(workspace: Workspace, name: str, rule: str) -> Finding:
    answered = len(workspace.coverage(rule).answers) - len(workspace.coverage(rule).missing)
    segmentation, slash, group = name.partition("/")
    known = {each.name for each in workspace.segmentations()}
    goal = ""
    if slash and segmentation in known:
        playbook = workspace.playbooks.of_group(segmentation, group).playbook
        goal = playbook.goal if playbook else ""
    return actionable(answered, goal)
