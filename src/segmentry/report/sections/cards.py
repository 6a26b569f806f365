"""A card for each group: who they are and what to do for them."""

from __future__ import annotations

from segmentry.report.content import GroupCard
from segmentry.report.markup import Child, Markup, el, join
from segmentry.report.page import Page, colour_style

PLAYBOOK = ("goal", "offer", "message", "channel", "avoid")
LONGEST_BAR = 3.0
"""An index this high or higher fills its bar."""


def cards(page: Page) -> Markup:
    """One card for each group that has one, in the order of the groups."""
    known = [group.name for group in page.content.groups]
    shown = [card for card in page.content.cards if card.group in known]
    if not shown:
        return page.section("cards", page.empty(page.say("cards.empty")))
    shown.sort(key=lambda card: known.index(card.group))
    return page.section(
        "cards",
        *(_card(page, card, known.index(card.group)) for card in shown),
        lead=page.say("cards.lead"),
    )


def _card(page: Page, card: GroupCard, position: int) -> Markup:
    groups, say, write = page.content.groups, page.say, page.write
    group = groups[position]
    size = say(
        "cards.size",
        customers=write.share(group.customer_share),
        revenue=write.share(group.revenue_share),
    )
    head = el(
        "header",
        el("h3", page.group_name(groups, position)),
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
    columns = [_who(page, card), _what(page, card), _playbook(page, card)]
    return el(
        "article",
        head,
        el("div", *columns, class_="columns"),
        class_="card",
        style=colour_style(position, len(groups)),
    )


def _who(page: Page, card: GroupCard) -> Markup | None:
    if not card.facts:
        return None
    rows: list[list[Child]] = [
        [fact.label, fact.value, _index(page, fact.vs_base)] for fact in card.facts
    ]
    head = [page.say("cards.who"), "", page.say("cards.versus")]
    return el("div", page.table(head, rows, class_="facts"))


def _what(page: Page, card: GroupCard) -> Markup | None:
    say = page.say
    rows: list[list[Child]] = [
        [item.name, page.write.share(item.share), _index(page, item.vs_base)]
        for item in card.top_categories
    ]
    head = [say("cards.what"), say("cards.spend_share"), say("cards.versus")]
    table = page.table(head, rows, class_="facts") if rows else None
    answers = _answers(page, card, ("why", "when", "where"))
    return el("div", table, answers) if table or answers else None


def _playbook(page: Page, card: GroupCard) -> Markup | None:
    answers = _answers(page, card, PLAYBOOK)
    if answers is None:
        return None
    return el("div", el("h4", page.say("cards.playbook")), answers, class_="playbook")


def _answers(page: Page, card: GroupCard, keys: tuple[str, ...]) -> Markup | None:
    texts = {key: getattr(card, key) for key in keys}
    pairs = [
        el("div", el("dt", page.say(f"cards.{key}")), el("dd", text), class_=key)
        for key, text in texts.items()
        if text
    ]
    return el("dl", *pairs, class_="answers") if pairs else None


def _index(page: Page, value: float | None) -> Child:
    if value is None:
        return ""
    width = min(max(value, 0.0) / LONGEST_BAR, 1.0) * 100
    bar = el("i", class_="index", aria_hidden="true", style=f"--w:{width:.0f}%")
    return join(bar, page.write.index(value))
