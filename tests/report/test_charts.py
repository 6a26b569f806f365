"""Chart options: plain, safe, and absent when there is nothing to draw."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import combinations
from typing import Any

import pytest

from segmentry.report import charts
from segmentry.report.charts import DARK, LIGHT, Option, Theme
from segmentry.report.charts.base import revenue_share_at
from segmentry.report.charts.theme import channels, contrast, mix
from segmentry.report.content import (
    Base,
    CrossingView,
    CurvePoint,
    Flow,
    GroupView,
    Migration,
    Named,
    ReportContent,
    RfmView,
)
from segmentry.report.writer import Writer

HOSTILE = "</script><img src=x onerror=alert(1)>{b}{a}&\"'"

NOTHING_CROSSED = CrossingView(
    name="", row_label="", column_label="", rows=(), columns=(), customers=0, cells=()
)


def moves(content: ReportContent) -> Migration:
    return next(iter(content.migrations), Migration())


DRAW: dict[str, Callable[[ReportContent, Theme, Writer], Option | None]] = {
    "rfm": lambda content, theme, write: charts.rfm_grid(content.rfm, theme, write),
    "treemap": lambda content, theme, write: charts.group_treemap(content.groups, theme, write),
    "bars": lambda content, theme, write: charts.group_bars(content.groups, theme, write),
    "months": lambda content, theme, write: charts.revenue_by_month(
        content.base.months, theme, write
    ),
    "pareto": lambda content, theme, write: charts.pareto(content.base.concentration, theme, write),
    "flows": lambda content, theme, write: charts.migration_sankey(moves(content), theme, write),
    "matrix": lambda content, theme, write: charts.transition_matrix(moves(content), theme, write),
    "crossing": lambda content, theme, write: charts.crossing_map(
        next(iter(content.crossings), NOTHING_CROSSED), theme, write
    ),
    "categories": lambda content, theme, write: charts.category_map(
        content.categories, theme, write
    ),
    "overlap": lambda content, theme, write: charts.overlap_map(content.overlap, theme, write),
    "afterwards": lambda content, theme, write: charts.afterwards_dots(
        content.backtest, theme, write
    ),
    "ranking": lambda content, theme, write: charts.ranking_dots(content.backtest, theme, write),
    "cohorts": lambda content, theme, write: charts.cohort_map(content.cohorts, theme, write),
    "journeys": lambda content, theme, write: charts.journey_flows(content.journeys, theme, write),
    "upcoming": lambda content, theme, write: charts.upcoming_map(content.upcoming, theme, write),
    "drift": lambda content, theme, write: charts.drift_dots(content.drift, theme, write),
    "quality": lambda content, theme, write: charts.quality_map(content.quality, theme, write),
    "elasticity": lambda content, theme, write: charts.elasticity_dots(
        content.sensitivity, theme, write
    ),
    "tenths": lambda content, theme, write: (
        charts.tenth_bars(content.models[-1], theme, write) if content.models else None
    ),
    "clusters": lambda content, theme, write: (
        charts.cluster_map(content.clusters[0], theme, write) if content.clusters else None
    ),
    "lifts": lambda content, theme, write: charts.lift_dots(content.discovery, theme, write),
    "together": lambda content, theme, write: charts.together_dots(content.affinity, theme, write),
    "half_lives": lambda content, theme, write: charts.half_life_dots(moves(content), theme, write),
    "combinations": lambda content, theme, write: charts.combination_bars(
        content.combinations, theme, write
    ),
    "budget": lambda content, theme, write: charts.budget_curve(content.allocation, theme, write),
    "worth": lambda content, theme, write: charts.worth_dots(content.value, theme, write),
    "retention": lambda content, theme, write: charts.retention_dots(content.value, theme, write),
}


@pytest.mark.parametrize("name", DRAW)
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_option_is_plain_json(shop: ReportContent, write: Writer, name: str, theme: Theme) -> None:
    option = DRAW[name](shop, theme, write)
    assert option is not None
    assert json.loads(json.dumps(option, allow_nan=False)) == option


@pytest.mark.parametrize("name", DRAW)
def test_nothing_to_draw_is_none(empty: ReportContent, write: Writer, name: str) -> None:
    assert DRAW[name](empty, LIGHT, write) is None


def test_names_cannot_become_markup_in_tooltips_or_patterns_in_labels(
    shop: ReportContent, write: Writer
) -> None:
    groups = tuple(replace(group, label=group.label + HOSTILE) for group in shop.groups)
    labels = tuple(Named(name, label + HOSTILE) for name, label in moves(shop).groups)
    content = replace(
        shop,
        groups=groups,
        migrations=(replace(moves(shop), groups=labels),),
        overlap=replace(shop.overlap, labels=tuple(each + HOSTILE for each in shop.overlap.labels)),
        categories=replace(
            shop.categories, groups=tuple(each + HOSTILE for each in shop.categories.groups)
        ),
        crossings=tuple(
            replace(each, rows=tuple(row + HOSTILE for row in each.rows)) for each in shop.crossings
        ),
        combinations=replace(
            shop.combinations, labels=tuple(each + HOSTILE for each in shop.combinations.labels)
        ),
        affinity=replace(
            shop.affinity,
            sets=tuple(replace(each, things=(HOSTILE, "Jam")) for each in shop.affinity.sets),
        ),
    )
    seen = 0
    for name in (
        "treemap", "bars", "flows", "matrix", "crossing", "categories", "overlap", "combinations",
        "together", "half_lives",
    ):  # fmt: skip
        option = DRAW[name](content, LIGHT, write)
        for path, text in _texts(option):
            if path[-1] != "formatter":
                continue
            assert "{" not in text, path
            if "tooltip" in path:
                seen += "&lt;img" in text
                assert "<img" not in text, path
                assert "</script" not in text, path
    assert seen > 20


def test_tooltips_are_set_on_every_item(shop: ReportContent, write: Writer) -> None:
    """An item without one would fall back to ECharts' own text with raw numbers."""
    for name, draw in DRAW.items():
        option = draw(shop, LIGHT, write)
        assert option is not None
        for series in option["series"]:
            if series.get("silent"):
                continue
            for item in [*series["data"], *series.get("links", [])]:
                assert item["tooltip"]["formatter"].startswith("<b>"), name


def test_treemap_leaves_out_what_has_no_area(shop: ReportContent, write: Writer) -> None:
    first, *rest = shop.groups
    groups = [replace(first, revenue=Decimal(-5)), *rest]
    option = charts.group_treemap(groups, LIGHT, write)
    assert option is not None
    assert [tile["name"] for tile in option["series"][0]["data"]] == [g.name for g in rest]
    none = [replace(group, revenue=Decimal(0)) for group in groups]
    assert charts.group_treemap(none, LIGHT, write) is None


def test_one_group_and_one_month_are_drawn(shop: ReportContent, write: Writer) -> None:
    assert charts.group_treemap(shop.groups[:1], LIGHT, write)
    assert charts.group_bars(shop.groups[:1], LIGHT, write)
    assert charts.revenue_by_month(shop.base.months[:1], DARK, write)


def test_partial_month_is_paler(shop: ReportContent, write: Writer) -> None:
    option = charts.revenue_by_month(shop.base.months, LIGHT, write)
    assert option is not None
    opacities = [bar["itemStyle"]["opacity"] for bar in option["series"][0]["data"]]
    assert opacities[-1] < 1
    assert set(opacities[:-1]) == {1}


def test_rfm_grid_is_whole_even_where_nobody_is(shop: ReportContent, write: Writer) -> None:
    view = replace(shop.rfm, cells=shop.rfm.cells[:3])
    option = charts.rfm_grid(view, LIGHT, write)
    assert option is not None
    cells = option["series"][0]["data"]
    assert {tuple(cell["value"][:2]) for cell in cells} == {
        (x, y) for x in range(5) for y in range(5)
    }
    assert sum(cell["label"]["show"] for cell in cells) == 3


def test_sankey_leaves_newcomers_out_and_links_only_known_nodes(
    shop: ReportContent, write: Writer
) -> None:
    option = charts.migration_sankey(shop.migrations[0], LIGHT, write)
    assert option is not None
    series = option["series"][0]
    nodes = [node["name"] for node in series["data"]]
    assert len(nodes) == len(set(nodes)) == 30
    ends = {link[side] for link in series["links"] for side in ("source", "target")}
    assert ends <= set(nodes)
    only_new = Migration(
        periods=("2026-01", "2026-02"),
        groups=(Named("new", "New"),),
        flows=(Flow(step=0, from_group=None, to_group="new", customers=3),),
    )
    assert charts.migration_sankey(only_new, LIGHT, write) is None
    assert charts.transition_matrix(only_new, LIGHT, write) is not None


def test_transition_rows_add_up(shop: ReportContent, write: Writer) -> None:
    option = charts.transition_matrix(shop.migrations[0], LIGHT, write)
    assert option is not None
    sums: dict[int, float] = {}
    for cell in option["series"][0]["data"]:
        _, row, share = cell["value"]
        sums[row] = sums.get(row, 0) + share
    assert all(total == pytest.approx(1, abs=0.001) for total in sums.values())


def test_curve_is_read_between_its_points() -> None:
    points = [CurvePoint(0, 0), CurvePoint(0.1, 0.5), CurvePoint(0.3, 0.9), CurvePoint(1, 1)]
    assert revenue_share_at(points, 0.2) == pytest.approx(0.7)
    assert revenue_share_at(points, 1.0) == 1


def test_sparkline_of_one_value_is_nothing_and_of_equal_values_is_flat() -> None:
    assert charts.sparkline([3], "x") == ""
    assert charts.sparkline([3, 3], "x").count(",11.0") == 2
    assert "<svg" in charts.sparkline([1, 2, float(3)], '"><b>')
    assert "<b>" not in charts.sparkline([1, 2], '"><b>')


def test_ring_shows_score_or_dash() -> None:
    assert ">87<" in charts.ring(87, "87", "87 of 100")
    assert ">–<" in charts.ring(None, "–", "unknown")


def test_bars_of_groups_without_revenue(write: Writer) -> None:
    group = GroupView(name="a", label="A", customers=5, customer_share=1.0, revenue=Decimal(0))
    assert charts.group_bars([group], LIGHT, write)
    assert charts.rfm_grid(RfmView(bins=3), LIGHT, write) is None
    assert Base(customers=0, buyers=0, orders=0, revenue=Decimal(0)).months == ()


# ------------------------------------------------------------------------------------- colours

# Machado, Oliveira and Fernandes (2009), severity 1.0, on linear RGB.
BLINDNESS = {
    "none": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("kind", BLINDNESS)
def test_groups_stay_apart_for_every_eye(theme: Theme, kind: str) -> None:
    for one, other in combinations([theme.group(at, 5) for at in range(5)], 2):
        assert _difference(one, other, kind) > 18, (one, other)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_is_readable(theme: Theme) -> None:
    assert contrast(theme.ink, theme.paper) > 12
    assert contrast(theme.muted, theme.paper) > 4.5
    assert contrast(theme.accent, theme.paper) > 4.5
    for step in range(21):
        colour = theme.heat(step / 20)
        assert contrast(theme.ink_on(colour), colour) > 3.9
    for of in (1, 3, 5, 11):
        for at in range(of):
            colour = theme.group(at, of)
            assert contrast(theme.ink_on(colour), colour) > 3.9


def test_mix_reaches_both_ends() -> None:
    assert mix("#000000", "#ffffff", 0) == "#000000"
    assert mix("#000000", "#ffffff", 1) == "#ffffff"
    assert LIGHT.group(4, 5) == LIGHT.anchors[4]
    assert LIGHT.group(0, 1) == LIGHT.anchors[0]


def _difference(one: str, other: str, kind: str) -> float:
    """Distance of two colours as seen, in CIE L*a*b* (1976)."""
    pairs = zip(_lab(one, kind), _lab(other, kind), strict=True)
    return float(sum((a - b) ** 2 for a, b in pairs) ** 0.5)


def _lab(colour: str, kind: str) -> tuple[float, float, float]:
    linear = [
        v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4
        for v in (channel / 255 for channel in channels(colour))
    ]
    r, g, b = (
        min(max(sum(w * c for w, c in zip(row, linear, strict=True)), 0), 1)
        for row in BLINDNESS[kind]
    )
    x = (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047
    y = 0.2126 * r + 0.7152 * g + 0.0722 * b
    z = (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883
    fx, fy, fz = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def _texts(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(item, (*path, key))
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item, path)


def test_histogram_marks_the_peak_and_has_the_base_across() -> None:
    drawn = charts.histogram([0.2, 0.5, 0.3], [0.4, 0.3, 0.3], ["Mon", '<b>"', "Wed"], "Weekday")
    assert drawn.count("<rect") == drawn.count("<path") == 3
    assert drawn.count('class="peak"') == 1
    assert "<b>" not in drawn
    assert charts.histogram([0.0], [0.0], ["a"], "x")


def test_a_number_without_an_interval_is_a_ring_without_a_line(
    shop: ReportContent, write: Writer
) -> None:
    option = charts.worth_dots(shop.value, LIGHT, write)
    assert option is not None
    lines, dots = option["series"]
    assert [each[1] for each in lines["data"][::3]] == [1, 2, 3, 4]
    assert dots["data"][0]["itemStyle"]["color"] == LIGHT.paper
    assert "too few" in dots["data"][0]["tooltip"]["formatter"]


def test_dots_of_a_combination_stand_at_its_segments_and_are_joined(
    shop: ReportContent, write: Writer
) -> None:
    option = charts.combination_bars(shop.combinations, LIGHT, write)
    assert option is not None
    bars, empty, strokes, dots = option["series"]
    assert [each["value"] for each in bars["data"]] == [910, 370, 71]
    assert dots["data"] == [[0, 0], [1, 1], [2, 0], [2, 2]]
    assert strokes["data"][6:8] == [[2, 0], [2, 2]]
    assert len(empty["data"]) == 9


def test_a_cluster_above_the_base_and_one_below_have_different_colours(
    shop: ReportContent, write: Writer
) -> None:
    option = charts.cluster_map(shop.clusters[0], LIGHT, write)
    assert option is not None
    heats = [each["value"] for each in option["series"][0]["data"]]
    assert heats == [[0, 0, 0.95], [1, 0, -0.15], [0, 1, 0.15]]
    assert len(option["visualMap"]["inRange"]["color"]) == 3
    assert (option["visualMap"]["min"], option["visualMap"]["max"]) == (-1, 1)


def test_the_budget_that_was_asked_about_is_marked(shop: ReportContent, write: Writer) -> None:
    option = charts.budget_curve(shop.allocation, LIGHT, write)
    assert option is not None
    [mark] = option["series"][1]["data"]
    assert mark["value"] == [2000, 2800]
    assert mark["label"]["formatter"] == "€2,800"
