"""The message tables: keys, values, plurals, numbers."""

from decimal import Decimal

import pytest

from segmentry.core.errors import InternalError, UsageError
from segmentry.locale import Messages, messages
from segmentry.locale.plural import CATEGORIES, RULES


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", {0: "other", 1: "one", 2: "other", 11: "other", 21: "other", 1.5: "other"}),
        (
            "uk",
            {0: "many", 1: "one", 2: "few", 5: "many", 11: "many", 12: "many", 14: "many",
             21: "one", 22: "few", 25: "many", 111: "many", 112: "many", 1.5: "other"},
        ),
        ("ru", {1: "one", 3: "few", 7: "many", 101: "one", 111: "many", 0.1: "other"}),
        (
            "pl",
            {0: "many", 1: "one", 2: "few", 5: "many", 12: "many", 21: "many", 22: "few",
             101: "many", 112: "many", 1.5: "other"},
        ),
        ("fa", {0: "one", 0.5: "one", 1: "one", 1.5: "other", 2: "other", 21: "other"}),
    ],
)  # fmt: skip
def test_plural_category_follows_cldr(language: str, expected: dict[float, str]) -> None:
    assert {count: RULES[language](count) for count in expected} == expected
    assert all(RULES[language](n) in CATEGORIES[language] for n in range(1000))


def test_count_chooses_the_text() -> None:
    texts = messages("en")
    assert texts("report.customer_count", count=1) == "1 customer"
    assert texts("report.customer_count", count=12345) == "12,345 customers"


def test_missing_key_value_and_count_are_errors() -> None:
    texts = messages("en")
    with pytest.raises(InternalError, match=r"report\.nothing"):
        texts("report.nothing")
    with pytest.raises(InternalError, match="workspace"):
        texts("report.document_title", date="today")
    with pytest.raises(InternalError, match="count"):
        texts("report.customer_count")


def test_values_are_never_patterns() -> None:
    hostile = "{date} {0.__class__} %s"
    written = messages("en")("report.document_title", workspace=hostile, date="x")
    assert written.startswith(hostile)


def test_language_without_texts_is_refused() -> None:
    for language in ("xx", "../en", ""):
        with pytest.raises(UsageError, match="language"):
            messages(language)


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (0, 0, "0"),
        (1234567, 0, "1,234,567"),
        (Decimal("2.5"), 0, "3"),
        (Decimal("-1234.565"), 2, "−1,234.57"),
        (Decimal("-0.001"), 2, "0.00"),
        (93.06, 1, "93.1"),
    ],
)
def test_numbers_are_rounded_half_up(
    value: int | float | Decimal, decimals: int, expected: str
) -> None:
    assert messages("en").number(value, decimals) == expected


def test_numbers_follow_the_language() -> None:
    persian = Messages(
        "fa",
        {
            "number.digits": "۰۱۲۳۴۵۶۷۸۹",
            "number.group": "٬",
            "number.decimal": "٫",
            "number.minus": "−",
        },
    )
    assert persian.number(Decimal("1234.5"), 1) == "۱٬۲۳۴٫۵"
