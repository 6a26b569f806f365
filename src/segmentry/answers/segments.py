"""Saved segments: their list, one of them, who is in it, why, since when, and what if."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from segmentry.answers import document as shape
from segmentry.answers.basis import basis
from segmentry.answers.fields import fields
from segmentry.answers.hint import hints
from segmentry.answers.page import Page
from segmentry.answers.plain import Document
from segmentry.core.errors import DeclarationError
from segmentry.core.time import AsOf

if TYPE_CHECKING:
    from segmentry.workspace.bound_segment import BoundSegment
    from segmentry.workspace.history import Size
    from segmentry.workspace.workspace import Workspace

MEMBER_COLUMNS = ("recency_days", "frequency", "monetary")
Said = tuple[str, str]
"""The sentence of a rule, and what is wrong with it."""
TREND = 13
"""Points of history in a list: a year by months, and what it began with."""


def preview(workspace: Workspace, rule: str, as_of: AsOf, language: str | None = None) -> Document:
    """Exact counts of a rule that need not be saved, and the rule in words."""
    found = workspace.preview(rule, as_of)
    said = workspace.sentence(rule, language)
    document = shape.preview(rule, found, said, basis(workspace, as_of))
    return document | {"hints": hints(workspace, found.conditions, as_of)}


def save(
    workspace: Workspace,
    name: str,
    rule: str,
    label: str,
    as_of: AsOf,
    language: str | None = None,
    folder: str | None = None,
) -> Document:
    """Keep a rule under a name, and say whom it moves if the name had another rule before."""
    before = next((each for each in workspace.segments() if each.name == name), None)
    changed = before is not None and before.rule != rule
    moved = shape.effect(before.effect(rule, as_of)) if before and changed else None
    label = label or (before.declared.label if before else "")
    bound = workspace.segment(name, rule, label, folder)
    document = preview(workspace, rule, as_of, language)
    return (
        document
        | shape.segment(bound, document["sentence"])
        | {
            "changed": before is None or bound.declared.version != before.declared.version,
            "effect": moved and {"before": before.rule, "after": rule, **moved} if before else None,
        }
    )


def every(workspace: Workspace, language: str | None = None) -> Document:
    """The saved segments, each with its size at the last refresh."""
    from segmentry.segments import usage

    users = usage.all_users(workspace.rules(), workspace.features())
    rows = [
        each | {"used_by": users.get(each["name"], []) + workspace.contents.showing(each["name"])}
        for each in listed(workspace, language)
    ]
    return {"data_through": workspace.data_through(), "segments": rows}


def listed(workspace: Workspace, language: str | None = None) -> list[Document]:
    """The saved segments, each with its size at its last point of history; `None` before one."""
    from segmentry.workspace import history

    saved, say = workspace.segments(), _saying(workspace, language)
    sizes = history.sizes_of_all(workspace.engine, [each.name for each in saved])
    return [_listed(each, sizes.get(each.name, {}).get("", []), say) for each in saved]


def _saying(workspace: Workspace, language: str | None = None) -> Callable[[str], Said]:
    """From a saved rule to its sentence and what is wrong with it by now, for many of them."""
    from segmentry.language.closed import unknown_values
    from segmentry.language.text import parse_rule

    schema = replace(workspace.features().schema, segments=frozenset(workspace.rules()))
    wording = workspace.wording(language)

    def say(text: str) -> Said:
        try:
            rule = parse_rule(text, schema)
            wrong = next(unknown_values(rule, schema), None)
            return wording.sentence(rule), str(wrong or "")
        except DeclarationError as error:  # it held when it was saved; the list shows all
            return "", str(error)

    return say


def _listed(bound: BoundSegment, sizes: Sequence[Size], say: Callable[[str], Said]) -> Document:
    zone = bound.workspace.settings.timezone
    last = sizes[-1] if sizes else None
    sentence, problem = say(bound.rule)
    return shape.segment(bound, sentence) | {
        "problem": problem,
        "as_of": str(AsOf(last.as_of, zone)) if last else None,
        "customers": last.customers if last else None,
        "of": last.of if last else None,
        "customer_share": last.customers / last.of if last and last.of else None,
        "revenue_amount": last.revenue_amount if last else None,
        "trend": [
            {"as_of": str(AsOf(each.as_of, zone)), "customers": each.customers}
            for each in sizes[-TREND:]
        ],
    }


def one(workspace: Workspace, name: str, as_of: AsOf, language: str | None = None) -> Document:
    """A segment: its rule, in words too, its size, and what uses it."""
    bound = workspace.segment(name)
    document = preview(workspace, bound.effective, as_of, language)
    return document | shape.segment(bound, document["sentence"]) | {"used_by": bound.used_by()}


def members(workspace: Workspace, name: str, as_of: AsOf) -> Document:
    """Who is in a segment, all of them, by id."""
    found = workspace.segment(name).members(as_of, _columns(workspace))
    return {
        "name": name,
        **basis(workspace, as_of),
        "customers": len(found),
        "members": list(found),
    }


def some_members(workspace: Workspace, name: str, as_of: AsOf, page: Page) -> Document:
    """Who is in a segment, by id, a page at a time; and how many are in it."""
    from segmentry.workspace.people import People

    rule = workspace.checked(workspace.segment(name).effective)
    people, after = People(workspace, as_of), page.after(str)
    found = people.some(_columns(workspace), page.limit + 1, after[0] if after else "", rule)
    shown, cursor = page.cut(found, lambda each: [each["customer_id"]])
    return {
        "name": name,
        **basis(workspace, as_of),
        "customers": people.count(rule),
        "members": shown,
        "next_cursor": cursor,
    }


def _columns(workspace: Workspace) -> list[str]:
    features = workspace.features()
    return [each for each in MEMBER_COLUMNS if each in features]


def history(workspace: Workspace, name: str) -> Document:
    """A segment's size over time, who entered and left, and why."""
    points = workspace.segment(name).history()
    return {
        "name": name,
        "data_through": workspace.data_through(),
        "points": shape.history(points, workspace.settings.timezone),
    }


def explain(
    workspace: Workspace, name: str, customer_id: str, as_of: AsOf, language: str | None = None
) -> Document:
    """Why a customer is in a segment or not, with the rows that decide."""
    bound = workspace.segment(name)
    found = bound.explain(customer_id, as_of)
    document = shape.explanation(found, workspace.settings.timezone)
    for each, condition in zip(document["conditions"], found.conditions, strict=True):
        each["sentence"] = workspace.sentence(condition.text, language)
        each["turned"] = workspace.sentence(condition.turned, language)
    rows = [(row["fact"], row) for each in document["conditions"] for row in each["evidence"]]
    return basis(workspace, as_of) | {
        "name": name,
        "rule": bound.rule,
        "sentence": workspace.sentence(bound.effective, language),
        **document,
        "fields": fields(workspace, rows, language),
    }


def effect(workspace: Workspace, name: str, rule: str, as_of: AsOf) -> Document:
    """What a new rule for a segment would move, without saving it."""
    bound = workspace.segment(name)
    return basis(workspace, as_of) | {
        "name": name,
        "before": bound.rule,
        "after": rule,
        **shape.effect(bound.effect(rule, as_of)),
        "used_by": bound.used_by(),
    }
