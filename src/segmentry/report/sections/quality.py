"""Whether the groups are worth having: large enough, stable, different, within reach."""

from __future__ import annotations

from segmentry.report.charts import quality_map
from segmentry.report.markup import Child, Markup, el
from segmentry.report.page import Chart, Page

ROW, HEAD = 40, 60


def quality(page: Page) -> Markup | None:
    """Each group by each criterion; nothing without groups."""
    view, say, write = page.content.quality, page.say, page.write
    if not view.groups:
        return None
    figure = page.figure(
        Chart(
            name="quality",
            title=say("quality.map"),
            draw=lambda theme: quality_map(view, theme, write),
            table=_table(page),
            height=HEAD + ROW * len(view.groups),
            empty=say("interval.nothing"),
            note=say("quality.note"),
            wide=True,
        )
    )
    return page.section("quality", figure, lead=say("quality.lead"))


def _table(page: Page) -> Markup:
    view, say = page.content.quality, page.say
    head: list[Child] = [say("group"), *view.criteria]
    rows: list[list[Child]] = [
        [group, *(_cell(each.grade, each.evidence) for each in row)]
        for group, row in zip(view.groups, view.grades, strict=True)
    ]
    return page.table(head, rows, texts=len(head), label=say("quality.map"))


def _cell(grade: str, evidence: tuple[str, ...]) -> Markup:
    details = (el("small", each, class_="note") for each in evidence)
    return el("span", el("strong", grade), *(part for each in details for part in (" ", each)))
