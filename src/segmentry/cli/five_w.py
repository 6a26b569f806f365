"""`segmentry segments coverage` and `guide`: the five questions of a segment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from segmentry.answers import card as answers
from segmentry.answers.basis import instant_of
from segmentry.answers.plain import Document
from segmentry.cli.asking import may_ask
from segmentry.cli.door import pointing_at
from segmentry.cli.option import HERE, AsOf, Folder, Json, Rule
from segmentry.cli.output import clean, console, emit, row, show, table
from segmentry.cli.session import opened
from segmentry.core.errors import DeclarationError, UsageError

if TYPE_CHECKING:
    from segmentry.core.time import AsOf as Instant
    from segmentry.workspace.workspace import Workspace


def coverage(rule: Rule, folder: Folder = HERE, as_json: Json = False) -> None:
    """Say which of the five questions a rule answers, and what would answer the others.

    Example:
      segmentry segments coverage "main_category = 'tea' AND recency_days < 60" -w shop
    """
    with opened(folder) as workspace, pointing_at(rule):
        document = answers.coverage(workspace, rule)
    emit(document, as_json=as_json, draw=_draw)


def guide(as_of: AsOf = None, folder: Folder = HERE, as_json: Json = False) -> None:
    """Write a segment by answering five questions; shows the exact count after each.

    Example:
      segmentry segments guide -w shop
    """
    if not may_ask():
        raise UsageError(
            "nobody is here to answer.",
            fix="`segmentry segments coverage RULE` says what a rule lacks.",
        )
    screen = console(stderr=True)
    with opened(folder) as workspace:
        instant = instant_of(workspace, as_of)
        rule = _asked(screen, workspace, instant)
        name = screen.input("\nName to save it under (empty: do not save): ").strip()
        if rule and name:
            workspace.segment(name, rule)
        document: Document = {"rule": rule, "saved": name if rule and name else None}
    emit(document, as_json=as_json, draw=_draw_rule)


def _asked(screen: Console, workspace: Workspace, instant: Instant) -> str:
    from segmentry.locale import messages
    from segmentry.segments.five_w import MOST, QUESTIONS, suggestions

    features, say = workspace.features(), messages(workspace.settings.language)
    screen.print(Text("Answer with a condition, or with nothing to leave a question out.", "dim"))
    parts: list[str] = []
    for question in QUESTIONS:
        screen.print(Text(f"\n{say(f'guide.{question}')}", style="bold"))
        for each in list(suggestions(question, features))[:MOST]:
            screen.print(Text.assemble(f"  {each.condition}", (f"  {clean(each.label)}", "dim")))
        if part := _condition(screen, workspace):
            parts.append(f"({part})" if " or " in part.lower() else part)
        if parts:
            found = workspace.preview(" AND ".join(parts), instant)
            screen.print(Text(f"{found.customers:,} of {found.of:,} customers", style="cyan"))
    return " AND ".join(parts)


def _condition(screen: Console, workspace: Workspace) -> str:
    while answer := screen.input("> ").strip():
        try:
            return workspace.checked(answer).text()
        except DeclarationError as error:
            screen.print(Text(clean(error), style="red"))
    return ""


def _draw(screen: Console, document: Document) -> None:
    drawn = table("", "Question", "Answered by")
    for question, texts in document["answers"].items():
        mark = Text("✓", style="green") if texts else Text("–", style="dim")
        row(drawn, mark, Text(question, style="bold"), ", ".join(texts))
    show(screen, drawn)
    for question in document["missing"]:
        offered = document["suggestions"][question]
        if offered:
            screen.print(Text(f"\n{question}, for example:", style="dim"))
        for each in offered:
            screen.print(
                Text.assemble(f"  {each['condition']}", (f"  {clean(each['label'])}", "dim"))
            )


def _draw_rule(screen: Console, document: Document) -> None:
    screen.print(Text(clean(document["rule"] or "No question was answered."), style="cyan"))
    if document["saved"]:
        screen.print(Text.assemble("Saved ", (document["saved"], "bold"), "."))
