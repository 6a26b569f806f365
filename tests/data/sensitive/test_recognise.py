"""Special categories are recognised by name and by value in five languages; look-alikes are not."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

import pytest
import yaml

from segmentry.data.sensitive.recognise import (
    category_of_name,
    category_of_value,
    category_of_values,
)

VENDORS = Path(__file__).parents[3].parent / "shared/data/crm_export_fixtures"
LISTS = ("evaluation", "second", "third", "fourth", "fifth", "sixth", "seventh")
RECALL, FALSE_ALARMS = 0.99, 0.05
HELD_OUT = "held_out"
"""A list that no words were written after: what is found of names not thought of before."""
HELD_OUT_RECALL = 0.84


class Case(NamedTuple):
    """A name of something about people or things, or a value; and whether it is sensitive."""

    sensitive: bool
    category: str
    kind: str
    text: str

    @property
    def found(self) -> str | None:
        if self.kind == "value":
            return category_of_value(self.text)
        return category_of_name(self.text, of_person=self.kind == "person")


def cases(name: str) -> list[Case]:
    lists = yaml.safe_load((Path(__file__).parent / f"{name}.yaml").read_text(encoding="utf-8"))
    sensitive = [
        Case(True, category, kind, text)
        for category, kinds in lists["sensitive"].items()
        for kind, text in texts(kinds)
    ]
    return sensitive + [Case(False, "", kind, text) for kind, text in texts(lists["harmless"])]


def texts(kinds: dict[str, object]) -> Iterator[tuple[str, str]]:
    for kind, body in kinds.items():
        for each in body.values() if isinstance(body, dict) else [body]:
            yield from ((kind, str(text)) for text in each)


@pytest.mark.parametrize("name", LISTS)
def test_recall_and_false_alarms(name):
    found = cases(name)
    sensitive = [each for each in found if each.sensitive]
    harmless = [each for each in found if not each.sensitive]
    missed = [each.text for each in sensitive if each.found is None]
    alarms = [each.text for each in harmless if each.found is not None]
    assert 1 - len(missed) / len(sensitive) >= RECALL, missed
    assert len(alarms) / len(harmless) <= FALSE_ALARMS, alarms


def test_names_not_thought_of_before():
    found = cases(HELD_OUT)
    sensitive = [each.found is not None for each in found if each.sensitive]
    alarms = [each.text for each in found if not each.sensitive and each.found]
    assert sum(sensitive) / len(sensitive) >= HELD_OUT_RECALL
    assert len(alarms) <= FALSE_ALARMS * (len(found) - len(sensitive)), alarms


def test_the_lists_are_large_and_balanced():
    found = [each for name in LISTS for each in cases(name)]
    assert len(found) >= 400
    assert 0.4 <= sum(each.sensitive for each in found) / len(found) <= 0.6


@pytest.mark.parametrize(
    "spelling", ["Religion", "RELIGION", "customer_religion", "CustomerReligion", "religion_1", "Релігія", "РЕЛИГИЯ", "دین", "Religión"],
)  # fmt: skip
def test_spelling_does_not_matter(spelling):
    assert category_of_name(spelling) == "beliefs"


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("polit_vzglyady", "political"),
        ("politychni pohliady", "political"),
        ("veroispovedanie", "beliefs"),
        ("natsionalnist", "origin"),
        ("nacionalnost", "origin"),
        ("gerayesh_jensi", "sexual"),
        ("mazhab", "beliefs"),
        ("poglady_polit", "political"),
    ],
)
def test_latin_letters_and_cut_words_are_read(name, category):
    assert category_of_name(name) == category


def test_some_words_tell_only_together():
    assert category_of_name("Do you trust the government?") == "political"
    assert category_of_name("Do you trust our shop?") is None
    assert category_of_name("Which taste did you vote for?") is None
    assert category_of_name("Which party did you vote for?") == "political"


def test_arabic_letters_and_joiners_are_persian_ones():
    assert category_of_name("گرايش‌ سياسي") == category_of_name("گرایش سیاسی") == "political"


def test_long_answers_are_read_in_no_time():
    hostile = "allergy діабет diabetes хвороба eczema choroba rak allergy asthma синдром " * 20
    started = perf_counter()
    assert category_of_value(hostile + "of what nobody knows at all") is None
    assert perf_counter() - started < 0.5


@pytest.mark.skipif(not VENDORS.is_dir(), reason="needs the exports of vendors")
def test_columns_of_vendors_exports_are_hardly_ever_taken_for_sensitive():
    texts = [each.read_text(encoding="utf-8-sig") for each in VENDORS.rglob("*.csv")]
    names = {name for text in texts for name in next(csv.reader(text.splitlines()))}
    alarms = [each for each in names if category_of_name(each)]
    assert len(names) > 2000
    assert len(alarms) <= 0.005 * len(names), alarms


def test_a_column_needs_more_than_one_chance_value():
    assert category_of_values(["Orthodox", "web", "store", "phone"]) is None
    assert category_of_values(["Catholic", "Muslim", "other", "none"]) == "beliefs"
    assert category_of_values(["current smoker"]) == "health"
    assert category_of_values([]) is None
