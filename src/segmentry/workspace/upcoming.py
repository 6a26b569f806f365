"""What the next purchase of a workspace's customers will hold: of groups, and of each customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from segmentry.core.errors import UsageError
from segmentry.insights.bought import Bought, bought
from segmentry.insights.estimate import Codes, Numbers
from segmentry.insights.member import Members, fetched
from segmentry.insights.upcoming import HORIZON, MOST_ITEMS, Trial, blocks, trial
from segmentry.insights.upcoming import Upcoming as Model
from segmentry.workspace.affinity import ITEM, check_column, product_names
from segmentry.workspace.latest import of_state
from segmentry.workspace.value import asked

if TYPE_CHECKING:
    from segmentry.features.customers import Customers
    from segmentry.workspace.folder import When
    from segmentry.workspace.workspace import Workspace

COLUMN, USUAL = "category", "rfm"
"""What is asked about when nothing is named."""
KEPT = "upcoming/last"
"""The name under which what is found of the groups of RFM is kept among the cards."""
SAID = 3
"""Things that are said of each customer."""


@dataclass(frozen=True)
class Likely:
    """A thing, and how likely the next purchase holds it.

    Args:
        share: Mean probability of the members.
        index: Over that of everyone.
    """

    item: str
    share: float
    index: float


@dataclass(frozen=True)
class GroupNext:
    """What the next purchases of one set of customers will hold, the likeliest first.

    Args:
        customers: Members who bought anything of what is asked about.
    """

    name: str
    customers: int
    items: tuple[Likely, ...]


@dataclass(frozen=True)
class Upcoming:
    """What is likely in the next purchase, as of an instant, of whoever buys within the horizon.

    Args:
        of: `product_id`, or a column of products.
        trial: How true the ways were on held-out time; the first is used.
        names: Product names, by the ids that occur.
    """

    as_of: str
    of: str
    horizon_days: int
    trial: Trial
    everyone: GroupNext
    groups: tuple[GroupNext, ...]
    names: dict[str, str]


def upcoming(
    workspace: Workspace, names: Sequence[str], of: str = COLUMN, when: When = None
) -> Upcoming:
    """The next purchases of each group of a segmentation, or of several segments.

    Those of the groups of RFM by category are kept for whoever asks next.

    Args:
        names: Segmentations, saved segments, groups and rules; without any, the groups of RFM.

    Raises:
        UsageError: There are no lines of orders, or nobody bought anything.
        UnknownNameError: Products have no such column.
        DeclarationError: A name is none, and no rule.
    """
    chosen, customers = list(names) or [USUAL], workspace.customers(when)
    check_column(customers, of)

    def find() -> Upcoming:
        return _found(workspace, chosen, of, customers)

    if (chosen, of) == ([USUAL], COLUMN):
        return of_state(workspace, KEPT, customers, Upcoming, find)
    return find()


def next_of_each(workspace: Workspace, of: str = COLUMN, when: When = None) -> pa.Table:
    """Of every customer who bought anything the three likeliest things, with probabilities.

    Raises:
        UsageError: There are no lines of orders, or nobody bought anything.
        UnknownNameError: Products have no such column.
    """
    customers = workspace.customers(when)
    check_column(customers, of)
    history = _history(workspace, customers, of)
    by, model = trial(history).by, Model(history, history.end)
    places, chances = [], []
    for block in blocks(len(history.numbers)):
        said = model.likely(block)[by]
        best = np.argsort(-said, axis=1, kind="stable")[:, :SAID]
        places.append(best)
        chances.append(np.take_along_axis(said, best, axis=1))
    rows = customers.engine.fetch(customers.query({})).sort_by("customer_no")
    numbers = rows.column("customer_no").to_numpy()
    known = np.isin(history.numbers, numbers)
    best, chance = np.concatenate(places)[known], np.concatenate(chances)[known]
    found = np.searchsorted(numbers, history.numbers[known])
    items = np.array(history.items, dtype=object)
    columns: dict[str, pa.Array[Any] | pa.ChunkedArray[Any]] = {
        "customer_id": rows.column("customer_id").take(pa.array(found, pa.int64()))
    }
    for place in range(best.shape[1]):
        columns[f"next_{place + 1}"] = pa.array(items[best[:, place]], pa.string())
        columns[f"chance_{place + 1}"] = pa.array(chance[:, place])
    return pa.table(columns).sort_by("customer_id")


def _found(workspace: Workspace, chosen: Sequence[str], of: str, customers: Customers) -> Upcoming:
    history = _history(workspace, customers, of)
    members = fetched(customers, {}, asked(workspace, chosen, customers.as_of))
    tried = trial(history)
    sums, counts = _summed(history, members, tried.by)
    base = sums[""][0] / max(counts[""][0], 1)
    groups = [
        _group(history, name, sums[division][place], int(counts[division][place]), base)
        for division, each in members.divisions.items()
        for place, name in enumerate(each.names)
        if counts[division][place]
    ]
    return Upcoming(
        as_of=str(customers.as_of),
        of=of,
        horizon_days=HORIZON,
        trial=tried,
        everyone=_group(history, "", sums[""][0], int(counts[""][0]), base),
        groups=tuple(_in_order(workspace, chosen, groups)),
        names=product_names(workspace, customers, set(history.items)) if of == ITEM else {},
    )


def _in_order(
    workspace: Workspace, chosen: Sequence[str], groups: list[GroupNext]
) -> list[GroupNext]:
    """Groups of one segmentation in its order; of anything else as they are."""
    ready = {each.name: each for each in workspace.segmentations()}
    if len(chosen) > 1 or chosen[0] not in ready:
        return groups
    order = ready[chosen[0]].in_order({each.name: each.customers for each in groups})
    return sorted(groups, key=lambda each: order.index(each.name))


def _history(workspace: Workspace, customers: Customers, of: str) -> Bought:
    history = bought(workspace.engine, customers.as_of, of, MOST_ITEMS)
    if not len(history.numbers):
        raise UsageError("nobody bought anything yet.", fix="Load lines of orders.")
    return history


def _summed(
    history: Bought, members: Members, by: str
) -> tuple[Mapping[str, Numbers], Mapping[str, Numbers]]:
    """Sums of probabilities and customers by group of each division; of everyone under no name."""
    place = np.searchsorted(members.numbers, history.numbers)
    inside = np.minimum(place, max(len(members) - 1, 0))
    known = np.isin(history.numbers, members.numbers)
    codes = {
        name: np.where(known, each.codes[inside], -1) for name, each in members.divisions.items()
    } | {"": np.zeros(len(history.numbers), np.int64)}
    sizes = {name: len(each.names) for name, each in members.divisions.items()} | {"": 1}
    sums = {name: np.zeros((size, len(history.items))) for name, size in sizes.items()}
    counts = {
        name: np.bincount(each[each >= 0], minlength=sizes[name]).astype(np.float64)
        for name, each in codes.items()
    }
    model = Model(history, history.end)
    for block in blocks(len(history.numbers)):
        said = model.likely(block)[by]
        for name, each in codes.items():
            sums[name] += _by_group(each[block], sizes[name]) @ said
    return sums, counts


def _by_group(codes: Codes, groups: int) -> Any:
    """A sparse table of groups and customers, 1 where one is in the other."""
    from scipy.sparse import csr_array

    inside = np.flatnonzero(codes >= 0)
    return csr_array((np.ones(len(inside)), (codes[inside], inside)), shape=(groups, len(codes)))


def _group(history: Bought, name: str, summed: Numbers, customers: int, base: Numbers) -> GroupNext:
    share = summed / max(customers, 1)
    order = np.argsort(-share, kind="stable").tolist()
    items = tuple(
        Likely(history.items[each], float(share[each]), float(share[each] / base[each]))
        for each in order
    )
    return GroupNext(name, customers, items)
