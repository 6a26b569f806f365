"""The words of the page: the same keys in five languages, each with the plurals it needs."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from segmentry.core import errors
from segmentry.core.errors import SegmentryError

APP = Path(__file__).parents[2] / "web" / "app" / "src"
LANGUAGES = ("en", "uk", "ru", "pl", "fa")
PLURALS = {
    "en": {"one", "other"},
    "uk": {"one", "few", "many", "other"},
    "ru": {"one", "few", "many", "other"},
    "pl": {"one", "few", "many", "other"},
    "fa": {"one", "other"},
}
FORM = re.compile(r"_(zero|one|two|few|many|other)$")


def words(language: str) -> dict[str, str]:
    text = (APP / "locale" / f"{language}.json").read_text(encoding="utf-8")
    found: dict[str, str] = json.loads(text)
    return found


def counted(language: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for key in words(language):
        if form := FORM.search(key):
            found.setdefault(FORM.sub("", key), set()).add(form[1])
    return found


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_language_says_the_same_things(language: str) -> None:
    keys = {FORM.sub("", key) for key in words(language)}
    assert keys == {FORM.sub("", key) for key in words("en")}
    assert counted(language).keys() == counted("en").keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_count_has_the_forms_of_its_language(language: str) -> None:
    assert all(forms == PLURALS[language] for forms in counted(language).values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_empty_and_placeholders_are_those_of_english(language: str) -> None:
    english = words("en")
    for key, text in words(language).items():
        assert text.strip(), key
        base = english.get(key) or english[f"{FORM.sub('', key)}_other"]
        assert placeholders(text) == placeholders(base), key


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"{{\s*(\w+)", text))


def test_every_key_that_the_page_asks_for_is_there() -> None:
    keys = {FORM.sub("", key) for key in words("en")}
    for file in APP.rglob("*.ts*"):
        for key in re.findall(r"""\bt\(\s*"([^"]+)\"""", file.read_text(encoding="utf-8")):
            assert key in keys, f"{file.name}: {key}"


def test_every_key_is_asked_for() -> None:
    code = "\n".join(file.read_text(encoding="utf-8") for file in APP.rglob("*.ts*"))
    begun = set(re.findall(r"`([a-z_.]+\.)\$\{", code))  # `nav.${name}`
    for key in {FORM.sub("", key) for key in words("en")}:
        assert f'"{key}"' in code or any(key.startswith(each) for each in begun), key


def test_each_kind_of_error_has_a_name_in_the_readers_language() -> None:
    defined = [each for each in vars(errors).values() if isinstance(each, type)]
    kinds = {each.code for each in defined if issubclass(each, SegmentryError)}

    assert {"error", "usage", "busy"} < kinds
    assert {f"problem.{code}.title" for code in kinds} <= words("en").keys()
