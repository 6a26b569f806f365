"""Special categories are recognised by name and by value in five languages; look-alikes are not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from segmentry.data.sensitive.recognise import (
    category_of_name,
    category_of_value,
    category_of_values,
)

LISTS = ("evaluation", "second", "third", "fourth", "fifth")
RECALL, FALSE_ALARMS = 0.99, 0.05


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


def test_the_lists_are_large_and_balanced():
    found = [each for name in LISTS for each in cases(name)]
    assert len(found) >= 400
    assert 0.4 <= sum(each.sensitive for each in found) / len(found) <= 0.6


@pytest.mark.parametrize(
    "spelling", ["Religion", "RELIGION", "customer_religion", "CustomerReligion", "religion_1", "Релігія", "РЕЛИГИЯ", "دین", "Religión"],
)  # fmt: skip
def test_spelling_does_not_matter(spelling):
    assert category_of_name(spelling) == "beliefs"


def test_arabic_letters_and_joiners_are_persian_ones():
    assert category_of_name("گرايش‌ سياسي") == category_of_name("گرایش سیاسی") == "political"


def test_a_column_needs_more_than_one_chance_value():
    assert category_of_values(["Orthodox", "web", "store", "phone"]) is None
    assert category_of_values(["Catholic", "Muslim", "other", "none"]) == "beliefs"
    assert category_of_values(["current smoker"]) == "health"
    assert category_of_values([]) is None
