"""Runs commands in processes of their own, and kills them or makes their system calls fail."""

from __future__ import annotations

import multiprocessing
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from tests.torture import child
from tests.torture.state import Seen

CALLS = (
    "write", "pwrite64", "writev", "pwritev", "fsync", "fdatasync", "rename", "renameat",
    "renameat2", "unlink", "unlinkat", "ftruncate", "fallocate", "mkdir",
)  # fmt: skip
"""System calls that change a disk."""
PATIENCE = 120
INSTALL = "strace is not installed, or may not trace: apt-get install strace"

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.torture.practised"])


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code (negative: the signal), and what it said."""

    code: int
    said: str


@dataclass(frozen=True, order=True)
class Point:
    """The moment just before a thread makes a system call for the nth time.

    Args:
        what: The kind of file it is about, for choosing among the points.
    """

    call: str
    number: int
    what: str = field(default="", compare=False)

    def injection(self, effect: str, ever_after: str = "") -> str:
        """What strace is told; with a + the effect is that of all later calls of the kind too."""
        return f"inject={self.call}:{effect}:when={self.number}{ever_after}"


def tell(text: str) -> None:
    """Say how far a long run is."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def has_strace() -> bool:
    """Whether strace is here and may trace."""
    if shutil.which("strace") is None:
        return False
    tried = subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True, check=False)
    return tried.returncode == 0


def said(folder: Path) -> str:
    """What the last command in a folder said."""
    return (folder / "said").read_text(errors="replace")


def run(
    folder: Path,
    *argv: str,
    inject: str | None = None,
    more_memory: int | None = None,
) -> Ended:
    """Run a command line in a folder to its end."""
    with started(folder, *argv, inject=inject, more_memory=more_memory) as process:
        process.join(PATIENCE)
    return Ended(process.exitcode, said(folder))


@contextmanager
def started(
    folder: Path,
    *argv: str,
    inject: str | None = None,
    more_memory: int | None = None,
) -> Iterator[BaseProcess]:
    """A command that runs; killed if it still does at the end."""
    gate, far = _CONTEXT.Pipe()
    process = _CONTEXT.Process(target=child.command, args=(far, folder, argv, more_memory))
    process.start()
    far.close()
    gate.recv()
    with _traced(process, inject):
        _open(gate)
        try:
            yield process
        finally:
            if process.is_alive():
                process.kill()
            process.join()
            gate.close()


def _open(gate: Connection) -> None:
    gate.send(True)


@contextmanager
def _traced(process: BaseProcess, inject: str | None, log: str = "/dev/null") -> Iterator[None]:
    if inject is None:
        yield
        return
    calls = ",".join(CALLS)
    traced = inject if inject.startswith("inject=") else f"trace={calls}"
    command = ["strace", "-f", "-y", "-o", log, "-p", str(process.pid), "-e", f"trace={calls}"]
    if traced is inject:
        command += ["-e", inject]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as tracer:
        assert tracer.stderr is not None
        first = tracer.stderr.readline()
        assert "attached" in first, first
        try:
            yield
        finally:
            tracer.communicate(timeout=PATIENCE)


def points(folder: Path, *argv: str) -> tuple[list[Point], Ended]:
    """Every moment at which a command may be killed, in one undisturbed run in the folder."""
    with tempfile.NamedTemporaryFile("r", suffix=".strace") as log:
        gate, far = _CONTEXT.Pipe()
        process = _CONTEXT.Process(target=child.command, args=(far, folder, argv))
        process.start()
        far.close()
        gate.recv()
        with _traced(process, "only looking", log.name):
            _open(gate)
            process.join(PATIENCE)
        gate.close()
        ended = Ended(process.exitcode, said(folder))
        return list(_moments(log.read())), ended


def _moments(log: str) -> Iterator[Point]:
    """Strace counts the calls of each thread by itself."""
    counts: Counter[tuple[str, str]] = Counter()
    most: Counter[str] = Counter()
    for line in log.splitlines():
        if found := CALLED.match(line):
            thread, call, file, path = found.groups()
            counts[thread, call] += 1
            if counts[thread, call] > most[call]:
                most[call] += 1
                yield Point(call, most[call], _kind(file or path or ""))


CALLED = re.compile(r'(\d+)\s+(\w+)\((?:\d+<([^>]*)>|(?:AT_FDCWD[^,]*, )?"([^"]*)")?')


def _kind(path: str) -> str:
    """Files that differ only in a generated name, or are columns of one folder, are of one kind."""
    name = re.sub(r"[0-9a-f]{8,}", "*", path.rpartition("/shop/")[2])
    return re.sub(r"[^/]+(\.arrow)$", r"*\1", name)


def look(folder: Path) -> Seen:
    """What the workspace in a folder shows to a new process.

    Raises:
        AssertionError: It does not open.
    """
    near, far = _CONTEXT.Pipe(duplex=False)
    process = _CONTEXT.Process(target=child.look, args=(far, folder))
    process.start()
    far.close()
    found = near.recv()
    process.join(PATIENCE)
    near.close()
    return _opened(found)


@contextmanager
def going_on(folder: Path, *argv: str) -> Iterator[tuple[Seen, Callable[[], tuple[Ended, Seen]]]]:
    """What a folder shows to a new process, and how that one runs a command there and looks again.

    It looks at a copy, so that the command is the first that opens the folder.

    Raises:
        AssertionError: It does not open.
    """
    copy = shutil.copytree(folder, folder.with_name("copy"))
    near, far = _CONTEXT.Pipe()
    process = _CONTEXT.Process(target=child.go_on, args=(far, folder, copy, argv))
    process.start()
    far.close()

    def again() -> tuple[Ended, Seen]:
        near.send(True)
        code, found = near.recv()
        return Ended(code, said(folder)), _opened(found)

    try:
        yield _opened(near.recv()), again
    finally:
        with suppress(BrokenPipeError):  # it has run and gone
            near.send(False)
        near.close()
        process.join(PATIENCE)
        shutil.rmtree(copy)


def _opened(found: object) -> Seen:
    assert isinstance(found, Seen), found
    return found
