"""Passwords as argon2id: slow to guess, and no more at once than the memory can bear."""

from __future__ import annotations

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from segmentry.core.errors import UsageError

SHORTEST, LONGEST = 12, 1024
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""As OWASP advises: 19 MiB and two passes, some 50 ms of a core."""
_ONE_BY_ONE = threading.Lock()
NOBODY = (
    "$argon2id$v=19$m=19456,t=2,p=1$NYOoySI6oWc29Z97kYW6lw$"
    "9hbrWMu65tDfwFYC53DvO15kIMvn0Q9/NYx83RxZHtQ"
)
"""What a password is held against where there is no such person: it takes as long, and fails."""


def hashed(password: str, name: str) -> str:
    """A password as it is kept.

    Raises:
        UsageError: It is too short, too long, or the person's name.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise UsageError(
            f"a password has {SHORTEST} characters at least, {LONGEST} at most.",
            fix="Take a few words that do not belong together.",
        )
    if password.casefold() == name.casefold() or len(set(password)) == 1:
        raise UsageError("this password is too easy to guess.", fix="Take another one.")
    with _ONE_BY_ONE:
        return HASHER.hash(password)


def fits(password: str, kept: str | None) -> bool:
    """Whether a password is the one that is kept; takes as long where none is kept."""
    with _ONE_BY_ONE:
        try:
            HASHER.verify(kept or NOBODY, password[:LONGEST])
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None
