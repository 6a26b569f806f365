"""The door: who is known, by the key that a request carries."""

from __future__ import annotations

import hashlib
import hmac

from fastapi import Request

from segmentry.api.access import Principal


class Door:
    """Knows principals by their keys; of a key only its hash is kept."""

    def __init__(self) -> None:
        self._known: dict[str, Principal] = {}

    def let_in(self, key: str, principal: Principal) -> None:
        """Know a principal by a key from now on."""
        self._known[_hash(key)] = principal

    def who(self, request: Request) -> Principal | None:
        """Who asks; `None` when the request carries no key or an unknown one."""
        kind, _, key = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer":
            return None
        given = _hash(key)
        found = (who for known, who in self._known.items() if hmac.compare_digest(known, given))
        return next(found, None)


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
