"""How what is known of segments looks to people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rich.console import Console, RenderableType
from rich.text import Text

from segmentry.answers.plain import Document, plain
from segmentry.cli.output import (
    bar,
    below,
    clean,
    counted,
    fact,
    footer,
    listed,
    row,
    show,
    table,
    writer,
)

if TYPE_CHECKING:
    from segmentry.report.writer import Writer


def preview(screen: Console, document: Document) -> None:
    """Exact counts: the whole, then what each condition keeps."""
    show(screen, _sentence(document), *_counts(document), footer(document))


def _sentence(document: Document) -> Text:
    return Text(clean(document["sentence"]), style="italic")


def _counts(document: Document) -> list[RenderableType]:
    of = document["of"] or 1
    share = document["customers"] / of
    total = Text.assemble(
        (f"{document['customers']:,}", "bold"),
        f" of {document['of']:,} customers ({share:.1%})  ",
        bar(share),
    )
    if document["missing_decided"]:
        total.append(
            f"\nFor {document['missing_decided']:,} a missing value decided the answer.", "yellow"
        )
    for hint in document["hints"]:
        values = ", ".join(f"'{each}'" for each in hint["values"])
        total.append(clean(f"\nNobody meets {hint['condition']}. There is {values}."), "yellow")
    several = len(document["conditions"]) > 1 or len(document["kept"]) > 1
    return [total, _conditions(document, of)] if several else [total]


def _conditions(document: Document, of: int) -> RenderableType:
    """What each part of the rule leaves, then the conditions inside the parts."""
    alone = {each["text"]: each["customers"] for each in document["conditions"]}
    drawn = table("Condition", ">Alone", ">Left", "")
    for each in document["kept"]:
        by_itself = alone.pop(each["text"], None)
        shown = "" if by_itself is None else f"{by_itself:,}"
        left = each["customers"]
        row(drawn, each["text"], shown, f"{left:,}", bar(left / of))
    for text, customers in alone.items():
        row(drawn, Text(f"  {clean(text)}", style="dim"), f"{customers:,}", "", "")
    return drawn


def saved(screen: Console, document: Document, currency: str) -> None:
    """What was saved, and what it moved."""
    state = "Saved" if document["changed"] else "Nothing changed:"
    head = Text.assemble(
        f"{state} ", (document["name"], "bold"), f", version {document['version']}."
    )
    show(screen, head, _sentence(document), *_counts(document))
    if document["effect"]:
        below(screen, *_moves(document["effect"], currency))
    below(screen, footer(document))
    if document["changed"]:
        screen.print(Text("It joins the history at the next refresh.", "dim"))


def segments(screen: Console, document: Document, write: Writer) -> None:
    """The saved segments, with their share of the base."""
    if not document["segments"]:
        screen.print('No segments yet. Save one: segmentry segments save NAME "RULE"')
        return
    drawn = table("Segment", ">Customers", "Share", "", ">Revenue", "As of", "Rule")
    for each in document["segments"]:
        row(
            drawn,
            Text(each["name"], style="bold"),
            write.count(each["customers"]),
            write.share(each["customer_share"]),
            bar(each["customer_share"], 10),
            write.money(each["revenue_amount"]),
            each["as_of"] or "not refreshed",
            Text(clean(each["problem"] or each["rule"]), "red" if each["problem"] else "dim"),
        )
    show(screen, drawn)


def segment(screen: Console, document: Document) -> None:
    """One segment in full."""
    head = Text.assemble((document["name"], "bold"), f"  version {document['version']}")
    if document["label"]:
        head.append(f"  {clean(document['label'])}")
    rule = Text(clean(document["rule"]), style="cyan")
    show(screen, head, rule, _sentence(document), *_counts(document), _users(document))
    below(screen, footer(document))


def _users(document: Document) -> Text:
    used = document["used_by"]
    return Text(f"Used by {listed(used)}." if used else "Nothing uses it.", style="dim")


def members(screen: Console, document: Document, limit: int, write: Writer) -> None:
    """The first members, and how to get all."""
    rows = document["members"]
    shown = rows[:limit]
    if shown:
        names = [name for name in shown[0] if name != "customer_id"]
        drawn = table("Customer", *(f">{name}" for name in names))
        for each in shown:
            row(drawn, each["customer_id"], *(_number(each, name, write) for name in names))
        show(screen, drawn)
    more = counted(document["customers"], "member")
    if len(rows) > limit:
        more += f", {limit} shown; all: segmentry export members {document['name']} --to FILE"
    below(screen, Text(f"{more}."), footer(document))


def _number(each: Mapping[str, Any], name: str, write: Writer) -> str:
    value = each[name]
    return write.money(value) if name == "monetary" else write.number(value)


def history(screen: Console, document: Document, write: Writer) -> None:
    """Size over time."""
    points = document["points"]
    if not points:
        screen.print("No history yet: it begins with the next refresh.")
        return
    most = max(each["customers"] for each in points) or 1
    drawn = table("As of", ">Customers", "", ">Revenue", ">Entered", ">Left", "Why")
    for each in points:
        row(
            drawn,
            each["as_of"],
            write.count(each["customers"]),
            bar(each["customers"] / most),
            write.money(each["revenue_amount"]),
            write.count(sum(each["entered"].values())),
            write.count(sum(each["left"].values())),
            Text(_causes(each), style="dim"),
        )
    through = f"data through {document['data_through']}"
    show(screen, drawn, Text(f"{document['name']} · {counted(len(points), 'point')} · {through}"))


def _causes(point: Document) -> str:
    parts = []
    for side, sign in (("entered", "+"), ("left", "−")):
        for cause, count in sorted(point[side].items(), key=lambda each: -each[1]):
            parts.append(f"{sign}{count:,} {cause}")
    return ", ".join(parts)


def explanation(screen: Console, document: Document) -> None:
    """Each condition with its value, the rows behind it, and what would have to change."""
    verdict = ("is in", "bold green") if document["member"] else ("is not in", "bold red")
    head = Text.assemble(
        (clean(document["customer_id"]), "bold"), " ", verdict, " ", (document["name"], "bold")
    )
    drawn = table("", "Condition", ">Value", "What would turn it")
    for each in document["conditions"]:
        mark = Text("✓", style="green") if each["met"] else Text("✗", style="red")
        value = "–" if each["value"] is None else str(plain(each["value"]))
        note = clean(each["change"])
        row(
            drawn,
            mark,
            Text(clean(each["text"]), style="bold" if each["decisive"] else ""),
            value,
            Text(note, style="" if each["decisive"] else "dim"),
        )
    show(screen, head, _sentence(document), drawn)
    for each in document["conditions"]:
        if each["evidence"]:
            screen.print()
            screen.print(Text(clean(each["text"]), style="dim"))
            screen.print(_evidence(each["evidence"]))
    below(screen, footer(document))


def _evidence(rows: list[Document]) -> RenderableType:
    names = list(dict.fromkeys(name for each in rows for name in each))
    drawn = table(*names)
    for each in rows:
        row(drawn, *(fact(name, each.get(name)) for name in names))
    return drawn


def effect(screen: Console, document: Document, currency: str) -> None:
    """Who would enter and leave."""
    show(screen, *_moves(document, currency), _users(document), footer(document))


def _moves(document: Document, currency: str) -> list[RenderableType]:
    write = writer(currency)
    drawn = table("", ">Customers", ">Revenue so far", "For example")
    for side, style in (("enter", "green"), ("leave", "red"), ("stay", "dim")):
        moved = document[side]
        row(
            drawn,
            Text(side, style=style),
            write.count(moved["customers"]),
            write.money(moved["revenue_amount"]),
            Text(listed(moved["sample"]), style="dim"),
        )
    rules = Text.assemble(
        ("before  ", "dim"),
        clean(document["before"]),
        ("\nafter   ", "dim"),
        clean(document["after"]),
    )
    return [rules, drawn]


def used_by(screen: Console, document: Document) -> None:
    """What uses a segment."""
    screen.print(_users(document))


def removed(screen: Console, document: Document) -> None:
    """That a segment is out of use."""
    screen.print(f"Removed {document['name']}; its versions and history are kept.")
