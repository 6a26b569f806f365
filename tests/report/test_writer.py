"""Numbers, money and dates as people read them."""

from decimal import Decimal

import pytest

from segmentry.locale import messages
from segmentry.report.writer import Writer


def test_missing_is_a_dash(write: Writer) -> None:
    assert {write.count(None), write.money(None), write.share(None), write.date(None)} == {"–"}
    assert {write.index(None), write.short_money(None), write.number(None)} == {"–"}


@pytest.mark.parametrize(
    ("value", "full", "short"),
    [
        ("0", "€0", "€0"),
        ("0.5", "€0.50", "€0.50"),
        ("99.995", "€100.00", "€100.00"),
        ("1234.49", "€1,234", "€1,234"),
        ("12345", "€12,345", "€12.3k"),
        ("-412000", "−€412,000", "−€412k"),
        ("8911407.90", "€8,911,408", "€8.91M"),
        ("999999.5", "€1,000,000", "€1M"),
        ("2400000000", "€2,400,000,000", "€2.40B"),
    ],
)
def test_money(write: Writer, value: str, full: str, short: str) -> None:
    assert write.money(Decimal(value)) == full
    assert write.short_money(Decimal(value)) == short


def test_currency_without_a_sign_is_written_as_code() -> None:
    assert Writer(messages("en"), "CHF").money(Decimal(1200)) == "CHF 1,200"


def test_shares(write: Writer) -> None:
    assert write.share(0.1234) == "12.3%"
    assert write.share(1.0) == "100.0%"
    assert write.share(0.0001) == "<0.1%"
    assert write.share(0.0) == "0.0%"
    assert write.round_share(0.5564) == "56%"
    assert write.round_share(0.0312) == "3.1%"


def test_numbers_keep_about_three_digits(write: Writer) -> None:
    assert [write.number(n) for n in (2, 4.2719, 93.06, 467.02)] == ["2", "4.27", "93.1", "467"]
    assert write.index(1.04) == "1.0×"


def test_dates(write: Writer) -> None:
    assert write.date("2011-12-10") == "10 Dec 2011"
    assert write.date("2011-12") == "Dec 2011"
    assert write.date("2011-12-10T14:30:00") == "10 Dec 2011, 14:30"
    assert write.date("2011-12-10T00:00:00") == "10 Dec 2011"
    assert write.date("week 3") == "week 3"
    assert write.date("") == "–"
