"""What runs in processes of its own, forked from one that has imported everything already."""

from __future__ import annotations

import ctypes
import os
import resource
import sys
import tempfile
import traceback
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from tests.torture import state
from typer.main import get_command

# Imported once, for all processes that are forked from this one.
from segmentry import report as _report  # noqa: F401
from segmentry.cli.main import app
from segmentry.workspace import (  # noqa: F401
    catalogue,
    definitions,
    duplicates,
    export,
    loading,
    reporting,
    workspace,
)

COMMAND = get_command(app)
ANY_PROCESS_MAY_TRACE = (0x59616D61, ctypes.c_ulong(-1 % 2**64))


def command(
    gate: Connection,
    folder: Path,
    argv: tuple[str, ...],
    more_memory: int | None = None,
) -> None:
    """Run a command line in a folder once the gate opens; what it says goes into a file there."""
    _into(folder)
    if more_memory is not None:
        most = _address_space() + more_memory
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    ctypes.CDLL(None).prctl(*ANY_PROCESS_MAY_TRACE)
    gate.send(True)
    gate.recv()
    COMMAND(list(argv), prog_name="segmentry")


def _into(folder: Path) -> None:
    """Go to a folder, where everything that is said is kept in a file."""
    said = os.open(folder / "said", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    for stream in (1, 2):
        os.dup2(said, stream)
    os.close(said)
    os.chdir(folder)
    sys.stdin = open(os.devnull)  # noqa: PTH123, SIM115
    os.environ["COLUMNS"] = "200"
    tempfile.tempdir = str(folder / "temporary")


def _address_space() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * resource.getpagesize()


def look(answer: Connection, folder: Path) -> None:
    """Send what a workspace shows, or the error that keeps it from showing anything."""
    answer.send(_found(folder))


def go_on(answer: Connection, folder: Path, copy: Path, argv: tuple[str, ...]) -> None:
    """Look at a copy, run a command in the folder and look there, as one person would.

    Sends what the copy shows; if it is told to go on, the exit code and what is shown then.
    """
    answer.send(_found(copy / "shop"))
    if not answer.recv():
        return
    _into(folder)
    code = 0
    try:
        COMMAND(list(argv), prog_name="segmentry")
    except SystemExit as ended:
        code = int(ended.code or 0)
    sys.stdout.flush()
    sys.stderr.flush()
    answer.send((code, _found(folder / "shop")))


def _found(folder: Path) -> Any:
    try:
        return state.seen(folder)
    except Exception:  # noqa: BLE001 - whatever it is, the test shows it
        return traceback.format_exc()
