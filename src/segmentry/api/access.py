"""Who asks, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from fastapi import Depends, Request

from segmentry.core.errors import SegmentryError


class Scope(StrEnum):
    """What one may do; each route asks for one."""

    READ = "read"
    """See segments, features, groups and what they are worth; never who a person is."""
    PERSONAL = "personal"
    """See who the customers are, one by one."""
    DEFINE = "define"
    """Save, change and remove segments, models, scales, playbooks."""
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
        name: For the audit log.
        scopes: What they may do.
    """

    name: str
    scopes: frozenset[Scope]


class SignInError(SegmentryError):
    """Nobody signed in, or the key is not known."""

    code, http_status, exit_code = "sign_in", 401, 2


class ForbiddenError(SegmentryError):
    """Whoever asks may not do this."""

    code, http_status, exit_code = "forbidden", 403, 2


def principal(request: Request) -> Principal:
    """Who asks.

    Raises:
        SignInError: Nobody we know.
    """
    found = request.app.state.door.who(request)
    if found is None:
        raise SignInError(
            "nobody is signed in.", fix="Sign in, or send a key: `Authorization: Bearer …`."
        )
    assert isinstance(found, Principal)
    return found


Asking = Annotated[Principal, Depends(principal)]


class May:
    """A dependency of a route that lets in only who has a scope.

    Args:
        scope: Read from here when routes are listed, so that each can be tried by each role.
    """

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def __call__(self, asking: Asking) -> Principal:
        """Let pass.

        Raises:
            ForbiddenError: Whoever asks lacks the scope.
        """
        if self.scope not in asking.scopes:
            raise ForbiddenError(
                f"this takes the right `{self.scope}`.", fix="Ask an administrator for it."
            )
        return asking
