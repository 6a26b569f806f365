"""Random rules, typed by a schema and decided by a seed.

`random_rule(rng, schema)` and `random_base(rng, schema, customers)` are plain functions; `rules`
and `values` wrap them for Hypothesis. Corners are drawn often: missing values, ties, rows on the
limits of windows, days on which clocks change, leap days, empty histories, other scripts.
"""

import datetime as dt
from decimal import Decimal
from random import Random

from hypothesis import strategies as st
from tests.language.customers import TEXTS, random_base, shop

from segmentry.core.types import Type
from segmentry.language.aggregate import FOLDS, Aggregate, DaysSince, Share
from segmentry.language.anniversary import Anniversary
from segmentry.language.behavior import FirstTime, Periods, Restarted, Stopped
from segmentry.language.closed import unknown_values
from segmentry.language.condition import Between, Comparison, In, InSegment, IsMissing
from segmentry.language.function import AsOfDay, Function, If, Round
from segmentry.language.listed import InList
from segmentry.language.literal import Constant
from segmentry.language.logic import And, IsTrue, Not, Or
from segmentry.language.names import row_fields
from segmentry.language.node import Condition, ValueNode
from segmentry.language.occurrence import AllOf, AnyOf, NoneOf
from segmentry.language.pareto import EXACT, BasePareto
from segmentry.language.population import BaseQuantile, RandomShare, Score
from segmentry.language.preference import Distinctive, MostFrequent, TopShare
from segmentry.language.schema import Fact, Schema
from segmentry.language.sequence import Sequence
from segmentry.language.span import Span
from segmentry.language.text_match import TextMatch
from segmentry.language.value import Arithmetic, Name, Negation
from segmentry.language.window import ALL_TIME, PERIODS, Back, Calendar, Days, Window

__all__ = ["SHOP", "random_base", "random_rule", "random_value", "rules", "values"]
PATTERNS = ("a", "^w", "b$", "[a-zА-Я]+", r"\d", r"\bUA\b", "(we|sh).", "^$", "в.*", r"\s", "[^a]")
NUMERIC = (Type.INTEGER, Type.NUMBER, Type.MONEY)
TEMPORAL = (Type.DATE, Type.INSTANT)


# rules


class _Draw:
    """Draws nodes for one place: the customer, or a row of a fact."""

    def __init__(self, rng: Random, schema: Schema, fact: Fact | None = None) -> None:
        self.rng = rng
        self.schema = schema
        fields = schema.features if fact is None else row_fields(fact)
        self.names = {
            name: each.type for name, each in fields.items()
            if fact is None or each.derived is None
        }  # fmt: skip
        self.on_rows = fact is not None
        self.facts = [schema.facts[name] for name in sorted(schema.facts)]

    # conditions

    def condition(self, depth: int) -> Condition:
        if depth > 0 and self.rng.random() < 0.6:
            parts = tuple(self.condition(depth - 1) for _ in range(self.rng.choice((2, 2, 3))))
            return self.rng.choice(
                (
                    lambda: And(parts),
                    lambda: Or(parts),
                    lambda: Not(parts[0]),
                    lambda: Not(parts[1]),
                )
            )()
        kinds = [
            self.comparison, self.comparison, self.comparison, self.listed, self.between,
            self.missing, self.text_match, self.truth, self.anniversary,
        ]  # fmt: skip
        if not self.on_rows:
            kinds += [self.occurrence, self.occurrence, self.behavior, self.sequence, self.segment]
        return self.rng.choice(kinds)(max(depth - 1, 0))

    def comparison(self, depth: int) -> Condition:
        kind = self.rng.choice((*NUMERIC, *NUMERIC, Type.TEXT, *TEMPORAL, Type.BOOLEAN))
        operators = ("=", "<>") if kind is Type.BOOLEAN else ("=", "<>", "<", "<=", ">", ">=")
        sides = [self.value(kind, depth), self.beside(kind, depth)]
        self.rng.shuffle(sides)
        return Comparison(self.rng.choice(operators), *sides)

    def listed(self, depth: int) -> Condition:
        kind = self.rng.choice((*NUMERIC, Type.TEXT, *TEMPORAL))
        options = tuple(self.constant(kind) for _ in range(self.rng.randint(1, 4)))
        return In(self.value(kind, depth), options)

    def between(self, depth: int) -> Condition:
        kind = self.rng.choice((*NUMERIC, Type.TEXT, *TEMPORAL))
        return Between(self.value(kind, depth), self.beside(kind, depth), self.beside(kind, depth))

    def missing(self, depth: int) -> Condition:
        return IsMissing(self.value(self.rng.choice(list(Type)), depth))

    def text_match(self, depth: int) -> Condition:
        how = self.rng.choice(("contains", "starts_with", "ends_with", "matches"))
        part = self.rng.choice(PATTERNS if how == "matches" else (*TEXTS, "e", "в", "t"))
        return TextMatch(how, self.value(Type.TEXT, depth), part)

    def truth(self, depth: int) -> Condition:
        return IsTrue(self.value(Type.BOOLEAN, depth))

    def anniversary(self, depth: int) -> Condition:
        within = Span(self.rng.choice((1, 3, 7, 30)), "day")
        if self.rng.random() < 0.2:
            within = Span(self.rng.choice((1, 52)), "week")
        return Anniversary(self.value(self.rng.choice(TEMPORAL), depth), within)

    def segment(self, depth: int) -> Condition:
        if not self.schema.segments:
            return IsTrue(Constant.of(True))
        if self.rng.random() < 0.4:
            return InList(self.rng.choice(sorted(self.schema.lists)))
        return InSegment(self.rng.choice(sorted(self.schema.segments)))

    # conditions on rows

    def _fact(self) -> Fact:
        return self.rng.choice(self.facts)

    def where(self, fact: Fact, depth: int) -> Condition:
        return _Draw(self.rng, self.schema, fact).condition(min(depth, 1))

    def perhaps_where(self, fact: Fact, depth: int) -> Condition | None:
        return self.where(fact, depth) if self.rng.random() < 0.4 else None

    def window(self) -> Window:
        if self.rng.random() < 0.4:
            return ALL_TIME
        start, end = Span(self.rng.choice((90, 200)), "day"), self.span()
        return self.rng.choice(
            (
                Back(self.span()),
                Back(None, self.span()),
                Back(start, Span(30, "day")),
                Back(None, end),
                Calendar(self.rng.choice(PERIODS)),
                Days(dt.date(2024, 2, 29), dt.date(2025, 3, 30)),
                Days(first=dt.date(2024, 3, 31)),
                Days(last=dt.date(2024, 10, 27)),
            )
        )

    def span(self) -> Span:
        unit = self.rng.choice(("hour", "day", "day", "week", "month", "quarter", "year"))
        return Span(self.rng.choice((1, 2, 3, 7, 30)), unit)

    def clock_span(self) -> Span:
        return Span(self.rng.choice((1, 2, 30)), self.rng.choice(("hour", "day", "week")))

    def occurrence(self, depth: int) -> Condition:
        fact, window = self._fact(), self.window()
        node = self.rng.choice((AnyOf, NoneOf, AllOf))
        where = self.where(fact, depth) if node is AllOf else self.perhaps_where(fact, depth)
        return node(fact.name, where, window)

    def behavior(self, depth: int) -> Condition:
        fact = self._fact()
        where = self.perhaps_where(fact, depth)
        of = self.rng.randint(1, 6)
        return self.rng.choice(
            (
                lambda: Periods(fact.name, self.span(), self.rng.randint(1, of), of, where),
                lambda: FirstTime(fact.name, where, self.window()),
                lambda: Stopped(fact.name, self.span(), where),
                lambda: Restarted(fact.name, self.clock_span(), where, self.window()),
            )
        )()

    def sequence(self, depth: int) -> Condition:
        fact = self._fact()

        def step() -> Condition:
            if "name" in fact.fields and self.rng.random() < 0.6:
                return Comparison("=", Name("name"), Constant.of(self.rng.choice(TEXTS)))
            return self.where(fact, 0)

        return Sequence(
            fact.name,
            tuple(step() for _ in range(self.rng.choice((2, 2, 3)))),
            step() if self.rng.random() < 0.4 else None,
            self.clock_span() if self.rng.random() < 0.6 else None,
            self.perhaps_where(fact, 0),
            self.window(),
        )

    # values

    def value(self, kind: Type, depth: int) -> ValueNode:
        """A value of a type; numbers may turn out another kind of number."""
        choices = [lambda: self.named(kind), lambda: self.named(kind)]
        if depth > 0:
            choices.append(lambda: self.chosen(kind, depth - 1))
            if kind in NUMERIC:
                choices += [
                    lambda: self.arithmetic(kind, depth - 1),
                    lambda: self.rounded(depth - 1),
                    lambda: self.of_known(depth - 1),
                ]
            if kind is Type.INTEGER:
                choices.append(lambda: self.of_day(depth - 1))
            if kind is Type.TEXT:
                choices.append(lambda: Function("lower", (self.value(kind, depth - 1),)))
        if kind is Type.DATE:
            choices.append(AsOfDay)
        if not self.on_rows:
            choices += [lambda: self.measure(kind, depth), lambda: self.measure(kind, depth)]
            if kind in NUMERIC:
                choices += [self.population]
        return self.rng.choice(choices)()

    def named(self, kind: Type) -> ValueNode:
        known = sorted(name for name, each in self.names.items() if each is kind)
        return Name(self.rng.choice(known)) if known else self.constant(kind)

    def beside(self, kind: Type, depth: int) -> ValueNode:
        """What can stand beside a value of a type."""
        if self.rng.random() < 0.6:
            return self.constant(kind)
        return self.value(self.rng.choice(NUMERIC) if kind in NUMERIC else kind, depth)

    def constant(self, kind: Type) -> Constant:
        match kind:
            case Type.TEXT:
                return Constant.of(self.rng.choice(TEXTS))
            case Type.BOOLEAN:
                return Constant.of(self.rng.random() < 0.5)
            case Type.DATE | Type.INSTANT:
                day = dt.date(2024, 1, 1) + dt.timedelta(days=self.rng.randint(0, 800))
                if self.rng.random() < 0.5:
                    return Constant.of(day)
                return Constant.of(day.isoformat())
            case Type.INTEGER:
                return Constant.of(self.rng.choice((0, 1, 2, 3, -1, 5, 2**62)))
            case _:
                return Constant.of(
                    Decimal(
                        self.rng.choice(
                            (
                                "0.5",
                                "2.37",
                                "-1.13",
                                "10.0",
                                "9.9",
                                "0.12345",
                                "123456.7",
                                "25.0000",
                            )
                        )
                    )
                )

    def chosen(self, kind: Type, depth: int) -> ValueNode:
        first, second = self.value(kind, depth), self.beside(kind, depth)
        if isinstance(second, Constant) and isinstance(second.content, str):
            second = self.value(kind, 0)
        options = [
            lambda: If(self.condition(0), first, second),
            lambda: If(self.condition(0), first),
        ]
        if not all(isinstance(each, Constant) for each in (first, second)):
            options.append(lambda: Function("coalesce", (first, second)))
        if kind is not Type.BOOLEAN:
            name = self.rng.choice(("least", "greatest"))
            options.append(lambda: Function(name, (first, second)))
        return self.rng.choice(options)()

    def arithmetic(self, kind: Type, depth: int) -> ValueNode:
        if self.rng.random() < 0.15:
            return Negation(self.value(kind, depth))
        if self.rng.random() < 0.1:
            return Function("abs", (self.value(kind, depth),))
        other = self.rng.choice((kind, kind, Type.INTEGER, Type.NUMBER))
        return Arithmetic(
            self.rng.choice("++--**/"), self.value(kind, depth), self.beside(other, depth)
        )

    def rounded(self, depth: int) -> ValueNode:
        return Round(self.value(self.rng.choice(NUMERIC), depth), self.rng.choice((0, 0, 1, 2, 6)))

    def of_known(self, depth: int) -> ValueNode:
        if self.rng.random() < 0.3:
            kind = self.rng.choice((Type.TEXT, *NUMERIC))
            return Function("number", (self.value(kind, depth),))
        name = self.rng.choice(("mean_of", "known_count"))
        kinds = self.rng.choices(NUMERIC, k=self.rng.choice((1, 2, 3)))
        return Function(name, tuple(self.value(kind, depth) for kind in kinds))

    def of_day(self, depth: int) -> ValueNode:
        day = self.value(self.rng.choice(TEMPORAL), depth)
        name = self.rng.choice(
            ("year", "month", "day_of_month", "weekday", "days_between", "years_between")
        )
        if name.endswith("between"):
            return Function(name, (day, self.rng.choice((AsOfDay(), self.value(Type.DATE, depth)))))
        return Function(name, (day,))

    def population(self) -> ValueNode:
        features = sorted(name for name, kind in self.names.items() if kind in NUMERIC)
        if not features:
            return RandomShare("salt")
        feature = self.rng.choice(features)
        best = self.rng.choice(("high", "low"))
        exact = self.rng.choice([each for each in features if self.names[each] in EXACT])
        share = Decimal(self.rng.choice(("0.2", "0.8", "1")))
        return self.rng.choice(
            (
                lambda: Score(feature, bins=self.rng.randint(2, 5), best=best),
                lambda: Score(feature, limits=(Decimal(1), Decimal("2.5"), Decimal(10)), best=best),
                lambda: BaseQuantile(feature, Decimal(self.rng.choice(("0.5", "0.8", "0", "1")))),
                lambda: RandomShare(self.rng.choice(("salt", "сіль", ""))),
                lambda: BasePareto(exact, share),
            )
        )()

    # measures

    def measure(self, kind: Type, depth: int) -> ValueNode:
        fact = self._fact()
        where, window = self.perhaps_where(fact, depth), self.window()
        fields = {
            name: each.type for name, each in row_fields(fact).items() if each.derived is None
        }
        if kind is Type.INTEGER and self.rng.random() < 0.7:
            return self._whole(fact, where, window, fields)
        if kind is Type.NUMBER and self.rng.random() < 0.7:
            return self._real(fact, where, window, fields)
        known = sorted(name for name, each in fields.items() if each is kind)
        if not known:
            return self.named(kind)
        field = self.rng.choice(known)
        functions = ["first", "last"]
        functions += [] if kind is Type.BOOLEAN else ["min", "max"]
        functions += ["sum"] if kind in NUMERIC else []
        if kind is not Type.BOOLEAN and self.rng.random() < 0.3:
            by = self._by(fields)
            if self.rng.random() < 0.5:
                return MostFrequent(fact.name, field, by, where, window)
            return Distinctive(fact.name, field, by, Decimal("0.2"), False, where, window)
        return Aggregate(self.rng.choice(functions), fact.name, field, where, window)

    def _by(self, fields: dict[str, Type]) -> str | None:
        exact = sorted(name for name, each in fields.items() if each is Type.MONEY)
        return self.rng.choice((None, *exact))

    def _whole(self, fact: Fact, where, window: Window, fields: dict[str, Type]) -> ValueNode:
        field = self.rng.choice(sorted(fields))
        which = self.rng.choice(("first", "last"))
        return self.rng.choice(
            (
                Aggregate("count", fact.name, None, where, window),
                Aggregate("count", fact.name, field, where, window),
                Aggregate("count_distinct", fact.name, field, where, window),
                DaysSince(which, fact.name, where, window),
            )
        )

    def _real(self, fact: Fact, where, window: Window, fields: dict[str, Type]) -> ValueNode:
        numbers = sorted(name for name, each in fields.items() if each in NUMERIC)
        ordered = sorted(name for name, each in fields.items() if each is not Type.BOOLEAN)
        field, label = self.rng.choice(numbers), self.rng.choice(ordered)
        folds = [name for name, fold in FOLDS.items() if fold.result is Type.NUMBER]
        return self.rng.choice(
            (
                lambda: Aggregate(self.rng.choice(folds), fact.name, field, where, window),
                lambda: Share(fact.name, None, self.where(fact, 0), window),
                lambda: Share(fact.name, field, self.where(fact, 0), window),
                lambda: TopShare(fact.name, label, self._by(fields), where, window),
                lambda: Distinctive(
                    fact.name, label, self._by(fields), Decimal("0.1"), True, where, window
                ),
            )
        )()


def random_rule(rng: Random, schema: Schema, depth: int = 2) -> Condition:
    """A rule that the schema allows: names exist, types fit, and it asks for what can be."""
    draw = _Draw(rng, schema)
    while any(unknown_values(drawn := draw.condition(depth), schema)):
        pass
    return drawn


def random_value(rng: Random, schema: Schema, depth: int = 2) -> ValueNode:
    """A value that the schema allows."""
    return _Draw(rng, schema).value(rng.choice(list(Type)), depth)


SHOP = shop()
rules = st.randoms(use_true_random=False).map(lambda rng: random_rule(rng, SHOP))
values = st.randoms(use_true_random=False).map(lambda rng: random_value(rng, SHOP))
