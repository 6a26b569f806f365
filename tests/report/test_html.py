"""The document: complete, closed to the network, safe with hostile names, the same every time."""

import json
import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from segmentry.core.errors import UnknownNameError, UsageError
from segmentry.report import ReportContent, has_charts, html, render_report, write_report
from segmentry.report.content import (
    Base,
    CategoriesView,
    Estimated,
    GeographyView,
    Migration,
    OverlapView,
    Trust,
)
from segmentry.report.markup import Markup, el, join

STUB = "globalThis.echarts = undefined; // </SCRIPT"
HOSTILE = "</script><img src=x onerror=alert(1)><b>{b}&\"'\u2028\x00"
FIXED = (
    "locale",
    "currency",
    "severity",
    "month",
    "as_of",
    "data_through",
    "state",
    "withheld",
    "measures",
    "verdict",
    "cuts",
    "lacking",
    "unit",
    "later",
    "cut",
    "ending",
    "endings",
    "through",
)
CHARTS = [
    "months", "pareto", "rfm", "treemap", "bars", "worth", "retention", "afterwards",
    "ranking", "quality", "discovery", "clusters_0", "cross_lifecycle_tiers", "categories", "affinity",
    "upcoming", "overlap", "combinations", "flows_rfm", "matrix_rfm", "half_life_rfm", "drift", "cohorts",
    "journeys", "elasticity", "tenths_leaves", "allocation",
]  # fmt: skip
WHEN_KNOWN = (
    "value",
    "backtest",
    "quality",
    "upcoming",
    "drift",
    "cohorts",
    "journeys",
    "sensitivity",
)
"""Sections that are there only when there is something to say."""


@pytest.fixture(autouse=True)
def library(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A stand-in for the chart library, so that what is looked at is the report itself."""
    html._sources.cache_clear()
    monkeypatch.setattr(html, "_library", lambda: html.inline_script(STUB))
    yield
    html._sources.cache_clear()


class Document(HTMLParser):
    """Elements with their attributes and scripts; fails on a tag that is not closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self.text = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append((dict(attrs), ""))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "script":
            attributes, text = self.scripts[-1]
            self.scripts[-1] = (attributes, text + data)
        elif "style" not in self.open:
            self.text += data

    def options(self) -> dict[str, Any]:
        data = next(text for attributes, text in self.scripts if attributes.get("id") == "charts")
        parsed: dict[str, Any] = json.loads(data)
        return parsed


def test_every_section_is_there_and_says_as_of_when(shop: ReportContent) -> None:
    document = Document(render_report(shop))
    sections = [attributes["id"] for tag, attributes in document.elements if tag == "section"]
    assert sections == list(html.SECTIONS)
    links = [attributes["href"] for tag, attributes in document.elements if tag == "a"]
    assert set(links) >= {f"#{name}" for name in sections}
    anchors = [attributes["id"] for _, attributes in document.elements if "id" in attributes]
    assert len(anchors) == len(set(anchors))
    assert set(links) <= {f"#{name}" for name in anchors}
    assert document.text.count("As of 1 Oct 2026 · data through 11 Sep 2026") == len(sections) + 1


def test_every_chart_has_a_table(shop: ReportContent) -> None:
    text = render_report(shop)
    assert list(Document(text).options()) == CHARTS
    figures = re.findall(r'<figure data-figure="(\w+)">(.*?)</figure>', text, re.DOTALL)
    assert [name for name, _ in figures] == CHARTS
    for name, body in figures:
        assert f'data-chart="{name}"' in body
        assert re.search(r"<details open>.*<tbody><tr>.*</details>", body, re.DOTALL), name


def test_tables_hold_what_the_charts_show(shop: ReportContent) -> None:
    text = render_report(shop)
    for group in shop.groups:
        assert f"{group.customers:,}" in text
    assert "€3,105,000" in text
    assert "55.9%" in text


def test_nothing_is_fetched_from_anywhere(shop: ReportContent) -> None:
    text = render_report(shop)
    assert not re.search(r"https?:|url\(|@import|<link|<iframe|<base|srcset|\bsrc=", text)
    for tag, attributes in Document(text).elements:
        assert attributes.get("href", "#").startswith("#"), tag  # type: ignore[union-attr]
        assert not any(name.startswith("on") for name in attributes), tag


def test_policy_allows_just_the_scripts_inside(shop: ReportContent) -> None:
    document = Document(render_report(shop))
    policy = next(
        attributes["content"]
        for tag, attributes in document.elements
        if attributes.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy is not None
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert not re.search(r"unsafe-eval|script-src[^;]*unsafe-inline|\*|https?:", policy)
    scripts = [text for attributes, text in document.scripts if "type" not in attributes]
    assert len(scripts) == 2
    for script in scripts:
        assert f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" in policy


def test_same_content_gives_same_bytes(shop: ReportContent) -> None:
    assert render_report(shop) == render_report(replace(shop))


def test_hostile_names_stay_text(shop: ReportContent) -> None:
    """Every text of the content is hostile; the elements are exactly those of a harmless one."""
    hostile = _poisoned(shop)
    document, plain = Document(render_report(hostile)), Document(render_report(shop))
    assert [tag for tag, _ in document.elements] == [tag for tag, _ in plain.elements]
    assert len(document.scripts) == len(plain.scripts) == 3
    assert "onerror=alert(1)" in document.text
    for attributes, script in document.scripts:
        if attributes.get("type"):
            assert not re.search("[<>&\u2028\u2029]", script)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"trust": Trust(score=0)},
        {"migrations": (Migration(),)},
        {"groups": (), "eleven": ()},
        {"cards": (), "families": (), "segments": (), "locked": (), "overlap": OverlapView()},
        {"crossings": (), "categories": CategoriesView(), "geography": GeographyView()},
        {"base": Base(customers=3, buyers=0, orders=0, revenue=Decimal(0))},
    ],
    ids=str,
)
def test_missing_parts_leave_a_whole_document(
    shop: ReportContent, empty: ReportContent, change: dict[str, Any]
) -> None:
    always = [name for name in html.SECTIONS if name not in WHEN_KNOWN]
    for content, expected in (
        (replace(shop, **change), list(html.SECTIONS)),
        (replace(empty, **change), always),
    ):
        document = Document(render_report(content))
        assert [a["id"] for tag, a in document.elements if tag == "section"] == expected
        assert "None" not in document.text
        assert "nan" not in document.text.lower().split()


def test_empty_workspace_has_no_charts_and_says_why(empty: ReportContent) -> None:
    document = Document(render_report(empty))
    assert document.options() == {}
    assert "There are no orders yet" in document.text
    assert "Nothing is locked" in document.text


def test_zero_revenue_and_a_single_month(shop: ReportContent) -> None:
    groups = tuple(replace(group, revenue=Decimal(0), revenue_share=None) for group in shop.groups)
    base = replace(
        shop.base, months=shop.base.months[:1], concentration=(), revenue=Decimal(0),
        top20_share=None,
    )  # fmt: skip
    document = Document(render_report(replace(shop, groups=groups, base=base)))
    assert "treemap" not in document.options()
    assert "pareto" not in document.options()
    assert "months" in document.options()


def test_without_the_library_tables_are_shown_and_the_report_says_so(
    shop: ReportContent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(html, "_library", lambda: "")
    html._sources.cache_clear()
    assert not has_charts()
    text = render_report(shop)
    assert "made without the chart library" in text
    assert text.count("<details open>") >= len(CHARTS)


def test_a_language_without_texts_is_refused(shop: ReportContent) -> None:
    with pytest.raises(UsageError):
        render_report(replace(shop, locale="xx"))


def test_writing_replaces_the_file_whole(shop: ReportContent, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text("old")
    write_report(shop, path)
    assert path.read_text(encoding="utf-8") == render_report(shop)
    assert list(tmp_path.iterdir()) == [path]


def test_failed_writing_leaves_the_old_file(shop: ReportContent, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text("old")
    with pytest.raises(UnicodeEncodeError):
        write_report(replace(shop, workspace_name="\ud800"), path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_elements_escape() -> None:
    assert el("p", "<&>", title='"<') == '<p title="&quot;&lt;">&lt;&amp;&gt;</p>'
    assert el("p", None, hidden=True, id=None, class_="a") == '<p hidden class="a"></p>'
    assert el("br") == "<br>"
    assert join("<", Markup("<b>"), None) == "&lt;<b>"


def _poisoned(value: Any, name: str = "") -> Any:
    """`value` with every text made hostile, except those that are not free text."""
    if isinstance(value, str):
        fixed = name in FIXED
        return value if fixed or not value else value + HOSTILE
    if is_dataclass(value) and not isinstance(value, type):
        changes = {f.name: _poisoned(getattr(value, f.name), f.name) for f in fields(value)}
        return replace(value, **changes)
    if isinstance(value, tuple):
        items = [_poisoned(item, name) for item in value]
        return type(value)(*items) if hasattr(value, "_fields") else tuple(items)
    if isinstance(value, dict):
        return {key: _poisoned(item, name) for key, item in value.items()}
    return value


def test_chosen_sections_stand_alone(shop: ReportContent) -> None:
    document = Document(render_report(shop, ["cards", "rfm"]))
    assert [a["id"] for tag, a in document.elements if tag == "section"] == ["rfm", "cards"]
    assert list(document.options()) == ["rfm"]
    with pytest.raises(UnknownNameError, match="section"):
        render_report(shop, ["magic"])


def test_everything_folded_can_be_opened_and_reached(shop: ReportContent) -> None:
    """Each way of dividing folds away, has its reasons inside, and those missing say their need."""
    text = render_report(shop)
    assert text.count('<details class="method" id="method-') == 2
    assert "Limits from your base's own rhythm: 34 days." in text
    assert "3 smaller groups together" in text
    assert "customers.income" in text


def test_index_beyond_chance_is_told_from_chance(shop: ReportContent) -> None:
    card = render_report(shop, ["cards"]).partition("<article")[2].partition("</article>")[0]
    assert card.count('class="index faint"') == 4
    assert card.count('class="index"') == 2


def test_every_printed_page_says_whose_and_of_when(shop: ReportContent) -> None:
    style = render_report(replace(shop, workspace_name='a"}</style>')).partition("</style>")[0]
    assert '@top-left { content: "a\\22 \\7d \\3c \\2f style\\3e " }' in style


def test_size_does_not_grow_with_customers(shop: ReportContent) -> None:
    base = replace(shop.base, customers=10**9, buyers=10**9, orders=10**10)
    assert len(render_report(replace(shop, base=base))) < len(render_report(shop)) * 1.01


def test_many_segments_stand_by_size_and_the_smaller_ones_fold_away(shop: ReportContent) -> None:
    """Two of a thousand no longer hold: they stand first, and no number is claimed for them."""
    first = shop.segments[0]
    many = [
        replace(
            first,
            name=f"s{size:03}",
            label=f"s{size:03}",
            customers=size,
            sentence=f"rule {size}.",
            state="broken" if size in (3, 7) else "fresh",
        )
        for size in range(1000)
    ]
    page = render_report(replace(shop, segments=tuple(many)), ["segments"])
    full, _, folded = page.partition('<details class="method smaller">')
    names = re.findall(r'<th scope="row">(s\d+)', full)
    assert names == ["s007", "s003", *(f"s{999 - each:03}" for each in range(48))]
    assert "rule 999." in full
    assert '<td class="num">7</td>' not in full
    short = folded.partition("</details>")[0]
    assert "950 smaller segments" in short
    assert "rule" not in short
    assert len(re.findall(r'<th scope="row">', short)) == 950
    assert (
        "smaller segment"
        not in render_report(shop, ["segments"]).partition("<body>")[2].partition("<script")[0]
    )


def test_a_figure_without_an_interval_says_why(shop: ReportContent) -> None:
    page = render_report(shop, ["value"])
    assert page.count("cannot say: too few customers") == 4, (
        "light and dark chart, its table, all figures"
    )
    assert "VIP: €2,118 per customer (95% interval €1,906 – €2,330)" in page


def test_the_best_way_is_held_against_the_plain_one(shop: ReportContent) -> None:
    page = render_report(shop, ["backtest"])
    assert "Eleven RFM groups tells who will bring much better than past spend alone." in page
    assert "cannot be said" in page
    best, naive = shop.backtest.ranking
    worse = replace(best, over_naive=Estimated(-0.2, -0.3, -0.1))
    turned = replace(shop, backtest=replace(shop.backtest, ranking=(naive, worse)))
    assert "much better than Eleven RFM groups does" in render_report(turned, ["backtest"])


def test_months_that_are_not_over_are_marked(shop: ReportContent) -> None:
    page = render_report(shop, ["cohorts"])
    assert '<td class="num">41.0%</td>' in page
    assert '<td class="num">12.0%*</td>' in page
    assert "Of all cohorts: 40% in month 1 (36.0% – 44.0%)." in page
    assert "Jul 2026: the data begin here" in page


def test_a_model_says_what_is_used_and_what_it_was_held_against(shop: ReportContent) -> None:
    page = render_report(shop, ["models"])
    assert "expected to bring €1.20M; the 20% with the highest expectation bring 61% of it" in page
    assert "it could not be tested" in page
    assert "<strong>Boosting (used)</strong>" in page
    assert "<strong>Recency" not in page


def test_what_nobody_asked_for_says_how_to_ask(empty: ReportContent) -> None:
    text = Document(render_report(empty)).text
    for command in (
        "discover",
        "clusters find",
        "affinity",
        "allocate",
        "models add",
        "segments save",
    ):
        assert f"segmentry {command}" in text


def test_no_natural_groups_is_said_with_what_speaks_against_them(shop: ReportContent) -> None:
    text = Document(render_report(shop, ["clusters"])).text
    assert "There are no natural groups." in text
    assert (
        "Against natural groups: as many customers stand between the groups as in them and data"
        " without groups divide as well." in text
    )
    assert "Preferred channel: web" in text


def test_what_was_found_says_how_to_keep_it_and_what_to_bear_in_mind(shop: ReportContent) -> None:
    text = Document(render_report(shop, ["discovery"])).text
    assert "segmentry discover save 1 NAME" in text
    assert "1: “city” is as it was loaded." in text
    assert "too unsure at a later time" in text
    assert "cannot say: a few customers decide it" in text


def test_half_lives_are_said_of_groups_that_have_an_interval(shop: ReportContent) -> None:
    text = Document(render_report(shop, ["migration"])).text
    assert "Half of “VIP” have left it after 221 days (180 – 287)." in text
    assert "Half of “New”" not in text


def test_journeys_say_where_people_stop(shop: ReportContent) -> None:
    page = render_report(shop, ["journeys", "sensitivity"])
    assert "Most stop after" in page
    assert "<strong>look</strong>" in page
    assert "look → ask" in page
    assert "Seen, not tried." in page
