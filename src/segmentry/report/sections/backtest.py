"""Whether the groups foretell anything: taken as of past months, and what followed."""

from __future__ import annotations

from segmentry.report.charts import afterwards_dots, ranking_dots
from segmentry.report.content import BacktestView, RankedView, TriedView
from segmentry.report.interval import estimated, money
from segmentry.report.markup import Child, Markup, el
from segmentry.report.page import Chart, Page
from segmentry.report.sections.value import ROW


def backtest(page: Page) -> Markup | None:
    """What members did afterwards, and which way of dividing tells most; nothing without cuts."""
    view, say, write = page.content.backtest, page.say, page.write
    if not view.groups:
        return None
    lead = say(
        "backtest.lead",
        of=view.label,
        days=view.days,
        first=write.date(view.cuts[0]),
        last=write.date(view.cuts[-1]),
    )
    charts = [_afterwards(page, view), *([_ranking(page, view)] if view.ranking else [])]
    return page.section(
        "backtest",
        el("div", *charts, class_="pair"),
        el("h3", say("backtest.all")),
        _table(page, view),
        el("p", say("backtest.note"), class_="note"),
        lead=" ".join([lead, *_best(page, view)]),
    )


def _best(page: Page, view: BacktestView) -> list[str]:
    """The best way of dividing beside past spend alone, in a sentence."""
    made = [each for each in view.ranking if not each.naive]
    if not made:
        return []
    best = made[0]
    over = best.over_naive
    key = "even"
    if over.low is not None and over.high is not None:
        key = "better" if over.low > 0 else "worse" if over.high < 0 else "even"
    return [page.say(f"backtest.{key}", of=best.label)]


def _afterwards(page: Page, view: BacktestView) -> Markup:
    say, write = page.say, page.write
    title = say("backtest.afterwards", days=view.days)
    rows: list[list[Child]] = [
        [_named(page, view, each), estimated(each.revenue, write, money(write))]
        for each in view.groups
    ]
    return page.figure(
        Chart(
            name="afterwards",
            title=title,
            draw=lambda theme: afterwards_dots(view, theme, write),
            table=page.table([say("group"), title], rows),
            height=40 + ROW * len(view.groups),
            empty=say("interval.few"),
            note=say("interval.note"),
        )
    )


def _ranking(page: Page, view: BacktestView) -> Markup:
    say, write = page.say, page.write
    rows: list[list[Child]] = [_ranked(page, each) for each in view.ranking]
    head: list[Child] = [say("methods.method"), say("backtest.groups"), say("backtest.gini")]
    return page.figure(
        Chart(
            name="ranking",
            title=say("backtest.ranking"),
            draw=lambda theme: ranking_dots(view, theme, write),
            table=page.table([*head, say("backtest.over_naive")], rows),
            height=40 + ROW * len(view.ranking),
            empty=say("interval.few"),
            note=say("backtest.ranking_note"),
        )
    )


def _ranked(page: Page, each: RankedView) -> list[Child]:
    write = page.write
    return [
        each.label,
        write.count(each.groups),
        estimated(each.gini, write, lambda value: write.number(value, 2)),
        estimated(each.over_naive, write, lambda value: write.number(value, 2)),
    ]


def _table(page: Page, view: BacktestView) -> Markup:
    say, write = page.say, page.write
    head: list[Child] = [say("group"), say("backtest.verdict"), say("customers")]
    head += [say("backtest.bought"), say("backtest.bought_more"), say("backtest.more")]
    rows: list[list[Child]] = [
        [
            _named(page, view, each),
            page.words(f"backtest.verdict.{each.verdict}"),
            write.count(each.customers),
            estimated(each.bought, write, write.share),
            estimated(each.bought_more, write, write.share),
            estimated(each.more, write, money(write)),
        ]
        for each in view.groups
    ]
    return page.table(head, rows, texts=2, label=say("backtest.all"), class_="groups")


def _named(page: Page, view: BacktestView, each: TriedView) -> Markup:
    dot = page.dot(each.place, view.of)
    return el("span", dot, el("span", each.label), class_="named")
