"""Who has a workspace: one process at a time, and any other is told which.

A lock of the system's on a small file beside the warehouse, which says who holds it. The system
lets go of the lock when the process ends, however it ends, so what a dead one has written there
stops nobody.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from segmentry.core.errors import BusyError, EngineError

FILE = "workspace.lock"
SERVER = "segmentry serve"
"""The command that has a workspace for as long as people work with its page."""
PAUSE_SECONDS = 0.05
LONGEST = 4096


@dataclass(frozen=True)
class Holder:
    """A process that has a workspace.

    Args:
        process: Its number in the system.
        command: The command, without its arguments, which may hold names and passwords.
        since: Naive UTC.
    """

    process: int
    command: str
    since: datetime

    def __str__(self) -> str:
        return f"process {self.process} (`{self.command}`, since {self.since:%H:%M:%S} UTC)"


UNKNOWN = Holder(0, "unknown", datetime(1970, 1, 1))
"""Somebody, in the moment before they have written who."""


@dataclass(frozen=True)
class Caller:
    """Who wants a workspace, and how patient they are.

    Args:
        command: What others are told who find it taken.
        wait_seconds: How long to wait for another process.
        waiting: Told once that it has to wait, and for whom.
    """

    command: str = "python"
    wait_seconds: float = 0
    waiting: Callable[[Holder | None], None] = lambda _: None


@dataclass
class _Held:
    """A lock of this process; its workspaces on one folder share it."""

    handle: int
    holder: Holder
    shares: int


_HELD: dict[Path, _Held] = {}


class Hold:
    """A share in this process's lock on a workspace; release it."""

    def __init__(self, folder: Path, caller: Caller, now: Callable[[], datetime]) -> None:
        """Take it.

        Raises:
            BusyError: Another process has it, and still has it after the wait.
            EngineError: The folder cannot be written to.
        """
        self._key = folder.resolve()
        self.first = self._key not in _HELD
        """Whether no workspace of this process had it before: nobody works in the folder."""
        if self.first:
            handle = _locked(folder, caller)
            holder = Holder(os.getpid(), caller.command, now())
            _write(handle, holder)
            _HELD[self._key] = _Held(handle, holder, 0)
        _HELD[self._key].shares += 1

    def close(self) -> None:
        """Give it back; the last one of the process lets others in."""
        held = _HELD[self._key]
        held.shares -= 1
        if held.shares == 0:
            del _HELD[self._key]
            os.ftruncate(held.handle, 0)
            os.close(held.handle)


def holder(folder: Path) -> Holder | None:
    """Who has a workspace now, this process or another; `None` when nobody has it."""
    if held := _HELD.get(folder.resolve()):
        return held.holder
    try:
        handle = os.open(folder / FILE, os.O_RDWR)
    except OSError:
        return None
    try:
        return None if _try(handle) else _read(handle) or UNKNOWN
    finally:
        os.close(handle)


def _locked(folder: Path, caller: Caller) -> int:
    try:
        handle = os.open(folder / FILE, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise EngineError(
            f"cannot write to `{folder}`: {(error.strerror or 'not usable').lower()}.",
            fix="It has to be writable: see to the rights of the folder, or free its disk.",
        ) from error
    try:
        _wait(handle, folder, caller)
    except BaseException:
        os.close(handle)
        raise
    return handle


def _wait(handle: int, folder: Path, caller: Caller) -> None:
    if _try(handle):
        return
    caller.waiting(_read(handle))
    until = time.monotonic() + max(caller.wait_seconds, PAUSE_SECONDS)
    while time.monotonic() < until:
        time.sleep(PAUSE_SECONDS)
        if _try(handle):
            return
    raise _busy(folder, _read(handle), caller.wait_seconds)


def _busy(folder: Path, found: Holder | None, waited: float) -> BusyError:
    who = str(found) if found else "another process"
    return BusyError(
        f"{who} has the workspace `{folder}`; waited {waited:g} s.",
        fix=_way_out(found),
        process=found.process if found else None,
        command=found.command if found else None,
    )


def _way_out(found: Holder | None) -> str:
    if found and found.command == SERVER:
        return (
            "It serves the page: do it there or over the API (docs/guides/api.md), or stop it: "
            f"`kill {found.process}`; nothing gets lost."
        )
    stop = f", or stop it: `kill {found.process}`" if found else ""
    return f"Wait until it ends, longer with `segmentry --wait 60 …`{stop}; nothing gets lost."


def _try(handle: int) -> bool:
    try:
        import fcntl
    except ImportError:  # where there is no such lock, that of the warehouse alone decides
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _write(handle: int, holder: Holder) -> None:
    text = json.dumps(asdict(holder) | {"since": holder.since.isoformat()})
    try:
        os.ftruncate(handle, 0)
        os.pwrite(handle, text.encode(), 0)
    except OSError:
        return  # a full disk: the lock holds all the same, only nobody reads whose it is


def _read(handle: int) -> Holder | None:
    """What is written there; `None` in the moment before the holder has written it."""
    try:
        found = json.loads(os.pread(handle, LONGEST, 0))
        return Holder(found["process"], found["command"], datetime.fromisoformat(found["since"]))
    except (ValueError, KeyError, TypeError):
        return None
