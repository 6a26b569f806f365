"""Rows that are kept on the disk and read from there, as long as somebody holds them."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa


def mapped(rows: pa.Table) -> pa.Table:
    """The same rows, in a file: the system reads what is looked at and may let go of it.

    The file has no name by the time this returns, so that nothing is left of it whatever becomes of
    the process; where files in use keep their names, the system's cleaning takes it.

    >>> mapped(pa.table({"n": [1, 2]})).column("n").to_pylist()
    [1, 2]
    """
    with TemporaryDirectory(prefix="segmentry-", ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "rows.arrow"
        with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, rows.schema) as writer:
            writer.write_table(rows)
        return pa.ipc.open_file(pa.memory_map(str(path))).read_all()
