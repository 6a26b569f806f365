"""Lists of customers, and who is in a segment by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from segmentry.answers.plain import Document, instant

if TYPE_CHECKING:
    from segmentry.data.lists import CustomerList, Entry
    from segmentry.workspace.workspace import Workspace


def every(workspace: Workspace) -> Document:
    """The lists with their sizes."""
    zone = workspace.settings.timezone
    return {"lists": [_shape(each, zone) for each in workspace.lists.all()]}


def by_hand(workspace: Workspace, segment: str) -> Document:
    """Who is in or out of a segment by hand, since when, until when and why."""
    zone = workspace.settings.timezone
    return {
        "name": segment,
        "by_hand": [
            {"included": each.included, **_entry(each.entry, zone)}
            for each in workspace.lists.by_hand(segment)
        ],
    }


def _shape(found: CustomerList, timezone: str) -> Document:
    """A list by itself."""
    return {
        "name": found.name,
        "label": found.label,
        "origin": found.origin,
        "matched_by": found.matched_by.value,
        "made_at": instant(found.made_at, timezone),
        "members": found.members,
        "unmatched": found.unmatched,
    }


def _entry(found: Entry, timezone: str) -> Document:
    """An entry; `since` is empty for always."""
    return {
        "given": found.given,
        "customer_id": found.customer_id,
        "reason": found.reason,
        "since": instant(found.since, timezone),
        "until": instant(found.until, timezone),
    }


def summary(workspace: Workspace, name: str) -> Document:
    """A list without who is on it."""
    return _shape(workspace.lists.named(name), workspace.settings.timezone)


def one(workspace: Workspace, name: str) -> Document:
    """Who is on a list, and what matched no customer."""
    timezone, entries = workspace.settings.timezone, workspace.lists.entries(name)
    return _shape(workspace.lists.named(name), timezone) | {
        "used_by": workspace.lists.used_by(name),
        "not_matched": [each.given for each in entries if each.customer_id is None],
        "entries": [_entry(each, timezone) for each in entries if each.customer_id],
    }
