"""One customer at once: segments and groups from loaded records and from some that are fresh.

Nothing is loaded and nothing is remembered. What takes all customers to say (limits between groups,
scores, what is over-represented) is as the last refresh knew it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from segmentry.core.errors import NotFoundError, UsageError
from segmentry.core.time import AsOf
from segmentry.core.types import Value
from segmentry.data import lists
from segmentry.data.available import loaded_columns
from segmentry.data.fresh import Columns, Fresh, Row, fresh_rows
from segmentry.data.tables import TABLES
from segmentry.features.known import Features
from segmentry.features.one import One, Others, Trees, one
from segmentry.features.others import others
from segmentry.language.node import Condition
from segmentry.workspace.person_rows import PersonRows

if TYPE_CHECKING:
    from segmentry.segments.segment import Segmentation
    from segmentry.workspace.folder import When
    from segmentry.workspace.workspace import Workspace


SORTED = "by_customer"
"""The folder of a workspace in which rows stand sorted by customer."""


@dataclass(frozen=True)
class Standing:
    """Where a customer stands at an instant.

    Args:
        base_as_of: The last refresh, from which everything about other customers is.
        segments: The saved segments that the customer is in, sorted.
        groups: Segmentation → group; `None` where it does not divide this customer.
    """

    customer_id: str
    as_of: str
    base_as_of: str
    segments: tuple[str, ...]
    groups: Mapping[str, str | None]


class Live:
    """Customers one at a time, as the workspace stood when this was made.

    Declarations, limits and the rows of customers are read once; make another after a load, a
    refresh or a change of declarations.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def sort(self) -> None:
        """Sort what is loaded by customer, so that each is found at once; worth it for many.

        It takes about as long as a few features, and about the room of the warehouse, in the
        workspace's folder. After a load it is to be done again; until then rows come from the
        warehouse as without it.
        """
        self._rows.sort()

    def prepare(self) -> None:
        """Find out about all customers what has to be known for saying anything about one.

        Raises:
            UsageError: Nothing was refreshed yet.
        """
        _ = self._others

    def standing(self, customer_id: str, fresh: Fresh | None = None, when: When = None) -> Standing:
        """The segments and groups of a customer, fresh records counted in.

        Args:
            fresh: Records by entity that are not loaded yet: `{"events": [{"name": …}]}`. One that
                is loaded already, by its own id, is replaced.
            when: The instant; by default that of the last refresh, or the moment after the newest
                fresh record if that is later.

        Raises:
            NotFoundError: Nobody of that id is known at the instant.
            UsageError: Nothing was refreshed yet.
            InputError: A fresh record is not what it should be.
        """
        found = self.customer(customer_id, fresh, when)
        segments = tuple(name for name in sorted(self._rules) if found.is_in(name))
        groups = {each.name: _group(found.feature(each.feature)) for each in self._segmentations}
        return Standing(customer_id, str(found.base.as_of), str(self._base_as_of), segments, groups)

    def meets(
        self, customer_id: str, rule: str, fresh: Fresh | None = None, when: When = None
    ) -> bool:
        """Whether a customer meets a rule that need not be saved."""
        tree = self._workspace.checked(rule)
        return self.customer(customer_id, fresh, when).holds(tree)

    def customer(self, customer_id: str, fresh: Fresh | None = None, when: When = None) -> One:
        """The customer, features and segments computed when asked for."""
        timezone, loaded = self._workspace.settings.timezone, self._loaded
        new = list(fresh_rows(fresh or {}, customer_id, timezone, loaded))
        as_of = self._instant(new, when)
        traits, tables = self._rows.of(customer_id)
        joined = self._rows.joined(tables, new)
        if not _is_known(traits, new, as_of):
            raise NotFoundError(
                f"no customer `{customer_id}` was known as of {as_of}.",
                fix="Check the id; ids are compared exactly, as text.",
            )
        return one(
            customer_id if traits is None else str(traits["customer_id"]),
            traits or {},
            joined,
            as_of=as_of,
            trees=self._trees,
            others=self._others,
        )

    def _instant(self, new: list[tuple[str, Row]], when: When) -> AsOf:
        if when is not None:
            return self._workspace.as_of(when)
        after = [instant + timedelta(microseconds=1) for instant in _instants(new)]
        latest = max([self._base_as_of.instant, *after])
        return AsOf(latest, self._workspace.settings.timezone)

    # what is read once

    @cached_property
    def _base_as_of(self) -> AsOf:
        taken = self._workspace.warehouse.taken_at()
        if taken is None:
            raise UsageError(
                "nothing was refreshed yet, so nothing is known of the other customers.",
                fix="Refresh first: `segmentry refresh -w DIR`.",
            )
        return AsOf(taken, self._workspace.settings.timezone)

    @cached_property
    def _features(self) -> Features:
        return self._workspace.features()

    @cached_property
    def _rules(self) -> Mapping[str, Condition]:
        return self._workspace.rules()

    @cached_property
    def _segmentations(self) -> list[Segmentation]:
        return [each for each in self._workspace.segmentations() if each.feature in self._features]

    @cached_property
    def _loaded(self) -> Columns:
        return loaded_columns(self._workspace.engine)

    @cached_property
    def _trees(self) -> Trees:
        return self._workspace.trees()

    @cached_property
    def _rows(self) -> PersonRows:
        folder = self._workspace.folder / SORTED
        return PersonRows(self._workspace.engine, self._features.schema, folder)

    @cached_property
    def _others(self) -> Others:
        declared = [(each.name, each.rule) for each in self._workspace.saved()]
        by_hand = lists.names(self._workspace.engine)
        return self._workspace.remembered(
            "others", self._find_others, self._base_as_of, *declared, by_hand
        )

    def _find_others(self) -> Others:
        nodes = [*(each.node for each in self._features), *self._rules.values()]
        warehouse = self._workspace.warehouse
        return others(warehouse.last(self._features, self._base_as_of, self._rules), nodes)


def _group(value: Value) -> str | None:
    assert value is None or isinstance(value, str)
    return value


def _instants(new: Iterable[tuple[str, Row]]) -> list[datetime]:
    found = (row[TABLES[table].instant or ""] for table, row in new)
    return [each for each in found if isinstance(each, datetime)]


def _is_known(traits: Row | None, new: Iterable[tuple[str, Row]], as_of: AsOf) -> bool:
    """Whether a customer was known at an instant; without `known_at` it was so since always."""
    if traits is not None and traits["known_at"] is None:
        return True
    since = [] if traits is None else [traits["known_at"]]
    seen = [*since, *_instants(new)]
    return any(isinstance(each, datetime) and each < as_of.instant for each in seen)
