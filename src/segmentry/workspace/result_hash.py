"""One text that says whether two refreshes gave the same result."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from segmentry.engines.duckdb import quote
from segmentry.features.customers import Customers
from segmentry.segments import past

AT_ONCE = 32
"""Features that are hashed in one query."""
MEMBERSHIPS = (
    "SELECT segment, as_of, definition FROM membership_point",
    "SELECT segment, part, as_of, mark FROM membership_change",
    "SELECT segment, part, as_of, customers, of_customers, revenue_amount FROM membership_size",
)


def result_hash(customers: Customers) -> str:
    """A hash of every feature of every customer, and of all memberships that are recorded.

    Of content, not of storage: numbers of customers, order of rows and of loads, and how sets are
    kept change nothing. Equal hashes mean equal results; they are comparable between workspaces
    that run the same version.
    """
    found = hashlib.sha256()
    for line in (*_features(customers), *_memberships(customers)):
        found.update(f"{line}\n".encode())
    return found.hexdigest()


def _features(customers: Customers) -> Iterator[str]:
    names = sorted(customers.features.schema.features)
    for start in range(0, max(len(names), 1), AT_ONCE):
        some = names[start : start + AT_ONCE]
        columns = ", ".join(map(quote, ["customer_id", *some]))
        rows = customers.engine.fetch(customers.query(customers.named(some)))
        with customers.desk.registered("hashed", rows):
            query = f"SELECT count(*), bit_xor(hash({columns}))::VARCHAR FROM hashed"
            yield f"{some} {customers.desk.rows(query)}"


def _memberships(customers: Customers) -> Iterator[str]:
    if past.is_recorded(customers.desk):
        for query in MEMBERSHIPS:
            yield from map(str, customers.desk.rows(f"{query} ORDER BY ALL"))
