"""What one may do, which role may do what, and who asks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from segmentry.core.errors import UnknownNameError


class Scope(StrEnum):
    """What one may do; each route asks for one."""

    READ = "read"
    """See segments, features, groups and what they are worth; never who a person is."""
    PERSONAL = "personal"
    """See who the customers are, one by one."""
    DEFINE = "define"
    """Save, change and remove segments, models, scales, playbooks."""
    LIVE = "live"
    """Ask where a customer stands whose id one has, and send records: for a shop's site."""
    LOAD = "load"
    """Bring data in, merge duplicates."""
    RUN = "run"
    """Refresh."""
    EXPORT = "export"
    """Take members and features out as files."""
    MANAGE = "manage"
    """People, keys, settings, the audit log, special categories, erasure."""


ROLES: dict[str, frozenset[Scope]] = {
    "viewer": frozenset({Scope.READ}),
    "analyst": frozenset({Scope.READ, Scope.DEFINE, Scope.LOAD, Scope.RUN, Scope.EXPORT}),
    "marketer": frozenset({Scope.READ, Scope.PERSONAL, Scope.DEFINE, Scope.RUN, Scope.EXPORT}),
    "admin": frozenset(Scope),
}
"""What each role may do; whatever is not here is refused."""


@dataclass(frozen=True)
class Principal:
    """Who asks: a person who signed in, or a key.

    Args:
        name: For people to read.
        scopes: What they may do.
        id: For the audit log: `person:3`, `key:x7f3k2ab`, `owner`.
        role: A person's role; none for a key.
    """

    name: str
    scopes: frozenset[Scope]
    id: str = ""
    role: str = ""


def scopes_of(role: str) -> frozenset[Scope]:
    """What a role may do.

    Raises:
        UnknownNameError: There is no such role.
    """
    if role not in ROLES:
        raise UnknownNameError("role", role, ROLES)
    return ROLES[role]


def scopes_named(names: Iterable[str]) -> frozenset[Scope]:
    """Scopes by their names.

    Raises:
        UnknownNameError: There is no such scope.
    """
    wanted = list(names)
    known = {each.value: each for each in Scope}
    for name in wanted:
        if name not in known:
            raise UnknownNameError("scope", name, known)
    return frozenset(known[name] for name in wanted)
