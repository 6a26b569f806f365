"""Elasticities of groups with their intervals."""

from __future__ import annotations

from segmentry.report.charts.parts import Option
from segmentry.report.charts.theme import Theme
from segmentry.report.charts.whiskers import Dot, Scale, whiskers
from segmentry.report.content import SensitivityView
from segmentry.report.writer import Writer

EVEN = -1.0
"""Where revenue stays the same when the price rises."""


def elasticity_dots(view: SensitivityView, theme: Theme, write: Writer) -> Option | None:
    """Elasticity of each group, held against the one at which revenue stays the same."""
    dots = [
        Dot(each.label, each.elasticity, theme.group(each.place, view.of)) for each in view.groups
    ]
    name = write.messages("report.sensitivity.elasticity")
    scale = Scale(name, lambda value: write.number(value, 2), EVEN, write.number(EVEN, 0))
    return whiskers(dots, scale, theme, write)
