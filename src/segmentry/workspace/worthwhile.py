"""Whether a segment of a workspace is worth having."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
    from segmentry.report.writer import Writer
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
    [found] = several(workspace, [name], when)
    return found


def several(
    workspace: Workspace, names: Sequence[str], when: When = None
) -> tuple[Worthwhile, ...]:
    """The same of several, for little more than of one.

    Raises:
        DeclarationError: One is no name and not a rule either.
        UsageError: There are no orders.
    """
    as_of = workspace.as_of(when)
    rules = {name: rule_of(workspace, name) for name in names}
    worths = {each.name: each for each in value(workspace, names, as_of).worths}
    stayed, after = _stable(workspace, names, as_of), _separable(workspace, names, as_of)
    trust = workspace.trust(as_of)
    found = []
    for name, rule in rules.items():
        seen, worth = workspace.preview(rule, as_of), worths.get(name)
        share = worth.revenue_share.value if worth else None
        findings = (
            substantial(seen.customers, seen.customers / max(seen.of, 1), share),
            measurable(seen.missing_decided / max(seen.of, 1), trust),
            stayed.get(name, stable(None, MAIN, 0, None)),
            after.get(name, separable("unsaid", None, 0)),
            _reachable(workspace, rule, seen.customers, as_of),
            _actionable(workspace, name, rule, as_of),
        )
        found.append(Worthwhile(name, rule, str(as_of), findings))
    return tuple(found)


def _stable(workspace: Workspace, names: Sequence[str], as_of: AsOf) -> dict[str, Finding]:
    """Of each that had members before."""
    try:
        found = drift(workspace, names, as_of)
    except UsageError:
        return {}
    return {
        each.shift.name: stable(group.stayed.value, MAIN, group.before, group.half_life_days.value)
        for each in found.segmentations
        for group in each.groups
    }


def _separable(workspace: Workspace, names: Sequence[str], as_of: AsOf) -> dict[str, Finding]:
    """Of each that had members in past months."""
    try:
        found = workspace.remembered(
            "backtest", lambda: backtest(workspace, names, as_of), as_of, about=names
        )
    except UsageError:
        return {}
    judged = {}
    for name in names:
        for group in found.groups[name]:
            outcomes = {each.days: each.bought_more.value for each in group.outcomes}
            judged[name] = separable(group.verdict, outcomes.get(MAIN), len(found.cuts))
        judged.setdefault(name, separable("unsaid", None, len(found.cuts)))
    return judged


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


def _actionable(workspace: Workspace, name: str, rule: str, as_of: AsOf) -> Finding:
    answered = len(workspace.coverage(rule).answers) - len(workspace.coverage(rule).missing)
    return actionable(answered, goal_of(workspace, name, as_of))


def goal_of(workspace: Workspace, name: str, as_of: AsOf, language: str | None = None) -> str:
    """What a playbook says is to be reached with a segment or group; empty where none does."""
    segmentation, slash, group = name.partition("/")
    playbook = None
    if slash and segmentation in {each.name for each in workspace.segmentations()}:
        playbook = workspace.playbooks.of_group(segmentation, group, language).playbook
    elif name in {each.name for each in workspace.saved()}:
        [action] = workspace.actions.of([name], as_of, language)
        playbook = action.playbook
    return playbook.goal if playbook else ""


def evidence(found: Mapping[str, float | int | str | None], write: Writer) -> Iterator[str]:
    """By what one sees a finding, in words; what is not known is left out."""
    for key, known in found.items():
        if known is not None:
            written = _written(key, known, write)
            yield write.messages(f"terminal.worthwhile.by.{key}", value=written)


def _written(name: str, value: float | str, write: Writer) -> str:
    if name == "verdict":
        return write.messages(f"backtest.verdict.{value}")
    if isinstance(value, str):
        return value
    if name.endswith("_share") or name in ("stayed", "bought_more"):
        return write.share(value)
    return write.number(value)
