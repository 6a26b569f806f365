"""The page on rules names everything the language has, and its examples are rules."""

import re
from pathlib import Path

import pytest

from segmentry.language.arguments import FUNCTIONS
from segmentry.language.text import parse_rule
from segmentry.language.window import ARGUMENTS, PERIODS

PAGE = (Path(__file__).parents[2] / "docs/concepts/rules.md").read_text(encoding="utf-8")


def test_every_function_is_on_the_page():
    assert {each for each in FUNCTIONS if f"`{each}" not in PAGE} == set()


@pytest.mark.parametrize("name", ARGUMENTS)
def test_every_window_is_on_the_page(name):
    assert f"`{name} => '" in PAGE


def test_every_period_is_on_the_page():
    words = {word for each in PERIODS for word in each.split()}
    assert {word for word in words if f"`{word}`" not in PAGE} == set()


def test_the_sql_example_is_a_rule():
    (example,) = re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)
    parse_rule(example)
