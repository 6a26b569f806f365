"""What is locked, and how to read the rest."""

from __future__ import annotations

from segmentry.report.markup import Child, Markup, el, join
from segmentry.report.page import Page

TERMS = ("as_of", "trust", "revenue", "recency", "frequency", "monetary", "score", "index")


def locked(page: Page) -> Markup:
    """Features that wait for data, and which data."""
    say = page.say
    if not page.content.locked:
        return page.section("locked", page.empty(say("locked.empty")))
    head = [say("locked.feature"), say("locked.needs")]
    rows: list[list[Child]] = [
        [join(item.label, " ", el("code", item.name)), item.needs] for item in page.content.locked
    ]
    table = page.table(head, rows, texts=2, label=say("locked.title"), class_="sentences")
    return page.section("locked", table, lead=say("locked.lead"))


def reading(page: Page) -> Markup:
    """Definitions of the words and of the groups."""
    say = page.say
    terms = [
        (say(f"reading.terms.{term}.term"), say(f"reading.terms.{term}.text")) for term in TERMS
    ]
    definitions = [el("div", el("dt", term), el("dd", text)) for term, text in terms]
    definitions += [
        el("div", el("dt", group.label), el("dd", group.sentence))
        for group in page.content.groups
        if group.sentence
    ]
    source = None
    if page.content.generated_from:
        source = el(
            "p", f"{say('reading.from')}: ", el("span", page.content.generated_from), class_="note"
        )
    return page.section("reading", el("dl", *definitions, class_="terms"), source)
