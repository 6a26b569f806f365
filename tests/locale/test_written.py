"""Numbers, days, lists and directions of each language, held against the Unicode CLDR."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from babel import Locale
from babel.dates import get_day_names, get_month_names
from babel.numbers import get_decimal_symbol
from babel.plural import to_python
from persiantools.jdatetime import JalaliDate

from segmentry.locale import LANGUAGES, Phrase, messages
from segmentry.locale.calendar import solar_hijri
from segmentry.locale.plural import CATEGORIES, RULES

DAY = date(2024, 5, 5)


@pytest.mark.parametrize("language", LANGUAGES)
def test_plural_rules_are_those_of_the_cldr(language: str) -> None:
    rules = Locale(language).plural_form
    assert CATEGORIES[language] == rules.tags | {"other"}
    category = to_python(rules)
    counts = [*range(1, 300), 1000, 1_000_001, Decimal("1.5"), Decimal("0.1"), Decimal("21.5")]
    assert [RULES[language](each) for each in counts] == [category(each) for each in counts]


@pytest.mark.parametrize("language", ["uk", "ru", "pl"])
def test_months_and_weekdays_are_those_of_the_cldr(language: str) -> None:
    words = messages(language)
    after_day = get_month_names("wide", "format", language)
    alone = get_month_names("wide", "stand-alone", language)
    for month in range(1, 13):
        assert words(f"date.month_of_day.{month}") == after_day[month]
        assert words(f"date.month_name.{month}") == alone[month]
    days = get_day_names("wide", "stand-alone", language)
    own = [words.weekday(number).replace("’", "ʼ") for number in range(1, 8)]
    assert own == [days[at] for at in range(7)]
    assert words("number.decimal") == get_decimal_symbol(language)


def test_days_are_on_the_calendar_of_the_language() -> None:
    assert {language: messages(language).day(DAY) for language in LANGUAGES} == {
        "en": "5 May 2024",
        "uk": "5\u00a0травня 2024",
        "ru": "5\u00a0мая 2024",
        "pl": "5\u00a0maja 2024",
        "fa": "۱۶ اردیبهشت ۱۴۰۳",
    }


def test_solar_hijri_days_are_exact() -> None:
    days = [date(1850, 1, 1) + timedelta(days=101 * step) for step in range(990)]
    days += [date(year, 3, day) for year in range(1900, 2100) for day in (19, 20, 21, 22)]
    for day in days:
        known = JalaliDate.to_jalali(day)
        assert solar_hijri(day) == (known.year, known.month, known.day), day


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "−1,234,567.5"), ("uk", "−1\u202f234\u202f567,5"), ("ru", "−1\u202f234\u202f567,5"),
        ("pl", "−1\u202f234\u202f567,5"), ("fa", "\u200e−۱٬۲۳۴٬۵۶۷٫۵"),
    ],
)  # fmt: skip
def test_numbers(language: str, written: str) -> None:
    assert messages(language).number(Decimal("-1234567.5"), None) == written


def test_lists() -> None:
    parts = ("a", "b", "c")
    assert messages("en").listed(parts, "or") == "a, b or c"
    assert messages("uk").listed(parts, "and") == "a, b і c"
    assert messages("pl").listed(parts[:1], "and") == "a"
    assert messages("fa").listed(("یک", "دو"), "and") == "یک و دو"


def test_names_in_another_script_stand_apart_in_persian_alone() -> None:
    assert messages("fa").apart("VIP") == "\u2068VIP\u2069"
    assert messages("fa").apart("Львів") == "\u2068Львів\u2069"
    assert messages("fa").apart("تهران") == "تهران"
    assert messages("fa").apart("۱۲") == "۱۲"
    assert messages("uk").apart("VIP") == "VIP"


def test_a_pattern_chooses_the_form_of_a_phrase() -> None:
    phrase = Phrase(lambda form: {"": "orders", "of": "of orders"}[form])
    assert f"{phrase}, {phrase:of}" == "orders, of orders"
