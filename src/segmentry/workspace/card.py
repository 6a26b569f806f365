"""The 5W card of any set of customers: who they are, what they buy, why, when and where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from segmentry.core.errors import UnknownNameError
from segmentry.core.time import AsOf
from segmentry.engines.mapped import mapped
from segmentry.features.customers import Customers
from segmentry.insights.five_w import MEANS, Card, cards, describing
from segmentry.insights.part import Part, Parts, parts
from segmentry.insights.tally import Counting, Held, Seen, Tally, held
from segmentry.language.node import Condition
from segmentry.segments.segment import Segmentation

if TYPE_CHECKING:
    from segmentry.workspace.workspace import Workspace

TABLE, MEMBER = "card_customers", "member"
DUE: Final = ("recency_days", "expected_gap_days")
DESCRIBING: Final = ("demographic", "economic", "psychographic", "company")
STYLES: Final = ("regularity", "promotion", "price", "purpose", "response")
"""Families of segmentations whose groups say who somebody is, and behaviour that does too."""


def card(workspace: Workspace, which: str, as_of: AsOf) -> Card:
    """The card of a saved segment, a group (`lifecycle/At risk`) or a rule, against the base.

    Raises:
        UnknownNameError: There is no such group.
        DeclarationError: It is no name and not a rule either.
    """
    [found] = cards_of(workspace, [which], as_of)
    return found


def cards_of(workspace: Workspace, several: Sequence[str], as_of: AsOf) -> list[Card]:
    """The cards of some, in their order: facts are read once for all of them.

    Counts are kept for every way of being in some of them and not in others: no more than ten.

    Raises:
        UnknownNameError: There is no such group.
        DeclarationError: One is no name and not a rule either.
    """
    customers = workspace.customers(as_of)
    conditions = {
        f"{MEMBER}_{place}": workspace.checked(rule_of(workspace, each))
        for place, each in enumerate(several)
    }
    texts = describing_texts(customers, workspace.segmentations())
    counting = _counting(workspace, as_of)
    with (
        _put(workspace, customers, texts, conditions),
        parts(workspace.engine, TABLE, [*conditions], MEMBER) as made,
    ):
        found = cards(made, customers.features.schema, as_of, texts, counting)
    return [found.get(Part(each, "true")) or Card.empty() for each in conditions]


def _counting(workspace: Workspace, as_of: AsOf) -> Counting:
    """Counts what is remembered, as long as no data change, of who has what."""

    def counted(parts: Parts, relation: str, seen: Sequence[Seen]) -> Iterable[Tally]:
        def find(query: str) -> Held:
            return held(parts.engine, parts.cell_of[0], query).on_disk()

        queries = [each.of(relation) for each in seen]
        found = (
            workspace.remembered("who has what", partial(find, each), as_of, each)
            for each in queries
        )
        yield Tally.of_all([each.tally(parts) for each in found])

    return counted


def rule_of(workspace: Workspace, which: str) -> str:
    """The rule behind the name of a saved segment or of a group; any other text is a rule.

    That of a segment has in it who is in or out by hand, so that counts are those of its list.
    """
    if any(each.name == which for each in workspace.saved()):
        return workspace.segment(which).effective
    name, slash, group = which.partition("/")
    ready = {each.name: each for each in workspace.segmentations()}
    if not slash or name not in ready:
        return which
    segmentation = ready[name]
    known = [each.name for each in segmentation.groups]
    if not segmentation.by and group not in known:
        raise UnknownNameError(f"group of {name}", group, known)
    return segmentation.rule_of(group)


def describing_texts(customers: Customers, segmentations: Sequence[Segmentation]) -> list[str]:
    """Columns that say who customers are: groups of what describes people, and other traits."""
    schema, features = customers.features.schema, customers.features
    groups = [
        each
        for each in segmentations
        if (each.family in DESCRIBING or each.name in STYLES) and each.feature in features
    ]
    read = [schema.features[trait] for each in groups for trait in each.traits]
    told = {field.alias or field.name for field in read}
    traits = [each for each in describing(schema) if each not in features and each not in told]
    return [*traits, *(each.feature for each in groups)]


@contextmanager
def _put(
    workspace: Workspace, customers: Customers, texts: Sequence[str], met: Mapping[str, Condition]
) -> Iterator[None]:
    """One row per customer of what cards are made from, and one of which conditions are met.

    The first is remembered as long as no data change.
    """
    engine = customers.desk
    told = workspace.remembered(
        "what cards read", lambda: _told(customers, texts), customers.as_of, *texts
    )
    customers.land(MEMBER, met)
    try:
        with engine.registered(TABLE, told):
            yield
    finally:
        engine.drop(MEMBER)


def _told(customers: Customers, texts: Sequence[str]) -> pa.Table:
    wanted = [*(name for names in MEANS.values() for name in names), *DUE]
    named = customers.named([*(each for each in wanted if each in customers.features), *texts])
    return mapped(customers.engine.fetch(customers.query(named)))
