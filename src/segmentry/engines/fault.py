"""What goes wrong in DuckDB or below it, as errors that say what ran out and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from segmentry.core.errors import BusyError, CancelledError, EngineError, OutOfResourcesError

FULL = re.compile(r"no space left|disk quota|file too large|max_temp_directory_size", re.IGNORECASE)
READ_ONLY = re.compile(r"(?i)read-only file ?system|permission denied|operation not permitted")
BROKEN = re.compile(r"input/output error|fsync failed", re.IGNORECASE)
LOCKED = re.compile(r"could not set lock|conflicting lock", re.IGNORECASE)
CONFLICT = re.compile(r"conflict", re.IGNORECASE)
HOLDER = re.compile(r"held in (\S+) \(PID (\d+)\)")


@contextmanager
def translated(statement: str) -> Iterator[None]:
    """Errors of a statement become ours.

    Raises:
        CancelledError: It was stopped.
        OutOfResourcesError: The disk or the memory ran out.
        BusyError: Another transaction has changed the same.
        EngineError: Anything else that the database says.
    """
    try:
        yield
    except duckdb.InterruptException as error:
        raise CancelledError("the work was cancelled; nothing half done remains.") from error
    except duckdb.Error as error:
        raise (
            of_others(error)
            or of_machine(error)
            or EngineError(f"the database refused: {first_line(error)}", sql=statement)
        ) from error
    except MemoryError as error:
        raise out_of_memory() from error
    except RuntimeError as error:
        # What the driver makes of Ctrl-C when it notices before Python does.
        if str(error) != "Query interrupted":
            raise
        raise CancelledError("the work was cancelled; nothing half done remains.") from error


def of_opening(path: Path | None, error: Exception) -> EngineError:
    """Why a file cannot be opened."""
    text = str(error)
    if LOCKED.search(text):
        found = HOLDER.search(text)
        who = f"process {found.group(2)} ({found.group(1)})" if found else "another process"
        return BusyError(
            f"{who} is using `{path}`, which one process owns at a time; it is no other command of "
            "this workspace, for that would be named.",
            fix="Close the program that has the file open.",
        )
    return of_machine(error) or EngineError(
        f"cannot open `{path}`: {first_line(error)}",
        fix="Put a copy of the file back, or load the sources into a new workspace.",
    )


def of_others(error: Exception) -> BusyError | None:
    """Whether somebody else was faster; `None` when it was something else."""
    if not isinstance(error, duckdb.TransactionException) or not CONFLICT.search(str(error)):
        return None
    return BusyError(
        "somebody else changed the same at this moment; nothing was changed.", fix="Ask again."
    )


def of_machine(error: Exception) -> EngineError | None:
    """What of the machine failed: disk, memory or rights; `None` when it was something else."""
    text = str(error)
    if FULL.search(text):
        return OutOfResourcesError(
            "the disk is full; nothing was changed.",
            fix="Free space where the workspace is and run the command again.",
        )
    if BROKEN.search(text):
        return EngineError(
            "the disk failed to read or write; nothing was changed.",
            fix="See the system's log and check the disk, then run the command again.",
        )
    if READ_ONLY.search(text):
        return EngineError(
            "the workspace cannot be written to; nothing was changed.",
            fix="See to the rights of its folder and files, or mount the disk for writing.",
        )
    if isinstance(error, duckdb.OutOfMemoryException) or "std::bad_alloc" in text:
        return out_of_memory()
    if isinstance(error, duckdb.FatalException):
        return OutOfResourcesError(
            f"the database stopped: {first_line(error)}",
            fix="Run the command again; what was finished is kept.",
        )
    return None


def out_of_memory() -> OutOfResourcesError:
    """The memory that the engine may take, or that there is, is not enough."""
    return OutOfResourcesError(
        "the engine ran out of memory; nothing was changed.",
        fix="Raise `memory_limit` in segmentry.yaml, or lower `threads`: each takes its share.",
    )


def first_line(error: Exception) -> str:
    """The beginning of what a driver says."""
    return (str(error).splitlines() or [type(error).__name__])[0]
