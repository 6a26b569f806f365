"""What a workspace says, without what only its making decides: numbers, order of rows, clocks."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from segmentry.segments.past import intervals
from segmentry.workspace.history import points
from segmentry.workspace.workspace import Workspace

HISTORY = """SELECT part, c.customer_id, entered_at, entered_cause, left_at, left_cause
    FROM spans JOIN customers AS c USING (customer_no) ORDER BY ALL"""

OF_FILES = ("books", "exact_duplicates", "lost_records", "rejected_records")
"""Checks that speak of how records stood in their files, and with them the trust in all."""


def content(shop: Workspace, when: str) -> dict[str, object]:
    """Features and groups by customer, checks, and the history of memberships."""
    features = shop.features()
    names = [*features.schema.features, *(each for each in features.known)]
    table = shop.columns(list(dict.fromkeys(names)), when).to_arrow()
    _, results = shop.check(when)
    found: dict[str, object] = {
        f"feature {name}": _told(table, name) for name in table.column_names
    }
    for each in results:
        if each.name in OF_FILES:
            continue
        found[f"check {each.name} {each.entity}"] = (each.failing, each.of, each.sample)
    for (name,) in shop.engine.rows("SELECT DISTINCT segment FROM membership_point ORDER BY ALL"):
        with shop.engine.registered("spans", intervals(shop.engine, name)):
            found[f"history {name}"] = shop.engine.rows(HISTORY)
    for each in shop.segments():
        found[f"points {each.name}"] = points(shop.engine, each.name)
    return found


def _told(table, name: str) -> list[tuple[object, object]]:
    values = zip(table["customer_id"].to_pylist(), table[name].to_pylist(), strict=True)
    return [(who, repr(value)) for who, value in values]


def fingerprint(found: Mapping[str, object]) -> str:
    """A hash of the content."""
    return hashlib.sha256(repr(sorted(found.items())).encode()).hexdigest()
