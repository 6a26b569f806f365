"""One chart as a page of its own, for places that show HTML: the library inside, no network."""

from __future__ import annotations

from dataclasses import dataclass

from segmentry.report.charts import Option
from segmentry.report.html import inline_script, library, script_json
from segmentry.report.markup import Markup, el

DRAW = """const box = document.getElementById("box");
const option = JSON.parse(document.getElementById("option").textContent);
if (globalThis.echarts) echarts.init(box, null, {renderer: "svg"}).setOption(option);"""
HEIGHT = 320


@dataclass(frozen=True)
class Chart:
    """A chart that a notebook shows; `option` is plain ECharts, `None` when there is nothing."""

    option: Option | None
    title: str = ""

    def page(self) -> Markup:
        """The whole page; without the chart library it says only the title."""
        return el(
            "html",
            el("head", el("meta", charset="utf-8"), el("title", self.title)),
            el(
                "body",
                el("div", id="box", style=f"height:{HEIGHT - 20}px"),
                el("script", script_json(self.option), type="application/json", id="option"),
                el("script", Markup(library())),
                el("script", Markup(inline_script(DRAW))),
                style="margin:0",
            ),
        )

    def _repr_html_(self) -> str:
        """A frame that may run its own script and reach nothing else."""
        if self.option is None:
            return el("p", "Nothing to draw.")
        return el(
            "iframe",
            srcdoc=self.page(),
            sandbox="allow-scripts",
            style=f"width:100%;height:{HEIGHT}px;border:0",
            title=self.title,
        )
