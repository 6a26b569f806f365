"""Names of columns in five languages, in the letters people really type."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from segmentry.core.errors import UnknownNameError
from segmentry.data.entity import ENTITIES
from segmentry.data.matching import match
from segmentry.data.source import stage
from segmentry.data.suggest import suggest
from segmentry.data.synonym import _languages, entity_called, plain_name
from segmentry.engines.duckdb import DuckDB

LANGUAGES = ("en", "uk", "ru", "pl", "fa")
BY_CUSTOMERS = ("customer_id",)
"""Attributes of facts whose names are those of the customers' own."""


def spellings(language: str, entity: str, attribute: str) -> list[str]:
    known = _languages()[language]
    found = list(known.get(entity, {}).get(attribute, []))
    if not found or attribute in BY_CUSTOMERS:
        found += [
            each for each in known["customers"].get(attribute, []) if not each.startswith("=")
        ]
    return [each.removeprefix("=") for each in found]


def taken(column: str, entity: str, attribute: str) -> bool:
    found = match([column], entity)
    return found is not None and found.attributes.get(entity, {}).get(attribute) == (column,)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("entity", ENTITIES)
def test_each_attribute_is_known_by_two_names_in_each_language(language: str, entity: str) -> None:
    lacking = {}
    for attribute in ENTITIES[entity].attributes:
        names = {
            plain_name(each)
            for each in spellings(language, entity, attribute)
            if taken(each.replace("_", " ").title(), entity, attribute)
        }
        if len(names) < 2:
            lacking[attribute] = names
    assert lacking == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_entity_is_called_by_a_word(language: str) -> None:
    words = _languages()[language]["words"]
    assert set(words) == set(ENTITIES)
    for entity, names in words.items():
        assert all(entity_called(name).name == entity for name in names)


def test_an_unknown_entity_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="orders"):
        entity_called("ordrs")


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("Ім’я", "імя"),
        ("Ім'я", "імя"),
        ("Імʼя", "імя"),
        ("Количество, шт.", "количество_шт"),
        ("Счёт", "счет"),
        ("Imię i nazwisko", "imie_i_nazwisko"),
        ("Płeć", "plec"),
        ("Nr zamówienia", "nr_zamowienia"),
        ("كد مشتري", "کد_مشتری"),
        ("کد‌مشتری", "کد_مشتری"),
        ("آدرس صفحه", "ادرس_صفحه"),
        ("سُفارش", "سفارش"),
        ("شـــماره سفارش", "شماره_سفارش"),
        ("ســؤال", "سوال"),
        ("E-mail рабочий", "e_mail_рабочий"),
    ],
)
def test_letters_that_are_written_in_several_ways(typed: str, plain: str) -> None:
    assert plain_name(typed) == plain
    assert plain_name(unicodedata.normalize("NFD", typed)) == plain
    assert plain_name(plain) == plain


@pytest.mark.parametrize(
    ("header", "row", "entities"),
    [
        (
            "Номер замовлення;Клієнт;Дата замовлення;Сума замовлення;Знижка;Спосіб оплати;Магазин",
            "1;Ірина;15.01.2024;10,50;0;картка;Київ",
            {"orders": {"order_id", "customer_id", "ordered_at", "amount", "discount_amount", "payment_method", "store"}},
        ),
        (
            "Номер счёта;Код клиента;Дата счёта;Артикул;Кол-во;Цена за единицу;Наименование товара;Категория",
            "1;к1;15.01.2024;a1;2;10,50;Чашка;Посуда",
            {"order_lines": {"order_id", "product_id", "quantity", "unit_price"}, "products": {"product_id", "name", "category"}},
        ),
        (
            "Nr klienta;Imię;Nazwisko;Płeć;Data urodzenia;Miejscowość;Kod pocztowy;Wykształcenie;Stan cywilny",
            "1;Łucja;Żak;K;15.01.1990;Łódź;90-001;wyższe;panna",
            {"customers": {"customer_id", "first_name", "last_name", "sex", "birth_on", "city", "postal_code", "education", "marital_status"}},
        ),
        (
            "شماره سفارش;كد مشتري;تاریخ سفارش;مبلغ کل;روش پرداخت;شعبه",
            "1;5;1402/05/13;۱۲۳۰;نقد;مرکزی",
            {"orders": {"order_id", "customer_id", "ordered_at", "amount", "payment_method", "store"}},
        ),
        (
            "شناسه مشتری;نام;نام خانوادگی;جنسیت;تاریخ تولد;شهر;شغل",
            "1;علی;رضایی;مرد;1370/01/15;تهران;معلم",
            {"customers": {"customer_id", "first_name", "last_name", "sex", "birth_on", "city", "occupation"}},
        ),
        (
            "Дата;Кампанія;Канал;Витрати",
            "15.01.2024;Весна;пошта;100",
            {"costs": {"spent_at", "campaign", "channel", "amount"}},
        ),
    ],
)  # fmt: skip
def test_a_file_in_another_language_is_understood(
    session: DuckDB, tmp_path: Path, header: str, row: str, entities: dict[str, set[str]]
) -> None:
    path = tmp_path / "file.csv"
    path.write_text(f"{header}\n{row}\n", encoding="utf-8")
    found = suggest(session, stage(session, path))
    mapped = {name: set(found.mapping.entities.get(name, {})) for name in entities}
    assert mapped == entities
    assert found.missing == ()
