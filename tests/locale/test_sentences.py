"""Sentences of rules as a native reader expects them, in every language.

The rules cover every node, the plural classes (1, 2, 5, 21, 22, 25, 1.5), negations and windows.
"""

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.language.strategies import SHOP, random_rule

from segmentry.language.node import Node
from segmentry.language.sentence import sentence
from segmentry.language.text import parse_rule, parse_value
from segmentry.language.vocabulary import NODES
from segmentry.locale import LANGUAGES, messages

CASES = yaml.safe_load(Path(__file__).with_name("sentences.yaml").read_text(encoding="utf-8"))


def tree(text: str) -> Node:
    return parse_value(text) if text in VALUES else parse_rule(text)


VALUES = {each["value"] for each in CASES if "value" in each}


def said(text: str, language: str) -> str:
    words = messages(language)
    labels = {}
    for key in words.entries:
        if key.startswith("features.") and key.endswith(".label"):
            label = words(key)
            labels[key.split(".")[1]] = label[:1].lower() + label[1:]
    return sentence(tree(text), words, labels)


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.get("rule") or case["value"])
def test_sentence(case: dict[str, str], language: str) -> None:
    assert said(case.get("rule") or case["value"], language) == case[language]


def test_every_node_is_among_the_sentences() -> None:
    texts = [case.get("rule") or case["value"] for case in CASES]
    found = {node.kind for text in texts for node in tree(text).walk()}
    assert sorted(NODES.keys() - found) == [
        "truth"
    ]  # a condition as a value; said as the condition


@pytest.mark.parametrize("language", LANGUAGES)
@given(rng=st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_any_rule_can_be_said(language: str, rng) -> None:
    rule = random_rule(rng, SHOP)
    text = sentence(rule, messages(language))
    assert text
    assert "{" not in text
