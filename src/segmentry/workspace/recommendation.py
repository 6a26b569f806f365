"""What to recommend to a customer of a workspace, and what a segment buys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from segmentry.core.errors import NotFoundError
from segmentry.insights.assortment import Kept, assortment
from segmentry.insights.bought import bought
from segmentry.insights.recommendation import POPULAR, Next, Trial, Ways, recommended, trial
from segmentry.workspace.affinity import ITEM, check_column, product_names
from segmentry.workspace.card import rule_of

if TYPE_CHECKING:
    from segmentry.workspace.folder import When
    from segmentry.workspace.workspace import Workspace


@dataclass(frozen=True)
class Recommended:
    """What one customer is likely to buy next, and how well that is known.

    Args:
        anything: Among it what was bought before.
        new: What was never bought before.
        names: Product names, by the ids that occur.
    """

    trial: Trial
    anything_by: str
    new_by: str
    anything: tuple[Next, ...]
    new: tuple[Next, ...]
    names: dict[str, str]


@dataclass(frozen=True)
class Assortment:
    """What members of a segment buy.

    Args:
        members: Those of them who bought anything.
    """

    members: int
    others: int
    things: tuple[Kept, ...]
    names: dict[str, str]


def recommend(
    workspace: Workspace, customer_id: str, of: str = ITEM, when: When = None
) -> Recommended:
    """The things that a customer is likely to buy next, by the way that does best.

    Where the ways cannot be tried, by what is popular.

    Raises:
        UsageError: There are no lines of orders.
        NotFoundError: Nothing is known that this customer bought.
    """
    customers = workspace.customers(when)
    check_column(customers, of)
    history = bought(workspace.engine, customers.as_of, of)
    number = workspace.engine.value(
        "SELECT customer_no FROM counted_customers WHERE customer_id = $id", {"id": customer_id}
    )
    place = np.flatnonzero(history.numbers == (-1 if number is None else number))
    if not len(place):
        raise NotFoundError(
            f"nothing is known that customer `{customer_id}` bought.", fix="Check the id."
        )
    tried, ways = trial(history), Ways(history, history.end)
    by = [each[0].way if each else POPULAR for each in (tried.anything, tried.new)]
    [anything] = recommended(history, ways, place, by[0], new=False)
    [new] = recommended(history, ways, place, by[1], new=True)
    shown = {each.item for each in (*anything, *new)}
    names = product_names(workspace, customers, shown) if of == ITEM else {}
    return Recommended(tried, by[0], by[1], tuple(anything), tuple(new), names)


def assorted(workspace: Workspace, segment: str, of: str = ITEM, when: When = None) -> Assortment:
    """What members of a segment buy, against everyone else.

    Raises:
        UsageError: There are no lines of orders.
        DeclarationError: The segment is none, and no rule.
    """
    customers = workspace.customers(when)
    check_column(customers, of)
    rule = workspace.checked(rule_of(workspace, segment))
    rows = customers.engine.fetch(customers.query({}, rule))
    history = bought(workspace.engine, customers.as_of, of)
    inside = np.isin(history.numbers, rows.column("customer_no").to_numpy())
    things = tuple(assortment(history, inside))
    names = product_names(workspace, customers, set(history.items)) if of == ITEM else {}
    return Assortment(int(inside.sum()), int((~inside).sum()), things, names)
