"""What a notebook shows: escaped, small, with nothing to load; charts in a frame of their own."""

import re
import sys
from html import unescape
from types import SimpleNamespace

import pyarrow as pa
import pytest

from segmentry.language.text import parse_rule
from segmentry.report.html import has_charts
from segmentry.segments.preview import Preview
from segmentry.workspace import display
from segmentry.workspace.rows import ResultRows

WHEN = "2026-01-01"
HOSTILE = "<script>alert(1)</script>"


def test_rows_are_escaped_and_not_too_many():
    shown = ResultRows(pa.table({HOSTILE: [HOSTILE, None] * 30, "n": [1234.5] * 60}))._repr_html_()
    assert "<script" not in shown
    assert shown.count("<tr>") == 21
    assert "60 rows, 20 shown" in shown


def test_a_segment_says_its_rule_its_words_and_its_size(shop):
    segment = shop.segment("keen", "frequency >= 2", label=HOSTILE)
    shown = segment._repr_html_()
    assert "<script" not in shown
    assert "<code>frequency &gt;= 2</code>" in shown
    assert "orders is at least 2" in shown
    assert f"{segment.preview().customers:,} of 60 customers" in shown


def test_a_preview_and_a_rule_are_shown(shop):
    found = shop.preview("frequency >= 2 AND city = 'Kyiv'", WHEN)
    shown = display.preview(found)
    assert "a missing value decided" in shown
    assert shown.count("<tr>") == 3
    assert display.rule(parse_rule("a < '<b>'")) == "<code>a &lt; '&lt;b&gt;'</code>"


def test_a_division_is_a_table_and_a_chart(shop):
    found = shop.rfm(WHEN)
    assert "VIP" in found._repr_html_()
    frame = found.plot("EUR")._repr_html_()
    assert frame.startswith("<iframe")
    assert 'sandbox="allow-scripts"' in frame
    page = unescape(re.search(r'srcdoc="(.*?)" sandbox', frame, re.DOTALL).group(1))
    assert '"VIP"' in page
    assert page.count("<script") == 3
    assert "http" not in page.replace("http://www.w3.org", "") or has_charts()


def test_a_segment_is_drawn_from_its_history(shop):
    segment = shop.segment("keen", "frequency >= 2")
    assert "Nothing to draw" in segment.plot()._repr_html_()
    shop.refresh(WHEN)
    option = segment.plot().option
    assert [bar["value"] for bar in option["series"][0]["data"]] == [
        each.customers for each in segment.history()
    ]


def test_results_of_rooms_below_are_registered_once_in_a_notebook(monkeypatch):
    kinds = {}
    formatter = SimpleNamespace(for_type=kinds.__setitem__)
    shell = SimpleNamespace(display_formatter=SimpleNamespace(formatters={"text/html": formatter}))
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    display.enable()
    assert kinds[Preview] is display.preview


@pytest.mark.parametrize("shell", [None])
def test_outside_of_a_notebook_nothing_happens(monkeypatch, shell):
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    display.enable()
