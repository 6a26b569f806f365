"""Room on the disk, looked for before a long command begins rather than missed in its middle."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from segmentry.core.errors import OutOfResourcesError

MEGABYTE = 2**20
FEWEST_FEATURES, BYTES_OF_VALUE = 25, 8


def check_room(folder: Path, needed: int, what: str) -> None:
    """Make sure that there is room for what a command surely takes; it may take more.

    Raises:
        OutOfResourcesError: There is not; nothing was begun.
    """
    free = shutil.disk_usage(folder).free
    if free < needed + MEGABYTE:
        raise OutOfResourcesError(
            f"the disk is too full: {what} takes at least {needed / MEGABYTE + 1:,.0f} MB, "
            f"{free / MEGABYTE:,.1f} MB are free; nothing was begun.",
            fix=f"Free space where `{folder}` is and run the command again.",
        )


def of_source(source: Any) -> int:
    """How much the records of a file take: a quarter of its size, whatever packs them best."""
    if isinstance(source, str | Path) and "://" not in str(source) and Path(source).is_file():
        return Path(source).stat().st_size // 4
    return 0


def of_refresh(customers: int) -> int:
    """How much the features of all customers take, where there are few of them and they pack."""
    return customers * FEWEST_FEATURES * BYTES_OF_VALUE
