"""The head of the report and what it says in a few sentences."""

from __future__ import annotations

from decimal import Decimal

from segmentry.report.markup import Markup, el
from segmentry.report.page import Page
from segmentry.report.sections.migration import largest_moves


def opening(page: Page) -> Markup:
    """Title, whose report it is and of when, remarks, and the findings in brief."""
    content, say = page.content, page.say
    clock = say("clock", timezone=content.timezone, currency=content.currency)
    notes = [el("p", note, class_="remark") for note in content.notes]
    findings = el("ul", *(el("li", sentence) for sentence in brief(page)))
    return el(
        "header",
        el("p", content.workspace_name, class_="workspace"),
        el("h1", say("title")),
        el("p", page.as_of(), class_="asof"),
        el("p", clock, class_="note"),
        *notes,
        el("div", el("h2", say("brief.title")), findings, class_="brief"),
        class_="opening",
    )


def brief(page: Page) -> list[str]:
    """What to know if nothing else is read: worth, concentration, movement, trust."""
    content = page.content
    if not content.base.orders:
        return [page.say("brief.empty"), *_trust(page)]
    return [*_worth(page), *_concentration(page), *_movement(page), *_trust(page)]


def _worth(page: Page) -> list[str]:
    groups = [group for group in page.content.groups if group.revenue_share]
    if not groups:
        return []
    best = max(groups, key=lambda group: group.revenue or Decimal(0))
    return [
        page.say(
            "brief.group",
            label=best.label,
            customers=page.write.round_share(best.customer_share),
            revenue=page.write.round_share(best.revenue_share),
        )
    ]


def _concentration(page: Page) -> list[str]:
    top = page.content.base.top20_share
    if top is None:
        return []
    share = page.write.round_share
    return [page.say("brief.top", top=share(0.2), share=share(top))]


def _movement(page: Page) -> list[str]:
    view = next(iter(page.content.migrations), None)
    moves = largest_moves(view) if view else []
    if view is None or not moves:
        return []
    move = moves[0]
    labels = dict(view.groups)
    return [
        page.say(
            "brief.move",
            count=move.customers,
            start=page.write.date(view.periods[move.step]),
            end=page.write.date(view.periods[move.step + 1]),
            before=labels.get(move.from_group or "", move.from_group or ""),
            after=labels.get(move.to_group, move.to_group),
        )
    ]


def _trust(page: Page) -> list[str]:
    view = page.content.trust
    if view.score is None or not view.checks:
        return []
    failed = sum(not check.passed for check in view.checks)
    if failed:
        return [page.say("brief.trust_failed", count=failed, score=view.score)]
    return [page.say("brief.trust", count=len(view.checks), score=view.score)]
