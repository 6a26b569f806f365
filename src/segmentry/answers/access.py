"""People, sessions, keys and the log of what was done."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from segmentry.answers.page import Page
from segmentry.answers.plain import Document, instant

if TYPE_CHECKING:
    from segmentry.workspace.access.access import Access
    from segmentry.workspace.access.audit import Entry
    from segmentry.workspace.access.keys import Key
    from segmentry.workspace.access.people import Person
    from segmentry.workspace.access.scope import Principal
    from segmentry.workspace.access.sessions import Session


def session(who: Principal, found: Session | None) -> Document:
    """Who asks, what they may do, and what a page sends along with changes."""
    return {
        "name": who.name,
        "role": who.role or None,
        "scopes": sorted(who.scopes),
        "csrf": found.csrf if found else None,
        "ends_at": instant(found.ends_at) if found else None,
    }


def person(found: Person) -> Document:
    """Somebody who may sign in."""
    return {
        "id": found.id,
        "name": found.name,
        "email": found.email,
        "role": found.role,
        "disabled": found.disabled,
        "added_at": instant(found.added_at),
        "signed_in_at": instant(found.signed_in_at),
    }


def people(access: Access) -> Document:
    """Everybody who may sign in, by name."""
    return {"people": [person(each) for each in access.people.all()]}


def keys(access: Access) -> Document:
    """Every key, the newest first."""
    return {"keys": [key(each) for each in access.keys.all()]}


def added_key(access: Access, name: str, scopes: Iterable[str], days: int | None) -> Document:
    """A new key with its secret, which nobody is shown again."""
    found, secret = access.keys.add(name, scopes, days)
    return key(found) | {"secret": secret}


def audit(access: Access, page: Page) -> Document:
    """Entries of the log, the newest first."""
    before = page.after(int)
    found = access.audit.latest(page.limit + 1, before[0] if before else None)
    shown, cursor = page.cut(found, lambda each: [each.number])
    names = access.names()
    return {"entries": [entry(each, names) for each in shown], "next_cursor": cursor}


def chain(access: Access) -> Document:
    """Whether the log is as it was written."""
    found = access.audit.checked()
    return {
        "entries_count": found.entries,
        "whole": found.broken_at is None,
        "broken_at": found.broken_at,
        "head": found.head,
    }


def key(found: Key) -> Document:
    """A key, without its secret."""
    return {
        "id": found.id,
        "name": found.name,
        "scopes": list(found.scopes),
        "added_at": instant(found.added_at),
        "expires_at": instant(found.expires_at),
        "used_at": instant(found.used_at),
        "revoked_at": instant(found.revoked_at),
    }


def entry(found: Entry, names: dict[str, str]) -> Document:
    """An entry of the log; its name is that of today, and missing for who was removed."""
    return {
        "number": found.number,
        "at": found.at,
        "who": found.who,
        "name": names.get(found.who),
        "what": found.what,
        "object": dict(found.object),
        "changes": [dict(each) for each in found.changes],
        "customers": found.customers,
        "outcome": found.outcome,
        "hash": found.hash,
    }
