"""Formats are proved by the rows of a column, or asked about."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pyarrow as pa
import pytest

from segmentry.core.errors import AmbiguousInputError
from segmentry.core.types import Type
from segmentry.data.format import ColumnFormat, Inference, infer, resolve
from segmentry.data.source import ReadOptions, Staged, stage
from segmentry.engines.duckdb import DuckDB

Texts = Sequence[str | None]
Infer = Callable[..., Inference]


def staged_of(session: DuckDB, texts: Texts) -> Staged:
    return stage(session, pa.table({"c": pa.array(texts, pa.string()), "n": range(len(texts))}))


@pytest.fixture
def infer_in(session: DuckDB) -> Infer:
    def run(texts: Texts, target: Type, **options: str) -> Inference:
        staged = staged_of(session, texts)
        return infer(session, staged, "c", target, ReadOptions.model_validate(options))

    return run


def told(written: ColumnFormat | None) -> dict[str, object]:
    assert written is not None
    return written.model_dump(exclude_defaults=True, exclude={"kind"})


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["1", "2.5", "N/A", None], {}),
        (["1,234", "1.5"], {"thousands": ","}),
        (["1,234", "2,5"], {"decimal": ","}),
        (["1.234", "0.125"], {}),
        (["1,234,567", "1,234"], {"thousands": ","}),
        (["1.234.567,8", "5"], {"decimal": ",", "thousands": "."}),
        (["1 234,567"], {"decimal": ",", "thousands": " "}),
        (["0,125", "2,500"], {"decimal": ","}),
        (["€1.234,56", "€ 5"], {"decimal": ",", "thousands": ".", "currency": ("€",)}),
        (["$90,000 ", "$60,000 "], {"thousands": ",", "currency": ("$",)}),
        (["12,34 zł", "5 zł"], {"decimal": ",", "currency": ("zł",)}),
        (["12%", "5 %"], {"percent": True}),
        (["1'234.50"], {"thousands": "'"}),
        (["(12.50)", "5-"], {}),
    ],
)
def test_numbers(infer_in: Infer, texts: Texts, expected: dict[str, object]) -> None:
    found = infer_in(texts, Type.MONEY)
    assert told(found.format) == expected
    assert found.readable == found.present


@pytest.mark.parametrize("texts", [["1,234"], ["1.234", "5"], ["1.5", "1,5"]])
def test_numbers_that_prove_nothing_are_asked_about(infer_in: Infer, texts: Texts) -> None:
    found = infer_in(texts, Type.NUMBER)
    assert found.format is None
    assert {each.decimal for each in found.ambiguous} == {".", ","}
    assert found.examples
    assert told(infer_in(texts, Type.NUMBER, decimal=",").format)["decimal"] == ","


@pytest.mark.parametrize(
    ("texts", "dates"),
    [
        (["2024-01-05", "2024-01-05 10:00:00", "2024-01-05T10:00:00Z"], None),
        (["01/02/2024", "14/02/2024"], ("%d/%m/%Y",)),
        (["5/14/1965", "04/08/1966"], ("%m/%d/%Y",)),
        (["01.02.2024", "3.4.2024"], ("%d.%m.%Y",)),
        (["2024/01/05"], ("%Y/%m/%d",)),
        (["05-Jan-2024", "6-Feb-2024"], ("%d-%b-%Y",)),
        (["January 5, 2024 10:00 PM"], ("%B %d, %Y %I:%M %p",)),
        (["19970101"], ("%Y%m%d",)),
        (["1/2/24 3:04 PM", "1/20/24 4:05 AM"], ("%m/%d/%y %I:%M %p",)),
        (["31.12.2023 23:59:59", "01.01.2024 00:00"], ("%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S")),
        (["2024-01-05", "14/02/2024", "15/02/2024"], ("%d/%m/%Y", "ISO")),
        (["NULL", "2024-01-05"], None),
    ],
)
def test_dates(infer_in: Infer, texts: Texts, dates: tuple[str, ...] | None) -> None:
    found = infer_in(texts, Type.INSTANT)
    assert told(found.format).get("dates") == dates
    assert found.readable == found.present


@pytest.mark.parametrize("texts", [["01/02/2024", "03/04/2024"], ["14/02/2024", "02/14/2024"]])
def test_dates_that_prove_nothing_are_asked_about(infer_in: Infer, texts: Texts) -> None:
    found = infer_in(texts, Type.DATE)
    assert [each.dates for each in found.ambiguous] == [("%d/%m/%Y",), ("%m/%d/%Y",)]
    assert told(infer_in(texts, Type.DATE, date_order="mdy").format)["dates"] == ("%m/%d/%Y",)


def test_one_row_among_many_is_proof(infer_in: Infer) -> None:
    many = [f"{day:02}/{month:02}/2024" for day in range(1, 13) for month in range(1, 13)] * 400
    assert infer_in(many, Type.DATE).format is None
    assert told(infer_in([*many, "13/01/2024"], Type.DATE).format)["dates"] == ("%d/%m/%Y",)
    amounts = ["1,234"] * 50_000
    assert infer_in(amounts, Type.MONEY).format is None
    assert told(infer_in([*amounts, "1,5"], Type.MONEY).format)["decimal"] == ","


def test_a_few_bad_values_do_not_hide_the_format(infer_in: Infer) -> None:
    found = infer_in(["30/02/2024", "14/02/2024", "soon"], Type.DATE)
    assert told(found.format)["dates"] == ("%d/%m/%Y",)
    assert (found.present, found.readable) == (3, 1)


@pytest.mark.parametrize(
    ("texts", "whole"),
    [
        (["17850.0", "12346.0", None, "NaN"], True),
        (["17850.0", "A12"], False),
        (["1e5", "2.0"], False),
        (["007", "008"], False),
    ],
)
def test_ids_written_as_floats(infer_in: Infer, texts: Texts, whole: bool) -> None:
    found = infer_in(texts, Type.TEXT)
    assert found.format is not None
    assert found.format.whole is whole
    assert bool(found.notices) is whole


def test_resolve_asks_or_takes_what_is_declared(session: DuckDB) -> None:
    staged = staged_of(session, ["01/02/2024"])
    with pytest.raises(AmbiguousInputError) as caught:
        resolve(session, staged, "c", Type.DATE)
    assert caught.value.details["column"] == "c"
    assert [each["value"] for each in caught.value.details["choices"]] == ["dmy", "mdy"]
    declared = ColumnFormat(kind=Type.DATE, dates=("%d/%m/%Y",))
    found = resolve(session, staged, "c", Type.DATE, declared=declared, timezone="Europe/Kyiv")
    assert found == declared.model_copy(update={"timezone": "Europe/Kyiv"})


def test_two_currencies_in_a_column_are_refused(session: DuckDB) -> None:
    with pytest.raises(AmbiguousInputError, match="EUR, USD"):
        resolve(session, staged_of(session, ["$5", "€6"]), "c", Type.MONEY)
    same = resolve(session, staged_of(session, ["5 грн", "6 UAH"]), "c", Type.MONEY)
    assert same.currency == ("UAH", "грн")
