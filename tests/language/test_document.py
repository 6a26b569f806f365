"""The JSON face: what is read back, and what is refused with a pointer to the place."""

import copy
import json
from random import Random

import pytest
from hypothesis import given
from tests.language.strategies import SHOP, random_rule, rules, values

from segmentry.core.errors import DeclarationError, SegmentryError
from segmentry.language.document import from_json, rule_from_json, rule_to_json
from segmentry.language.text import parse_rule

RULE = (
    "country = 'UA' AND count(orders, where => net_amount > 0.5, last => '90 days') >= 3"
    " AND sequence(events, 'a', 'b', within => '2 days')"
    " AND score(monetary, limits => (1, 2.5)) > 1"
    " AND birth_on < date '2000-01-01' AND anniversary(birth_on, within => '7 days')"
)


def test_the_shape():
    assert rule_to_json(parse_rule("visits > 1.50 AND NOT any(orders, last => '3 days')")) == {
        "version": 1,
        "rule": {
            "kind": "and",
            "parts": [
                {
                    "kind": "comparison",
                    "operator": ">",
                    "left": {"kind": "name", "name": "visits"},
                    "right": {"kind": "constant", "type": "number", "value": "1.50"},
                },
                {
                    "kind": "not",
                    "part": {"kind": "any", "fact": "orders", "window": {"last": "3 days"}},
                },
            ],
        },
    }


@given(rules)
def test_a_rule_survives_json(rule):
    assert rule_from_json(json.loads(json.dumps(rule_to_json(rule)))) == rule


@given(values)
def test_a_value_survives_json(value):
    assert from_json(json.loads(json.dumps(value.as_json()))) == value


def name(text="x"):
    return {"kind": "name", "name": text}


def constant(kind, value):
    return {"kind": "constant", "type": kind, "value": value}


REFUSED = [
    (None, "/", "an object is needed"),
    ({"kind": "or", "parts": []}, "/", "two conditions or more"),
    ({"kind": "or"}, "/parts", "`or` needs `parts`"),
    ({"kind": "or", "parts": {}}, "/parts", "a list is needed"),
    (
        {"kind": "or", "parts": [{"kind": "is_true", "operand": name()}, name()]},
        "/parts/1",
        "condition is needed",
    ),
    ({"kind": "comparision"}, "/kind", "Did you mean `comparison`"),
    ({"kind": ["or"]}, "/kind", "unknown kind"),
    ({"kind": "name"}, "/name", "`name` needs `name`"),
    ({"kind": "name", "name": 5}, "/name", "a text is needed"),
    ({"kind": "name", "name": "a\0"}, "/name", "no text can have"),
    ({"kind": "name", "nam": "x"}, "/", "Did you mean `name`"),
    ({"kind": "name", "name": "x", "position": None}, "/", "unknown field of name"),
    (
        {"kind": "comparison", "operator": "~", "left": name(), "right": name()},
        "/",
        "is not one of",
    ),
    (constant("integer", True), "/value", "not of its type"),
    (constant("integer", 2**63), "/", "64 bits"),
    (constant("number", "NaN"), "/value", "not a number"),
    (constant("number", "1e99"), "/value", "not a number"),
    (constant("date", "2026-02-30"), "/", "not a day"),
    (constant("money", "1"), "/value", "A type is one of"),
    (constant("text", "\ud800"), "/", "no text can have"),
    (
        {"kind": "any", "fact": "orders", "window": {"lst": "1 day"}},
        "/window",
        "Did you mean `last`",
    ),
    ({"kind": "any", "fact": "orders", "window": {"last": 5}}, "/window/last", "a text such as"),
    ({"kind": "any", "fact": "orders", "window": {"last": "5"}}, "/window", "not a span"),
    ({"kind": "stopped", "fact": "orders", "after": 3}, "/after", "a text such as 90 days"),
    ({"kind": "score", "feature": "x", "bins": 2.0}, "/bins", "a whole number is needed"),
    ({"kind": "score", "feature": "x", "bins": True}, "/bins", "a whole number is needed"),
    (
        {"kind": "distinctive", "fact": "a", "field": "b", "index": 1},
        "/index",
        "true or false is needed",
    ),
    ({"kind": "aggregate", "function": "eval", "fact": "orders"}, "/", "unknown function"),
    ({"kind": "function", "function": "read_csv", "operands": [name()]}, "/", "unknown function"),
    ({"kind": "function", "function": "abs", "operands": []}, "/", "needs 1 value"),
    (
        {"kind": "text_match", "how": "matches", "operand": name(), "part": "(?i)"},
        "/",
        "look-around",
    ),
]


@pytest.mark.parametrize(("given_json", "pointer", "message"), REFUSED, ids=range(len(REFUSED)))
def test_refused_with_a_pointer(given_json, pointer, message):
    with pytest.raises(DeclarationError, match=message) as caught:
        from_json(given_json)
    assert caught.value.where == pointer


def test_a_deep_or_large_document_is_refused():
    deep = {"kind": "is_true", "operand": name()}
    for _ in range(5_000):
        deep = {"kind": "not", "part": deep}
    with pytest.raises(SegmentryError, match="more than 50 levels"):
        from_json(deep)
    wide = {"kind": "or", "parts": [{"kind": "is_true", "operand": name()}] * 600}
    with pytest.raises(SegmentryError, match="more than 1000 parts"):
        from_json(wide)


@pytest.mark.parametrize(
    ("document", "pointer"),
    [
        ({"version": 2, "rule": {}}, "/version"),
        ({"rule": {}}, "/version"),
        ({"version": 1, "rule": {}, "more": 1}, "/"),
        ({"version": 1}, "/rule"),
        ({"version": 1, "rule": name()}, "/rule"),
        (
            {"version": 1, "rule": {"kind": "not", "part": {"kind": "is_true", "operand": 5}}},
            "/rule/part/operand",
        ),
        ([], "/"),
    ],
)
def test_a_whole_document(document, pointer):
    with pytest.raises(DeclarationError) as caught:
        rule_from_json(document)
    assert caught.value.where == pointer


def test_mutated_documents_raise_only_our_errors():
    rng = Random(3)
    pool = [rule_to_json(random_rule(rng, SHOP)) for _ in range(60)] + [
        rule_to_json(parse_rule(RULE))
    ]
    junk = [
        None,
        True,
        0,
        -1,
        2**70,
        0.5,
        float("inf"),
        "",
        "x",
        "90 days",
        [],
        {},
        [[]],
        {"kind": "name"},
    ]
    read = 0
    for _ in range(4_000):
        document = json.loads(json.dumps(rng.choice(pool)))
        for _ in range(rng.randint(0, 2)):
            _mutate(rng, document, [*junk, rng.choice(pool)["rule"]])
        try:
            rule_from_json(document)
            read += 1
        except SegmentryError:
            continue
    assert 1_000 < read < 3_000


def _mutate(rng, document, junk):
    """Replace, remove or rename something at a random place."""
    at = document
    while True:
        keys = list(at) if isinstance(at, dict) else list(range(len(at)))
        if not keys:
            return
        key = rng.choice(keys)
        if isinstance(at[key], dict | list) and at[key] and rng.random() < 0.8:
            at = at[key]
            continue
        if rng.random() < 0.6:
            at[key] = copy.deepcopy(rng.choice(junk))
        elif isinstance(at, dict) and rng.random() < 0.5:
            at[str(key) + "x"] = at.pop(key)
        else:
            del at[key]
        return
