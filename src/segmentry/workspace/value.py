"""What segments and groups of a workspace are worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from segmentry.core.errors import UsageError
from segmentry.insights.acquisition import costs
from segmentry.insights.value import Worth, worth
from segmentry.language.literal import quoted
from segmentry.language.node import Node
from segmentry.language.text import parse_value
from segmentry.language.value import Name
from segmentry.workspace.card import rule_of
from segmentry.workspace.methods import Methods

if TYPE_CHECKING:
    from segmentry.workspace.folder import When
    from segmentry.workspace.workspace import Workspace

PERIOD_DAYS = 90
"""A quarter: how long the periods are by which retention and acquisition are judged."""


@dataclass(frozen=True)
class Value:
    """What is worth how much as of an instant.

    Args:
        name: Name of the segmentation; empty when single segments were asked about.
        customers: All customers.
        worths: In the order of the segmentation, or as asked.
        missing: What cannot be said, with what would have to be loaded.
    """

    name: str
    as_of: str
    period_days: int
    worths: tuple[Worth, ...]
    missing: tuple[str, ...]


def value(
    workspace: Workspace, names: Sequence[str], when: When = None, period_days: int = PERIOD_DAYS
) -> Value:
    """What every group of one segmentation is worth, or each of several segments.

    Args:
        names: One segmentation; or saved segments, groups (`rfm/VIP`) and rules. Without any, all
            saved segments.

    Raises:
        UsageError: Nothing has been saved, or nobody has bought anything.
        DeclarationError: A name is neither, and no rule.
    """
    customers = workspace.customers(when)
    if "monetary" not in customers.features:
        raise UsageError("nobody has bought anything.", fix="Load orders: `segmentry load FILE`.")
    by_channel = "preferred_channel" in customers.features
    spent = costs(workspace.engine, customers.as_of, period_days, by_channel=by_channel)
    divisions = asked(workspace, names, when)
    found = worth(customers, divisions, period_days=period_days, costs=spent)
    lacking = [] if "profit" in customers.features else ["profit: products.cost"]
    lacking += [] if spent else ["cac: costs.amount"]
    lacking += [] if "clv" in customers.features else ["clv: a fitted model"]
    single = names[0] if len(divisions) == 1 and _is_segmentation(workspace, names) else ""
    return Value(
        name=single,
        as_of=str(customers.as_of),
        period_days=period_days,
        worths=tuple(_in_order(workspace, single, found)),
        missing=tuple(lacking),
    )


def asked(workspace: Workspace, names: Sequence[str], when: When = None) -> dict[str, Node]:
    """Each segmentation, segment, group or rule as a text that is the customer's group."""
    chosen = list(names) or [each.name for each in workspace.saved()]
    if not chosen:
        raise UsageError(
            "there is no segment yet.", fix="Name a segmentation (`rfm`), or save a segment."
        )
    known = {each.name for each in workspace.segmentations()}
    found: dict[str, Node] = {}
    for name in chosen:
        if name in known:
            [segmentation] = Methods(workspace).allowed([name], when)
            found[name] = Name(segmentation.feature)
        else:
            rule = workspace.checked(rule_of(workspace, name)).text()
            found[name] = parse_value(f"if({rule}, {quoted(name)})")
    return found


def _is_segmentation(workspace: Workspace, names: Sequence[str]) -> bool:
    return bool(names) and names[0] in {each.name for each in workspace.segmentations()}


def _in_order(workspace: Workspace, name: str, found: dict[str, list[Worth]]) -> list[Worth]:
    if not name:
        return [each for worths in found.values() for each in worths]
    [segmentation] = [each for each in workspace.segmentations() if each.name == name]
    by_name = {each.name: each for each in found[name]}
    order = segmentation.in_order({key: each.customers for key, each in by_name.items()})
    return [by_name[each] for each in order if each in by_name]
