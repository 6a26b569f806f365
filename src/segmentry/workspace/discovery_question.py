"""One search on a workspace: whom it asks, what of, and what is said of the groups it finds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from segmentry.core.errors import UsageError
from segmentry.core.time import AsOf
from segmentry.core.types import Type
from segmentry.data.identity.counted import counted
from segmentry.engines.held import held
from segmentry.features.columns import computed
from segmentry.features.customers import Customers
from segmentry.insights.discovery.find import Confirmed, Findings, against, find
from segmentry.insights.discovery.judge import Limits
from segmentry.insights.discovery.reading import Reading, members_of, read
from segmentry.insights.discovery.reversal import strongest, turned
from segmentry.insights.discovery.search import Effort, alike
from segmentry.insights.discovery.space import as_numbers
from segmentry.insights.estimate import Estimate, Numbers
from segmentry.language.check import check
from segmentry.language.node import Condition, ValueNode
from segmentry.language.span import Span
from segmentry.language.text import parse_rule, parse_value
from segmentry.language.value import Name
from segmentry.models.prediction.inputs import is_dated
from segmentry.segments.bits import Bits, count, packed
from segmentry.segments.leaves import Leaves, ready
from segmentry.workspace.discovery import Discovered, Discovery, Later, Wanted, Warned

if TYPE_CHECKING:
    from segmentry.workspace.workspace import Workspace

TO_COME = {
    "revenue": "coalesce(sum(orders.gross_amount, {window}), 0)",
    "profit": "coalesce(sum(order_lines.profit_amount, {window}), 0)",
    "orders": "count(orders, {window})",
    "bought_again": "any(orders, {window})",
}
"""What customers did in the days after an instant, asked as of the end of these days."""
BUYERS = "any(orders)"
HISTORY_DAYS = 90
"""Days of orders before an instant as of which customers are divided."""
ENOUGH = 1_000
"""Fewer customers than this are not searched."""
LEAST, LEAST_SHARE = 100, 0.01
NUMBERS = (Type.INTEGER, Type.NUMBER, Type.MONEY, Type.BOOLEAN)
MOSTLY_ONE = 0.5
"""Of groups that share more of their members than this, the clearest is shown."""


@dataclass(frozen=True)
class Question:
    """One search on one workspace."""

    workspace: Workspace
    wanted: Wanted
    as_of: AsOf

    def answer(self) -> Discovery:
        """What was found, with how much was searched."""
        reading = self._reading()
        found = find(
            reading.choices,
            reading.one,
            reading.other,
            self._effort(reading),
            less=self.wanted.less,
        )
        cut, later = self._cuts
        return Discovery(
            as_of=str(self.as_of),
            by=self.wanted.by,
            days=self.wanted.days if self._to_come else None,
            less=self.wanted.less,
            cut=str(cut),
            later=str(later) if later else None,
            asked=reading.customers,
            features=len(self._names[0]) - len(reading.same),
            conditions=len(reading.choices),
            tried=found.tried,
            tested=found.tested,
            confirmed=len(found.groups),
            left_out=(*self._names[1], *reading.same),
            groups=tuple(self._described(reading, found)),
        )

    # what is asked

    @property
    def _to_come(self) -> bool:
        return self.wanted.by in TO_COME

    @cached_property
    def _cuts(self) -> tuple[AsOf, AsOf | None]:
        """The instant as of which customers are divided, and a later one."""
        if not self._to_come:
            return self.as_of, None
        last = self._before(self.as_of)
        earlier = self._before(last)
        first = self._first_order()
        if (earlier.instant - first).days >= HISTORY_DAYS:
            return earlier, last
        if (last.instant - first).days >= HISTORY_DAYS:
            return last, None
        days, there = self.wanted.days, max((self.as_of.instant - first).days, 0)
        raise UsageError(
            f"looking {days} days ahead needs {HISTORY_DAYS + days} days of orders; here are"
            f" {there}.",
            fix="Load older orders, or look less far ahead: --days 30.",
        )

    def _before(self, as_of: AsOf) -> AsOf:
        return AsOf(Span(self.wanted.days, "day").before(as_of), as_of.timezone)

    def _first_order(self) -> datetime:
        first: datetime | None = self.workspace.engine.value(
            f"SELECT min(ordered_at) FROM {counted('orders')}"
            " WHERE is_purchase AND customer_no IS NOT NULL"
        )
        if first is None:
            raise UsageError(
                "there are no orders to look for groups by.",
                fix="Load orders, or name a feature: --by FEATURE.",
            )
        return first

    @property
    def _asked(self) -> str:
        """Who is asked: those who have bought, or those whose feature is known."""
        return BUYERS if self._to_come else f"{self.wanted.by} IS NOT NULL"

    @cached_property
    def _among(self) -> Condition:
        return parse_rule(self._asked)

    def _outcome(self, end: AsOf) -> Numbers:
        """What each customer did in the days before an instant, by number; or the feature then."""
        wanted, customers = self.wanted, self.workspace.customers(end)
        if not self._to_come:
            return self._values(customers, Name(wanted.by))
        text = TO_COME[wanted.by].format(window=f"last => '{wanted.days} days'")
        return self._values(customers, parse_value(text))

    def _values(self, customers: Customers, node: ValueNode) -> Numbers:

        kind = check(node, customers.features.schema)
        if kind not in NUMBERS:
            raise UsageError(
                f"`{self.wanted.by}` is no number.",
                fix=f"Name one that is, or one of {', '.join(TO_COME)}.",
            )
        return as_numbers(held(computed(customers, {"outcome": node}).column("outcome"), kind))

    # what rules are made of

    @cached_property
    def _names(self) -> tuple[list[str], list[str]]:
        """Features that rules may use, and those that are the outcome by another name."""
        features = self.workspace.features()
        if self.wanted.features:
            for each in self.wanted.features:
                features.schema.feature(each)
            names = list(dict.fromkeys(self.wanted.features))
        else:
            names = list(self._usual())
        if self._to_come:
            return names, []
        features.schema.feature(self.wanted.by)
        own = set(features.columns(self.wanted.by))
        same = [each for each in names if own & set(features.columns(each))]
        return [each for each in names if each not in same], same

    def _usual(self) -> Iterator[str]:
        """Everything of interest that is not sensitive, and no score where one is asked about."""
        features = self.workspace.features()
        fields = [each.recognised for each in self.workspace.sensitive.fields()]
        special = {f"{each.entity}.{each.column}" for each in fields}
        known = features.known
        score = self.wanted.by in known and known[self.wanted.by].declaration.kind == "score"
        for name in features.schema.listed:
            hidden = name in known and known[name].declaration.hidden
            again = score and name in known and known[name].declaration.kind == "score"
            if not hidden and not again and not special & set(features.columns(name)):
                yield name

    def _reading(self) -> Reading:

        cut, later = self._cuts
        names, outcome = self._names[0], self._outcome(later or self.as_of)
        customers = self.workspace.customers(cut)
        found = read(customers, names, self._among, outcome, self.wanted.least or LEAST)
        if found.customers < ENOUGH:
            who = "buyers" if self._to_come else f"customers with `{self.wanted.by}`"
            raise UsageError(
                f"a search needs {ENOUGH:,} {who}; as of {cut} there are {found.customers:,}.",
                fix="Load more customers, or look at segments you know: `segmentry value`.",
            )
        return found

    def _effort(self, reading: Reading) -> Effort:

        least = self.wanted.least or max(LEAST, int(LEAST_SHARE * reading.customers))
        return Effort(depth=self.wanted.depth, beam=self.wanted.beam, least=least)

    # what is said

    def _described(self, reading: Reading, found: Findings) -> Iterator[Discovered]:
        groups = self._shown(reading, found)
        rules, sizes, asked = self._now([_rule(reading, each) for each in groups])
        later = self._later(rules)
        warned = self._warned(reading, groups)
        for place, (each, rule) in enumerate(zip(groups, rules, strict=True)):
            more = later[place] if later else None
            yield Discovered(
                number=place + 1,
                rule=rule,
                customers=sizes[place],
                share=sizes[place] / asked if asked else 0.0,
                each=each.each,
                others=each.others,
                more=each.more,
                lift=each.lift,
                portion=each.portion,
                chance=each.chance,
                later=self._again(more),
                later_more=more,
                warnings=tuple(warned[place]),
            )

    def _shown(self, reading: Reading, found: Findings) -> list[Confirmed]:
        """The clearest groups, of those that share most of their members one."""
        shown: list[Confirmed] = []
        there: list[Bits] = []
        for group in found.groups:
            bits = packed(reading.other.members(group.conditions))
            if all(alike(bits, each) <= MOSTLY_ONE for each in there):
                shown.append(group)
                there.append(bits)
            if len(shown) == self.wanted.most:
                break
        return shown

    def _again(self, more: Estimate | None) -> Later:
        if more is None:
            return "none"
        sign = -more.sign if self.wanted.less else more.sign
        return {1: "held", 0: "unsaid", -1: "turned"}[sign]  # type: ignore[return-value]

    def _now(self, rules: list[str]) -> tuple[list[str], list[int], int]:
        """The rules, that one has bought said where it matters; how many meet each, and could."""
        asked = self._among
        trees = [parse_rule(each) for each in rules]
        with ready(self.workspace.customers(self.as_of), [asked, *trees]) as here:
            leaves = Leaves.of(here)
            among = leaves.members(asked)
            every = [leaves.members(each) for each in trees]
        inside = [each & among for each in every]
        said = [
            rule if np.array_equal(all_, some) else parse_rule(f"{self._asked} AND {rule}").text()
            for rule, all_, some in zip(rules, every, inside, strict=True)
        ]
        return said, [count(each) for each in inside], count(among)

    def _later(self, rules: list[str]) -> list[Estimate]:
        """The differences after the later instant, among customers whom the search never saw."""
        later = self._cuts[1]
        if later is None or not rules:
            return []
        trees = [parse_rule(each) for each in rules]
        inside, outcome = members_of(
            self.workspace.customers(later), trees, self._among, self._outcome(self.as_of)
        )
        found = []
        for each in inside:
            own, rest = against(each, outcome)
            found.append((own - rest).estimates()[0])
        return found

    def _warned(self, reading: Reading, groups: list[Confirmed]) -> list[list[Warned]]:

        outcome = np.concatenate([reading.one.outcome, reading.other.outcome])
        outcome = Limits.of(reading.one.outcome).cut(outcome)
        divisions = strongest(reading.parts, outcome)
        found = []
        for group in groups:
            used = {reading.choices[each].feature for each in group.conditions}
            halves = [each.members(group.conditions) for each in (reading.one, reading.other)]
            others = [each for each in divisions if each.name not in used]
            warned = [
                Warned("turned", name, difference)
                for name, difference in turned(np.concatenate(halves), others, outcome)
            ]
            found.append(warned + list(self._undated(sorted(used))))
        return found

    def _undated(self, names: list[str]) -> Iterator[Warned]:
        if self._to_come:
            features = self.workspace.features()
            yield from (Warned("undated", each) for each in names if not is_dated(features, each))


def _rule(reading: Reading, group: Confirmed) -> str:
    return parse_rule(" AND ".join(reading.choices[each].text for each in group.conditions)).text()


__all__ = ["TO_COME", "Question"]
