"""What every section is written with: headings, figures with their tables, plain tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from segmentry.locale import Messages
from segmentry.report.charts import DARK, LIGHT, Option, Theme, mirrored
from segmentry.report.content import GroupView, ReportContent
from segmentry.report.markup import Child, Markup, el
from segmentry.report.writer import Writer

Draw = Callable[[Theme], Option | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart of the report, and the same as a table.

    Attributes:
        empty: What to say when `draw` has nothing to draw.
        wide: Keeps a readable width on a phone and scrolls there.
    """

    name: str
    title: str
    draw: Draw
    table: Markup
    height: int
    empty: str
    note: str | None = None
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One report while it is written.

    Charts drawn on the way are collected in `charts`, headings inside sections in `anchors`.
    """

    content: ReportContent
    write: Writer
    charts: dict[str, dict[str, Option]] = field(default_factory=dict)
    anchors: list[tuple[str, str]] = field(default_factory=list)

    @property
    def words(self) -> Messages:
        """The messages of the report's language."""
        return self.write.messages

    def say(self, key: str, **values: object) -> str:
        """The message `report.<key>`."""
        return self.words(f"report.{key}", **values)

    def section(self, name: str, *children: Child, lead: str | None = None) -> Markup:
        """A section titled `report.<name>.title`, with what it is as of."""
        head = el(
            "header",
            el("h2", self.say(f"{name}.title"), id=f"{name}-title"),
            el("p", self.as_of(), class_="asof"),
        )
        body = el("p", lead, class_="lead") if lead else None
        return el("section", head, body, *children, id=name, aria_labelledby=f"{name}-title")

    def subheading(self, name: str, title: str) -> Markup:
        """A heading inside a section, which the contents list leads to."""
        self.anchors.append((name, title))
        return el("h3", title, id=name)

    def as_of(self) -> str:
        """The line every section carries."""
        return self.say(
            "as_of",
            as_of=self.write.date(self.content.as_of),
            through=self.write.date(self.content.data_through),
        )

    def figure(self, chart: Chart) -> Markup:
        """A chart, and below it the same as a table.

        The table starts open: the script closes it once the chart is there.
        """
        light, dark = chart.draw(LIGHT), chart.draw(DARK)
        if light is None or dark is None:
            return el("figure", self._caption(chart.title), self.empty(chart.empty))
        if self.words.leftward:
            light, dark = mirrored(light), mirrored(dark)
        self.charts[chart.name] = {"light": light, "dark": dark}
        box = el(
            "div",
            class_="chart",
            data_chart=chart.name,
            dir="ltr",
            role="img",
            aria_label=chart.title,
            style=f"height:{chart.height}px",
        )
        return el(
            "figure",
            self._caption(chart.title),
            el("div", box, class_="chartbox wide" if chart.wide else "chartbox"),
            el("p", chart.note, class_="note") if chart.note else None,
            el("details", el("summary", self.say("as_table")), chart.table, open=True),
            data_figure=chart.name,
        )

    def table(
        self,
        head: Sequence[Child],
        rows: Sequence[Sequence[Child]],
        *,
        texts: int = 1,
        label: str | None = None,
        class_: str | None = None,
        foot: Sequence[Child] | None = None,
    ) -> Markup:
        """A table whose first `texts` columns are text and the others numbers.

        The first cell of each row names the row.
        """

        def row(cells: Sequence[Child], cell_tag: str) -> Markup:
            return el(
                "tr",
                *(
                    el(
                        "th" if position == 0 else cell_tag,
                        cell,
                        class_="num" if position >= texts else None,
                        scope="col" if cell_tag == "th" else "row" if position == 0 else None,
                    )
                    for position, cell in enumerate(cells)
                ),
            )

        body = el("tbody", *(row(cells, "td") for cells in rows))
        last = el("tfoot", row(foot, "td")) if foot else None
        table = el("table", el("thead", row(head, "th")), body, last, class_=class_)
        return el(
            "div",
            table,
            class_="scroll",
            role="region",
            tabindex="0",
            aria_label=label or (head[0] or ""),
        )

    def empty(self, text: str) -> Markup:
        """In place of something that cannot be shown, and why."""
        return el("p", text, class_="empty")

    def command(self, text: str, command: str) -> Markup:
        """In place of something that nobody has asked for yet: the command that asks for it."""
        return el("p", text, " ", el("code", command, dir="ltr"), class_="empty")

    def group_name(self, groups: Sequence[GroupView], position: int) -> Markup:
        """A group's label behind a dot of its colour."""
        label = el("span", groups[position].label)
        return el("span", self.dot(position, len(groups)), label, class_="named")

    def dot(self, position: int, of: int) -> Markup:
        """A dot of a group's colour."""
        return el("i", class_="dot", aria_hidden="true", style=colour_style(position, of))

    @staticmethod
    def _caption(title: str) -> Markup:
        return el("figcaption", title)


def colour_style(position: int, of: int) -> str:
    """A group's colour on light and on dark paper, as two CSS variables."""
    return f"--light:{LIGHT.group(position, of)};--dark:{DARK.group(position, of)}"


def bar_cell(text: str, share: float | None, widest: float, colour: str) -> Markup:
    """A share with a bar beside it; the widest bar of the table leaves room for the number."""
    width = max(share or 0.0, 0.0) / widest * 55 if widest > 0 else 0.0
    bar = el("i", class_=f"inbar {colour}", style=f"width:{width:.1f}%", aria_hidden="true")
    return el("span", bar, el("span", text), class_="barcell")
