"""How results look in a notebook: small tables, escaped, with nothing to load."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from segmentry.core.time import AsOf
from segmentry.insights.profile import Profile
from segmentry.language.node import Condition
from segmentry.locale import messages
from segmentry.report.chart_page import Chart
from segmentry.report.charts import LIGHT, group_bars
from segmentry.report.charts.membership import membership
from segmentry.report.content import GroupView
from segmentry.report.markup import Markup, el
from segmentry.report.writer import Writer
from segmentry.segments.preview import Preview

if TYPE_CHECKING:
    from segmentry.workspace.bound_segment import BoundSegment
    from segmentry.workspace.division import Division
    from segmentry.workspace.rows import ResultRows

MOST_ROWS = 20


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Markup:
    """Cells as a table; whatever they hold is text."""
    top = el("tr", *(el("th", each, style="text-align:left") for each in head))
    body = [el("tr", *(el("td", _cell(each)) for each in row)) for row in rows]
    return el("table", el("thead", top), el("tbody", *body))


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:,.4g}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _share(part: float, of: float) -> str:
    return f"{part / of:.1%}" if of else "–"


def preview(found: Preview) -> Markup:
    """The count, and what each condition keeps."""
    head = f"{found.customers:,} of {found.of:,} customers as of {found.as_of}"
    missing = f"For {found.missing_decided:,} a missing value decided."
    rows = [(each.text, each.customers, _share(each.customers, found.of)) for each in found.kept]
    return el(
        "div",
        el("p", el("b", head)),
        table(("Condition", "Left", "Share"), rows),
        el("p", missing) if found.missing_decided else None,
    )


def rule(found: Condition) -> Markup:
    """A rule as its text."""
    return el("code", found.text())


def segment(bound: BoundSegment) -> Markup:
    """Name, rule, words and count; the rule alone where nothing is loaded."""
    workspace = bound.workspace
    parts = [el("b", bound.declared.label or bound.name), el("p", el("code", bound.rule))]
    if workspace.data_through():
        parts.append(el("p", el("i", workspace.sentence(bound.effective))))
        parts.append(preview(bound.preview()))
    return el("div", *parts)


def division(found: Division) -> Markup:
    """Each group with its customers and revenue."""
    rows = [
        (each.name, each.customers, f"{each.customer_share:.1%}", f"{each.revenue_amount:,.2f}",
         f"{each.revenue_share:.1%}")
        for each in found.groups
    ]  # fmt: skip
    head = ("Group", "Customers", "Share", "Revenue", "Share")
    return el("div", el("b", f"{found.name} as of {found.as_of}"), table(head, rows))


def profile(found: Profile) -> Markup:
    """Means beside those of the base."""
    rows = [(each.feature, each.mean, each.base) for each in found.means]
    head = el("b", f"{found.group}: {found.customers:,} customers")
    return el("div", head, table(("Feature", "Mean", "All"), rows))


def result_rows(found: ResultRows) -> Markup:
    """The first rows, and how many there are."""
    shown = found.to_arrow().slice(0, MOST_ROWS)
    rows = [tuple(row.values()) for row in shown.to_pylist()]
    more = f"{len(found):,} rows" + (f", {MOST_ROWS} shown" if len(found) > MOST_ROWS else "")
    return el("div", table(shown.column_names, rows), el("p", more))


# charts


def division_chart(found: Division, currency: str = "") -> Chart:
    """Each group's share of customers beside its share of revenue, as in the report."""
    groups = [
        GroupView(
            name=each.name,
            label=each.name,
            customers=each.customers,
            customer_share=each.customer_share,
            revenue=each.revenue_amount,
            revenue_share=each.revenue_share,
        )
        for each in found.groups
    ]
    return Chart(group_bars(groups, LIGHT, Writer(messages("en"), currency)), found.name)


def segment_chart(bound: BoundSegment) -> Chart:
    """The size at each recorded point; nothing before the first refresh."""
    settings = bound.workspace.settings
    points = [
        (str(AsOf(each.as_of, settings.timezone)), each.customers) for each in bound.history()
    ]
    write = Writer(messages("en"), settings.currency)
    return Chart(membership(points, LIGHT, write), bound.name)


# results of rooms below, which know nothing of notebooks

SHOWN: dict[type, Callable[[Any], Markup]] = {Preview: preview, Condition: rule, Profile: profile}


def enable() -> None:
    """Tell the notebook, if this is one, how results of the rooms below look."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is not None:
        formatter = shell.display_formatter.formatters["text/html"]
        for kind, shown in SHOWN.items():
            formatter.for_type(kind, shown)
