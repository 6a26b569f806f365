"""Customers: found, one of them with all that is known, what they did, where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from segmentry.answers.basis import basis
from segmentry.answers.fields import fields
from segmentry.answers.page import Page
from segmentry.answers.plain import Document, instant, placed
from segmentry.core.errors import UsageError
from segmentry.data.checks.personal import PERSONAL
from segmentry.workspace.people import People

if TYPE_CHECKING:
    from segmentry.core.time import AsOf
    from segmentry.features.known import Features
    from segmentry.workspace.people import Happening, Person
    from segmentry.workspace.wording import Wording
    from segmentry.workspace.workspace import Workspace

SHOWN = ("recency_days", "frequency", "monetary")
"""Features that a list has, as far as there are such."""


def find(workspace: Workspace, search: str, as_of: AsOf, page: Page) -> Document:
    """Customers whose id, name, address or number has a text in it, sorted by id; else all."""
    people, features = People(workspace, as_of), workspace.features()
    after = page.after(str)
    names = [*people.called, *(each for each in SHOWN if each in features)]
    found = people.some(names, page.limit + 1, after[0] if after else "", search=search)
    shown, cursor = page.cut(found, lambda each: [each["customer_id"]])
    return basis(workspace, as_of) | {
        "search": search,
        "of": people.count(),
        "customers": shown,
        "next_cursor": cursor,
    }


def one(
    workspace: Workspace, customer_id: str, as_of: AsOf, language: str | None = None
) -> Document:
    """A customer's card: traits, features, scores, groups and segments.

    Raises:
        NotFoundError: Nobody of that id was known at the instant.
    """
    found = People(workspace, as_of).one(customer_id)
    features, wording = workspace.features(), workspace.wording(language)
    segmentations = {each.feature: each for each in workspace.segmentations()}
    labels = {each.name: each.label for each in workspace.saved()}
    kinds = {name: _kind(name, features) for name in found.values if name not in segmentations}
    return basis(workspace, as_of) | {
        "exact": found.exact,
        "customer_id": found.customer_id,
        "traits": _values(workspace, found, kinds, ("trait",), wording),
        "features": _values(workspace, found, kinds, ("aggregate", "formula", "group"), wording),
        "scores": _values(workspace, found, kinds, ("score",), wording),
        "groups": [
            {
                "segmentation": each.name,
                "label": wording.segmentation(each),
                "group": found.values[each.feature],
                "group_label": wording.group(each, found.values[each.feature]),
                "rule": each.rule_of(found.values[each.feature]),
            }
            for each in segmentations.values()
            if found.values.get(each.feature) is not None
        ],
        "segments": [{"name": name, "label": labels.get(name) or name} for name in found.segments],
    }


def _kind(name: str, features: Features) -> str:
    return features.known[name].declaration.kind if name in features else "trait"


def _values(
    workspace: Workspace,
    found: Person,
    kinds: dict[str, str],
    wanted: Sequence[str],
    wording: Wording,
) -> list[Document]:
    """Of the kinds wanted; what is missing is told too, for it says something."""
    features, zone = workspace.features(), workspace.settings.timezone
    return [
        {
            "name": name,
            "label": wording.feature(name),
            "value": placed(found.values[name], zone),
            "type": features.schema.feature(name).type,
            "unit": features.known[name].declaration.unit if name in features else "",
            "theme": features.known[name].declaration.theme if name in features else "traits",
            "personal": name in PERSONAL,
        }
        for name, kind in kinds.items()
        if kind in wanted
    ]


def happenings(
    workspace: Workspace,
    customer_id: str,
    as_of: AsOf,
    page: Page,
    facts: Sequence[str] = (),
    language: str | None = None,
) -> Document:
    """What a customer did, newest first: rows of facts before the instant.

    Raises:
        NotFoundError: Nobody of that id was known at the instant.
        UnknownNameError: There is no such fact.
    """
    after = page.after(str, int)
    try:
        until = datetime.fromisoformat(after[0]) if after else None
    except ValueError:
        raise UsageError("this cursor is not from a page of this list.") from None
    told = after[1] if after else 0
    people, zone = People(workspace, as_of), workspace.settings.timezone
    asked = people.happenings(customer_id, told + page.limit + 1, until, facts)
    found = list(islice(asked, told, None))
    shown, cursor = page.cut(found, lambda last: _end(found[: page.limit], last, until, told))
    wording = workspace.wording(language)
    return basis(workspace, as_of) | {
        "customer_id": customer_id,
        "happenings": [
            {
                "fact": each.fact,
                "label": wording.table(each.fact),
                "at": instant(each.instant, zone),
                "values": {name: placed(value, zone) for name, value in each.values.items()},
            }
            for each in shown
        ],
        "fields": fields(workspace, ((each.fact, each.values) for each in shown), language),
        "next_cursor": cursor,
    }


def _end(
    shown: Sequence[Happening], last: Happening, until: datetime | None, told: int
) -> list[Any]:
    """The instant of the last row, and how many of that instant were told by now."""
    same = sum(each.instant == last.instant for each in shown)
    return [last.instant.isoformat(), same + (told if last.instant == until else 0)]
