"""People, sessions, keys and the log of what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from segmentry.answers.plain import Document, instant

if TYPE_CHECKING:
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
