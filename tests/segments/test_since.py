"""A point brought forward from the one before is byte for byte the point computed afresh.

So it is whether conditions are held of all customers together or of a few at a time.
"""

import shutil
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segmentry.core.time import AsOf
from segmentry.core.types import Type
from segmentry.engines.duckdb import DuckDB
from segmentry.features.column_files import ColumnFiles
from segmentry.features.compile import CUSTOMERS, KNOWN
from segmentry.features.customers import Customers
from segmentry.features.declaration import Feature
from segmentry.features.known import Features, KnownFeature
from segmentry.features.moved import Moved
from segmentry.language.schema import Field, Schema
from segmentry.language.text import parse_rule, parse_value
from segmentry.language.value import Name
from segmentry.segments import blocks, decided, membership, since, standing
from segmentry.segments.point import COLUMNS, Divided

START = datetime(2026, 1, 1)
FEATURES = {
    "visits": Type.INTEGER,
    "score": Type.NUMBER,
    "monetary": Type.MONEY,
    "city": Type.TEXT,
    "grade": Type.TEXT,
    "born": Type.DATE,
    "loyal": Type.BOOLEAN,
}
ARROW = {
    Type.INTEGER: pa.int16(),
    Type.NUMBER: pa.float64(),
    Type.MONEY: pa.decimal64(18, 4),
    Type.TEXT: pa.string(),
    Type.DATE: pa.date32(),
    Type.BOOLEAN: pa.bool_(),
}
LEAVES = (
    "visits >= 3", "visits = 0", "visits BETWEEN 1 AND 4", "visits IN (1, 2, 5)",
    "visits IS NULL", "score > 0.5", "score < 0.1", "monetary >= 50", "monetary < 20",
    "city = 'Lviv'", "city IN ('Kyiv', 'Odesa')", "contains(city, 'v')", "city IS NULL",
    "born < as_of()", "born >= date '2026-01-03'", "loyal", "visits > monetary",
    "visits + 1 > 4", "lower(city) = 'kyiv'", "score >= base_median(score)",
)  # fmt: skip


def declared(name, kind):
    node = parse_value("1" if kind is Type.INTEGER else "country")
    return KnownFeature(Feature(name=name, expression=node.text()), node, Field(name, kind))


SCHEMA = Schema(features={name: Field(name, kind) for name, kind in FEATURES.items()})
KNOWN_FEATURES = Features(SCHEMA, {name: declared(name, kind) for name, kind in FEATURES.items()})


def drawn_value(rng, kind):
    if rng.random() < 0.15:
        return None
    match kind:
        case Type.INTEGER:
            return rng.randrange(7)
        case Type.NUMBER:
            return rng.choice((0.0, 0.05, 0.5, 0.75, 1e9))
        case Type.MONEY:
            return Decimal(rng.randrange(-200, 10_000)) / 100
        case Type.TEXT:
            return rng.choice(("Kyiv", "Lviv", "Odesa", "Dnipro"))
        case Type.DATE:
            return date(2026, 1, 1) + timedelta(days=rng.randrange(-3, 9))
    return rng.random() < 0.5


def drawn_rule(rng, names, depth=2):
    if depth and rng.random() < 0.6:
        joined = rng.choice((" AND ", " OR "))
        parts = [drawn_rule(rng, names, depth - 1) for _ in range(rng.randint(2, 3))]
        return joined.join(f"({each})" for each in parts)
    if names and rng.random() < 0.2:
        text = f"in_segment('{rng.choice(names)}')"
    else:
        text = rng.choice(LEAVES)
    return f"NOT ({text})" if rng.random() < 0.2 else text


@dataclass
class Shop:
    """Columns and rules that change from point to point, and two histories of them."""

    rng: Random
    folder: Path
    brought: DuckDB
    afresh: DuckDB
    columns: dict = field(default_factory=lambda: {name: [] for name in FEATURES})
    known: list = field(default_factory=list)
    rules: dict = field(default_factory=dict)
    groups: bool = True
    day: int = 0
    number: int = 0
    last: Path | None = None

    def __post_init__(self):
        for engine in (self.brought, self.afresh):
            membership.prepare(engine)
            engine.execute(
                "CREATE TABLE seen (customer_no INTEGER, seen_at TIMESTAMP);"
                "INSERT INTO seen SELECT i % 97, TIMESTAMP '2026-01-01' + to_hours(i::INTEGER)"
                " FROM range(400) AS t(i)"
            )
        self.add(self.rng.randint(0, 120))
        for _ in range(self.rng.randint(1, 6)):
            self.edit()

    # what happens

    def add(self, size):
        for _ in range(size):
            self.known.append(self.rng.random() < 0.95)
            for name, kind in FEATURES.items():
                self.columns[name].append(drawn_value(self.rng, kind))

    def edit(self):
        names = list(self.rules)
        place = self.rng.randrange(len(names) + 1)
        name = names[place] if place < len(names) else f"s{len(names)}"
        earlier = [each for each in names if int(each[1:]) < int(name[1:])]
        self.rules[name] = drawn_rule(self.rng, earlier)

    def remove(self):
        used = " ".join(self.rules.values())
        for name in [each for each in self.rules if f"'{each}'" not in used][-1:]:
            del self.rules[name]

    def change(self, share):
        for number in range(len(self.known)):
            if self.rng.random() < share:
                name = self.rng.choice(list(FEATURES))
                self.columns[name][number] = drawn_value(self.rng, FEATURES[name])
            if self.rng.random() < share / 4:
                self.known[number] = not self.known[number]

    def happen(self):
        self.change(self.rng.choice((0, 0.02, 0.02, 0.05, 0.5)))
        self.add(self.rng.choice((0, 0, 1, 3)))
        if self.rng.random() < 0.3:
            self.edit()
        if self.rng.random() < 0.15:
            self.remove()
        if self.rng.random() < 0.1:
            self.groups = not self.groups
        if self.rng.random() < 0.85:
            self.day += 1
        if self.last is not None and self.rng.random() < 0.1:
            self.spoil(self.last / standing.FILE)

    def spoil(self, file):
        if file.exists() and self.rng.random() < 0.5:
            file.write_bytes(file.read_bytes()[: self.rng.randrange(200)])
        else:
            file.unlink(missing_ok=True)

    # what is recorded

    def snapshot(self):
        self.number += 1
        files = ColumnFiles(self.folder / str(self.number))
        missing = pa.array([not each for each in self.known], pa.bool_())
        for name, kind in FEATURES.items():
            column = pa.array(self.columns[name], ARROW[kind])
            none = pa.scalar(None, column.type)
            files[name] = pa.compute.if_else(missing, none, column) if len(missing) else column
        files[KNOWN] = pa.array(self.known, pa.bool_())
        return ColumnFiles(files.folder)

    def moved(self, files):
        if self.last is None:
            return None
        before = ColumnFiles(self.last)
        size = len(before[KNOWN])
        places = {}
        for name in self.rng.sample(list(FEATURES), self.rng.randint(0, len(FEATURES))):
            one, other = before[name].to_pylist(), files[name].to_pylist()
            places[name] = np.array(
                [
                    number
                    for number, each in enumerate(other)
                    if number >= size or one[number] != each or self.rng.random() < 0.02
                ],
                np.int64,
            )
        return Moved(self.last, size, places)

    def customers(self, engine, files, moved):
        rows = pa.table(
            {
                "customer_no": pa.array(np.arange(len(self.known)), pa.int32()),
                "customer_id": [f"c{number}" for number in range(len(self.known))],
                "known_at": pa.nulls(len(self.known), pa.timestamp("us")),
            }
        ).filter(pa.array(self.known, pa.bool_()))
        engine.write("counted_customers", rows)
        rules = {name: parse_rule(text) for name, text in self.rules.items()}
        as_of = AsOf(START + timedelta(days=self.day), "UTC")
        source = replace(CUSTOMERS, ready=frozenset(FEATURES), columns=files, moved=moved)
        return Customers(engine, engine, KNOWN_FEATURES, as_of, rules, source)

    def divided(self):
        named = {name: parse_rule(text) for name, text in self.rules.items()}
        groups = [Divided("grade", Name("grade"), "grade")] if self.groups else []
        return groups + [Divided(name, rule, self.rules[name]) for name, rule in named.items()]

    def record(self):
        files = self.snapshot()
        moved = self.moved(files)
        activity = [("seen", "seen_at")]
        here = self.customers(self.brought, files, moved)
        if self.rng.random() < 0.1:
            self.roll_back(here, activity)
            shutil.rmtree(files.folder)
            files = self.snapshot()
            here = replace(here, source=replace(here.source, columns=files))
        membership.record(here, self.divided(), activity=activity)
        plain = self.customers(self.afresh, self.plain(files), None)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(blocks, "BLOCK", self.rng.choice((8, 24, 64)))
            patched.setattr(blocks, "MOST_BYTES", self.rng.choice((0, 60, 2**30)))
            membership.record(plain, self.divided(), activity=activity)
        self.last = files.folder

    def roll_back(self, here, activity):
        with suppress(RuntimeError), self.brought.transaction():
            membership.record(here, self.divided(), activity=activity)
            raise RuntimeError

    def plain(self, files):
        return {name: files[name] for name in [*FEATURES, KNOWN]}

    def check(self):
        for table in COLUMNS:
            found, expected = (
                engine.fetch(f"SELECT * FROM {table}") for engine in (self.brought, self.afresh)
            )
            assert found.equals(expected), (table, self.rules)


@contextmanager
def shop(seed):
    with (
        tempfile.TemporaryDirectory() as folder,
        DuckDB(threads=1) as brought,
        DuckDB(threads=1) as afresh,
    ):
        yield Shop(Random(seed), Path(folder), brought, afresh)


@pytest.fixture(scope="module", autouse=True)
def small():
    """Few customers are enough for several slices, and any number of them may have changed."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(decided, "SLICE", 16)
        patched.setattr(since, "FEW", 1)
        yield


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_brought_forward_is_as_computed_afresh(seed):
    with shop(seed) as made:
        for _ in range(made.rng.randint(2, 5)):
            made.record()
            made.check()
            made.happen()


def next_day(made, monkeypatch):
    """Record a day on which two customers changed; returns how many conditions took everybody."""
    taken = []
    real = blocks.decided
    monkeypatch.setattr(
        blocks, "decided", lambda c, some, n: taken.extend(some) or real(c, some, n)
    )
    made.day += 1
    made.columns["visits"][3], made.columns["city"][5] = 6, "Kyiv"
    files = made.snapshot()
    everybody = len(made.known)
    moved = Moved(made.last, everybody, {name: np.array([3, 5]) for name in FEATURES})
    membership.record(made.customers(made.brought, files, moved), made.divided(), activity=[])
    plain = made.customers(made.afresh, made.plain(files), None)
    found = len(taken)
    membership.record(plain, made.divided(), activity=[])
    made.check()
    return found


@pytest.fixture
def recorded():
    with shop(7) as made:
        made.add(200 - len(made.known))
        made.rules = {"a": "visits >= 3 AND city = 'Lviv'", "b": "NOT in_segment('a')"}
        made.record()
        yield made


def test_conditions_of_those_who_changed_alone_are_computed(recorded, monkeypatch):
    assert next_day(recorded, monkeypatch) == 0


@pytest.mark.parametrize("content", [None, b"", b'{"edition":1,"as_of":', b"[]", b"\xff"])
def test_without_what_was_kept_everything_is_computed(recorded, monkeypatch, content):
    file = recorded.last / standing.FILE
    file.unlink() if content is None else file.write_bytes(content)
    assert next_day(recorded, monkeypatch) == 2


def test_what_was_kept_for_another_history_is_not_used(recorded, monkeypatch):
    """As when a history is computed anew: the instant is the same, what is recorded is not."""
    for engine in (recorded.brought, recorded.afresh):
        engine.execute("UPDATE membership_change SET mark = mark + 1 WHERE segment = 'a'")
    assert next_day(recorded, monkeypatch) == 2


def test_a_rule_that_means_something_else_is_computed_and_those_that_use_it(recorded, monkeypatch):
    recorded.rules["c"] = "visits = 2"
    recorded.rules["a"] = "visits >= 4"
    assert next_day(recorded, monkeypatch) == 2


def test_a_rule_that_names_the_day_means_the_same_on_the_next(recorded, monkeypatch):
    recorded.rules = {"a": "born < as_of()"}
    recorded.last = None
    recorded.day += 1
    recorded.record()
    assert next_day(recorded, monkeypatch) == 0
