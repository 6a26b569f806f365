"""`segmentry duplicates …`: records that are one customer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.text import Text

from segmentry.answers import duplicates as answers
from segmentry.answers.plain import Document, plain
from segmentry.cli.guide import add, guide
from segmentry.cli.option import HERE, Folder, Json
from segmentry.cli.output import below, clean, counted, emit, row, show, table
from segmentry.cli.progress import watched
from segmentry.cli.session import opened
from segmentry.core.errors import UsageError

HELP = """Find records that are one customer, look through them, merge, and take merges back.

Merging changes nothing that was loaded: facts are counted together, and come apart again on undo.

Examples:
  segmentry duplicates find -w shop
  segmentry duplicates list -w shop
  segmentry duplicates merge --at-least 0.95 -w shop
  segmentry duplicates merge 17 23 --reason "same loyalty card" -w shop
"""
Reason = Annotated[str, typer.Option(metavar="TEXT", help="Why; kept with the decision.")]
Limit = Annotated[int, typer.Option(min=1, metavar="N", help="How many to show.")]
Number = Annotated[int, typer.Argument(metavar="NUMBER", help="Number of the decision.")]
One = Annotated[str, typer.Argument(metavar="CUSTOMER", help="Id of a customer.")]
Other = Annotated[str, typer.Argument(metavar="OTHER", help="Id of the other.")]


def find(
    method: Annotated[
        Literal["own", "splink"],
        typer.Option(help="Whose model says how probable a pair is; splink is an extra."),
    ] = "own",
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Search all customers for duplicates; nothing is merged.

    Names are compared over scripts and spellings, e-mail and phone in their normal form. What was
    merged or refused before stays so. Pairs are for `list`.

    Example:
      segmentry duplicates find -w shop
    """
    with (
        opened(folder) as workspace,
        watched("Searching", quiet=as_json, share_done=workspace.share_done) as progress,
    ):
        document = answers.find(workspace, method, progress)
    emit(document, as_json=as_json, draw=_draw_found)


def list_(
    at_least: Annotated[
        float, typer.Option(metavar="P", min=0, max=1, help="Only pairs at least this probable.")
    ] = 0.2,
    limit: Limit = 20,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """List pairs that nothing was decided about, the most probable first, and why.

    Shows what is known of both records, so that a person can judge. Pairs with ✓ are as good as
    certain; the others are worth a look.

    Examples:
      segmentry duplicates list -w shop
      segmentry duplicates list --at-least 0.9 --limit 100 -w shop
    """
    with opened(folder) as workspace:
        document = answers.pending(workspace, at_least, limit)
    emit(document, as_json=as_json, draw=_draw_pairs)


def merge(
    customers: Annotated[
        list[str] | None,
        typer.Argument(metavar="[CUSTOMER OTHER…]", help="Ids; the first one survives."),
    ] = None,
    at_least: Annotated[
        float | None,
        typer.Option(
            metavar="P", min=0, max=1, help="Merge all pairs at least this probable; 0.9 is usual."
        ),
    ] = None,
    reason: Reason = "",
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Make records one customer: those named, or all that are probable enough.

    Two that were refused are never joined, not through a third either.

    Examples:
      segmentry duplicates merge 17 23 -w shop
      segmentry duplicates merge --at-least 0.95 -w shop
    """
    if bool(customers) == (at_least is not None):
        raise UsageError(
            "name the customers to merge, or how probable it must be.",
            fix="As in `merge 17 23` or `merge --at-least 0.9`.",
        )
    with opened(folder) as workspace:
        if at_least is not None:
            document = answers.merge_all(workspace, at_least, reason)
        else:
            document = answers.merge(workspace, customers or (), reason)
    emit(document, as_json=as_json, draw=_draw_merged)


def refuse(
    customer: One, other: Other, reason: Reason = "", folder: Folder = HERE, as_json: Json = False
) -> None:
    """Say that two records are not one customer; they never come again.

    Example:
      segmentry duplicates refuse 17 23 --reason "father and son" -w shop
    """
    with opened(folder) as workspace:
        document = answers.refuse(workspace, customer, other, reason)
    emit(document, as_json=as_json, draw=_draw_refused)


def undo(number: Number, reason: Reason = "", folder: Folder = HERE, as_json: Json = False) -> None:
    """Take a merge or a refusal back; everything is as if it had not been.

    Example:
      segmentry duplicates undo 12 -w shop
    """
    with opened(folder) as workspace:
        document = answers.undo(workspace, number, reason)
    emit(document, as_json=as_json, draw=_draw_undone)


def history(limit: Limit = 20, folder: Folder = HERE, as_json: Json = False) -> None:
    """List what was decided about duplicates, the latest first.

    Example:
      segmentry duplicates history -w shop
    """
    with opened(folder) as workspace:
        document = answers.history(workspace, limit)
    emit(document, as_json=as_json, draw=_draw_history)


# for people


def _draw_found(screen: Console, document: Document) -> None:
    screen.print(
        f"Looked at {counted(document['records'], 'record')} and compared"
        f" {counted(document['compared'], 'pair')}."
    )
    screen.print(
        f"{counted(document['likely'], 'pair')} as good as certain,"
        f" {document['review']:,} to look at."
    )
    below(screen, Text("See them: segmentry duplicates list", style="dim"))


def _draw_pairs(screen: Console, document: Document) -> None:
    if document["found_at"] is None:
        screen.print("Nothing was searched for yet: segmentry duplicates find")
        return
    drawn = table("", ">Probability", "Customer", "What is known", "Agreement")
    for each in document["pairs"]:
        mark = Text("✓", style="green") if each["likely"] else Text("?", style="yellow")
        first, second = each["records"]
        agreed = ", ".join(f"{field} {how}" for field, how in each["why"].items())
        row(drawn, mark, f"{each['probability']:.3f}", each["customer_id"], _known(first), agreed)
        row(drawn, "", "", each["other_id"], _known(second), "")
    show(screen, drawn)
    shown = len(document["pairs"])
    below(screen, Text(f"{shown:,} of {counted(document['pending'], 'pair')}.", style="dim"))


def _known(record: dict[str, Any]) -> str:
    values = [value for name, value in record.items() if name != "customer_id" and value]
    return " · ".join(clean(plain(each)) for each in values)


def _draw_merged(screen: Console, document: Document) -> None:
    made = len(document["decisions"])
    if not made:
        screen.print("Nothing to merge.")
        return
    screen.print(f"{counted(document['records'], 'record')} are {counted(made, 'customer')} now.")
    last = document["decisions"][-1]
    below(screen, Text(f"Take one back: segmentry duplicates undo {last}", style="dim"))


def _draw_refused(screen: Console, document: Document) -> None:
    one, other = map(clean, document["customers"])
    screen.print(f"{one} and {other} stay two customers (decision {document['decision']}).")


def _draw_undone(screen: Console, document: Document) -> None:
    screen.print(f"Took decision {document['undoes']} back.")


def _draw_history(screen: Console, document: Document) -> None:
    if not document["decisions"]:
        screen.print("Nothing was decided yet.")
        return
    drawn = table(">Number", "When", "What", "Customers", "Reason")
    for each in document["decisions"]:
        undone = f"undone by {each['undone_by']}" if each["undone_by"] else ""
        what = f"undo of {each['undoes']}" if each["undoes"] else each["kind"]
        row(
            drawn,
            each["number"],
            each["decided_at"][:16].replace("T", " "),
            " ".join(filter(None, [what, undone and f"({undone})"])),
            ", ".join(each["customers"]),
            each["reason"],
            style="dim" if each["undone_by"] else None,
        )
    show(screen, drawn)


duplicates = typer.Typer(no_args_is_help=True, help=guide(HELP))
COMMANDS: dict[str, Callable[..., None]] = {
    "find": find, "list": list_, "merge": merge, "undo": undo, "refuse": refuse, "history": history,
}  # fmt: skip
for command_name, command in COMMANDS.items():
    add(duplicates, command_name, command)
