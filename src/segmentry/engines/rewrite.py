"""A file of the embedded engine written anew, so that nothing of what was deleted stays in it.

The engine keeps the blocks of deleted rows and overwrites them some day; until then whoever has the
file can read them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from segmentry.core.whole import discard, draft_of, put
from segmentry.engines.duckdb import literal
from segmentry.engines.fault import of_opening


def rewrite(path: Path, memory_limit: str | None = None, threads: int | None = None) -> None:
    """Put a copy of all tables and views in the place of a file; nobody may have it open.

    Killed at any moment, there is the old file or the new one, and either opens. Rows keep their
    order. It takes about as much room as the file itself while it runs.

    Raises:
        EngineError: The file is damaged.
        OutOfResourcesError: The disk is full; the old file is as it was.
    """
    draft, log = draft_of(path), Path(f"{path}.wal")
    _clear(draft)
    try:
        with duckdb.connect(config=_config(path, memory_limit, threads)) as connection:
            connection.execute(f"ATTACH {literal(str(path))} AS old")
            connection.execute("CHECKPOINT old")
            connection.execute(f"ATTACH {literal(str(draft))} AS new")
            connection.execute("COPY FROM DATABASE old TO new")
            connection.execute("CHECKPOINT new")
            connection.execute("DETACH new")
            connection.execute("DETACH old")
        # What its log tells is in the old file since the checkpoint; the new one must not see it.
        log.unlink(missing_ok=True)
        draft.chmod(path.stat().st_mode & 0o777)
        put(draft, path)
    except (duckdb.Error, OSError, MemoryError) as error:
        raise of_opening(path, error) from error
    finally:
        _clear(draft)


def _config(path: Path, memory_limit: str | None, threads: int | None) -> dict[str, Any]:
    chosen = {"memory_limit": memory_limit, "threads": threads, "temp_directory": f"{path}.tmp"}
    return {name: value for name, value in chosen.items() if value}


def _clear(draft: Path) -> None:
    for each in (draft, Path(f"{draft}.wal")):
        discard(each)


__all__ = ["rewrite"]
