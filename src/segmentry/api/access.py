"""Which right a route takes, and who may use it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from fastapi.routing import APIRoute

from segmentry.api.asked import asked
from segmentry.api.door import SAFE
from segmentry.core.errors import ForbiddenError, SignInError
from segmentry.workspace.access.scope import ROLES, Principal, Scope

__all__ = ["ROLES", "Anyone", "Asking", "May", "Principal", "Scope", "SignedIn", "Unnoted"]


async def principal() -> Principal:
    """Who asks.

    Raises:
        SignInError: Nobody we know.
    """
    who = asked().who
    if who is None:
        raise SignInError(
            "nobody is signed in.", fix="Sign in, or send a key: `Authorization: Bearer …`."
        )
    return who


UNNOTED = (Scope.READ, Scope.LIVE)
"""What is not personal, and what a site asks many times a second."""
Asking = Annotated[Principal, Depends(principal)]


class May:
    """A dependency of a route that lets in only who has a scope, and has the log note it.

    Each route has exactly one. What only reads what is not personal is not noted.

    Args:
        scope: Read from here when routes are listed, so that each can be tried by each role.
    """

    scope: Scope | None

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    async def __call__(self, request: Request) -> None:
        """Let pass.

        Raises:
            SignInError: Nobody is signed in.
            ForbiddenError: Whoever asks lacks the scope.
        """
        under_way = asked()
        under_way.scope, under_way.schema = self.scope, _schema(request.scope["route"])
        who = await principal()  # what strangers try is not noted: they could fill the disk
        lacking = self.scope not in who.scopes
        under_way.noted = lacking or self.scope not in UNNOTED
        if lacking:
            raise ForbiddenError(
                f"this takes the right `{self.scope}`.", fix="Ask an administrator for it."
            )


class SignedIn(May):
    """Lets in everybody who is signed in, and every key; what changes something is noted."""

    def __init__(self) -> None:
        self.scope = None

    async def __call__(self, request: Request) -> None:
        """Let pass.

        Raises:
            SignInError: Nobody is signed in.
        """
        await principal()
        asked().noted = request.method not in SAFE


class Anyone(May):
    """Lets in anyone; what they do is noted."""

    def __init__(self) -> None:
        self.scope = None

    async def __call__(self, request: Request) -> None:  # noqa: ARG002 - as the others
        """Let pass."""
        asked().noted = True


class Unnoted(Anyone):
    """Lets in anyone, for what changes nothing and is no secret; it is not noted."""

    async def __call__(self, request: Request) -> None:  # noqa: ARG002 - as the others
        """Let pass."""
        asked().noted = False


def _schema(route: APIRoute) -> str:
    """What the answers of a route are called in its description; nothing for other answers."""
    for each in route.responses.values():
        reference = each.get("content", {}).get("application/json", {}).get("schema", {})
        if "$ref" in reference:
            return str(reference["$ref"]).rpartition("/")[2]
    return ""
