"""The life of a small shop in steps, and features and segments carried on from step to step."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from tests.language.strategies import random_rule, random_value
from tests.workspace.conftest import START, frames, things

from segmentry.core.errors import SegmentryError
from segmentry.core.types import Type
from segmentry.features.carry import Carry
from segmentry.features.column_files import ColumnFiles
from segmentry.features.compile import KNOWN
from segmentry.features.customers import REVENUE, Customers
from segmentry.features.declaration import Feature
from segmentry.features.dense import Dense, everybody
from segmentry.features.known import Features, resolve
from segmentry.features.moved import Moved
from segmentry.language.check import check
from segmentry.language.node import Condition
from segmentry.language.schema import Schema
from segmentry.language.text import parse_rule
from segmentry.language.value import Name
from segmentry.segments import membership, past
from segmentry.segments.bits import numbers
from segmentry.segments.leaves import Leaves
from segmentry.segments.marks import mark_of, marks_of
from segmentry.segments.point import Divided
from segmentry.workspace import basis, snapshot
from segmentry.workspace.workspace import Workspace

SCHEMAS = {name: each.schema for name, each in frames(1, START, 365, range(40)).items()}
INSTANTS = {"orders": "ordered_at", "order_lines": "ordered_at"}
FACTS = ("orders", "order_lines", "events", "touchpoints")
STEPS = (0, 1, 1, 2, 3, 5, 7, 7, 10, 14, 20, 31, 90, 400)
ODD_DAYS = tuple(
    datetime.fromisoformat(each)
    for each in (
        "2025-02-28", "2025-03-01", "2025-03-09", "2025-03-10", "2025-03-30", "2025-03-31",
        "2025-04-01", "2025-10-26", "2025-10-27", "2025-10-31", "2025-11-01", "2025-11-02",
        "2025-12-31", "2026-01-01", "2026-03-29",
    )
)  # fmt: skip
"""Days on which clocks change, months and years end."""
WINDOWS = (
    "", "", "last => '1 day'", "last => '7 days'", "last => '30 days'", "last => '90 days'",
    "last => '1 month'", "last => '12 months'", "last => '400 days'", "before => '7 days ago'",
    "between => '90 days and 7 days ago'", "between => '2 months and 1 day ago'",
    "during => 'this month'", "during => 'last month'", "during => 'this year'",
    "during => 'last week'", "since => '2025-06-01'", "during => '2025-03-01 to 2025-08-31'",
    "last => '36 hours'", "during => 'this quarter'",
)  # fmt: skip
CONDITIONS = {
    "orders": (
        "", "", "channel = 'web'", "amount >= 100", "store = 'north' AND channel <> 'web'",
        "coupon IS NOT NULL", "hour >= 12", "days_since_previous > 3",
    ),
    "order_lines": (
        "", "", "category = 'tea'", "quantity > 1", "product_id = 'p3'", "channel = 'web'",
        "store = 'south' AND category IN ('tea', 'gifts')",
    ),
    "returns": ("", "returned_amount > 5"),
    "events": ("", "", "name = 'purchase'", "duration_seconds > 200", "device = 'phone'"),
    "touchpoints": ("", "rating >= 4", "kind = 'sent'"),
}  # fmt: skip
CHANNEL = "where => channel = 'web'"
ASKED = {
    "orders": (
        "count(orders{})", "sum(orders.net_amount{})", "avg(orders.net_amount{})",
        "min(orders.net_amount{})", "max(orders.net_amount{})", "max(orders.ordered_on{})",
        "min(orders.ordered_on{})", "days_since_last(orders{})", "days_since_first(orders{})",
        "share(orders.net_amount, where => channel = 'web'{})",
        "share(orders, where => coupon IS NOT NULL{})",
        "last(orders.channel{})", "first(orders.store{})", "last(orders.net_amount{})",
        "first(orders.ordered_on{})", "last(orders.city{})", "median(orders.net_amount{})",
        "count_distinct(orders.store{})", "any(orders{})", "most_frequent(orders.channel{})",
        "avg(orders.days_since_previous{})", "top_share(orders.city{})",
        "count(orders.coupon{})", "min(orders.discount_amount{})",
    ),
    "order_lines": (
        "count(order_lines{})", "sum(order_lines.net_amount{})", "max(order_lines.net_amount{})",
        "count(order_lines.category{})", "last(order_lines.category{})",
        "count_distinct(order_lines.product_id{})", "sum(order_lines.quantity{})",
        "first(order_lines.channel{})", "last(order_lines.product_id{})",
        "max(order_lines.unit_price{})", "most_frequent(order_lines.category{})",
        "avg(order_lines.net_amount{})", "sum(order_lines.profit_amount{})",
    ),
    "returns": (
        "count(returns{})", "sum(returns.returned_amount{})", "days_since_last(returns{})",
        "max(returns.returned_amount{})",
    ),
    "events": (
        "count(events{})", "max(events.duration_seconds{})", "first(events.device{})",
        "avg(events.duration_seconds{})", "last(events.duration_seconds{})",
        "count_distinct(events.session_id{})", "last(events.source{})", "count(events.source{})",
        "days_since_first(events{})",
    ),
    "touchpoints": (
        "count(touchpoints{})", "avg(touchpoints.rating{})", "last(touchpoints.kind{})",
        "max(touchpoints.rating{})", "any(touchpoints{})",
    ),
}  # fmt: skip
BASE = {
    "frequency": "count(orders)",
    "monetary": "sum(orders.net_amount)",
    "recency_days": "days_since_last(orders)",
    "joined_as": "if(in_segment('regulars'), coalesce(monetary, 0), 0)",
}
USUAL = {name: Feature(name=name, expression=said) for name, said in BASE.items()}
REGULARS = parse_rule("frequency >= 2")
FORMULAS = (
    "frequency * 2 + monetary", "city = 'Kyiv' AND frequency > 1", "monetary / frequency",
    "coalesce(recency_days, 9999)", "greatest(frequency, 3)", "days_between(signed_up_at, as_of())",
    "if(monetary > 100, 'rich', if(monetary IS NULL, 'none', 'poor'))", "round(monetary, 0)",
    "if(recency_days < 30, city, 'away')", "years_between(birth_on, as_of())",
    "joined_as + frequency", "lower(city)", "least(recency_days, number(household_size))",
)  # fmt: skip


def told(of: str, window: str, where: str) -> str:
    """An expression over rows with a window and a condition, where it has none of its own."""
    chosen = "" if "where =>" in of or not where else f", where => {where}"
    return of.format(chosen + (window and f", {window}"))


# the life of a shop


@dataclass
class Life:
    """A shop to which records come day by day: late, twice, corrected, of new customers."""

    shop: Workspace
    draw: random.Random
    day: datetime = START
    waiting: list[tuple[datetime, str, dict[str, Any]]] = field(default_factory=list)
    loaded: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    @classmethod
    def begin(cls, shop: Workspace, seed: int) -> Life:
        """Some of the customers are known, and with them what came up to some day."""
        life = cls(shop, random.Random(seed))
        draw = life.draw
        life.waiting = list(life._pieces(seed))
        life._people(draw.choice((10, 20, 40)))
        if draw.random() < 0.8:
            life._products(draw.choice((4, 8)))
        first = min(at for at, name, _ in life.waiting if name == "orders")
        life.day = max(START + timedelta(days=draw.randrange(20, 300)), first + timedelta(days=1))
        life._come()
        return life

    def go_on(self) -> None:
        """Another day, with what came until then and what was changed."""
        draw = self.draw
        if draw.random() < 0.1:
            self.day -= timedelta(days=draw.choice((1, 30)))
        elif draw.random() < 0.25:
            later = [each for each in ODD_DAYS if each > self.day]
            self.day = draw.choice(later[:3]) if later else self.day + timedelta(days=1)
        else:
            self.day += timedelta(days=draw.choice(STEPS))
        for chance, change in (
            (0.15, lambda: self._people(draw.choice((25, 34, 44)))),
            (0.15, lambda: self._products(draw.choice((4, 6, 8)))),
            (0.2, self._again),
            (0.2, self._corrected),
            (0.05, self._merged),
            (0.1, self._listed),
        ):
            if draw.random() < chance:
                change()
        self._come()

    def _pieces(self, seed: int) -> Iterator[tuple[datetime, str, dict[str, Any]]]:
        """Records with the moments at which they come, some late."""
        draw = self.draw
        for name, table in frames(seed, START, 400, range(3, 44)).items():
            for row in table.to_pylist():
                late = draw.choice((0.5, 5, 40, 200)) if draw.random() < 0.1 else 0
                at = row[INSTANTS.get(name, "occurred_at")]
                yield at + timedelta(days=late * draw.random()), name, row

    def _come(self) -> None:
        came = [each for each in self.waiting if each[0] < self.day]
        self.waiting = [each for each in self.waiting if each[0] >= self.day]
        self._load([each[1:] for each in came])
        self.loaded += [each[1:] for each in came]

    def _load(self, rows: list[tuple[str, dict[str, Any]]]) -> None:
        by_name: dict[str, list[dict[str, Any]]] = {}
        for name, row in rows:
            by_name.setdefault(name, []).append(row)
        for name in self.draw.sample(FACTS, len(FACTS)) if self.loaded else FACTS:
            if name in by_name:
                table = pa.Table.from_pylist(by_name[name], schema=SCHEMAS[name])
                self.shop.load(**{name: table})

    def _people(self, up_to: int) -> None:
        self.shop.load(customers=things(range(up_to))["customers"])

    def _products(self, up_to: int) -> None:
        products = things(range(1))["products"]
        self.shop.load(products=products.slice(0, up_to))

    def _again(self) -> None:
        """Records that came before come again."""
        self._load(self.draw.sample(self.loaded, min(9, len(self.loaded))))

    def _corrected(self) -> None:
        """Records come again and say something else."""
        name = self.draw.choice(("orders", "order_lines", "events"))
        known = [row for each, row in self.loaded if each == name]
        rows = self.draw.sample(known, min(self.draw.choice((1, 4)), len(known)))
        self._load([(name, self._otherwise(name, row)) for row in rows])

    def _otherwise(self, name: str, row: dict[str, Any]) -> dict[str, Any]:
        draw, other = self.draw, dict(row)
        if name == "events":
            other["device"] = draw.choice(("tablet", "phone"))
        elif name == "orders":
            other["amount"] = Decimal(draw.randrange(100, 20_000)) / 100
            other["channel"] = draw.choice(("web", "shop", "phone"))
            other["ordered_at"] += timedelta(days=draw.choice((0, 0, -20, 20)))
        else:
            other["quantity"] = draw.choice((-1.0, 1.0, 5.0))
        return other

    def _merged(self) -> None:
        one, other = self.draw.sample(range(10), 2)
        try:
            self.shop.duplicates.merge(f"c{one}", f"c{other}")
        except SegmentryError:
            return  # they are one already

    def _listed(self) -> None:
        name = f"list{len(self.shop.lists.all())}"
        who = self.draw.sample(range(40), 6)
        since = self.draw.choice((None, f"{self.day:%Y-%m-%d}"))
        ids = pa.table({"customer_id": [f"c{each}" for each in who]})
        self.shop.lists.add(name, ids, since=since)


# a rule set


@dataclass(frozen=True)
class RuleSet:
    """Features and segments over them; names of all but the usual ones begin with its own.

    Args:
        rules: Of the segments.
        groups: Features whose values are groups.
    """

    name: str
    declared: Mapping[str, Feature]
    rules: Mapping[str, Condition]
    groups: tuple[str, ...] = ()

    @classmethod
    def drawn(cls, name: str, draw: random.Random, shop: Workspace, schema: Schema) -> RuleSet:
        """Features of every kind, some of the library's among them, and segments over them."""
        declared = dict(USUAL)
        for number, said in enumerate(_expressions(draw, schema)):
            more = Feature(name=f"{name}_{number}", expression=said)
            if _holds(declared | {more.name: more}, schema):
                declared[more.name] = more
        declared |= _of_library(draw, shop)
        known = _resolved(declared, schema)
        rules = dict(_rules(draw, name, known))
        texts = [each.name for each in known if each.field.type is Type.TEXT]
        return cls(name, declared, rules, tuple(draw.sample(texts, min(1, len(texts)))))

    def customers(self, shop: Workspace, schema: Schema, day: datetime) -> Customers:
        """The customers with these features, nothing computed."""
        features, as_of = _resolved(self.declared, schema), shop.as_of(f"{day:%Y-%m-%d}")
        rules = {"regulars": REGULARS, **self.rules}
        return Customers(shop.engine, shop.engine, features, as_of, rules)

    @property
    def divided(self) -> list[Divided]:
        """The segments, and the groups under names of their own."""
        nodes: dict[str, Condition | Name] = dict(self.rules)
        nodes |= {f"{self.name}_by_{each}": Name(each) for each in self.groups}
        return [Divided(name, node, "") for name, node in nodes.items()]


@dataclass(frozen=True)
class Answers:
    """Columns of customers at an instant, and what became of earlier ones."""

    customers: Customers
    files: ColumnFiles
    moved: Moved | None = None

    @classmethod
    def computed(cls, customers: Customers, folder: Path, before: Answers | None) -> Answers:
        """What a refresh computes, carried on from what one before has computed."""
        earlier = None if before is None else basis.earlier(customers, before.files)
        known = everybody(customers)
        carry = Carry.of(customers, known, ColumnFiles(folder), earlier)
        names = ["customer_id", *customers.features.schema.features]
        Dense(customers, known, carry.columns, carry).keep(names)
        carry.columns[KNOWN] = pa.array(known)
        basis.write(customers, folder, carry.keys)
        return cls(customers, ColumnFiles(folder), carry.moved)

    @property
    def ready(self) -> Customers:
        """The customers with these columns."""
        source = replace(snapshot.ready(self.files), columns=self.files, moved=self.moved)
        return replace(self.customers, source=source)


class Sets:
    """Rule sets at one step after the other: carried on each by itself, anew all together."""

    def __init__(self, shop: Workspace, sets: Sequence[RuleSet], folder: Path) -> None:
        membership.prepare(shop.engine)
        self.shop = shop
        self.sets = sets
        self.folder = folder
        self.step = 0
        self.before: dict[str, Answers] = {}

    def go_on(self, day: datetime) -> None:
        """Compute every set both ways as of a day; all must be the same."""
        self.step += 1
        schema = self.shop.loaded_schema()
        anew = Anew(self._computed(_all(self.sets), schema, day))
        for each in self.sets:
            carried = self._computed(each, schema, day)
            compare_columns(carried, anew.answers.files)
            self._record(carried, each.divided)
            anew.compare(each.divided)
            self.before[each.name] = carried

    def _computed(self, rule_set: RuleSet, schema: Schema, day: datetime) -> Answers:
        customers = rule_set.customers(self.shop, schema, day)
        folder = self.folder / f"{self.step}{rule_set.name}"
        return Answers.computed(customers, folder, self.before.get(rule_set.name))

    def _record(self, carried: Answers, divided: Sequence[Divided]) -> None:
        desk, instant = self.shop.engine, carried.customers.as_of.instant
        names = [each.name for each in divided]
        last = desk.value("SELECT max(as_of) FROM membership_point WHERE segment = ?", names[:1])
        if last is not None and last > instant:
            membership.forget(desk, names)
        membership.record(carried.ready, divided, activity=())


def _all(sets: Iterable[RuleSet]) -> RuleSet:
    declared = {name: each for one in sets for name, each in one.declared.items()}
    return RuleSet("", declared, {name: rule for one in sets for name, rule in one.rules.items()})


class Anew:
    """Members of parts and what they have brought, from columns and conditions computed whole."""

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.leaves = Leaves.of(answers.ready)
        self.worth = answers.files[REVENUE].to_pylist()
        self.marks = marks_of(answers.customers.desk)

    def compare(self, divided: Sequence[Divided]) -> None:
        """See that the history, sizes and marks say the same of its last point."""
        desk, instant = self.answers.customers.desk, self.answers.customers.as_of.instant
        names = [each.name for each in divided]
        parts = {(each.name, part): who for each in divided for part, who in self._parts(each)}
        held = {key: _who(each.members) for key, each in past.held(desk, names).items()}
        assert {key: who for key, who in held.items() if who} == parts
        with desk.registered("asked", pa.table({"segment": names})):
            sizes = desk.rows(SIZES, [instant])
            changes = desk.rows(CHANGES, [instant])
        assert {key: tuple(size) for key, size in _paired(sizes)} == {
            key: self._size(who) for key, who in parts.items()
        }
        for segment, part, kept, mark in changes:
            assert mark == mark_of(past.restored(kept), self.marks), (segment, part)

    def _parts(self, divided: Divided) -> Iterator[tuple[str, list[int]]]:
        if isinstance(divided.node, Condition):
            found = {"": self.leaves.members(divided.node)}
        else:
            found = dict(self.leaves.groups(divided.node.name))
        yield from ((part, _who(bits)) for part, bits in found.items() if bits.any())

    def _size(self, who: Sequence[int]) -> tuple[int, Decimal | None]:
        valued = [self.worth[each] for each in who if self.worth[each] is not None]
        return len(who), sum(valued, Decimal(0)) if valued else None


SIZES = """SELECT segment, part, customers, revenue_amount FROM membership_size
    SEMI JOIN asked USING (segment) WHERE as_of = ?"""
CHANGES = """SELECT segment, part, customers, mark FROM membership_change
    SEMI JOIN asked USING (segment) WHERE as_of = ?"""


def _who(bits: Any) -> list[int]:
    return numbers(bits).tolist()


def _paired(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, Any]]:
    yield from (((segment, part), size) for segment, part, *size in rows)


def compare_columns(carried: Answers, anew: ColumnFiles) -> None:
    """See that every column is that computed anew, and moved only where it is said to have.

    What a measure is of somebody who is not known is nobody's concern.
    """
    known = anew[KNOWN].to_pylist()
    for name in carried.files:
        one, other = carried.files[name].to_pylist(), anew[name].to_pylist()
        assert len(one) == len(other), name
        is_measure = name.startswith("#") and name != KNOWN
        differing = [
            place
            for place, each in enumerate(other)
            if one[place] != each and (known[place] or not is_measure)
        ]
        assert not differing, (name, differing[:5])
    if carried.moved is not None:
        _compare_moved(carried.moved, carried.files)


def _compare_moved(moved: Moved, now: ColumnFiles) -> None:
    """What is not among the places that moved is what it was."""
    before = ColumnFiles(moved.since)
    for name, places in moved.places.items():
        assert np.all(np.diff(places) > 0), name
        old, new = before[name].to_pylist(), now[name].to_pylist()
        old += [None] * (len(new) - len(old))
        others = {*range(len(new))} - {*places.tolist()}
        assert all(new[each] == old[each] for each in others), name


# what is drawn


def _expressions(draw: random.Random, schema: Schema) -> Iterator[str]:
    facts = draw.sample([*ASKED], 2)
    for _ in range(draw.choice((2, 4, 6))):
        fact = draw.choice(facts)
        yield told(draw.choice(ASKED[fact]), draw.choice(WINDOWS), draw.choice(CONDITIONS[fact]))
    yield draw.choice(FORMULAS)
    if draw.random() < 0.5:
        yield random_value(draw, schema).text()


def _of_library(draw: random.Random, shop: Workspace) -> dict[str, Feature]:
    """Perhaps a feature of the library, with those that it reads."""
    known = shop.features()
    drawn = [Name(draw.choice([*known.known]))] if draw.random() < 0.4 else []
    needed = [*known.needed(drawn)]
    return {each.name: each.declaration for each in needed if each.name not in USUAL}


def _rules(draw: random.Random, name: str, known: Features) -> Iterator[tuple[str, Condition]]:
    made: list[str] = []
    for number in range(4):
        said = " AND ".join(_condition(draw, known) for _ in range(draw.choice((1, 1, 2))))
        if draw.random() < 0.3:
            said = f"NOT ({said}) OR {_condition(draw, known)}"
        if made and draw.random() < 0.3:
            said = f"in_segment('{draw.choice(made)}') OR {said}"
        made.append(f"{name}_{number}")
        yield made[-1], parse_rule(said)
    drawn = random_rule(draw, known.schema)
    if draw.random() < 0.3 and _is_right(drawn, known.schema):
        yield f"{name}_any", drawn


def _condition(draw: random.Random, known: Features) -> str:
    feature = draw.choice([*known])
    name = feature.name
    if draw.random() < 0.15:
        return f"{name} IS NULL"
    match feature.field.type:
        case Type.BOOLEAN:
            return name
        case Type.TEXT:
            return f"{name} {draw.choice(('=', '<>'))} '{draw.choice(('web', 'Kyiv', 'tea'))}'"
        case Type.DATE | Type.INSTANT:
            day = START + timedelta(days=draw.randrange(400))
            return f"{name} {draw.choice(('>=', '<'))} '{day:%Y-%m-%d}'"
        case _:
            limit = draw.choice((0, 1, 2, 3, 10, 30, 100))
            return f"{name} {draw.choice(('>=', '<', '=', '>'))} {limit}"


def _is_right(rule: Condition, schema: Schema) -> bool:
    try:
        check(rule, schema)
    except SegmentryError:
        return False
    return True


def _resolved(declared: Mapping[str, Feature], schema: Schema) -> Features:
    return resolve(declared.values(), schema, schema.features, {"regulars": REGULARS})


def _holds(declared: Mapping[str, Feature], schema: Schema) -> bool:
    try:
        _resolved(declared, schema)
    except SegmentryError:
        return False
    return True
