"""The report in Persian: direction, digits, mirrored charts."""

from dataclasses import replace
from decimal import Decimal

from segmentry.locale import messages
from segmentry.report import charts, render_report
from segmentry.report.charts import LIGHT
from segmentry.report.writer import Writer

FA = Writer(messages("fa"), "EUR")


def test_the_page_says_its_direction_and_speaks_persian(shop) -> None:
    page = render_report(replace(shop, locale="fa"))
    assert '<html lang="fa" dir="rtl">' in page
    assert messages("fa")("report.title") in page


def test_time_and_flows_run_from_right_to_left(shop) -> None:
    sankey = charts.migration_sankey(shop.migrations[0], LIGHT, FA)
    turned = charts.mirrored(sankey)
    before, after = sankey["series"][0], turned["series"][0]
    assert [(one["source"], one["target"]) for one in after["links"]] == [
        (one["target"], one["source"]) for one in before["links"]
    ]
    last = max(node["depth"] for node in before["data"])
    assert [node["depth"] for node in after["data"]] == [
        last - node["depth"] for node in before["data"]
    ]
    assert turned["xAxis"]["inverse"] is True
    assert turned["yAxis"]["position"] == "right"
    assert "inverse" not in sankey["xAxis"], "the chart it was made of stays as it was"


def test_bars_grow_to_the_left(shop) -> None:
    turned = charts.mirrored(charts.group_bars(shop.groups, LIGHT, FA))
    bars = turned["series"][0]
    assert bars["label"]["position"] == "left"
    assert bars["itemStyle"]["borderRadius"] == [2, 0, 0, 2]
    assert "right" in turned["legend"]
    assert "left" not in turned["legend"]


def test_each_line_of_a_label_is_set_apart() -> None:
    turned = charts.mirrored({"formatter": "ویژه\n۲ هزار", "name": "VIP"})
    assert turned == {"formatter": "\u2067ویژه\u2069\n\u2067۲ هزار\u2069", "name": "VIP"}


def test_money_days_and_shares_in_persian() -> None:
    assert FA.short_money(Decimal(8_910_000)) == "۸٫۹۱ میلیون\u00a0یورو"
    assert FA.date("2024-05-05") == "۱۶ اردیبهشت ۱۴۰۳"
    assert FA.date("2024-05") == "مه ۲۰۲۴"
    assert FA.share(0.123) == "۱۲٫۳٪"
    assert FA.date("2024-05-05T14:30") == "۱۶ اردیبهشت ۱۴۰۳، ساعت ۱۴:۳۰"
