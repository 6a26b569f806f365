"""Who was erased, known by keyed hashes alone, so that later records of them are refused.

Without the workspace's key a hash says nothing about an id, so the list may be kept when everything
else about a person is gone.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, replace

import pyarrow as pa

from segmentry.data.plan import Plan
from segmentry.data.staged import Staged
from segmentry.engines.duckdb import DuckDB, quote

NAMED_BY = ("customer_id", "order_id")
"""What a record names a person by: the customer, or else one of the customer's orders."""
BLOCK, INNER, OUTER = 64, 0x36, 0x5C
SUPPRESSED = "suppressed"
"""What records of erased people are called among the recognised kinds."""


@dataclass(frozen=True)
class Suppression:
    """Hashes of the ids of people who were erased, and of their orders.

    Args:
        key: The workspace's own; without it no hash can be made.
        hashes: Lower-case hexadecimal HMAC-SHA-256.
    """

    key: bytes = b""
    hashes: frozenset[str] = frozenset()

    def hash(self, name: str, value: str) -> str:
        """What an id is kept as; `name` is one of `NAMED_BY`."""
        return hmac.digest(self.key, f"{name}\0{value}".encode(), "sha256").hex()

    def holds(self, name: str, value: str) -> bool:
        """Whether this id was erased; nobody is where nothing was."""
        return bool(self.hashes) and self.hash(name, value) in self.hashes

    def erased(self, session: DuckDB, name: str, query: str) -> set[str]:
        """Of the texts that a query of one column `id` gives, those that were erased."""
        if not self.hashes:
            return set()
        with session.registered(SUPPRESSED, self._table()):
            return {
                found
                for (found,) in session.rows(
                    f"SELECT id FROM (SELECT DISTINCT id FROM ({query}) WHERE id IS NOT NULL)"
                    f" WHERE {self._sql(name, 'id')} IN (SELECT hash FROM {SUPPRESSED})"
                )
            }

    def put_aside(self, session: DuckDB, staged: Staged, plan: Plan) -> tuple[Staged, int]:
        """The source without the records of erased people, and how many these were.

        They go before anything else looks at them, so that nothing of them is kept: no reason, no
        excerpt. What could not be split into columns stays refused; its text is withheld where it
        names one of them.
        """
        if not self.hashes:
            return staged, 0
        staged = replace(
            staged,
            malformed=tuple(
                replace(each, value="") if self._is_named(each.value) else each
                for each in staged.malformed
            ),
        )
        cell = next(filter(None, (plan.cell(plan.record, name) for name in NAMED_BY)), None)
        if cell is None:
            return staged, 0
        table = quote(staged.table)
        gone = self.erased(session, cell.name, f"SELECT {cell.value} AS id FROM {table}")
        if not gone:
            return staged, 0
        with session.registered("erased_ids", pa.table({"id": sorted(gone)})):
            count = session.changed(
                f"DELETE FROM {table} WHERE {cell.value} IN (SELECT id FROM erased_ids)"
            )
        return replace(staged, records=staged.records - count), count

    def _is_named(self, text: str) -> bool:
        """Whether a part of a text is the id of somebody erased."""
        parts = "".join(each if each.isalnum() or each in "-_.@+" else " " for each in text)
        return any(self.holds(name, part) for part in parts.split() for name in NAMED_BY)

    def _table(self) -> pa.Table:
        return pa.table({"hash": sorted(self.hashes)})

    def _sql(self, name: str, column: str) -> str:
        """The hash in SQL: HMAC is two hashes, each of a block made from the key and a message."""
        key = self.key.ljust(BLOCK, b"\0")
        inner, outer = (bytes(each ^ pad for each in key).hex() for pad in (INNER, OUTER))
        message = f"encode({column})"
        said = f"unhex('{inner}{name.encode().hex()}00') || {message}"
        return f"sha256(unhex('{outer}') || unhex(sha256({said})))"


NOBODY = Suppression()

__all__ = ["NAMED_BY", "NOBODY", "SUPPRESSED", "Suppression"]
