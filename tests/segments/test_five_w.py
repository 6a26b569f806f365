"""The five questions of a rule: what it speaks of, what is missing, what would help."""

import pytest
from tests.docs.everything import features

from segmentry.language.text import parse_rule
from segmentry.segments import five_w
from segmentry.segments.five_w import FIELDS, NAMES, QUESTIONS, THEMES, coverage, suggestions

KNOWN = features()


@pytest.mark.parametrize(
    ("rule", "answered"),
    [
        ("frequency >= 3", "who"),
        ("main_category = 'tea'", "what"),
        ("coupon_share > 0.5", "why"),
        ("recency_days < 60", "when"),
        ("city = 'Kyiv'", "where"),
        ("sex = 'f' AND NOT city = 'Kyiv'", "who where"),
        ("count(orders, last => '90 days') >= 2", "when"),
        ("count(orders) >= 2", "who"),
        ("any(orders, where => channel = 'web')", "where"),
        (
            "any(order_lines, where => category = 'tea' AND weekday = 6, last => '1 year')",
            "what when",
        ),
        ("any(events)", "why"),
        ("days_since_last(orders) > 30", "when"),
        ("anniversary(birth_on, within => '14 days')", "when"),
        ("rfm_group = 'VIP' OR in_list('wholesale')", "who"),
        ("true", ""),
    ],
)
def test_a_rule_answers(rule, answered):
    found = coverage(parse_rule(rule), KNOWN)
    assert [each for each in QUESTIONS if found.answers[each]] == answered.split()
    assert set(found.missing) == set(QUESTIONS) - set(answered.split())
    assert all(found.suggestions[each] for each in found.missing)


def test_every_suggestion_is_a_rule_that_answers_its_question():
    for question in QUESTIONS:
        for each in suggestions(question, KNOWN):
            rule = parse_rule(each.condition, KNOWN.schema)
            assert coverage(rule, KNOWN).answers[question], each


def test_the_tables_name_what_exists():
    shown = {each.declaration.theme for each in KNOWN.shown}
    assert shown <= set(THEMES)
    assert set(NAMES) <= set(KNOWN.schema.features)
    fields = {name for fact in KNOWN.schema.facts.values() for name in fact.fields}
    moments = {each for fact in KNOWN.schema.facts.values() for each in (fact.instant, fact.day)}
    assert set(FIELDS) <= fields | moments
    assert set(five_w.FACTS) == set(KNOWN.schema.facts)
