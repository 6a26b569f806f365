"""What checks say: every one of them, in every language."""

from __future__ import annotations

import pytest
from tests.docs.everything import columns

from segmentry.core.types import Type
from segmentry.data.checks.run import all_checks
from segmentry.data.checks.texts import Shift, Texts, column_name
from segmentry.locale import LANGUAGES, messages

COLUMNS = columns()
THERE = {
    **COLUMNS,
    "customers": {**COLUMNS["customers"], "birth_year": Type.INTEGER},
    "orders": {**COLUMNS["orders"], "shipped_at": Type.INSTANT},
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_check_has_its_texts(language: str) -> None:
    checks = all_checks(THERE)
    assert len(checks) > 100
    for each in checks:
        said = each.texts
        found = said.sentence(2, 10, language)
        assert found.endswith(".")
        assert said.label(language)
        assert said.fix(language).endswith(".")
        assert said.meaning(language).rstrip(".") in found
        assert "{" not in found + said.label(language) + said.fix(language)


def test_every_text_is_that_of_a_check() -> None:
    keys = {each.split(".")[1] for each in messages("en").entries if each.startswith("checks.")}
    said = {each.texts.key for each in all_checks(THERE)}
    assert keys - said == {"sentence", "nothing", "rows", "years"}


NOBODY = Texts("unknown_customers", "orders")
PRICES = Texts("negative_price", "order_lines")
FRESH = Texts("freshness", "orders")
SAME = Texts("constant_columns", "customers", called="columns")
SENTENCES = [
    (NOBODY, "en", 1, 1, "1 of 1 orders are of a customer who is not in the file of customers."),
    (PRICES, "en", 1234, 5000, "1,234 of 5,000 order lines have a negative price."),
    (NOBODY, "uk", 1, 21, "1 із 21 замовлення — від клієнта, якого немає у файлі клієнтів."),
    (NOBODY, "uk", 2, 22, "2 із 22 замовлень — від клієнта, якого немає у файлі клієнтів."),
    (PRICES, "uk", 5, 25, "5 із 25 позицій — з від’ємною ціною."),
    (NOBODY, "ru", 3, 31, "3 из 31 заказа — от клиента, которого нет в файле клиентов."),
    (NOBODY, "ru", 3, 11, "3 из 11 заказов — от клиента, которого нет в файле клиентов."),
    (PRICES, "ru", 1, 1, "1 из 1 позиции — с отрицательной ценой."),
    (NOBODY, "pl", 1, 1, "1 z 1 zamówienia — od klienta, którego nie ma w pliku klientów."),
    (NOBODY, "pl", 2, 21, "2 z 21 zamówień — od klienta, którego nie ma w pliku klientów."),
    (PRICES, "pl", 5, 22, "5 z 22 pozycji — z ujemną ceną."),
    (NOBODY, "fa", 2, 21, "از ۲۱ سفارش، ۲ مورد از مشتری‌ای است که در فایل مشتریان نیست."),
    (PRICES, "fa", 1, 5000, "از ۵٬۰۰۰ ردیف سفارش، ۱ مورد قیمت منفی دارد."),
    (FRESH, "uk", 1, 1, "Бракує останніх замовлень: такої довгої перерви ще не було."),
    (FRESH, "uk", 0, 1, "Нічого такого не знайдено."),
    (SAME, "uk", 2, 9, f"2 із 9 стовпців таблиці «клієнти» {SAME.meaning('uk')}."),
]  # fmt: skip


@pytest.mark.parametrize(("texts", "language", "failing", "of", "said"), SENTENCES)
def test_sentence(texts: Texts, language: str, failing: int, of: int, said: str) -> None:
    assert texts.sentence(failing, of, language) == said


@pytest.mark.parametrize(
    ("language", "column", "said"),
    [
        ("en", "education", "3 of 9 customers have no education."),
        ("uk", "education", "3 із 9 клієнтів — без значення у стовпці «освіта»."),
        ("ru", "education", "3 из 9 клиентов — без значения в столбце «образование»."),
        ("pl", "education", "3 z 9 klientów — bez wartości w kolumnie „wykształcenie”."),
        ("fa", "education", "از ۹ مشتری، ۳ مورد در ستون «تحصیلات» مقداری ندارد."),
        ("fa", "shoe_size", "از ۹ مشتری، ۳ مورد در ستون «\u2068shoe size\u2069» مقداری ندارد."),
    ],
)
def test_columns_are_called_as_the_language_calls_them(
    language: str, column: str, said: str
) -> None:
    assert Texts("fill", "customers", column).sentence(3, 9, language) == said


def test_a_name_is_of_a_person_or_of_a_thing() -> None:
    assert column_name(messages("uk"), "customers", "name") == "ім’я"
    assert column_name(messages("uk"), "products", "name") == "назва"


@pytest.mark.parametrize(
    ("language", "years", "left", "said"),
    [
        ("en", 1, 0, "with 1 year added to their times all are right"),
        ("en", -2, 3, "with 2 years taken from their times all but 3 are right"),
        ("uk", 2, 0, "якщо до часу додати 2 роки, усе стає на місце"),
        ("uk", -5, 3, "якщо від часу відняти 5 років, на місце стає все, крім 3"),
        ("ru", 1, 0, "если прибавить ко времени 1 год, всё встаёт на место"),
        ("pl", 3, 0, "po dodaniu do czasu 3 lat wszystko się zgadza"),
        ("fa", -1, 0, "اگر ۱ سال از زمان‌ها کم شود، همه درست می‌شوند"),
    ],
)
def test_years_that_would_put_it_right(language: str, years: int, left: int, said: str) -> None:
    shifted = Texts("return_before_sale", "order_lines", shift=Shift(years, left))
    assert shifted.meaning(language).endswith(said)
