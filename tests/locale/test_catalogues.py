"""Every language says everything: the same keys, the same values put in, in its own script."""

import re
from collections.abc import Iterator

import pytest

from segmentry.data.entity import CUSTOMERS
from segmentry.features.declaration import library
from segmentry.locale import LANGUAGES, messages
from segmentry.segments.library import ready_made

TRANSLATED = tuple(language for language in LANGUAGES if language != "en")
FORM = re.compile(r"(rules\.(rows|counted|span|name)|fields)_([a-z_]+)\.|rules\.name_([a-z_]+)$")
"""Grammatical forms: each language has those that its own patterns ask for."""
FEATURE = re.compile(r"features\.([a-z_0-9]+)\.(label|description)$")
OF_METHODS = tuple(
    each.name for method in ready_made() for each in method.features if not each.hidden
)
PLACE = re.compile(r"\{([a-z_0-9]+)(?::([a-z_]+))?\}")
SETTINGS = ("language.", "date.calendar", "number.digits", "currency.")
"""Entries that are no text."""
TERMS = re.compile(
    r"\b(VIP|RFM|CLV|SMS|ROI|CAC|CRM|UTM|Segmentry|Apache(?: 2\.0)?|ECharts|[ABC])\b"
)
"""Latin words that stand in texts of another script."""
ALPHABET = {
    "uk": re.compile(r"[A-Za-zÀ-ÖØ-öø-ɏыэёъЫЭЁЪ]"),
    "ru": re.compile(r"[A-Za-zÀ-ÖØ-öø-ɏіїєґІЇЄҐ]"),
    "pl": re.compile(r"[\u0400-\u06FF]"),
    "fa": re.compile(
        r"[A-Za-zÀ-ÖØ-öø-ɏ\u0400-\u052F\u0643\u064A0-9]"
    ),  # nor the Arabic kaf and yeh
}
FOREIGN_MARKS = {
    "uk": re.compile("[\"'“”„‘]"),
    "ru": re.compile("[\"'“”„‘’]"),
    "pl": re.compile("[\"'“«»‘]"),
    "fa": re.compile("[\"'“”„‘’,;?]"),
}


def texts(language: str, key: str) -> dict[str, str]:
    entry = messages(language).entries[key]
    return {"": entry} if isinstance(entry, str) else dict(entry)


def every(language: str) -> Iterator[tuple[str, str, str]]:
    for key in messages(language).entries:
        for category, text in texts(language, key).items():
            yield key, category, text


def words_only(text: str) -> str:
    return TERMS.sub("", PLACE.sub("", text))


def places(text: str) -> set[str]:
    return {name for name, _ in PLACE.findall(text)}


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_language_has_the_keys_of_english(language: str) -> None:
    english = {key for key in messages("en").entries if not FEATURE.match(key)}
    own = {
        key for key in messages(language).entries if not FEATURE.match(key) and not FORM.match(key)
    }
    assert (sorted(english - own), sorted(own - english)) == ([], [])


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_feature_of_the_library_is_named(language: str) -> None:
    shown = [each for each in library() if not each.hidden]
    traits = [name for name in CUSTOMERS.attributes if name != "customer_id"]
    wanted = {f"features.{name}.label" for name in (*traits, *OF_METHODS)}
    wanted |= {f"features.{each.name}.label" for each in shown}
    wanted |= {f"features.{each.name}.description" for each in shown if each.description}
    steps = {f"features.{each.name}.label" for each in library() if each.hidden}
    known = {key for key in messages(language).entries if FEATURE.match(key)} - steps
    assert (sorted(wanted - known), sorted(known - wanted)) == ([], [])


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_same_values_are_put_in(language: str) -> None:
    wrong = []
    for key in messages("en").entries:
        if FEATURE.match(key):
            continue
        english = [places(text) for text in texts("en", key).values()]
        offered = set[str]().union(*english)
        if key == "rules.behavior.stopped":
            offered = {"rows", "window"}  # "not in the last year" rather than "in the last 1 year"
        for category, text in texts(language, key).items():
            may_lack = {"count"} if category in ("one", "few", "many", "other") else set()
            if not offered - may_lack <= places(text) <= offered | may_lack:
                wrong.append((key, category, text))
    assert wrong == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_forms_that_are_asked_for_are_there(language: str) -> None:
    entries = messages(language).entries
    asked = {found for _, _, text in every(language) for found in PLACE.findall(text) if found[1]}
    sources = {"rows": "rules.rows", "counted": "rules.counted", "span": "rules.span",
               "start": "rules.span", "end": "rules.span"}  # fmt: skip
    missing = []
    for place, form in asked:
        if place in sources:
            plain = [key for key in entries if key.startswith(f"{sources[place]}.")]
            plain = [key for key in plain if key.split(".")[2] in KINDS[sources[place]]]
            wanted = [key.replace(sources[place], f"{sources[place]}_{form}") for key in plain]
        else:
            fields = [key for key in entries if key.startswith("fields.")]
            wanted = [key.replace("fields.", f"fields_{form}.") for key in fields]
            wanted.append(f"rules.name_{form}")
        missing += [key for key in wanted if key not in entries]
    assert missing == []


KINDS = {
    "rules.rows": {key.split(".")[2] for key in messages("en").entries if "rules.rows." in key},
    "rules.counted": {key.split(".")[2] for key in messages("en").entries if "rules.rows." in key},
    "rules.span": {key.split(".")[2] for key in messages("en").entries if "rules.span." in key},
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty_or_untidy(language: str) -> None:
    spaced = {
        "number.",
        "list.",
        "written.semicolon",
        "rules.and",
        "rules.or",
        "rules.comma",
        "rules.behavior.",
    }
    untidy = [
        (key, text)
        for key, _, text in every(language)
        if not text
        or "  " in text
        or (text != text.strip() and not any(key.startswith(each) for each in spaced))
    ]
    assert untidy == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_nothing_is_left_in_english(language: str) -> None:
    left = []
    for key in messages("en").entries.keys() & messages(language).entries.keys():
        same = set(texts("en", key).values()) & set(texts(language, key).values())
        left += [
            (key, text)
            for text in same
            if re.search(r"[a-zA-Z]{2}", words_only(text))
            and not key.startswith(SETTINGS)
            and text not in SHARED[language]
        ]
    assert left == []


SHARED = {
    "uk": set[str](),
    "ru": set[str](),
    "fa": set[str](),
    "pl": {"Region", "region", "status", "E-mail", "Trend", "{count} segment", "Newsletter."},
}
"""Words that are the same in Polish and English."""


@pytest.mark.parametrize("language", TRANSLATED)
def test_texts_are_in_the_script_of_the_language(language: str) -> None:
    foreign = [
        (key, text)
        for key, _, text in every(language)
        if not key.startswith(SETTINGS) and ALPHABET[language].search(words_only(text))
    ]
    assert foreign == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_quotation_marks_are_those_of_the_language(language: str) -> None:
    wrong = [
        (key, text) for key, _, text in every(language) if FOREIGN_MARKS[language].search(text)
    ]
    assert wrong == []
