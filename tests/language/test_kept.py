"""What is kept on a tree is what would be found anew."""

from dataclasses import replace

import pytest

from segmentry.core.errors import RuleSyntaxError, RuleTypeError
from segmentry.core.types import Type
from segmentry.language.names import FeatureNames
from segmentry.language.schema import Field, Schema
from segmentry.language.text import measures, names, parse_rule, parse_value, segments

RULE = "a > 1 AND in_segment('vip') AND count(orders, where => channel = 'web') > b"


def schema(**types: Type) -> Schema:
    return Schema(features={name: Field(name, kind) for name, kind in types.items()})


def test_a_text_is_read_once_and_its_faults_are_told_each_time():
    assert parse_rule(RULE) is parse_rule(RULE)
    for _ in range(2):
        with pytest.raises(RuleSyntaxError, match="a text opens here"):
            parse_rule("a = 'x")


def test_a_list_that_was_found_can_be_changed_without_harm():
    rule = parse_rule(RULE)
    for ask in (names, measures, segments):
        found = ask(rule)
        expected = list(found)
        assert expected
        found.clear()
        assert ask(rule) == expected


def test_a_changed_copy_is_looked_at_anew():
    value = parse_value("coalesce(a, b, c)")
    assert names(value) == ["a", "b", "c"]
    assert names(replace(value, operands=value.operands[:2])) == ["a", "b"]


def test_types_are_those_of_the_names_asked_with():
    value = parse_value("if(a > 1, b, c)")
    whole = FeatureNames(schema(a=Type.INTEGER, b=Type.INTEGER, c=Type.INTEGER))
    real = FeatureNames(schema(a=Type.INTEGER, b=Type.INTEGER, c=Type.NUMBER))
    text = FeatureNames(schema(a=Type.INTEGER, b=Type.INTEGER, c=Type.TEXT))
    for _ in range(2):
        assert value.type(whole) is Type.INTEGER
        assert value.type(real) is Type.NUMBER
        with pytest.raises(RuleTypeError, match="stands beside"):
            value.type(text)


def test_a_deep_choice_is_typed_in_time():
    """Without what is kept, every level would ask twice for all below: 2^40 questions."""
    value = parse_value("if(a > 1, 1, " * 40 + "2" + ")" * 40)
    assert value.type(FeatureNames(schema(a=Type.INTEGER))) is Type.INTEGER
    assert value == parse_value(value.text())
