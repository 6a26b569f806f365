"""Every node once: its text, its JSON, its sentence, and who it finds on literal rows."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from tests.language.harness import computed, load
from tests.language.strategies import SHOP

from segmentry.core.time import AsOf
from segmentry.engines.duckdb import DuckDB
from segmentry.language.document import from_json
from segmentry.language.names import FeatureNames
from segmentry.language.node import Base, Condition, Record
from segmentry.language.sentence import sentence
from segmentry.language.text import parse_rule, parse_value
from segmentry.language.vocabulary import NODES
from segmentry.locale import messages

AS_OF = AsOf.parse("2026-04-01", "Europe/Kyiv")


def at(text):
    return AsOf.parse(text, "Europe/Kyiv").instant


def order(when, key, amount, **fields):
    instant = at(when)
    row = dict.fromkeys(("channel", "quantity", "items", "gift", "delivered_on", "paid_at"))
    day = dt.date.fromisoformat(when[:10])
    row |= {"ordered_at": instant, "ordered_on": day, "ordered_hour": int(when[11:13] or 0)}
    return row | {"order_id": key, "net_amount": Decimal(amount)} | fields


def event(when, key, name, seconds=None):
    row = {"occurred_at": at(when), "occurred_on": dt.date.fromisoformat(when[:10])}
    return row | {
        "occurred_hour": int(when[11:13] or 0), "event_id": key, "name": name, "seconds": seconds,
    }  # fmt: skip


def entry(when, listed, until=None):
    row = {"added_at": at(when), "added_on": dt.date.fromisoformat(when[:10]), "added_hour": 0}
    return row | {"given": when, "list": listed, "reason": "why", "until": until and at(until)}


def customer(name, orders=(), events=(), segments=(), entries=(), **features):
    blank = dict.fromkeys(SHOP.features)
    facts = {"orders": orders, "events": events, "list_entries": entries}
    return Record(name, blank | features, facts, frozenset(segments))


ANNA = customer(
    "anna",
    [
        order("2025-06-10T10:00", "1", "100", channel="web", quantity=1.0, items=1, gift=False),
        order("2026-01-15T12:00", "2", "50", channel="shop", quantity=2.5, items=3, gift=True),
        order("2026-03-20T09:30", "3", "30.5", channel="web", quantity=4.0, items=None),
        order("2026-04-01T00:00", "4", "999", channel="phone"),  # at as_of: not to be seen
    ],
    [
        event("2026-03-30T10:00", "a", "view_item", 10),
        event("2026-03-30T10:05", "b", "add_to_cart", 20),
        event("2026-03-31T10:04", "c", "purchase", 5),
    ],
    ["vip"],
    [entry("2026-01-01", "web"), entry("2026-01-01", "UA", until="2026-04-01")],
    country="UA",
    city="Львів",
    visits=12,
    ratio=0.25,
    monetary=Decimal("180.5"),
    newsletter=True,
    birth_on=dt.date(1996, 2, 29),
    signed_up_at=at("2025-06-01T23:30"),
)
BORYS = customer(
    "borys",
    [
        order("2026-03-01T00:00", "5", "10", channel="shop", quantity=1.0, items=2),
        order("2026-03-02T00:00", "6", "-4", channel="shop", quantity=1.0, items=2),
    ],
    [
        event("2026-03-30T10:00", "d", "view_item", 7),
        event("2026-03-30T10:01", "e", "purchase"),
        event("2026-03-30T10:02", "f", "add_to_cart"),
    ],
    entries=[
        entry("2026-01-01", "web", until="2026-03-31T23:59"),
        entry("2026-04-01", "UA"),  # at as_of: not to be seen
        entry("2026-01-01", "included:vip"),
    ],
    country="PL",
    city="Warszawa",
    visits=3,
    ratio=1.5,
    monetary=Decimal(6),
    newsletter=False,
    birth_on=dt.date(1980, 4, 3),
    signed_up_at=at("2026-03-31T23:59"),
)
CELIA = customer("celia", country=None, city="تهران")
DANA = customer(
    "dana",
    [order("2024-05-05T08:00", "7", "20", channel=None)],
    country="UA",
    visits=3,
    monetary=Decimal(20),
    birth_on=dt.date(2026, 4, 1),
)
BASE = Base(AS_OF, [ANNA, BORYS, CELIA, DANA], SHOP)


@pytest.fixture(scope="module")
def engine():
    with DuckDB(threads=1) as session:
        load(session, BASE)
        yield session


CASES = yaml.safe_load(Path(__file__).with_name("nodes.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES["rules"], ids=lambda case: case["rule"])
def test_rule(engine, case):
    rule = parse_rule(case["rule"], SHOP)
    assert rule.text() == case["rule"]
    assert from_json(rule.as_json()) == rule
    assert sentence(rule, messages("en")) == case["said"]
    (met,) = computed(engine, [rule], BASE)
    initials = [each.customer_id[0] for each in BASE.records]
    assert "".join(each for each, yes in zip(initials, met, strict=True) if yes) == case["met"]
    assert [rule.holds(each, BASE) for each in BASE.records] == met


@pytest.mark.parametrize("case", CASES["values"], ids=lambda case: case["value"])
def test_value(engine, case):
    node = parse_value(case["value"], SHOP)
    assert node.text() == case["value"]
    assert from_json(node.as_json()) == node
    assert node.type(FeatureNames(SHOP)) == case["type"]
    if "said" in case:
        assert sentence(node, messages("en")) == case["said"]
    expected = [READ.get(case["type"], same)(each) for each in case["is"]]
    (found,) = computed(engine, [node], BASE)
    for values in (found, [node.value(each, BASE) for each in BASE.records]):
        assert values == expected
        assert [type(each) for each in values] == [
            float if case["type"] == "number" and each is not None else type(each)
            for each in expected
        ]


def same(value):
    return value


def money(value):
    return None if value is None else Decimal(value)


def number(value):
    return None if value is None else pytest.approx(float(Fraction(value)), rel=1e-12)


READ = {"money": money, "number": number}


def test_random_share_depends_on_salt_and_customer_only(engine):
    node = parse_value("random_share('summer')", SHOP)
    assert sentence(node, messages("en")) == "random number of “summer”"
    (found,) = computed(engine, [node], BASE)
    assert found == [node.value(each, BASE) for each in BASE.records]
    assert len(set(found)) == 4
    assert all(0 <= each < 1 for each in found)


def test_every_node_is_among_the_cases():
    parsed = [parse_rule(each["rule"]) for each in CASES["rules"]]
    parsed += [parse_value(each["value"]) for each in CASES["values"]]
    seen = {node.kind for root in parsed for node in root.walk()} | {"random_share"}
    assert seen == set(NODES)


def test_labels_name_features_fields_facts_and_segments():
    labels = {
        "visits": "Besuche", "orders": "Bestellungen", "orders.channel": "Kanal", "vip": "Gold",
    }  # fmt: skip
    rule = parse_rule(
        "visits > 1000 AND in_segment('vip') AND any(orders, where => channel = 'a b')"
    )
    assert sentence(rule, messages("en"), labels) == (
        "Besuche is more than 1,000 and is in segment Gold and any orders where Kanal is “a b”"
    )


def test_positions_do_not_make_nodes_differ():
    one, other = parse_rule("visits = 1"), parse_rule("   visits\n=   1")
    assert one == other
    assert hash(one) == hash(other)
    assert isinstance(other, Condition)
    assert (other.position.line, other.position.column) == (1, 4)
