"""Groups that bring far more than the others, and how sure that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from segmentry.answers.basis import basis
from segmentry.answers.estimate import estimate
from segmentry.answers.plain import Document

if TYPE_CHECKING:
    from segmentry.core.time import AsOf
    from segmentry.workspace.discovery import Discovered, Discovery, Wanted
    from segmentry.workspace.wording import Wording
    from segmentry.workspace.workspace import Workspace


def find(
    workspace: Workspace, wanted: Wanted, as_of: AsOf, language: str | None = None
) -> Document:
    """Search crossings of criteria; the answer is kept until the next one."""
    return _shown(workspace, workspace.discovery.find(wanted, as_of), language)


def latest(workspace: Workspace, language: str | None = None) -> Document:
    """What was found last; `None` where nothing was looked for."""
    found = workspace.discovery.last()
    return {"latest": None if found is None else _shown(workspace, found, language)}


def save(
    workspace: Workspace, number: int, name: str, label: str = "", language: str | None = None
) -> Document:
    """Keep a group that was found last as an ordinary segment."""
    segment = workspace.discovery.save(number, name, label)
    return {
        "name": segment.name,
        "rule": segment.rule,
        "sentence": workspace.sentence(segment.rule, language),
    }


def _shown(workspace: Workspace, found: Discovery, language: str | None) -> Document:
    """Not exact: figures are those of the half that the search never saw."""
    rests_on = basis(workspace, workspace.as_of(found.as_of)) | {"exact": False}
    return rests_on | _document(workspace, found, workspace.wording(language))


def _document(workspace: Workspace, found: Discovery, wording: Wording) -> Document:
    messages = wording.messages
    of = (
        messages(f"discovery.of.{found.by}", days=found.days)
        if found.days
        else messages("discovery.of.feature", feature=wording.feature(found.by))
    )
    key = ("less" if found.less else "more") if found.groups else "none"
    return {
        "by": found.by,
        "days": found.days,
        "less": found.less,
        "cut": found.cut,
        "later": found.later,
        "asked": found.asked,
        "features": found.features,
        "conditions": found.conditions,
        "tried": found.tried,
        "tested": found.tested,
        "confirmed": found.confirmed,
        "left_out": list(found.left_out),
        "sentence": messages(f"discovery.{key}", count=len(found.groups), of=of),
        "groups": [_group(workspace, each, wording) for each in found.groups],
    }


def _group(workspace: Workspace, found: Discovered, wording: Wording) -> Document:
    messages = wording.messages
    return {
        "number": found.number,
        "rule": found.rule,
        "sentence": wording.sentence(workspace.checked(found.rule)),
        "customers": found.customers,
        "customer_share": found.share,
        "each": estimate(found.each),
        "others": estimate(found.others),
        "more": estimate(found.more),
        "lift": estimate(found.lift),
        "outcome_share": estimate(found.portion),
        "chance": found.chance,
        "later": found.later,
        "later_sentence": messages(f"discovery.later.{found.later}"),
        "later_more": estimate(found.later_more) if found.later_more else None,
        "warnings": [
            {
                "kind": each.kind,
                "feature": each.feature,
                "within": each.within,
                "sentence": messages(
                    f"discovery.warned.{each.kind}", feature=wording.feature(each.feature)
                ),
            }
            for each in found.warnings
        ],
    }
