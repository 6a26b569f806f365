"""A result with rows, in the form the caller likes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pyarrow as pa

if TYPE_CHECKING:
    import pandas
    import polars


class ResultRows:
    """Rows of a result: Arrow inside, pandas or polars on request.

    >>> import pyarrow as pa
    >>> len(ResultRows(pa.table({"customer_id": ["a", "b"]})))
    2
    """

    def __init__(self, table: pa.Table) -> None:
        self._table = table

    def __len__(self) -> int:
        return int(self._table.num_rows)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self._table.to_pylist())

    def __repr__(self) -> str:
        return f"<{len(self)} rows: {', '.join(self._table.column_names)}>"

    def _repr_html_(self) -> str:
        from segmentry.workspace import display

        return display.result_rows(self)

    def to_arrow(self) -> pa.Table:
        """The rows as an Arrow table."""
        return self._table

    def to_pandas(self) -> pandas.DataFrame:
        """The rows as a pandas frame; needs pandas installed."""
        return self._table.to_pandas()

    def to_polars(self) -> polars.DataFrame:
        """The rows as a polars frame; needs polars installed."""
        import polars

        return polars.from_arrow(self._table)  # type: ignore[return-value]
