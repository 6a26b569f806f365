"""What a load has in hand, and what it has found so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from segmentry.core.errors import InternalError
from segmentry.data.mapping import Mapping as SourceMapping
from segmentry.data.merge import Merged, merge
from segmentry.data.moment import with_local, with_local_names
from segmentry.data.occurrence import OCCURRENCES, Occurrences, find_occurrences
from segmentry.data.plan import Plan
from segmentry.data.records import AMOUNT, BAD, NUMBER, TABLE, Records, Refusal
from segmentry.engines.duckdb import DuckDB, quote

Progress = Callable[[str], None]
"""Is told, in a few words, what begins."""


BLOCK = 122_880
"""Rows that the engine writes, and skips, together."""

MOST_OVERLAP = 2.0
"""Spans of the blocks, added up, over the span of all: 1 when sorted, the number of blocks when
shuffled.
"""


@dataclass(frozen=True, slots=True)
class EntityCounts:
    """What became of the records of an entity: records = accepted + unchanged + rejected.

    Args:
        accepted: New and updated ones.
        updated: Those of the accepted that changed something known.
    """

    records: int
    accepted: int
    updated: int
    unchanged: int
    rejected: int

    @classmethod
    def of(cls, merged: Merged, *, repeated: int = 0, rejected: int = 0) -> EntityCounts:
        """Counts of rows that were merged, records that only repeat one, and refused ones."""
        unchanged = merged.unchanged + repeated
        records = merged.accepted + unchanged + rejected
        return cls(records, merged.accepted, merged.updated, unchanged, rejected)


@dataclass(frozen=True, slots=True)
class Treatment:
    """A recognised kind of record, how many there were, and the policy they were treated by."""

    entity: str
    kind: str
    records: int
    policy: str


@dataclass
class Books:
    """Where the amounts of a source are, for sources whose records have amounts.

    Args:
        read: Sum of all amounts that could be read.
        before: Sum that the table held before.
    """

    read: Decimal
    before: Decimal

    def settle(self, records: Records, merged: Merged, net: str) -> dict[str, Decimal]:
        """The sums by fate; `accepted` is what the table really holds more than before.

        `left_out` is what policy keeps out of the sums: cancelled and refunded amounts.

        Args:
            merged: What became of the rows.
            net: SQL of the net amount over a typed record.

        Raises:
            InternalError: They do not add up to what was read.
        """
        found = records.session.rows(
            f"SELECT sum({AMOUNT}), sum({AMOUNT}) FILTER ({BAD}),"
            f" sum({AMOUNT} - {net}) FILTER (NOT {BAD}) FROM {TABLE}"
        )[0]
        remaining, rejected, left_out = (Decimal(each or 0) for each in found)
        sums = {
            "read": self.read,
            "accepted": net_total(records) - self.before + merged.replaced,
            "unchanged": merged.equal + self.read - remaining,
            "rejected": rejected,
            "left_out": left_out,
        }
        if sums["read"] != sum(sums[name] for name in sums if name != "read"):
            raise InternalError("the amounts do not add up; nothing was changed.", sums=str(sums))
        return sums


def net_total(records: Records) -> Decimal:
    """Sum of the net amounts that the table of the records holds."""
    return Decimal(records.session.value(f"SELECT sum(net_amount) FROM {records.plan.record}") or 0)


@dataclass
class Work:
    """One load in progress."""

    session: DuckDB
    mapping: SourceMapping
    plan: Plan
    records: Records
    timezone: str
    progress: Progress
    counts: dict[str, EntityCounts] = field(default_factory=dict)
    treatments: list[Treatment] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    sums: dict[str, Decimal] = field(default_factory=dict)

    def merge_facts(self, table: str, instant: str, values: dict[str, str], source: str) -> Merged:
        """Bring facts into a table, with the local day and hour of their instant.

        Args:
            values: Column → SQL, the instant's among them.
            source: SQL from FROM on.
        """
        listed = ", ".join(f"{sql} AS {quote(name)}" for name, sql in values.items())
        query = with_local(f"SELECT {listed} {source}", instant, self.timezone)
        if table != self.plan.record or not self._in_order():
            query += f" ORDER BY {instant}"
        names = with_local_names(list(values), instant)
        return merge(self.session, table, names, query, self.records.load_id)

    def _in_order(self) -> bool:
        """Whether many records come nearly by time: no block of rows spans more than its share.

        Then what is written is as easy to skip through as if it were sorted, for nothing. Few
        records are soon sorted.
        """
        instant = self.plan.instant
        if instant is None:
            return True
        spread = self.session.value(
            "SELECT CASE WHEN count(*) > 1 THEN sum(high - low) / (max(high) - min(low)) END FROM"
            f" (SELECT epoch(min({instant})) AS low, epoch(max({instant})) AS high"
            f" FROM {TABLE} GROUP BY rowid // {BLOCK})"
        )
        return spread is not None and float(spread) < MOST_OVERLAP

    def treat(self, entity: str, kind: str, records: int, policy: str) -> None:
        """Note a kind of record, if there was any."""
        if records:
            self.treatments.append(Treatment(entity, kind, records, policy))

    def occurrences(
        self, key: tuple[str, ...], first: tuple[str, ...] = (), candidates: str = "TRUE"
    ) -> Occurrences:
        """Records that share a key; exact duplicates are counted, and refused if policy says so."""
        found = find_occurrences(self.records, key, first, candidates)
        policy = self.mapping.policies.exact_duplicates
        self.treat(self.plan.record, "exact_duplicates", found.copies, policy)
        if found.copies and policy == "reject":
            self.records.refuse(
                Refusal(
                    f"{NUMBER} IN (SELECT number FROM {OCCURRENCES} WHERE copy > 1)",
                    (),
                    "it equals another record in every column",
                    "To take such records, change the policy for `exact_duplicates`.",
                )
            )
        return found

    def settle_repeats(self, key: tuple[str, ...], first: tuple[str, ...], given: str) -> int:
        """Leave one record for each key that the source gives; how many only repeated another.

        Equal ones are put aside; of those that contradict each other the greatest by `first`, then
        by content, stays and the others are refused.

        Args:
            given: SQL condition that the key is the source's own, not made by us.
        """
        found = self.occurrences(key, first, given)
        if not found.records:
            return 0
        later = f"SELECT number FROM {OCCURRENCES} WHERE nth > 1"
        self.records.refuse(
            Refusal(
                f"{NUMBER} IN ({later} AND NOT same)",
                (),
                "another record with the same key says something else",
                "Correct one of them, or leave it out.",
            )
        )
        return self.put_aside("nth > 1 AND same")

    def put_aside(self, which: str) -> int:
        """Leave out records that only repeat another; how many there were.

        Args:
            which: SQL condition over the occurrences last found.
        """
        repeats = f"SELECT number FROM {OCCURRENCES} WHERE {which}"
        return self.session.changed(
            f"DELETE FROM {TABLE} WHERE {self.records.good()} AND {NUMBER} IN ({repeats})"
        )
