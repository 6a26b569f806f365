"""Reading rules: what is read, and every error with its place and what to do."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from tests.language.strategies import SHOP, rules, values

from segmentry.core.errors import (
    LockedFeatureError,
    RuleSyntaxError,
    RuleTypeError,
    SegmentryError,
    UnknownNameError,
)
from segmentry.core.types import Type
from segmentry.language.aggregate import Aggregate
from segmentry.language.check import check
from segmentry.language.condition import Comparison, In
from segmentry.language.literal import Constant, identifier, quoted
from segmentry.language.logic import And, IsTrue, Not, Or
from segmentry.language.schema import Schema
from segmentry.language.text import conditions, measures, names, parse_rule, parse_value, segments
from segmentry.language.value import Arithmetic, Name, Negation, Truth


@given(rules)
def test_a_rule_survives_its_text(rule):
    assert parse_rule(rule.text()) == rule
    assert check(rule, SHOP) is Type.BOOLEAN


@given(values)
def test_a_value_survives_its_text(value):
    assert parse_value(value.text()) == value
    check(value, SHOP)


def test_precedence():
    a, b, c = (IsTrue(Name(each)) for each in "abc")
    assert parse_rule("a or b and not c") == Or((a, And((b, Not(c)))))
    assert parse_rule("(a or b) and c") == And((Or((a, b)), c))
    assert parse_rule("a and (b and c)") == And((a, And((b, c))))
    x, y, two = Name("x"), Name("y"), Constant.of(2)
    assert parse_value("x - y - 2") == Arithmetic("-", Arithmetic("-", x, y), two)
    assert parse_value("x + y * -2") == Arithmetic("+", x, Arithmetic("*", y, Constant.of(-2)))
    assert parse_value("-(2)") == Negation(two)
    assert parse_value("x - -2").text() == "x - -2"
    assert parse_rule("(x + 2) * 2 > (y)") == Comparison(
        ">", Arithmetic("*", Arithmetic("+", x, two), two), y
    )


def test_words_are_read_in_any_case_and_names_as_lower_case():
    rule = parse_rule("Country Is NOT nULL and COUNT(Orders, LAST => '3 Days') > 1")
    assert rule.text() == "NOT country IS NULL AND count(orders, last => '3 days') > 1"
    assert parse_rule("\"Країна \" = 'x'").left == Name("Країна ")
    assert parse_rule("країна = 'x'").left == Name("країна")


@pytest.mark.parametrize("text", ["it's", "'", "''", "\n", "ї 𝄞", "--", "/*", "%"])
def test_texts_survive(text):
    assert parse_rule(f"x = {quoted(text)}").right == Constant.of(text)


@pytest.mark.parametrize("name", ["and", "A", "a b", 'a"b', "1a", "таблиця", "İ", "x.y", "_"])
def test_names_survive(name):
    assert parse_value(identifier(name)) == Name(name)


def test_literals():
    assert parse_value("12") == Constant(12, Type.INTEGER)
    assert parse_value("12.50") == Constant(Decimal("12.50"), Type.NUMBER)
    assert parse_value("date '2026-01-31'") == Constant(dt.date(2026, 1, 31), Type.DATE)
    assert parse_value("true") == Constant(True, Type.BOOLEAN)
    assert Constant.of(True) != Constant.of(1)
    assert parse_value("null") == Constant(None, Type.TEXT)
    assert parse_rule("x != 1").operator == "<>"
    assert parse_rule("x not in ('a')") == Not(In(Name("x"), (Constant.of("a"),)))


def test_a_condition_can_be_a_feature():
    value = parse_value("visits > 3 AND newsletter", SHOP)
    assert isinstance(value, Truth)
    assert check(value, SHOP) is Type.BOOLEAN


def test_what_a_tree_has_in_it():
    rule = parse_rule(
        "country = 'UA' AND (NOT visits > count(orders) OR in_segment('vip')) AND country = 'UA'"
        " AND score(monetary, bins => 5) > 3 AND any(orders, where => channel = 'x')"
    )
    assert [each.text() for each in conditions(rule)] == [
        "country = 'UA'", "visits > count(orders)", "in_segment('vip')",
        "score(monetary, bins => 5) > 3", "any(orders, where => channel = 'x')",
    ]  # fmt: skip
    assert names(rule) == ["country", "visits", "monetary"]
    assert segments(rule) == ["vip"]
    found = measures(rule)
    assert found[0] == Aggregate("count", "orders")
    assert found[1].fields() == ["channel"]


SYNTAX = [
    ("", 1, 1, "empty"),
    ("x =", 1, 4, "a value or condition expected, found the end"),
    ("x = 'a", 1, 5, "does not close"),
    ('"x = 1', 1, 1, "does not close"),
    ("x = 1 ADN y = 2", 1, 7, "Did you mean AND"),
    ("x = 1\n  y = 2", 2, 3, "AND, OR or the end expected, found `y`"),
    ("(x = 1", 1, 7, "`\\)` expected"),
    ("x LIKE 'a%'", 1, 3, "contains\\(x"),
    ("x NOT LIKE 'a%'", 1, 7, "contains\\(x"),
    ("x == 1", 1, 3, "Write it once"),
    ("1 < x < 3", 1, 7, "do not chain"),
    ("x = 1 -- here", 1, 7, "comments"),
    ("x = 1 /* here */", 1, 7, "comments"),
    ("x = 1; DROP TABLE customers", 1, 6, "no place"),
    ("x = 1 && y = 2", 1, 7, "Write AND"),
    ("x = 12a", 1, 5, "runs a number and letters together"),
    ("x IN ()", 1, 7, "expected"),
    ("x IN (y)", 1, 7, "only literals"),
    ("x IN ('a', null)", 1, 12, "only literals"),
    ("x BETWEEN 1 OR 2", 1, 13, "AND and the upper limit expected"),
    ("x IS 5", 1, 6, "NULL expected"),
    ("x = (1, 2)", 1, 5, "a list stands"),
    ("x + (y = 1) > 2", 1, 6, "Use if"),
    ("orders.channel = 'web'", 1, 1, "many values"),
    ("count() > 1", 1, 1, "needs what is counted"),
    ("count('orders') > 1", 1, 7, "name of what is counted"),
    ("any(orders.channel)", 1, 5, "whole rows"),
    ("sum(orders) > 1", 1, 1, "needs a field of orders"),
    ("count(orders, last => 90) > 1", 1, 23, "needs a text in quotes"),
    ("count(orders, last => '1 day', last => '2 days') > 1", 1, 32, "given twice"),
    ("count(orders, last => '1 day', orders) > 1", 1, 32, "Put it first"),
    ("count(orders, channel) > 1", 1, 15, "one argument too many"),
    ("count(orders,) > 1", 1, 14, "an argument expected"),
    ("share(orders) > 1", 1, 1, "needs `where`"),
    ("stopped(orders)", 1, 1, "needs `after`"),
    ("sequence(events, view_item, 'b')", 1, 18, "a step is"),
    ("score('monetary', bins => 5) > 1", 1, 7, "name of a feature"),
    ("score(monetary, bins => 2.5) > 1", 1, 25, "whole number"),
    ("x = 1 AND", 1, 10, "expected"),
    ("null and x", 1, 1, None),
    ("(" * 60 + "x" + ")" * 60, 1, 52, "more than 50 levels"),
    ("NOT " * 60 + "x", 1, 205, "more than 50 levels"),
    ("x" + " + 1" * 60 + " > 0", 1, 49, "more than 50 levels"),
    (" OR ".join(["x = 1"] * 400), 1, 1, "more than 1000 parts"),
    ("x = '" + "a" * 20_000 + "'", 1, 1, "20000 are allowed"),
    ("x = \u201ca\u201d", 1, 5, "straight quotes"),
    ("x = \u0007", 1, 5, "U\\+0007"),
]


@pytest.mark.parametrize(
    ("text", "line", "column", "message"), SYNTAX, ids=[x[0][:40] for x in SYNTAX]
)
def test_syntax_errors_say_where_and_what(text, line, column, message):
    if message is None:
        with pytest.raises(RuleTypeError, match="not a condition"):
            parse_rule(text, SHOP)
        return
    with pytest.raises(RuleSyntaxError, match=message) as caught:
        parse_rule(text)
    assert (caught.value.details["line"], caught.value.details["column"]) == (line, column)


CHECKS = [
    ("contry = 'UA'", UnknownNameError, 1, 1, "Did you mean `country`"),
    ("country = 'UA' AND\n cuont(orders) > 1", UnknownNameError, 2, 2, "Did you mean `count`"),
    ("count(oders) > 1", UnknownNameError, 1, 1, "Did you mean `orders`"),
    ("sum(orders.net_amout) > 1", UnknownNameError, 1, 1, "Did you mean `net_amount`"),
    ("any(orders, where => chanel = 'x')", UnknownNameError, 1, 22, "Did you mean `channel`"),
    ("any(orders, were => channel = 'x')", UnknownNameError, 1, 13, "Did you mean `where`"),
    ("in_segment('vp')", UnknownNameError, 1, 1, "Did you mean `vip`"),
    ("any(orders, where => country = 'x')", RuleTypeError, 1, 22, "known of customers"),
    ("any(orders, where => count(events) > 1)", RuleTypeError, 1, 22, "asked of customers"),
    ("any(orders, where => in_segment('vip'))", RuleTypeError, 1, 22, "asked of customers"),
    ("any(orders, where => any(events))", RuleTypeError, 1, 22, "asked of customers"),
    ("any(orders, where => random_share('a') < 1)", RuleTypeError, 1, 22, "asked of customers"),
    ("country > 5", RuleTypeError, 1, 11, "a number and stands beside text"),
    ("birth_on > 'yesterday'", RuleTypeError, 1, 12, "not a day"),
    ("birth_on > 5", RuleTypeError, 1, 12, "a number and stands beside a day"),
    ("country = date '2026-01-01'", RuleTypeError, 1, 11, "a day and stands beside text"),
    ("newsletter > true", RuleTypeError, 1, 1, "no order"),
    ("country = null", RuleTypeError, 1, 11, "IS NULL"),
    ("visits IN (1, 'a')", RuleTypeError, 1, 15, "text and stands beside a number"),
    ("visits BETWEEN 1 AND 'a'", RuleTypeError, 1, 22, "text and stands beside a number"),
    ("visits", RuleTypeError, 1, 1, "a number, where a condition is needed"),
    ("visits + country > 1", RuleTypeError, 1, 10, "text, where a number is needed"),
    ("visits + null > 1", RuleTypeError, 1, 10, "null, where a number is needed"),
    ("as_of() - birth_on > 5", RuleTypeError, 1, 1, "days_between"),
    ("abs(country) > 1", RuleTypeError, 1, 5, "text, where a number is needed"),
    ("least(country, 5) = 'a'", RuleTypeError, 1, 16, "a number and stands beside text"),
    ("year('2026-01-01') = 2026", RuleTypeError, 1, 6, "Write date"),
    ("if(newsletter, 1, 'a') = 1", RuleTypeError, 1, 19, "text and stands beside a number"),
    ("contains(visits, 'a')", RuleTypeError, 1, 10, "a number, where a text is needed"),
    ("matches(city, '(?=a)')", RuleTypeError, 1, 15, "look-around"),
    ("matches(city, '(a)\\1')", RuleTypeError, 1, 15, "an escape that is not allowed"),
    ("sum(orders.channel) > 1", RuleTypeError, 1, 1, "sum cannot be taken"),
    ("max(orders.gift) = true", RuleTypeError, 1, 1, "max cannot be taken"),
    ("most_frequent(orders.channel, by => channel) = 'a'", RuleTypeError, 1, 1, "needs a number"),
    ("share(orders.channel, where => gift) > 1", RuleTypeError, 1, 1, "share cannot be taken"),
    ("score(city, bins => 5) > 1", RuleTypeError, 1, 1, "text, where a number is needed"),
    ("score(visits) > 1", RuleTypeError, 1, 1, "either `bins` or `limits`"),
    ("score(visits, bins => 1) > 1", RuleTypeError, 1, 1, "from 2 to 100"),
    ("score(visits, limits => (3, 2)) > 1", RuleTypeError, 1, 1, "rise"),
    ("score(visits, bins => 5, best => 'middle') > 1", RuleTypeError, 1, 1, "'high' or 'low'"),
    ("base_quantile(visits, 1.5) > 1", RuleTypeError, 1, 1, "from 0 to 1"),
    ("round(ratio, 7) > 1", RuleTypeError, 1, 1, "from 0 to 6"),
    ("anniversary(city, within => '7 days')", RuleTypeError, 1, 13, "text, where a day is needed"),
    ("anniversary(birth_on, within => '2 months')", RuleTypeError, 1, 1, "1 to 365 days"),
    ("count(orders, last => '90 moons') > 1", RuleTypeError, 1, 23, "not a span"),
    ("count(orders, last => '1 day', since => '2026-01-01') > 1", RuleTypeError, 1, 23, "together"),
    ("restarted(orders, gap => '3 months')", RuleTypeError, 1, 1, "'91 days'"),
    ("periods(orders, every => 'month', at_least => 4, of => 3)", RuleTypeError, 1, 1, "from 1 to"),
    ("sequence(events, 'a')", RuleTypeError, 1, 1, "from 2 to 10"),
    ("sequence(orders, 'a', 'b')", UnknownNameError, 1, 18, "field of orders"),
    ("x = 99999999999999999999", RuleTypeError, 1, 5, "64 bits"),
    ("x = 0." + "1" * 50, RuleTypeError, 1, 5, "38 digits"),
    ("x = 'a\0b'", RuleTypeError, 1, 5, "no text can have"),
]


@pytest.mark.parametrize(
    ("text", "error", "line", "column", "message"), CHECKS, ids=[x[0][:40] for x in CHECKS]
)
def test_checks_say_where_and_what(text, error, line, column, message):
    with pytest.raises(error, match=message) as caught:
        parse_rule(text, SHOP)
    assert caught.value.where == f"line {line}, column {column}"


def test_a_locked_feature_says_what_unlocks_it():
    schema = Schema(features=SHOP.features, locked={"age_years": "customers.birth_on"})
    with pytest.raises(LockedFeatureError, match=r"load customers\.birth_on") as caught:
        parse_rule("visits = 1 AND age_years > 3", schema)
    assert caught.value.where == "line 1, column 16"


@pytest.mark.parametrize(
    "text",
    [
        "if({} BETWEEN 1 AND 2, 1, 2)",
        "if({} IN (1, 2), 1, 2)",
        "if(anniversary(if({} = 1, birth_on, null), within => '3 days'), 1, 2)",
    ],
)
def test_what_would_grow_without_bounds_is_refused(text):
    value = "visits"
    for _ in range(7):
        value = text.format(value)
    with pytest.raises(RuleTypeError, match="too involved"):
        parse_value(value, SHOP)


def test_all_errors_are_ours():
    for text in ["x = 1 OR", "contry = 1", "visits = 'a'", "\ud800", "x = '\udfff'"]:
        with pytest.raises(SegmentryError):
            parse_rule(text, SHOP)
