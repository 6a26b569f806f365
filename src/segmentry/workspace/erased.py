"""The list of people who were erased: when, by whom, how many, and keyed hashes of their ids.

It stands in a file of its own beside the warehouse, so that it holds when an older copy of the
warehouse is put back. Without the key, another file that only its owner may read, it names nobody.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from segmentry.core.whole import draft_of, put
from segmentry.data.suppression import NOBODY, Suppression

FILE, KEY = "erasures.jsonl", "erasures.key"
PENDING = "erasure.pending"
"""What is to be done; it is there until it is done."""
KEY_BYTES = 32
OWN = 0o600


@dataclass(frozen=True)
class Erased:
    """People who were erased at once.

    Args:
        at: Instant, UTC.
        by: Who did it, as the log calls them.
        reason: Why, as a person said.
        customers: How many ids.
        hashes: Of these ids, and of the ids of their orders.
    """

    id: str
    at: str
    by: str
    reason: str
    customers: int
    hashes: tuple[str, ...]


def erased(folder: Path) -> list[Erased]:
    """All that was erased, the oldest first."""
    path = folder / FILE
    if not path.is_file():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    found = (json.loads(line) for line in lines)
    return [Erased(**each | {"hashes": tuple(each["hashes"])}) for each in found]


def is_pending(folder: Path) -> bool:
    """Whether forgetting people was asked for and not finished."""
    return (folder / PENDING).is_file()


def suppression(folder: Path) -> Suppression:
    """Whose records are refused; costs nothing where nobody was erased."""
    if not (folder / FILE).is_file():
        return NOBODY
    hashes = frozenset(one for each in erased(folder) for one in each.hashes)
    return Suppression(_key(folder), hashes)


def keyed(folder: Path) -> Suppression:
    """What makes hashes; the key is made with the first."""
    if not (folder / KEY).is_file():
        write_own(folder / KEY, secrets.token_hex(KEY_BYTES))
    return Suppression(_key(folder))


def note(folder: Path, added: Iterable[Erased]) -> None:
    """Add to the list what is not there yet."""
    there = erased(folder)
    known = {each.id for each in there}
    rows = [*there, *(each for each in added if each.id not in known)]
    write_own(folder / FILE, "".join(json.dumps(asdict(each)) + "\n" for each in rows))


def write_own(path: Path, text: str) -> None:
    """Write a file, whole or not at all, that only its owner may read."""
    draft = draft_of(path)
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWN)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    put(draft, path)


def _key(folder: Path) -> bytes:
    return bytes.fromhex((folder / KEY).read_text(encoding="ascii"))


__all__ = ["PENDING", "Erased", "erased", "is_pending", "keyed", "note", "suppression", "write_own"]
