"""The report as one HTML file that needs nothing else: no network, no server, no other file.

Its content security policy allows only the scripts inside it, by their hashes, and no address
at all, so a hostile name in the data could neither run nor call out even if it were not escaped.
The same content gives the same bytes.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Callable, Collection, Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from segmentry.core.errors import UnknownNameError
from segmentry.core.whole import whole
from segmentry.locale import messages
from segmentry.report.content import ReportContent
from segmentry.report.markup import Markup, el
from segmentry.report.page import Page
from segmentry.report.sections.backtest import backtest
from segmentry.report.sections.base import base
from segmentry.report.sections.buying import affinity, allocation
from segmentry.report.sections.cards import cards
from segmentry.report.sections.closing import locked, reading
from segmentry.report.sections.clusters import clusters
from segmentry.report.sections.cohorts import cohorts
from segmentry.report.sections.crossings import crossings
from segmentry.report.sections.discovery import discovery
from segmentry.report.sections.drift import drift
from segmentry.report.sections.groups import groups
from segmentry.report.sections.journeys import journeys
from segmentry.report.sections.methods import methods
from segmentry.report.sections.migration import migration
from segmentry.report.sections.models import models
from segmentry.report.sections.opening import opening
from segmentry.report.sections.places import categories, geography, upcoming
from segmentry.report.sections.quality import quality
from segmentry.report.sections.rfm import rfm
from segmentry.report.sections.segments import segments
from segmentry.report.sections.sensitivity import sensitivity
from segmentry.report.sections.trust import trust
from segmentry.report.sections.value import value
from segmentry.report.writer import Writer

SECTIONS: dict[str, Callable[[Page], Markup | None]] = {
    "base": base,
    "rfm": rfm,
    "groups": groups,
    "value": value,
    "backtest": backtest,
    "quality": quality,
    "discovery": discovery,
    "cards": cards,
    "methods": methods,
    "clusters": clusters,
    "crossings": crossings,
    "categories": categories,
    "affinity": affinity,
    "upcoming": upcoming,
    "geography": geography,
    "segments": segments,
    "migration": migration,
    "drift": drift,
    "cohorts": cohorts,
    "journeys": journeys,
    "sensitivity": sensitivity,
    "models": models,
    "allocation": allocation,
    "trust": trust,
    "locked": locked,
    "reading": reading,
}


def render_report(content: ReportContent, sections: Collection[str] = ()) -> str:
    """The whole report as HTML, or just the named sections of it, in the report's order.

    Without the chart library in the installation (`has_charts`) every chart is shown as its
    table, and the report says so.

    Raises:
        UsageError: There are no texts in `content.locale`.
        UnknownNameError: There is no such section.
    """
    for name in sections:
        if name not in SECTIONS:
            raise UnknownNameError("section", name, SECTIONS)
    page = Page(content, Writer(messages(content.locale), content.currency))
    contents, written = [], []
    for name, section in SECTIONS.items():
        if not sections or name in sections:
            page.anchors.clear()
            part = section(page)
            if part is None:
                continue
            written.append(part)
            contents.append(Entry(name, page.say(f"{name}.title"), tuple(page.anchors)))
    main = el(
        "main",
        opening(page),
        _library_note(page),
        _printed_contents(page, contents),
        *written,
        _footer(page),
    )
    body = el("body", _contents(page, contents), main, _data(page), *_scripts())
    root = el(
        "html",
        _head(page),
        body,
        lang=content.locale,
        dir=page.words("language.direction"),
    )
    return f"<!doctype html>\n{root}\n"


def write_report(content: ReportContent, path: Path, sections: Collection[str] = ()) -> None:
    """Writes the report, or the named sections of it, to `path`.

    The file there is replaced whole or not at all.

    Raises:
        OSError: The folder does not exist or cannot be written to.
    """
    text = render_report(content, sections)
    with whole(path) as draft:
        draft.write_text(text, encoding="utf-8", newline="\n")


def has_charts() -> bool:
    """Whether this installation has the chart library inside."""
    return bool(_library())


def library() -> str:
    """The chart library as it may stand in a script element; empty when it is not installed."""
    return _library()


def script_json(value: object) -> Markup:
    """`value` as JSON that cannot end the script element it stands in."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)


def inline_script(source: str) -> str:
    r"""`source` without anything that would end its script element early.

    Inside a string of JavaScript `\x3c` is the same character.
    """
    return re.sub("<(?=/script|!--)", r"\\x3c", source, flags=re.IGNORECASE)


def _head(page: Page) -> Markup:
    content = page.content
    title = page.say(
        "document_title",
        workspace=content.workspace_name,
        date=page.write.date(content.as_of),
    )
    hashes = " ".join(f"'sha256-{_digest(script)}'" for script in _sources())
    policy = (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    return el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", http_equiv="Content-Security-Policy", content=policy),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="color-scheme", content="light dark"),
        el("meta", name="referrer", content="no-referrer"),
        el("title", title),
        el("style", Markup(_file("style.css")), _running_head(page)),
    )


class Entry(NamedTuple):
    """A section in the list of contents, and the headings inside it as (anchor, title)."""

    name: str
    title: str
    inside: tuple[tuple[str, str], ...]


def _running_head(page: Page) -> Markup:
    """What stands on top of every printed page."""
    whose = css_text(page.content.workspace_name)
    when = css_text(page.as_of())
    return Markup(
        f'@page {{ @top-left {{ content: "{whose}" }} @top-right {{ content: "{when}" }} }}'
    )


def css_text(text: str) -> str:
    r"""`text` inside quotes of a style sheet; what is not a letter or digit is escaped.

    >>> css_text("a</style>")
    'a\\3c \\2f style\\3e '
    """
    return "".join(each if each.isalnum() else f"\\{ord(each):x} " for each in text)


def _contents(page: Page, entries: Sequence[Entry]) -> Markup:
    """Beside the page where there is room, else folded away above it."""
    title = page.say("contents")
    return el(
        "nav",
        el("details", el("summary", title), _list(entries), open=True),
        aria_label=title,
    )


def _printed_contents(page: Page, entries: Sequence[Entry]) -> Markup:
    return el("div", el("h2", page.say("contents")), _list(entries), class_="printed contents")


def _list(entries: Sequence[Entry]) -> Markup:
    return el("ol", *map(_entry, entries))


def _entry(entry: Entry) -> Markup:
    inside = [el("li", el("a", title, href=f"#{name}")) for name, title in entry.inside]
    below = el("ol", *inside) if inside else None
    return el("li", el("a", entry.title, href=f"#{entry.name}"), below)


def _library_note(page: Page) -> Markup:
    if not has_charts():
        return el("p", page.say("without_library"), class_="remark")
    return el("noscript", el("p", page.say("scriptless"), class_="remark"))


def _footer(page: Page) -> Markup:
    library = page.say("charts_by") if has_charts() else None
    return el("footer", el("p", page.say("made_by"), " ", library))


def _data(page: Page) -> Markup:
    return el("script", script_json(page.charts), type="application/json", id="charts")


def _scripts() -> list[Markup]:
    return [el("script", Markup(source)) for source in _sources()]


@cache
def _sources() -> tuple[str, ...]:
    """The scripts to run, in order; the hashes of the policy are of exactly these texts."""
    return tuple(source for source in (_library(), _file("report.js")) if source)


@cache
def _library() -> str:
    file = files("segmentry.report") / "static" / "echarts.min.js"
    if not file.is_file():
        return ""
    return inline_script(file.read_text(encoding="utf-8"))


def _file(name: str) -> str:
    return (files("segmentry.report") / name).read_text(encoding="utf-8")


def _digest(script: str) -> str:
    return b64encode(sha256(script.encode()).digest()).decode()
