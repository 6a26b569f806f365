"""Every way of dividing that the data allow, by what it looks at; then those they do not."""

from __future__ import annotations

from segmentry.report.charts import share_bar
from segmentry.report.charts.theme import DARK, LIGHT
from segmentry.report.content import FamilyView, GroupView, MethodView
from segmentry.report.markup import Child, Markup, el
from segmentry.report.page import Page
from segmentry.report.sections.cards import playbook_of
from segmentry.report.sections.groups import group_table


def methods(page: Page) -> Markup:
    """A part for each family; each method folds away."""
    families, say = page.content.families, page.say
    if not families and not page.content.missing:
        return page.section("methods", page.empty(say("methods.empty")))
    return page.section(
        "methods",
        *(_family(page, each) for each in families),
        _missing(page),
        lead=say("methods.lead"),
    )


def _family(page: Page, view: FamilyView) -> Markup:
    title = page.subheading(f"methods-{view.name}", view.label)
    return el("div", title, *(_method(page, each) for each in view.methods), class_="part")


def _method(page: Page, view: MethodView) -> Markup:
    shown = [*view.groups, *([view.rest] if view.rest else [])]
    parts = [
        (group.customer_share, LIGHT.group(at, len(shown)), DARK.group(at, len(shown)))
        for at, group in enumerate(shown)
    ]
    summary = el(
        "summary",
        el("span", view.label, class_="name"),
        share_bar(parts),
        el("span", page.say("methods.group_count", count=_count(view)), class_="note"),
    )
    return el(
        "details",
        summary,
        el("p", view.about, class_="note") if view.about else None,
        group_table(page, shown, view.label),
        el("p", page.say("methods.rest_note"), class_="note") if view.rest else None,
        _why(page, view.reasons),
        _sentences(page, view.groups),
        _playbooks(page, view),
        class_="method",
        id=f"method-{view.name}",
    )


def _count(view: MethodView) -> int:
    return len(view.groups) + view.rest_count


def _why(page: Page, reasons: tuple[str, ...]) -> Markup | None:
    if not reasons:
        return None
    listed = el("ul", *(el("li", each) for each in reasons))
    return el("div", el("h5", page.say("methods.reasons")), listed, class_="reasons")


def _sentences(page: Page, groups: tuple[GroupView, ...]) -> Markup | None:
    said = [
        el("div", el("dt", each.label), el("dd", each.sentence)) for each in groups if each.sentence
    ]
    if not said:
        return None
    return el("div", el("h5", page.say("methods.who")), el("dl", *said, class_="rules"))


def _playbooks(page: Page, view: MethodView) -> Markup | None:
    """One playbook said of every group is said once."""
    found = dict[Markup, list[str]]()
    for group, each in zip(view.groups, view.playbooks, strict=False):
        if shown := playbook_of(page, each):
            found.setdefault(shown, []).append(group.label)
    if not found:
        return None
    blocks = [
        el("div", el("h6", page.words.listed(labels, "and")) if len(found) > 1 else None, text)
        for text, labels in found.items()
    ]
    return el("div", el("h5", page.say("cards.playbook")), *blocks, class_="playbooks")


def _missing(page: Page) -> Markup | None:
    say = page.say
    if not page.content.missing:
        return None
    head: list[Child] = [say("methods.method"), say("methods.family"), say("methods.needs")]
    rows = [[each.label, each.family, each.needs] for each in page.content.missing]
    title = say("methods.missing")
    summary = page.words("written.segmentations", count=len(rows))
    folded = el(
        "details",
        el("summary", el("span", summary, class_="name")),
        page.table(head, rows, texts=3, label=title, class_="sentences"),
        class_="method",
    )
    return el("div", page.subheading("methods-missing", title), folded, class_="part")
