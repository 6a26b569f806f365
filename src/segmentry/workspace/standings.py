"""Where everybody stood at the last refresh, in memory: for hundreds of questions a second."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from segmentry.core.time import AsOf
from segmentry.features.compile import CUSTOMERS
from segmentry.features.customers import Customers
from segmentry.language.value import Name
from segmentry.segments import past
from segmentry.segments.bits import NOBODY, Bits
from segmentry.workspace.declarations import CONTENT, KINDS, PLAYBOOK, SCHEDULE
from segmentry.workspace.live import Standing

if TYPE_CHECKING:
    from segmentry.workspace.workspace import Workspace

Column = Any
"""An Arrow column with one value for each number."""
DECIDING = frozenset(KINDS) - {CONTENT, PLAYBOOK, SCHEDULE}
"""Kinds of declarations that decide who is in what."""
OTHERS = (
    "SELECT c.customer_id, u.unit_no FROM customer_units u JOIN customers c USING (customer_no)"
)


class Standings:
    """The segments and groups of all customers, as the last refresh recorded them.

    Takes the length of the longest id and 8 bytes for each customer, and for each segment that was
    asked about a bit for each customer. Safe to ask from several threads.
    """

    def __init__(self, workspace: Workspace, as_of: AsOf, lock: threading.Lock) -> None:
        self._workspace = workspace
        self._lock = lock
        self._members: dict[str, Bits] = {}
        self.as_of = as_of
        """The instant of the refresh."""

    @classmethod
    def of(cls, workspace: Workspace, lock: threading.Lock) -> Standings | None:
        """The standings, if what was recorded is still what would be computed now.

        `None` before the first refresh, and when data or declarations changed since.

        Args:
            lock: Held while the workspace is asked; whoever else asks it has to hold it too.
        """
        taken = workspace.warehouse.taken_at() if workspace.warehouse.is_desk else None
        if taken is None:
            return None
        as_of = AsOf(taken, workspace.settings.timezone)
        if workspace.customers(as_of).source is CUSTOMERS or _changed_since(workspace):
            return None
        return cls(workspace, as_of, lock)

    def number(self, customer_id: str) -> int | None:
        """A customer's number; `None` for somebody who was not known then."""
        ids, numbers = self._known
        key = customer_id.encode()
        if len(key) > ids.itemsize:
            return None
        place = int(np.searchsorted(ids, np.bytes_(key)))
        return int(numbers[place]) if place < len(ids) and ids[place] == key else None

    def is_in(self, number: int, segment: str) -> bool:
        """Whether a customer was in a segment."""
        bits = self._of(segment)
        place = number >> 3
        return place < len(bits) and bool(bits[place] >> (number & 7) & 1)

    def standing(self, customer_id: str) -> Standing | None:
        """All segments and groups of a customer.

        `None` for somebody who was not known then.
        """
        number = self.number(customer_id)
        if number is None:
            return None
        place, place_of_bit = divmod(number, 8)
        held = self._matrix[:, place] >> place_of_bit & 1 if place < self._matrix.shape[1] else ()
        inside = tuple(self._segments[each] for each in np.flatnonzero(held))
        groups = {name: column[number].as_py() for name, column in self._groups.items()}
        return Standing(customer_id, str(self.as_of), str(self.as_of), inside, groups)

    def _of(self, segment: str) -> Bits:
        found = self._members.get(segment)
        if found is None:
            with self._lock:
                found = self._members[segment] = past.members(self._workspace.engine, segment)
        return found

    @cached_property
    def _known(self) -> tuple[NDArray[np.bytes_], NDArray[np.int64]]:
        """Ids in order, as bytes, and their numbers."""
        with self._lock:
            customers = self._workspace.customers(self.as_of)
            rows = customers.engine.fetch(customers.query({}))
            others = self._workspace.engine.rows(OTHERS)
        ids = np.array(
            [str(each).encode() for each in rows["customer_id"].to_pylist()]
            + [each.encode() for each, _ in others],
            dtype=np.bytes_,
        )
        numbers = np.concatenate(
            [rows["customer_no"].to_numpy(), np.array([each for _, each in others], dtype=np.int64)]
        ).astype(np.int64)
        order = np.argsort(ids, kind="stable")
        return ids[order], numbers[order]

    @cached_property
    def _segments(self) -> list[str]:
        return sorted(each.name for each in self._workspace.saved())

    @cached_property
    def _matrix(self) -> Bits:
        """The members of all segments, in their order, read together."""
        with self._lock:
            held = past.held(self._workspace.engine, self._segments)
        found = [
            held[name, ""].members if (name, "") in held else NOBODY for name in self._segments
        ]
        matrix = np.zeros((len(found), max(map(len, found), default=0)), np.uint8)
        for row, bits in zip(matrix, found, strict=True):
            row[: len(bits)] = bits
        return matrix

    @cached_property
    def _groups(self) -> Mapping[str, Column]:
        """Segmentation → the group of each number; what the refresh did not keep is computed."""
        workspace = self._workspace
        with self._lock:
            customers = workspace.customers(self.as_of)
            known = workspace.features()
            features = {
                each.name: each.feature
                for each in workspace.segmentations()
                if each.feature in known
            }
            kept: Mapping[str, Column] = customers.source.columns or {}
            lacking = [each for each in features.values() if each not in kept]
            found = _computed(customers, lacking)
        return {
            name: found[feature] if feature in found else kept[feature]
            for name, feature in features.items()
        }


def _computed(customers: Customers, features: Sequence[str]) -> Mapping[str, Column]:
    """Features by number, for customers all together."""
    if not features:
        return {}
    rows = customers.engine.fetch(customers.query({each: Name(each) for each in features}))
    numbers = rows["customer_no"].to_numpy()
    places = np.full(int(numbers.max(initial=-1)) + 1, len(rows), dtype=np.int64)
    places[numbers] = np.arange(len(rows))
    order: Column = pa.array(places, mask=places == len(rows))
    return {each: rows[each].take(order) for each in features}


def _changed_since(workspace: Workspace) -> bool:
    """Whether what decides was declared after the last refresh began."""
    runs = workspace.catalogue.runs.latest(100)
    done = [each for each in runs if each["kind"] == "refresh" and each["status"] == "done"]
    if not done:
        return True
    saved = [each.saved_at for kind in DECIDING for each in workspace.declared(kind)]
    return any(each > done[0]["started_at"] for each in saved)
