"""A refresh: check, compute every feature as of an instant, take memberships into the history.

All of it is one transaction: either the whole run becomes visible or nothing does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from segmentry.core.errors import DeclarationError
from segmentry.core.progress import Progress
from segmentry.core.time import AsOf
from segmentry.data import lists
from segmentry.features.compile import CUSTOMERS
from segmentry.features.customers import Customers
from segmentry.language.check import check
from segmentry.language.text import segments as segments_used
from segmentry.language.value import Name
from segmentry.segments import usage
from segmentry.segments.point import Divided
from segmentry.segments.segment import RECORDED
from segmentry.workspace import backfill, snapshot, space, trust

if TYPE_CHECKING:
    from segmentry.workspace.workspace import Workspace


@dataclass(frozen=True)
class Refreshed:
    """What a refresh did.

    Args:
        points: For how many instants memberships were computed.
        rebuilt: Whether the history was computed anew.
        left_out: Segments that could not be computed, and why.
        unscored: Models that could not be fitted again, and why; their earlier scores hold.
    """

    as_of: str
    customers: int
    features: int
    points: int
    rebuilt: bool
    left_out: Mapping[str, str]
    unscored: Mapping[str, str]


def perform(workspace: Workspace, as_of: AsOf, progress: Progress) -> Refreshed:
    """Check, compute every feature, take memberships into the history; all or nothing."""
    engine = workspace.engine
    known = int(engine.value("SELECT count(*) FROM customers"))
    space.check_room(workspace.folder, space.of_refresh(known), "a refresh")
    with (
        workspace.catalogue.runs.run("refresh", str(as_of), workspace.clock) as run,
        workspace.warehouse.transaction(),
    ):
        with run.step("check"):
            progress("checks", 0, 1)
            lists.match_again(engine)
            trust.renew(workspace, as_of)
        with run.step("scores"):
            unscored = workspace.models.renew(as_of, progress)
        with run.step("features"):
            progress("features", 0, 1)
            anew = replace(workspace.customers(as_of), source=CUSTOMERS)
            left_out = _left_out(anew)
            divided = list(_divided(workspace, anew, left_out))
            nodes = [each.node for each in divided]
            names = snapshot.kept(anew, nodes, workspace.settings.features)
            taken = workspace.warehouse.take(anew, names)
        with run.step("memberships"):
            customers = replace(anew, source=taken.source)
            points, rebuilt = backfill.remember(workspace.warehouse, customers, divided, progress)
            workspace.warehouse.keep_memberships([each.name for each in divided], progress)
    shown = len(customers.features.shown)
    return Refreshed(str(as_of), taken.customers, shown, points, rebuilt, left_out, unscored)


def _left_out(customers: Customers) -> dict[str, str]:
    """Segments whose rule no longer holds on this workspace, and why; they block no other."""
    schema = replace(customers.features.schema, segments=frozenset(customers.rules))
    found: dict[str, str] = {}
    for name in usage.in_order(customers.rules):
        tree = customers.rules[name]
        try:
            check(tree, schema)
        except DeclarationError as error:
            found[name] = str(error)
        if blocked := [each for each in segments_used(tree) if each in found]:
            found.setdefault(name, f"it uses {', '.join(blocked)}.")
    return found


def _divided(
    workspace: Workspace, customers: Customers, left_out: Collection[str]
) -> Iterator[Divided]:
    """The groups and segments whose members are taken into the history."""
    known, rules = customers.features.known, customers.rules
    for each in workspace.segmentations():
        if each.feature in known and each.family in RECORDED:
            yield Divided(each.feature, Name(each.feature), each.expression())
    named = {each.name: each.rule for each in workspace.saved()}
    for name in usage.in_order(rules):
        if name not in left_out:
            yield Divided(name, rules[name], named[name])
