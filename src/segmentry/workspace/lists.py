"""Lists of customers in their workspace: from a file, frozen from a segment, by hand."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from segmentry.core.errors import MappingError, NotFoundError, UsageError
from segmentry.data import lists
from segmentry.data.lists import By, CustomerList, Entry
from segmentry.data.source import ReadOptions, Source, Staged, stage
from segmentry.data.synonym import synonyms
from segmentry.engines.duckdb import DuckDB, literal, quote
from segmentry.language.listed import EXCLUDED, INCLUDED, InList
from segmentry.language.logic import And, Not, Or
from segmentry.language.node import Condition
from segmentry.workspace.name import check_name

if TYPE_CHECKING:
    import pyarrow as pa

    from segmentry.core.time import AsOf
    from segmentry.workspace.folder import When
    from segmentry.workspace.workspace import Workspace


@dataclass(frozen=True)
class ByHand:
    """A customer put into a segment, or kept out of it."""

    customer_id: str
    included: bool
    entry: Entry


class Lists:
    """The lists of a workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._engine = workspace.engine

    def all(self) -> list[CustomerList]:
        """Every list, by name."""
        return lists.known(self._engine)

    def named(self, name: str) -> CustomerList:
        """A list.

        Raises:
            NotFoundError: There is none.
        """
        return lists.named(self._engine, name)

    def entries(self, name: str) -> list[Entry]:
        """Who is on a list, those that matched nobody first.

        Raises:
            NotFoundError: There is none.
        """
        self.named(name)
        return [each for _, each in lists.entries(self._engine, [name])]

    def add(
        self,
        name: str,
        source: Source,
        *,
        by: By = By.ID,
        column: str | None = None,
        label: str = "",
        since: When = None,
        options: ReadOptions | None = None,
    ) -> CustomerList:
        """Make a list from a file or frame of ids, e-mails or phone numbers.

        It holds for all times unless `since` is given: like a trait, it says what is so, not since
        when. What matches nobody is kept, and is looked for again at every refresh.

        Args:
            column: Where they stand; found by its name, or the only one.

        Raises:
            DuplicateNameError: There is a list of that name.
            MappingError: It is not clear which column is meant.
        """
        check_name("list", name, like="wholesale")
        start = self._workspace.as_of(since) if since is not None else None
        staged = stage(self._engine, source, options)
        try:
            chosen = quote(column_of(staged, by, column))
            with self._engine.transaction():
                lists.make(
                    self._engine, name, label=label, origin=staged.origin, by=by,
                    made_at=self._workspace.clock(),
                )  # fmt: skip
                given = f"SELECT {chosen}::VARCHAR FROM {quote(staged.table)}"
                lists.add(self._engine, name, given, by=by, since=start)
        finally:
            staged.drop(self._engine)
        return self.named(name)

    def snapshot(self, name: str, segment: str, when: When = None) -> CustomerList:
        """Freeze who is in a segment at an instant; the list holds from that instant on.

        Raises:
            DuplicateNameError: There is a list of that name.
        """
        as_of = self._workspace.as_of(when)
        members = self._workspace.segment(segment).members(as_of).to_arrow()
        return self.freeze(name, members, f"segment {segment} as of {as_of}", as_of)

    def freeze(
        self, name: str, members: pa.Table, origin: str, since: AsOf, label: str = ""
    ) -> CustomerList:
        """Make a list of customers that are known; it holds from an instant on.

        Args:
            members: Those customers, with a column `customer_id`.
            origin: Where they come from.

        Raises:
            DuplicateNameError: There is a list of that name.
        """
        check_name("list", name, like="wholesale")
        with self._engine.transaction(), self._engine.registered("frozen", members):
            lists.make(
                self._engine, name, label=label, origin=origin, by=By.ID,
                made_at=self._workspace.clock(),
            )  # fmt: skip
            lists.add(self._engine, name, "SELECT customer_id FROM frozen", by=By.ID, since=since)
        return self.named(name)

    def remove(self, name: str) -> None:
        """Remove a list.

        Raises:
            NotFoundError: There is none.
            UsageError: A segment or feature uses it.
        """
        self.named(name)
        if used := self.used_by(name):
            raise UsageError(f"`{name}` is used by {', '.join(used)}.", fix="Change these first.")
        with self._engine.transaction():
            lists.drop(self._engine, name)

    def used_by(self, name: str) -> list[str]:
        """The segments and features whose text asks for a list."""
        rules, features = self._workspace.rules(), self._workspace.features()
        found = [f"segment {each}" for each, rule in rules.items() if _asks(rule, name)]
        found += [f"feature {each.name}" for each in features if _asks(each.node, name)]
        return found

    # by hand

    def include(
        self, segment: str, customer: str, reason: str, *, until: When = None, since: When = None
    ) -> None:
        """Put a customer into a segment whatever its rule says; `exclude` goes before it.

        It counts as of `since` (without one, the end of the data) and later, up to and with
        `until`; what was decided by hand before ends then.

        Raises:
            NotFoundError: There is no such segment or customer.
        """
        self._by_hand(INCLUDED, segment, customer, reason, since, until)

    def exclude(
        self, segment: str, customer: str, reason: str, *, until: When = None, since: When = None
    ) -> None:
        """Keep a customer out of a segment whatever its rule says; else as `include`."""
        self._by_hand(EXCLUDED, segment, customer, reason, since, until)

    def by_hand(self, segment: str) -> list[ByHand]:
        """Who was put into a segment or kept out of it, by customer; those that ended too."""
        self._workspace.segment(segment)
        found = lists.entries(self._engine, [INCLUDED + segment, EXCLUDED + segment])
        hands = [
            ByHand(each.customer_id or each.given, name.startswith(INCLUDED), each)
            for name, each in found
        ]
        return sorted(hands, key=lambda each: each.customer_id)

    def forget(self, segment: str, customer: str) -> None:
        """Let the rule decide about a customer again, for all times.

        Raises:
            NotFoundError: Nothing was decided by hand about the customer.
        """
        taken = sum(
            lists.take_off(self._engine, start + segment, customer)
            for start in (INCLUDED, EXCLUDED)
        )
        if not taken:
            raise NotFoundError(
                f"customer `{customer}` is not in or out of `{segment}` by hand.",
                fix=f"`segmentry segments by-hand {segment}` lists who is.",
            )

    def _by_hand(
        self, side: str, segment: str, customer: str, reason: str, since: When, until: When
    ) -> None:
        self._workspace.segment(segment)
        if not reason.strip():
            raise UsageError("a reason is needed.", fix="Say why, for those who come after you.")
        if not self._engine.rows("SELECT 1 FROM customers WHERE customer_id = ?", [customer]):
            raise NotFoundError(
                f"no customer `{customer}` is known.", fix="Ids are compared exactly, as text."
            )
        start = self._workspace.as_of(since)
        end = self._workspace.as_of(until) if until is not None else None
        if end is not None and end.instant < start.instant:
            raise UsageError(f"it would end on {end}, before it begins on {start}.")
        with self._engine.transaction():
            for each in (INCLUDED, EXCLUDED):
                lists.end(self._engine, each + segment, customer, start)
            lists.add(
                self._engine, side + segment, f"SELECT {literal(customer)}", by=By.ID,
                since=start, until=end, reason=reason.strip(),
            )  # fmt: skip


def with_hands(engine: DuckDB, rules: Mapping[str, Condition]) -> dict[str, Condition]:
    """Rules of segments with what was decided by hand about their members."""
    known = lists.names(engine)
    return {name: effective(name, rule, known) for name, rule in rules.items()}


def effective(name: str, rule: Condition, known: Collection[str]) -> Condition:
    """What decides who is in a segment: put in by hand or by the rule, unless kept out by hand.

    Args:
        known: Names of all lists; nobody is on one that is not there.
    """
    if INCLUDED + name in known:
        rule = Or((rule, InList(INCLUDED + name)))
    if EXCLUDED + name in known:
        rule = And((rule, Not(InList(EXCLUDED + name))))
    return rule


def column_of(staged: Staged, by: By, named: str | None) -> str:
    """The column that holds what names customers.

    Raises:
        MappingError: There is none of that name, or it is not clear which one is meant.
    """
    if named is not None:
        return staged.column(named).name
    known = synonyms()["customers"][by.column]
    words = {*known.everywhere, *known.own, by.column, by.value}
    found = [each for each in staged.names if _plain(each) in {_plain(word) for word in words}]
    if len(found) == 1 or len(staged.names) == 1:
        return (found or list(staged.names))[0]
    shown = ", ".join(f"`{each}`" for each in staged.names[:20])
    raise MappingError(
        f"which column holds the {by.value}?",
        where=staged.origin,
        fix=f"Name it with --column: there is {shown}.",
    )


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.lower())


def _asks(node: object, name: str) -> bool:
    walk = getattr(node, "walk", None)
    return any(isinstance(each, InList) and each.name == name for each in walk()) if walk else False
