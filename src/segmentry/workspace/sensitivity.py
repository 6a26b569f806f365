"""How groups of a workspace react to discounts and prices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from segmentry.core.errors import UsageError
from segmentry.insights.elasticity import FEWEST_PRODUCTS
from segmentry.insights.member import fetched
from segmentry.insights.sensitivity import Found, Sensitive, sensitive
from segmentry.workspace.affinity import ITEM, check_column
from segmentry.workspace.latest import of_state
from segmentry.workspace.methods import Methods
from segmentry.workspace.value import asked

if TYPE_CHECKING:
    from segmentry.features.customers import Customers
    from segmentry.workspace.folder import When
    from segmentry.workspace.workspace import Workspace

KEPT = "sensitivity/last"
"""The name under which what is found of the groups of RFM is kept among the cards."""
USUAL = "rfm"
"""What is asked about when nothing is named."""


@dataclass(frozen=True)
class Sensitivity:
    """How groups react, as of an instant.

    Args:
        name: Name of the segmentation; empty when single segments were asked about.
        by: The column of products by which it is said too.
        period: `week` or `month`, by which prices were held against units.
        products: Products whose price moved; the elasticity needs thirty.
        discounts: Whether any line has a discount.
        everyone: All customers; with `by`, in each category too.
        groups: In the order of the segmentation, or as asked; those without customers are left out.
    """

    name: str
    as_of: str
    by: str | None
    period: str
    periods: int
    products: int
    discounts: bool
    everyone: tuple[Sensitive, ...]
    groups: tuple[Sensitive, ...]

    def missing(self, each: Sensitive) -> tuple[str, ...]:
        """Why no interval is said of the elasticity, and the share of discounts."""
        found = [] if self.discounts else ["discounts"]
        if each.elasticity.low is None:
            found.append("products" if each.products < FEWEST_PRODUCTS else "even")
        return tuple(found)


def sensitivity(
    workspace: Workspace, names: Sequence[str], by: str | None = None, when: When = None
) -> Sensitivity:
    """How every group of one segmentation reacts, or each of several segments.

    How the groups of RFM react is kept for whoever asks next.

    Args:
        names: One segmentation; or saved segments, groups (`rfm/VIP`) and rules. Without any, the
            five groups of RFM.
        by: A column of products (`category`), in each value of which it is said too.

    Raises:
        UsageError: There are no lines of orders with products.
        UnknownNameError: Products have no such column.
        DeclarationError: A name is none, and no rule.
    """
    chosen, customers = list(names) or [USUAL], workspace.customers(when)
    if chosen == [USUAL] and by is None:
        return of_state(
            workspace,
            KEPT,
            customers,
            Sensitivity,
            lambda: _found(workspace, chosen, None, customers),
        )
    return _found(workspace, chosen, by, customers)


def _found(
    workspace: Workspace, chosen: Sequence[str], by: str | None, customers: Customers
) -> Sensitivity:
    check_column(customers, by or ITEM)
    if by == ITEM:
        raise UsageError("a single product says too little.", fix="Name a category of products.")
    divisions = asked(workspace, chosen, customers.as_of)
    members = fetched(customers, {}, divisions)
    found = sensitive(workspace.engine, customers.as_of, members, by)
    known = {each.name for each in workspace.segmentations()}
    single = chosen[0] if len(chosen) == 1 and chosen[0] in known else ""
    return Sensitivity(
        name=single,
        as_of=str(customers.as_of),
        by=by,
        period=found.period,
        periods=found.periods,
        products=found.products,
        discounts=found.discounts,
        everyone=found.everyone,
        groups=_in_order(workspace, single, found),
    )


def _in_order(workspace: Workspace, name: str, found: Found) -> tuple[Sensitive, ...]:
    if not name:
        return tuple(each for groups in found.groups.values() for each in groups)
    [segmentation] = Methods(workspace).allowed([name])
    sizes = {each.name: each.customers for each in found.groups[name]}
    order = {each: place for place, each in enumerate(segmentation.in_order(sizes))}
    return tuple(sorted(found.groups[name], key=lambda each: order[each.name]))
