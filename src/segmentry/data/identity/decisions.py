"""What was decided about records: merged, refused, undone; with time and reason, for good.

A merge is rows of links and nothing else; undoing it takes them away again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa

from segmentry.core.errors import NotFoundError, UsageError
from segmentry.data.identity.components import Numbers, components, joined_apart
from segmentry.data.identity.links import settle
from segmentry.data.identity.search import DENIED, PENDING, REFUSED
from segmentry.engines.duckdb import DuckDB


@dataclass(frozen=True)
class Decision:
    """Something that was decided.

    Args:
        kind: `merge`, `refuse` or `undo`.
        customers: Ids of the records; of a merge the surviving one first.
        undoes: The decision that this one takes back.
        undone_by: The decision that takes this one back.
    """

    number: int
    kind: str
    decided_at: datetime
    reason: str
    customers: tuple[str, ...]
    undoes: int | None
    undone_by: int | None


NEXT = "(SELECT coalesce(max(decision_id), 0) FROM customer_decisions)"


def numbers_of(session: DuckDB, ids: Sequence[str]) -> list[int]:
    """Numbers of customers by id.

    Raises:
        NotFoundError: One of them is not there.
    """
    marks = ", ".join("?" for _ in ids)
    rows = session.rows(
        f"SELECT customer_id, customer_no FROM customers WHERE customer_id IN ({marks})", ids
    )
    found: dict[str, int] = dict(rows)
    for each in ids:
        if each not in found:
            raise NotFoundError(
                f"there is no customer `{each}`.",
                fix="Check the id; ids are compared exactly, as text.",
            )
    return [found[each] for each in ids]


def merge(
    session: DuckDB, into: int, others: Sequence[int], decided_at: datetime, reason: str
) -> int:
    """Make records one customer: `into` survives; returns the number of the decision.

    Raises:
        UsageError: They are one already, or this would join two records that were refused.
    """
    with session.transaction():
        number = _note(session, "merge", decided_at, reason)
        for other in others:
            _check_apart(session, into, other)
            session.execute("INSERT INTO customer_links VALUES (?, ?, ?)", [other, into, number])
            session.execute(
                "INSERT INTO customer_decided VALUES (?, ?, ?, NULL)", [number, other, into]
            )
            settle(session)
        return number


def merge_all(session: DuckDB, least: float, decided_at: datetime, reason: str) -> list[int]:
    """Merge all pairs that are at least this probable; one decision for each customer they make.

    Two records that were refused, or are surely not one, are never joined, not through others
    either: of the pairs that would do so the less probable ones are left.
    """
    with session.transaction():
        found = session.fetch(
            f"SELECT customer_no::BIGINT AS one, other_no::BIGINT AS other FROM ({PENDING})"
            " ORDER BY probability DESC, one, other",
            {"least": least},
        )
        if not found.num_rows:
            return []
        one, other = _kept(session, _numbers(found, "one"), _numbers(found, "other"))
        numbers, roots = components(one, other)
        with session.registered("joined", pa.table({"customer_no": numbers, "root": roots})):
            session.create("merging", MEMBERS, temporary=True)
        first = int(session.value(f"SELECT {NEXT}"))
        session.execute(
            "INSERT INTO customer_decisions SELECT DISTINCT decision_id, 'merge', $at, $why, NULL"
            " FROM merging ORDER BY decision_id",
            {"at": decided_at, "why": reason},
        )
        session.execute(f"INSERT INTO customer_links {JOINING}")
        session.execute(DECIDED)
        session.drop("merging")
        settle(session)
        last = int(session.value(f"SELECT {NEXT}"))
        return list(range(first + 1, last + 1))


def refuse(session: DuckDB, one: int, other: int, decided_at: datetime, reason: str) -> int:
    """Two records are not one customer: they are never suggested or joined again.

    Raises:
        UsageError: They are one customer now; the merge has to be undone first.
    """
    if _person(session, one) == _person(session, other):
        raise UsageError(
            "these records are one customer now.",
            fix="Undo the merge first: `segmentry duplicates undo NUMBER`.",
        )
    with session.transaction():
        number = _note(session, "refuse", decided_at, reason)
        session.execute("INSERT INTO customer_decided VALUES (?, ?, ?, NULL)", [number, one, other])
    return number


def undo(session: DuckDB, number: int, decided_at: datetime, reason: str) -> int:
    """Take a merge or a refusal back; everything is as if it had not been.

    Raises:
        NotFoundError: There is no such decision.
        UsageError: It was taken back already, or is itself an undoing.
    """
    found = session.rows(
        "SELECT kind, (SELECT max(u.decision_id) FROM customer_decisions u"
        " WHERE u.undoes = d.decision_id) FROM customer_decisions d WHERE decision_id = ?",
        [number],
    )
    if not found:
        raise NotFoundError(
            f"there is no decision {number}.", fix="See `segmentry duplicates history`."
        )
    kind, undone = found[0]
    if kind == "undo" or undone:
        said = "is itself an undoing" if kind == "undo" else f"was undone by decision {undone}"
        raise UsageError(f"decision {number} {said}.", fix="Decide anew instead.")
    with session.transaction():
        made = _note(session, "undo", decided_at, reason, number)
        session.execute("DELETE FROM customer_links WHERE merge_id = ?", [number])
        settle(session)
    return made


def history(session: DuckDB, limit: int | None = None) -> list[Decision]:
    """What was decided, the latest first."""
    rows = session.rows(
        """WITH shown AS (
               SELECT * FROM customer_decisions ORDER BY decision_id DESC LIMIT $limit),
           ids AS (
               SELECT d.decision_id, any_value(i.customer_id ORDER BY d.other_no) AS into_id,
                      list(c.customer_id ORDER BY d.customer_no) AS others
               FROM customer_decided d JOIN customers c USING (customer_no)
               JOIN customers i ON i.customer_no = d.other_no
               WHERE d.decision_id IN (SELECT unnest([decision_id, undoes]) FROM shown)
               GROUP BY d.decision_id)
           SELECT s.decision_id, s.kind, s.decided_at, s.reason,
                  list_prepend(i.into_id, i.others), s.undoes, u.decision_id
           FROM shown s LEFT JOIN ids i ON i.decision_id = coalesce(s.undoes, s.decision_id)
           LEFT JOIN customer_decisions u ON u.undoes = s.decision_id
           ORDER BY s.decision_id DESC""",
        {"limit": limit if limit is not None else 2**31},
    )
    return [
        Decision(number, kind, decided_at, reason, tuple(customers or ()), undoes, undone_by)
        for number, kind, decided_at, reason, customers, undoes, undone_by in rows
    ]


# steps


def _note(
    session: DuckDB, kind: str, decided_at: datetime, reason: str, undoes: int | None = None
) -> int:
    number = int(session.value(f"SELECT {NEXT} + 1"))
    session.execute(
        "INSERT INTO customer_decisions VALUES (?, ?, ?, ?, ?)",
        [number, kind, decided_at, reason, undoes],
    )
    return number


def _person(session: DuckDB, customer: int) -> int:
    found = session.value(
        "SELECT person_no FROM customer_persons WHERE customer_no = ?", [customer]
    )
    return customer if found is None else int(found)


def _check_apart(session: DuckDB, one: int, other: int) -> None:
    persons = [_person(session, one), _person(session, other)]
    if persons[0] == persons[1]:
        raise UsageError("these records are one customer already.")
    refused = session.rows(
        f"SELECT a.customer_id, b.customer_id FROM ({REFUSED}) r"
        " JOIN customers a ON a.customer_no = r.customer_no"
        " JOIN customers b ON b.customer_no = r.other_no"
        " LEFT JOIN customer_persons p ON p.customer_no = r.customer_no"
        " LEFT JOIN customer_persons q ON q.customer_no = r.other_no"
        " WHERE (coalesce(p.person_no, r.customer_no), coalesce(q.person_no, r.other_no))"
        " IN ((?, ?), (?, ?))",
        [*persons, *reversed(persons)],
    )
    if refused:
        raise UsageError(
            f"`{refused[0][0]}` and `{refused[0][1]}` were refused as one customer.",
            fix="Undo the refusal first; `segmentry duplicates history` has its number.",
        )


def _numbers(table: pa.Table, name: str) -> Numbers:
    return np.asarray(table.column(name), dtype=np.int64)


def _kept(session: DuckDB, one: Numbers, other: Numbers) -> tuple[Numbers, Numbers]:
    """The pairs that can be joined without joining what must stay apart."""
    links = session.fetch(
        "SELECT customer_no::BIGINT AS one, into_no::BIGINT AS other FROM customer_links"
    )
    apart = session.fetch(
        f"SELECT customer_no::BIGINT AS one, other_no::BIGINT AS other FROM ({REFUSED})"
        " UNION SELECT customer_no, other_no FROM duplicate_pairs"
        " WHERE probability < $denied AND NOT exact",
        {"denied": DENIED},
    )
    every = [np.concatenate([_numbers(links, n), p]) for n, p in (("one", one), ("other", other))]
    numbers, roots = components(every[0], every[1])
    if not len(numbers):
        return one, other
    left, right = (_root(numbers, roots, _numbers(apart, name)) for name in ("one", "other"))
    troubled = np.unique(left[(left == right) & (left >= 0)])
    if not len(troubled):
        return one, other
    # Only where something must stay apart does the order of joining matter; that is rare.
    critical = np.isin(_root(numbers, roots, one), troubled)
    joined = np.isin(_root(numbers, roots, _numbers(links, "one")), troubled)
    given = [
        *_listed(_numbers(links, "one")[joined], _numbers(links, "other")[joined]),
        *_listed(one[critical], other[critical]),
    ]
    within = (left == right) & np.isin(left, troubled)
    separate = _listed(_numbers(apart, "one")[within], _numbers(apart, "other")[within])
    kept = joined_apart(given, separate)[int(joined.sum()) :]
    again = np.array(kept, dtype=np.int64).reshape(-1, 2)
    return (
        np.concatenate([one[~critical], again[:, 0]]),
        np.concatenate([other[~critical], again[:, 1]]),
    )


def _root(numbers: Numbers, roots: Numbers, wanted: Numbers) -> Numbers:
    """Root of each wanted number; -1 for one that hangs together with nothing."""
    place = np.minimum(np.searchsorted(numbers, wanted), len(numbers) - 1)
    return np.where(numbers[place] == wanted, roots[place], -1)


def _listed(one: Numbers, other: Numbers) -> list[tuple[int, int]]:
    return list(zip(one.tolist(), other.tolist(), strict=True))


MEMBERS = f"""WITH told AS (
        SELECT customer_no, (email IS NOT NULL)::INT + (phone IS NOT NULL)::INT
               + (birth IS NOT NULL)::INT + (given IS NOT NULL)::INT + (postal IS NOT NULL)::INT
               AS known FROM customer_keys)
    SELECT j.customer_no, dense_rank() OVER (ORDER BY j.root) + {NEXT} AS decision_id,
           arg_min(j.customer_no, row(l.customer_no IS NOT NULL, NOT c.registered,
               -coalesce(t.known, 0), j.customer_no)) OVER (PARTITION BY j.root) AS into_no
    FROM joined j JOIN customers c USING (customer_no)
    LEFT JOIN told t USING (customer_no)
    LEFT JOIN (SELECT DISTINCT customer_no FROM customer_links) l USING (customer_no)"""
"""Records to merge, with their decision and the one of them that survives.

It is one that goes into no other yet; of a file of customers; of which most is known; the first.
"""
JOINING = "SELECT customer_no, into_no, decision_id FROM merging WHERE customer_no <> into_no"
DECIDED = f"""INSERT INTO customer_decided
    SELECT m.decision_id, m.customer_no, m.into_no, p.probability
    FROM ({JOINING}) m LEFT JOIN duplicate_pairs p
      ON p.customer_no = least(m.customer_no, m.into_no)
     AND p.other_no = greatest(m.customer_no, m.into_no)"""


__all__ = ["Decision", "history", "merge", "merge_all", "numbers_of", "refuse", "undo"]
