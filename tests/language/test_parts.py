"""A sentence in parts: joined they are the sentence, and each points at what says it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.language.strategies import rules

from segmentry.language.node import Condition
from segmentry.language.parts import parts
from segmentry.language.sentence import sentence
from segmentry.language.text import parse_rule
from segmentry.locale import LANGUAGES, messages


def at(tree: Any, pointer: str) -> Any:
    """What stands there in the tree as JSON."""
    for step in pointer.split("/")[1:]:
        tree = tree[int(step)] if isinstance(tree, list) else tree[step]
    return tree


@settings(max_examples=150, deadline=None)
@given(rules, st.sampled_from(LANGUAGES))
def test_joined_they_are_the_sentence_and_every_pointer_leads_somewhere(
    rule: Condition, language: str
) -> None:
    found = parts(rule, messages(language))
    assert "".join(each.text for each in found) == sentence(rule, messages(language))
    for each in found:
        assert at(rule.as_json(), each.pointer) is not None


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (
            "frequency >= 3 AND recency_days > 60",
            [
                ("frequency", "/parts/0/left"),
                (" is at least ", "/parts/0"),
                ("3", "/parts/0/right"),
                (" and ", ""),
                ("recency days", "/parts/1/left"),
                (" is more than ", "/parts/1"),
                ("60", "/parts/1/right"),
            ],
        ),
        (
            "NOT count(orders, last => '90 days') >= 3",
            [
                ("not (at least ", "/part"),
                ("3", "/part/right"),
                (" orders ", "/part"),
                ("in the last 90 days", "/part/left/window"),
                (")", "/part"),
            ],
        ),
        (
            "periods(orders, every => '1 month', at_least => 3, of => 6)",
            [
                ("orders in at least ", ""),
                ("3", "/at_least"),
                (" of the last ", ""),
                ("6", "/of"),
                (" periods of ", ""),
                ("1 month", "/every"),
            ],
        ),
    ],
)
def test_values_names_and_windows_are_parts_of_their_own(
    rule: str, expected: list[tuple[str, str]]
) -> None:
    found = [(each.text, each.pointer) for each in parts(parse_rule(rule), messages("en"))]
    assert found == expected


def test_a_text_with_the_characters_of_marks_is_one_part() -> None:
    rule = parse_rule("city = 'a\ufdd0\U000f0000b\ufdd1'")
    [only] = parts(rule, messages("en"))
    assert only.text == sentence(rule, messages("en"))
    assert only.pointer == ""
