"""The one place where an error becomes words and an exit code.

0 done · 1 the answer is "no", or data failed a check that was asked to fail · 2 wrong use, a wrong
rule too · 3 bad input, nothing was changed · 4 internal, or what we run on: the disk, the memory, a
workspace in use · 130 stopped by Ctrl-C · 143 stopped by SIGTERM.
"""

from __future__ import annotations

import errno
import io
import os
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import typer
from rich.text import Text
from typer.core import TyperGroup

from segmentry.cli import stop
from segmentry.cli.output import clean, console, print_json
from segmentry.core.errors import (
    CancelledError,
    DeclarationError,
    EngineError,
    InternalError,
    OutOfResourcesError,
    SegmentryError,
    UsageError,
)

DEBUG = "SEGMENTRY_DEBUG"
TRACE = f"Run it again with {DEBUG}=1 to see where, and report it with that trace."


class StoppedError(CancelledError):
    """Ctrl-C, or the end of the input where an answer was asked for."""

    code, exit_code = "stopped", 130


class DeclinedError(UsageError):
    """A person answered "no"."""

    code, exit_code = "declined", 1


class FileAccessError(UsageError):
    """A file or folder that cannot be read or written where it was named."""

    code = "file"


class Door(TyperGroup):
    """The root command: no error leaves it but as a short block and an exit code."""

    def main(  # type: ignore[override]
        self, args: Sequence[str] | None = None, *, standalone_mode: bool = True, **extra: Any
    ) -> Any:
        """Run the command line; ends the process unless `standalone_mode` is false."""
        for stream in (sys.stdout, sys.stderr):
            # A terminal that cannot write a bar or a name shows ? for it.
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")
        given = list(sys.argv[1:] if args is None else args)
        code = self._run(given, extra)
        if standalone_mode:
            sys.exit(code)
        return code

    def _run(self, args: list[str], extra: dict[str, Any]) -> int:
        as_json = "--json" in args
        try:
            code = super().main(args, **(extra | {"standalone_mode": False}))
        except (CancelledError, typer.Abort):
            return report(_stopped(), as_json=as_json)
        except SegmentryError as error:
            return report(_stopped() if stop.was_asked() else error, as_json=as_json)
        except typer.TyperException as error:
            # Without a command the help was printed, and there is no message left.
            return report(_usage(error), as_json=as_json) if error.message else 0
        except BrokenPipeError:
            return 1
        except Exception as error:  # noqa: BLE001 - the last line of defence: no trace to a person
            stopped = _stopped() if stop.was_asked() else None
            return report(stopped or _of_machine(error) or _unexpected(error), as_json=as_json)
        # The parser turns KeyboardInterrupt into this code.
        if code == StoppedError.exit_code:
            return report(_stopped(), as_json=as_json)
        return code if isinstance(code, int) else 0


def report(error: SegmentryError, *, as_json: bool) -> int:
    """Print an error, as JSON on stdout or as a short block on stderr; returns its exit code."""
    if os.environ.get(DEBUG):
        traceback.print_exception(error)
    # Where the output goes to a full disk, or nowhere any more, the exit code still tells.
    with suppress(OSError):
        if as_json:
            print_json({"error": error.as_json()})
        else:
            console(stderr=True).print(block(error))
    return error.exit_code


@contextmanager
def pointing_at(rule: str) -> Iterator[None]:
    """Errors about a rule show its line with a caret under the column."""
    try:
        yield
    except DeclarationError as error:
        line, column = error.details.get("line"), error.details.get("column")
        lines = rule.splitlines()
        if isinstance(line, int) and isinstance(column, int) and 1 <= line <= len(lines):
            error.add_note(f"{lines[line - 1]}\n{' ' * (column - 1)}^")
        raise


def block(error: SegmentryError) -> Text:
    """An error as people see it: what, where, with the line it is about, and what to do."""
    block = Text()
    block.append(f"error[{error.code}]", style="bold red")
    block.append(f": {clean(error.message)}")
    if error.where:
        block.append(f"\n  {clean(error.where)}", style="dim")
    for note in getattr(error, "__notes__", ()):
        block.append("".join(f"\n    {clean(line)}" for line in note.splitlines()), style="cyan")
    if error.fix:
        block.append(f"\n  {clean(error.fix)}")
    return block


def _usage(error: typer.TyperException) -> UsageError:
    context = getattr(error, "ctx", None)
    see = f"See `{context.command_path} --help`." if context else ""
    return UsageError(error.format_message().replace("Value error, ", ""), fix=see)


def _stopped() -> StoppedError:
    made = StoppedError("stopped; nothing half done remains.")
    made.exit_code = stop.exit_code()  # type: ignore[misc]
    return made


def _of_machine(error: Exception) -> SegmentryError | None:
    """What of the machine failed, a file, the disk or the memory; `None` when nothing of it did."""
    found: SegmentryError | None = None
    if isinstance(error, MemoryError):
        found = OutOfResourcesError(
            "there is not enough memory; nothing was changed.",
            fix="Free memory, or let the engine take less of it: `memory_limit` in segmentry.yaml.",
        )
    elif isinstance(error, OSError):
        found = _of_file(error)
    if found:
        found.__cause__ = error
    return found


def _of_file(error: OSError) -> SegmentryError | None:
    if error.errno in FULL:
        return OutOfResourcesError(
            "the disk is full; no half file was left.", fix="Free space and run the command again."
        )
    if error.errno == errno.EIO:
        return EngineError(
            "the disk failed to read or write; no half file was left.",
            fix="See the system's log and check the disk, then run the command again.",
        )
    if error.filename and (isinstance(error, NAMED_WRONGLY) or error.errno == errno.EROFS):
        return FileAccessError(f"`{error.filename}`: {(error.strerror or 'not usable').lower()}.")
    return None


FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
NAMED_WRONGLY = (
    FileExistsError, FileNotFoundError, IsADirectoryError, NotADirectoryError, PermissionError,
)  # fmt: skip


def _unexpected(error: Exception) -> InternalError:
    # Only the kind of error: its text may hold data or the password of a database.
    made = InternalError(f"something went wrong in Segmentry ({type(error).__name__}).", fix=TRACE)
    made.__cause__ = error
    return made
