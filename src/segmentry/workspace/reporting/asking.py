"""What all parts of the report ask of: one table with a row per customer, made once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from segmentry.core.errors import DeclarationError
from segmentry.core.time import AsOf, to_local
from segmentry.engines.duckdb import DuckDB
from segmentry.features.customers import Customers
from segmentry.features.known import Features
from segmentry.insights.five_w import Card, cards, describing
from segmentry.insights.part import Part, parts
from segmentry.language.check import check
from segmentry.language.node import Condition, Node
from segmentry.language.schema import Schema
from segmentry.language.text import parse_rule
from segmentry.language.text import segments as segments_used
from segmentry.locale import Messages
from segmentry.report.content import PlaybookView
from segmentry.report.writer import Writer
from segmentry.segments import usage
from segmentry.segments.segment import Segmentation
from segmentry.workspace.card import describing_texts
from segmentry.workspace.methods import Method
from segmentry.workspace.wording import Wording

if TYPE_CHECKING:
    from segmentry.workspace.workspace import Workspace

TABLE = "report_customers"
CARDED = ("rfm", "lifecycle")
"""Segmentations whose groups have cards."""
MEMBER = "in segment "
"""Begins the column of who is in a saved segment; no feature's name has a space."""


@dataclass(frozen=True)
class Asking:
    """A workspace at an instant while its report is filled.

    Args:
        available: Segmentations that the data allow, by name.
        rules: Saved segments whose rule holds on the data; `broken` are the others.
        texts: Columns that say who customers are.
    """

    workspace: Workspace
    as_of: AsOf
    customers: Customers
    methods: tuple[Method, ...]
    wording: Wording
    rules: dict[str, Condition]
    broken: frozenset[str]
    texts: tuple[str, ...]

    @property
    def engine(self) -> DuckDB:
        """The warehouse."""
        return self.workspace.engine

    @property
    def features(self) -> Features:
        """What is known of customers."""
        return self.customers.features

    @property
    def words(self) -> Messages:
        """The texts of the report's language."""
        return self.wording.messages

    @property
    def write(self) -> Writer:
        """Numbers, money and dates of the report's language."""
        return Writer(self.words, self.workspace.settings.currency)

    @property
    def available(self) -> dict[str, Segmentation]:
        """Segmentations that the data allow, by name."""
        return {each.name: each.segmentation for each in self.methods if each.available}

    def cards(self) -> dict[Part, Card]:
        """The five questions, of all groups that have cards."""
        divisions = [self.available[each].feature for each in CARDED if each in self.available]
        with parts(self.engine, TABLE, divisions) as made:
            return cards(made, self.features.schema, self.as_of, self.texts)

    def day(self, instant: datetime) -> str:
        """The local day of an instant, in ISO form."""
        return to_local(instant, self.as_of.timezone).date().isoformat()

    def playbook(self, segmentation: Segmentation, group: str) -> PlaybookView | None:
        """What is done for a group, if anything is said of it."""
        said = self.wording.playbook(segmentation, group)
        if said is None:
            return None
        return PlaybookView(**{part: getattr(said, part) for part in said.PARTS})

    def sentence(self, rule: str) -> str:
        """A rule in words; without a rule, everyone else.

        Raises:
            DeclarationError: The rule does not hold on the data.
        """
        if not rule:
            return self.words("segmentations.everyone_else")
        schema = replace(self.features.schema, segments=frozenset(self.rules))
        return self.wording.sentence(parse_rule(rule, schema))


@contextmanager
def asking(workspace: Workspace, as_of: AsOf, language: str | None) -> Iterator[Asking]:
    """Make the table with every feature, trait and membership; it is gone when the context ends."""
    customers = workspace.customers(as_of)
    features = customers.features
    rules = _rules(workspace, features.schema)
    traits = [name for name in describing(features.schema) if name not in features]
    outputs: dict[str, Node] = dict(customers.named([*features.known, *traits]))
    outputs |= {MEMBER + name: rule for name, rule in rules.items()}
    customers.land(TABLE, outputs)
    methods = tuple(workspace.methods(as_of))
    ready = [each.segmentation for each in methods if each.available]
    try:
        yield Asking(
            workspace=workspace,
            as_of=as_of,
            customers=customers.on_desk(TABLE),
            methods=methods,
            wording=workspace.wording(language),
            rules=rules,
            broken=frozenset(each.name for each in workspace.saved()) - rules.keys(),
            texts=tuple(describing_texts(customers, ready)),
        )
    finally:
        workspace.engine.drop(TABLE)


def _rules(workspace: Workspace, schema: Schema) -> dict[str, Condition]:
    """Saved segments whose rule holds on the data; one that uses a broken one is broken too."""
    trees = workspace.rules()
    known = replace(schema, segments=frozenset(trees))
    found: dict[str, Condition] = {}
    for name in usage.in_order(trees):
        try:
            check(trees[name], known)
        except DeclarationError:  # held when it was saved; the report says that it no longer does
            continue
        if all(each in found for each in segments_used(trees[name])):
            found[name] = trees[name]
    return found
