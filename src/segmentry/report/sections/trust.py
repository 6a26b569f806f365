"""Trust in the data: checks, loads, treatments."""

from __future__ import annotations

from segmentry.report.charts import ring, sparkline
from segmentry.report.content import CheckView
from segmentry.report.markup import Child, Markup, el, join
from segmentry.report.page import Page

GOOD, FAIR = 90, 70
MARKS = {"pass": "✓", "info": "i", "warn": "!", "error": "×"}


def trust(page: Page) -> Markup:
    """The score, what failed, what was loaded and what was done with unusual records."""
    return page.section(
        "trust",
        el("div", _score(page), _checks(page), class_="trust"),
        _loads(page),
        _treatments(page),
        _locked(page),
        el("p", page.say("trust.merged", count=page.content.trust.merged), class_="note")
        if page.content.trust.merged
        else None,
        lead=page.say("trust.lead"),
    )


def _score(page: Page) -> Markup:
    view = page.content.trust
    score = view.score
    if score is None:
        verdict = page.say("trust.unknown")
    else:
        grade = "good" if score >= GOOD else "fair" if score >= FAIR else "poor"
        verdict = page.say(f"trust.{grade}")
    failed = sum(not check.passed for check in view.checks)
    summary = None
    if view.checks:
        key = "trust.failed" if failed else "trust.passed"
        summary = page.say(key, count=failed, of=len(view.checks))
    text = page.write.count(score)
    label = page.say("trust.score_label", score=text)
    return el(
        "div",
        ring(score, text, label),
        el("p", el("b", verdict), el("br"), summary, class_="verdict"),
        class_="score",
    )


def _checks(page: Page) -> Markup:
    checks = page.content.trust.checks
    if not checks:
        return page.empty(page.say("trust.no_checks"))
    failed = [check for check in checks if not check.passed]
    passed = [check for check in checks if check.passed]
    shown = _check_table(page, failed) if failed else None
    rest = None
    if passed:
        rest = el(
            "details",
            el("summary", page.say("trust.passed_checks", count=len(passed))),
            _check_table(page, passed),
            open=not failed,
        )
    return el("div", shown, rest)


def _check_table(page: Page, checks: list[CheckView]) -> Markup:
    words, say = page.words, page.say
    head = [
        say("trust.check"),
        say("trust.entity"),
        say("trust.result"),
        say("trust.failing"),
        say("trust.failing_share"),
        say("trend"),
    ]
    rows: list[list[Child]] = []
    for check in checks:
        status = "pass" if check.passed else check.severity
        mark = el("i", MARKS[status], class_=f"mark {status}", aria_hidden="true")
        said = (check.message, check.fix) if not check.passed else ()
        messages = [el("small", each) for each in said if each]
        share = check.failing / check.of if check.of else None
        trend = ""
        if len(check.trend) > 1:
            label = say(
                "trend_label",
                first=page.write.share(check.trend[0]),
                last=page.write.share(check.trend[-1]),
            )
            trend = sparkline(check.trend, label)
        counts = say("trust.failing_of", failing=check.failing, of=check.of)
        rows.append(
            [
                join(check.label, *messages),
                check.entity,
                join(mark, words(f"report.trust.status.{status}")),
                counts,
                page.write.share(share),
                trend,
            ]
        )
    return page.table(head, rows, texts=3, label=say("trust.check"), class_="checks")


def _loads(page: Page) -> Markup | None:
    loads = page.content.trust.loads
    if not loads:
        return None
    say, count = page.say, page.write.count
    head: list[Child] = [say(f"trust.{key}") for key in ("source", "entity", "records")]
    head += [say(f"trust.{key}") for key in ("accepted", "unchanged", "rejected")]
    rows = [
        [
            load.source,
            load.entity,
            count(load.records),
            count(load.accepted),
            count(load.unchanged),
            count(load.rejected),
        ]
        for load in loads
    ]
    return el(
        "div",
        el("h3", say("trust.loads")),
        page.table(head, rows, texts=2, label=say("trust.loads")),
        el("p", say("trust.balance"), class_="note"),
    )


def _treatments(page: Page) -> Markup | None:
    treatments = page.content.trust.treatments
    if not treatments:
        return None
    say = page.say
    head = [say("trust.treatment"), say("trust.policy"), say("trust.count")]
    rows = [[item.label, item.policy, page.write.count(item.count)] for item in treatments]
    return el(
        "div",
        el("h3", say("trust.treatments")),
        page.table(head, rows, texts=2, label=say("trust.treatments")),
    )


def _locked(page: Page) -> Markup | None:
    """Columns that nothing uses because they are about special categories."""
    locked, say = page.content.trust.locked, page.say
    if not locked:
        return None
    rows: list[list[Child]] = [[each.column, each.about] for each in locked]
    title = say("trust.locked")
    return el(
        "div",
        el("h3", title),
        page.table([say("trust.column"), say("trust.about")], rows, texts=2, label=title),
        el("p", say("trust.locked_note"), class_="note"),
    )
