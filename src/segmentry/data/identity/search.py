"""Finding duplicates: pairs of records that are probably one customer, kept until the next search.

A search decides nothing. What was refused does not come again; of records that are one customer
already nothing is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import numpy as np
import pyarrow as pa

from segmentry.core.types import Value
from segmentry.data.identity import scoring, with_splink
from segmentry.data.identity.candidates import FIELDS
from segmentry.data.identity.components import components
from segmentry.data.identity.normalise import normalise
from segmentry.engines.duckdb import DuckDB

LIKELY = 0.9
"""Probability from which on a merge is suggested."""
REVIEW = 0.2
"""Probability from which on a pair is worth a look."""
DENIED = 0.02
"""Below this probability two records are not joined through a third either."""
Progress = Callable[[str], None]
Method = Literal["own", "splink"]
SCORERS: Mapping[Method, Callable[[DuckDB], int]] = {
    "own": scoring.score,
    "splink": with_splink.score,
}
"""What fills `scored_pairs` from `customer_keys`, and says how many pairs were compared."""


@dataclass(frozen=True)
class Search:
    """What a search did.

    Args:
        records: Records of customers that were looked at.
        compared: Pairs that agree in something and were compared.
        likely: Pairs that are as good as certain.
        review: Pairs that a person should look at.
    """

    found_at: datetime
    records: int
    compared: int
    likely: int
    review: int


@dataclass(frozen=True)
class Pair:
    """Two records that may be one customer, as customers' numbers.

    Args:
        exact: They share the mailbox, or the phone, and nothing in their names speaks against it.
        fields: For each field that is known of both, how it agrees.
    """

    one: int
    other: int
    probability: float
    exact: bool
    swapped: bool
    fields: dict[str, str]


def search(
    session: DuckDB,
    found_at: datetime,
    *,
    country: str | None,
    method: Method = "own",
    progress: Progress,
) -> Search:
    """Look for duplicates among all records and keep the pairs found, in place of earlier ones.

    Args:
        country: Where phone numbers are from that do not say it.
        method: Whose model says how probable a pair is; `splink` needs the extra of that name.
    """
    with session.transaction():
        progress("values")
        records = normalise(session, country)
        progress("pairs")
        compared = SCORERS[method](session)
        _group(session)
        session.execute("DELETE FROM duplicate_pairs")
        session.execute(KEEP, {"review": REVIEW, "denied": DENIED})
        session.drop("scored_pairs")
        session.drop("groups")
        session.execute("DELETE FROM duplicate_search")
        session.execute(
            "INSERT INTO duplicate_search VALUES (?, ?, ?)", [found_at, records, compared]
        )
    likely = int(session.value(f"SELECT count(*) FROM ({PENDING})", {"least": LIKELY}))
    every = int(session.value(f"SELECT count(*) FROM ({PENDING})", {"least": REVIEW}))
    return Search(found_at, records, compared, likely, every - likely)


def _group(session: DuckDB) -> None:
    """Make `groups` of the records that some pair worth a look joins."""
    close = session.fetch(
        "SELECT customer_no::BIGINT AS one, other_no::BIGINT AS other FROM scored_pairs"
        " WHERE probability >= ?",
        [REVIEW],
    )
    ends = [np.asarray(close.column(name), dtype=np.int64) for name in ("one", "other")]
    numbers, roots = components(ends[0], ends[1])
    with session.registered("grouped", pa.table({"customer_no": numbers, "root": roots})):
        session.create("groups", "SELECT * FROM grouped", temporary=True)


def _level(field: str) -> str:
    number = next(place for place, each in enumerate(FIELDS, 1) if each.name == field)
    return f"levels[{number}]"


NAMES_AGREE = f"{_level('given name')} BETWEEN 0 AND 3 AND {_level('family name')} BETWEEN 0 AND 1"
EXACT = (
    f"(({_level('e-mail')} = 0 AND {_level('given name')} < 4 AND {_level('family name')} < 3)"
    f" OR ({_level('phone')} = 0 AND {NAMES_AGREE}))"
)
REFUSED = """SELECT least(customer_no, other_no) AS customer_no,
        greatest(customer_no, other_no) AS other_no
    FROM customer_decided d JOIN customer_decisions USING (decision_id)
    WHERE kind = 'refuse'
      AND decision_id NOT IN (SELECT undoes FROM customer_decisions WHERE undoes IS NOT NULL)"""
"""Pairs that were refused, and not taken back."""

KEEP = f"""INSERT INTO duplicate_pairs BY NAME
    SELECT s.customer_no, other_no, probability, {EXACT} AS exact, swapped, levels
    FROM scored_pairs s
    LEFT JOIN groups g USING (customer_no) LEFT JOIN groups h ON h.customer_no = s.other_no
    WHERE probability >= $review OR {EXACT} OR (probability < $denied AND g.root = h.root)"""
"""What is worth a look, and what speaks against joining two records through others."""

PENDING = f"""SELECT p.* FROM duplicate_pairs p
    LEFT JOIN customer_persons a USING (customer_no)
    LEFT JOIN customer_persons b ON b.customer_no = p.other_no
    ANTI JOIN ({REFUSED}) r ON r.customer_no = p.customer_no AND r.other_no = p.other_no
    WHERE (probability >= $least OR (exact AND $least <= {REVIEW}))
      AND coalesce(a.person_no, p.customer_no) <> coalesce(b.person_no, p.other_no)"""
"""Pairs of the last search that nothing was decided about; exact ones are always worth a look."""


def pending(session: DuckDB, least: float = REVIEW, limit: int | None = None) -> list[Pair]:
    """The pairs that nothing was decided about yet, the most probable first."""
    bound: dict[str, Value] = {"least": least, "limit": limit if limit is not None else 2**31}
    rows = session.rows(
        "SELECT customer_no, other_no, probability, exact, swapped, levels"
        f" FROM ({PENDING}) ORDER BY probability DESC, customer_no, other_no LIMIT $limit",
        bound,
    )
    return [
        Pair(one, other, probability, exact, swapped, dict(_fields(levels)))
        for one, other, probability, exact, swapped, levels in rows
    ]


def count_pending(session: DuckDB, least: float = REVIEW) -> int:
    """How many pairs nothing was decided about yet."""
    return int(session.value(f"SELECT count(*) FROM ({PENDING})", {"least": least}))


def _fields(levels: list[int]) -> Iterator[tuple[str, str]]:
    for each, level in zip(FIELDS, levels, strict=True):
        if level >= 0:
            yield each.name, each.levels[level][0]


__all__ = [
    "DENIED",
    "LIKELY",
    "PENDING",
    "REFUSED",
    "REVIEW",
    "Pair",
    "Search",
    "count_pending",
    "pending",
    "search",
]
