"""A 5W card for each group: who they are, what, why, when, where; and what to do for them."""

from __future__ import annotations

from dataclasses import asdict

from segmentry.report.charts import histogram
from segmentry.report.content import (
    AnswerView,
    Cards,
    CardView,
    Fact,
    Histogram,
    PlaybookView,
    TraitView,
)
from segmentry.report.content.card import Question
from segmentry.report.markup import Child, Markup, el, join
from segmentry.report.page import Page, colour_style

COLUMNS: tuple[tuple[Question, ...], ...] = (("who", "where"), ("what", "why"), ("when",))
LONGEST_BAR = 3.0
"""An index this high or higher fills its bar."""


def cards(page: Page) -> Markup:
    """The cards of each way of dividing that has them, in the order of the groups."""
    shown = [each for each in page.content.cards if each.cards]
    if not shown:
        return page.section("cards", page.empty(page.say("cards.empty")))
    return page.section(
        "cards", *(_cards(page, each) for each in shown), lead=page.say("cards.lead")
    )


def playbook_of(page: Page, playbook: PlaybookView | None) -> Markup | None:
    """What to do for a group, part by part."""
    if playbook is None:
        return None
    parts = [
        el("div", el("dt", page.say(f"cards.{part}")), el("dd", text), class_=part)
        for part, text in asdict(playbook).items()
        if text
    ]
    return el("dl", *parts, class_="playbook") if parts else None


def _cards(page: Page, view: Cards) -> Markup:
    title = page.subheading(f"cards-{view.name}", view.label)
    shown = [
        _card(page, card, place, view.of)
        for card, place in zip(view.cards, view.places, strict=True)
    ]
    return el("div", title, *shown, class_="part")


def _card(page: Page, card: CardView, place: int, of: int) -> Markup:
    columns = [
        el("div", *(_question(page, each, card.answers.get(each)) for each in questions))
        for questions in COLUMNS
    ]
    return el(
        "article",
        _head(page, card),
        el("div", *columns, class_="columns"),
        playbook_of(page, card.playbook),
        class_="card",
        style=colour_style(place, of),
    )


def _head(page: Page, card: CardView) -> Markup:
    group, say, write = card.group, page.say, page.write
    size = say(
        "cards.size",
        customers=write.share(group.customer_share),
        revenue=write.share(group.revenue_share),
    )
    return el(
        "header",
        el("h4", group.label),
        el(
            "p",
            el("b", say("customer_count", count=group.customers)),
            " · ",
            el("b", write.short_money(group.revenue)),
            " · ",
            size,
        ),
        el("p", group.sentence, class_="rule") if group.sentence else None,
    )


def _question(page: Page, question: Question, answer: AnswerView | None) -> Markup | None:
    if answer is None:
        return None
    body = [
        _facts(page, answer.facts),
        _traits(page, answer.traits),
        *(_histogram(page, each) for each in answer.histograms),
        el("p", answer.note, class_="note") if answer.note else None,
    ]
    if not any(body):
        return None
    return el("div", el("h5", page.words(f"five_w.question.{question}")), *body, class_="question")


def _facts(page: Page, facts: tuple[Fact, ...]) -> Markup | None:
    if not facts:
        return None
    rows: list[list[Child]] = [
        [fact.label, fact.value, _index(page, fact.vs_base)] for fact in facts
    ]
    head = [page.say("cards.on_average"), "", page.say("cards.versus")]
    return page.table(head, rows, class_="facts")


def _traits(page: Page, traits: tuple[TraitView, ...]) -> Markup | None:
    if not traits:
        return None
    rows: list[list[Child]] = [
        [
            join(el("small", each.dimension), el("bdi", each.value)),
            page.write.share(each.share),
            _index(page, each.vs_base, faint=not each.telling),
        ]
        for each in traits
    ]
    head = [page.say("cards.traits"), page.say("cards.share"), page.say("cards.versus")]
    return page.table(head, rows, class_="facts traits")


def _histogram(page: Page, view: Histogram) -> Markup:
    peak = max(range(len(view.shares)), key=lambda at: view.shares[at])
    text = page.say(
        "cards.peak", name=view.names[peak], share=page.write.round_share(view.shares[peak])
    )
    label = page.say("cards.histogram", dimension=view.label, peak=text)
    names = [
        page.say("cards.bar", name=name, share=page.write.share(share))
        for name, share in zip(view.names, view.shares, strict=True)
    ]
    return el(
        "div",
        el("p", el("span", view.label), el("b", text)),
        histogram(view.shares, view.base, names, label),
        class_="when",
    )


def _index(page: Page, value: float | None, *, faint: bool = False) -> Child:
    if value is None:
        return ""
    width = min(max(value, 0.0) / LONGEST_BAR, 1.0) * 100
    kind = "index faint" if faint else "index"
    bar = el("i", class_=kind, aria_hidden="true", style=f"--w:{width:.0f}%")
    return join(bar, page.write.index(value))
