"""Files that are there whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A draft beside `path` to write to; it takes the place of `path` when the block ends well.

    At no moment is there half a file under that name, whether the process is killed or the power
    fails. A draft that a killed process left is written over by the next one. The permissions of a
    file that was there are kept.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with whole(Path(folder) / "a.txt") as draft:
    ...         _ = draft.write_text("all of it")
    ...     [each.name for each in Path(folder).iterdir()]
    ['a.txt']

    Raises:
        OSError: The folder is not there or cannot be written to, or the disk is full; the error
            names `path`.
    """
    if path.exists() and not path.is_file():
        yield path  # a pipe or a terminal takes what comes
        return
    draft = draft_of(path)
    try:
        yield draft
        if path.exists():
            draft.chmod(path.stat().st_mode & 0o777)
        put(draft, path)
    except OSError as error:
        draft_names = {str(draft), draft}
        if error.filename in draft_names:
            error.filename = str(path)
        raise
    finally:
        discard(draft)


def draft_of(path: Path) -> Path:
    """Where a file is written before it gets its name."""
    return path.with_name(f".{path.name}.new")


def put(draft: Path, path: Path) -> None:
    """Give a finished file its name, so that it survives the loss of power."""
    _sync(draft)
    draft.replace(path)
    if os.name == "posix":
        _sync(path.parent)


def discard(draft: Path) -> None:
    """Remove a draft if it is there and can be removed; this hides no fault that is being told."""
    try:
        draft.unlink(missing_ok=True)
    except OSError:
        return


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
