"""What all parts of the report ask of: one relation with a row per customer, made once.

It holds the columns that some part reads and no other. Who is in which saved segment is no column:
that is asked of `leaves`, where a thousand segments are bits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from segmentry.core.time import AsOf, to_local
from segmentry.core.types import Type
from segmentry.engines.duckdb import DuckDB
from segmentry.features.columns import computed
from segmentry.features.compile import KNOWN
from segmentry.features.customers import Customers
from segmentry.features.dense import WIDENED
from segmentry.features.known import Features, names_in
from segmentry.insights.five_w import MEANS, Card, cards, describing
from segmentry.insights.part import Part, parts
from segmentry.language.node import Condition, Node
from segmentry.language.text import parse_rule, parse_value
from segmentry.locale import Messages
from segmentry.report.content import PlaybookView
from segmentry.report.writer import Writer
from segmentry.segments.leaves import Leaves, ready
from segmentry.segments.segment import Segmentation
from segmentry.sql.expression import Column, Expression, Select, call
from segmentry.workspace.card import DUE, describing_texts
from segmentry.workspace.methods import Method, Methods
from segmentry.workspace.wording import Wording

if TYPE_CHECKING:
    from segmentry.workspace.workspace import Workspace

TABLE, LANDED = "report_customers", "report_columns"
CARDED = ("rfm", "lifecycle")
"""Segmentations whose groups have cards."""
READ = (
    "monetary", "frequency", "recency_days", "average_order_amount", "r_score", "f_score",
    "m_score", "main_category", "order_country", "order_region", "last_order_city", *DUE,
    *(name for names in MEANS.values() for name in names),
)  # fmt: skip
"""Features that parts of the report read by name, beside groups and what describes customers."""


@dataclass(frozen=True)
class Asking:
    """A workspace at an instant while its report is filled.

    Args:
        available: Segmentations that the data allow, by name.
        rules: Saved segments whose rule holds on the data; `broken` are the others.
        texts: Columns that say who customers are.
        leaves: Who meets the conditions of the rules.
    """

    workspace: Workspace
    as_of: AsOf
    customers: Customers
    methods: tuple[Method, ...]
    wording: Wording
    rules: Mapping[str, Condition]
    broken: frozenset[str]
    texts: tuple[str, ...]
    leaves: Leaves

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
    """Make the relation; it is gone when the context ends."""
    customers, judging = workspace.customers(as_of), Methods(workspace)
    rules = workspace.sound()
    with ready(customers, judging.gates) as counted:
        methods = tuple(judging.of(counted))
        chosen = [each.segmentation for each in methods if each.available]
        texts = describing_texts(customers, chosen)
        columns = customers.named(_read(customers.features, chosen, texts))
        with (
            ready(counted, [*columns.values(), *rules.values()]) as known,
            _landed(known, columns),
        ):
            here = customers.on_desk(TABLE, columns)
            yield Asking(
                workspace=workspace,
                as_of=as_of,
                customers=replace(here, source=replace(here.source, columns=known.source.columns)),
                methods=methods,
                wording=workspace.wording(language),
                rules=rules,
                broken=frozenset(each.name for each in workspace.saved()) - rules.keys(),
                texts=tuple(texts),
                leaves=Leaves.of(known),
            )


def _read(
    features: Features, chosen: Iterable[Segmentation], texts: Iterable[str]
) -> dict[str, None]:
    """The columns of the table."""
    named = [name for name in READ if name in features]
    reasons = (
        name
        for each in chosen
        for reason in each.reasons
        for expression in reason.base.values()
        for name in names_in(parse_value(expression))
    )
    groups = [each.feature for each in chosen]
    return dict.fromkeys([*named, *groups, *texts, *describing(features.schema), *reasons])


@contextmanager
def _landed(customers: Customers, outputs: Mapping[str, Node]) -> Iterator[None]:
    """The table: columns side by side where they are, read when they are asked for.

    Whole numbers and money are as wide as features are elsewhere.
    """
    desk, there = customers.desk, customers.source.columns or {}
    names = ("customer_id", *outputs)
    found = computed(customers, customers.named(name for name in names if name not in there))
    values = {name: there[name] if name in there else found.column(name) for name in names}
    numbers = pa.array(np.arange(found.size, dtype=np.int32))
    rows = pa.table({"customer_no": numbers, KNOWN: pa.array(found.known), **values})
    columns: dict[str, Expression] = {
        name: Column(name, Type.TEXT) for name in ("customer_no", "customer_id")
    }
    for name in outputs:
        kind = customers.features.schema.feature(name).type
        column = Column(name, kind)
        columns[name] = call(WIDENED[kind], column, type=kind) if kind in WIDENED else column
    with desk.registered(LANDED, rows) as landed:
        shown = desk.render(Select(landed, columns, where=Column(KNOWN, Type.BOOLEAN)))
        desk.view(TABLE, shown)
        try:
            yield
        finally:
            desk.execute(f"DROP VIEW IF EXISTS {TABLE}")
