"""The language goes the whole way through: sentences, reports, features."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from segmentry.cli.main import app
from segmentry.core.errors import UsageError
from segmentry.workspace.workspace import Workspace

RULE = "count(orders, last => '21 days') >= 21 AND recency_days <= 5"
SAID = {
    "en": "at least 21 orders in the last 21 days and days since last order is at most 5",
    "uk": "щонайменше 21 замовлення за останні 21 день і днів від останнього замовлення — не більше"
    " ніж 5",
    "ru": "не меньше 21 заказа за последние 21 день и дней с последнего заказа — не больше 5",
    "pl": "co najmniej 21 zamówień w ciągu ostatnich 21 dni i liczba dni od ostatniego zamówienia to"
    " najwyżej 5",
    "fa": "دست‌کم ۲۱ سفارش طی ۲۱ روز گذشته و روزهای گذشته از آخرین سفارش حداکثر ۵ است",
}


def test_sentences_and_the_report_in_every_language(shop: Workspace, tmp_path: Path) -> None:
    assert {language: shop.sentence(RULE, language) for language in SAID} == SAID
    assert shop.sentence(RULE) == SAID["en"], "the workspace's own language"
    assert shop.sentence("rfm_group = 'Lost'", "uk") == "група RFM — Втрачені"
    assert shop.sentence("rfm_group = 'Lost'", "fa") == "گروه RFM ازدست‌رفته است"
    page = shop.report(tmp_path / "fa.html", language="fa").read_text(encoding="utf-8")
    assert '<html lang="fa" dir="rtl">' in page
    assert "بخش‌های مشتریان" in page
    with pytest.raises(UsageError, match="language"):
        shop.sentence(RULE, "de")
    with pytest.raises(UsageError, match="language"):
        shop.report(tmp_path / "de.html", language="de")


def test_the_command_line_takes_a_language(shop: Workspace) -> None:
    shop.segment("busy", RULE)
    folder = str(shop.folder)
    shop.close()
    shown = CliRunner().invoke(
        app, ["segments", "show", "busy", "-w", folder, "--language", "uk", "--json"]
    )
    assert shown.exit_code == 0
    assert SAID["uk"] in shown.output
