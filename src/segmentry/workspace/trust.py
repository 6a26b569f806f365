"""The trust score beside every result, remembered so that a small question is quick.

A remembered score holds for one instant and until the next load. Whoever asks only adds one, so
that many may ask at once, and beside a refresh: it takes away those that hold no more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from segmentry.core.time import AsOf
from segmentry.data import available, checks
from segmentry.data.checks import CheckResult
from segmentry.engines.duckdb import DuckDB

if TYPE_CHECKING:
    from segmentry.workspace.shop import Shop

NEWEST = "(SELECT coalesce(max(load_id), 0) FROM loads)"


def renew(shop: Shop, as_of: AsOf) -> None:
    """Check the data, and keep the score, the results and what is needed to check less next time.

    Samples are not looked for.
    """
    found = counted(shop, as_of)
    checks.remember(shop.engine, found, shop.clock())
    shop.engine.execute(
        f"DELETE FROM trust_known WHERE as_of = ? OR load_id <> {NEWEST}",
        [as_of.instant],
    )
    remember(shop.engine, as_of, checks.trust(found).score)


def score(shop: Shop, as_of: AsOf) -> int:
    """The score of an instant, checked anew only if something was loaded since."""
    known = recall(shop.engine, as_of)
    if known is None:
        known = checks.trust(counted(shop, as_of)).score
        remember(shop.engine, as_of, known)
    return known


def counted(shop: Shop, as_of: AsOf) -> list[CheckResult]:
    """What the checks count as of an instant, without samples."""
    schema = available.schema_of(shop.engine, shop.sensitive.decided())
    return checks.count_checks(shop.engine, schema, as_of)


def remember(engine: DuckDB, as_of: AsOf, score: int) -> None:
    """Keep the score of an instant."""
    engine.execute(f"INSERT INTO trust_known SELECT ?, {NEWEST}, ?", [as_of.instant, score])


def recall(engine: DuckDB, as_of: AsOf) -> int | None:
    """The score of an instant; `None` when it was not asked for since the last load."""
    score = engine.value(
        f"SELECT score FROM trust_known WHERE as_of = ? AND load_id = {NEWEST} LIMIT 1",
        [as_of.instant],
    )
    return None if score is None else int(score)
