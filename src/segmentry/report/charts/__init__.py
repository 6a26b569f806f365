"""Charts as ECharts options: pure functions from the report's values to plain dicts.

Every function takes what to show, a `Theme` and a `Writer`, and returns an option that needs no
code in the browser: texts and numbers are written here, tooltips are escaped here. The web app
uses the same functions. An option is `None` when there is nothing to draw.
"""

from segmentry.report.charts.base import pareto, revenue_by_month
from segmentry.report.charts.budget import budget_curve
from segmentry.report.charts.clusters import cluster_map
from segmentry.report.charts.cohorts import cohort_map
from segmentry.report.charts.combinations import combination_bars
from segmentry.report.charts.crossing import (
    category_map,
    crossing_map,
    overlap_map,
    quality_map,
    upcoming_map,
)
from segmentry.report.charts.groups import group_bars, group_treemap
from segmentry.report.charts.inline import histogram, ring, share_bar, sparkline
from segmentry.report.charts.journeys import journey_flows
from segmentry.report.charts.migration import migration_sankey, transition_matrix
from segmentry.report.charts.mirror import mirrored
from segmentry.report.charts.models import tenth_bars
from segmentry.report.charts.parts import Option
from segmentry.report.charts.rfm import rfm_grid
from segmentry.report.charts.sensitivity import elasticity_dots
from segmentry.report.charts.theme import DARK, LIGHT, Theme
from segmentry.report.charts.whiskers import (
    afterwards_dots,
    drift_dots,
    half_life_dots,
    lift_dots,
    ranking_dots,
    retention_dots,
    together_dots,
    worth_dots,
)

__all__ = [
    "DARK",
    "LIGHT",
    "Option",
    "Theme",
    "afterwards_dots",
    "budget_curve",
    "category_map",
    "cluster_map",
    "cohort_map",
    "combination_bars",
    "crossing_map",
    "drift_dots",
    "elasticity_dots",
    "group_bars",
    "group_treemap",
    "half_life_dots",
    "histogram",
    "journey_flows",
    "lift_dots",
    "migration_sankey",
    "mirrored",
    "overlap_map",
    "pareto",
    "quality_map",
    "ranking_dots",
    "retention_dots",
    "revenue_by_month",
    "rfm_grid",
    "ring",
    "share_bar",
    "sparkline",
    "tenth_bars",
    "together_dots",
    "transition_matrix",
    "upcoming_map",
    "worth_dots",
]
