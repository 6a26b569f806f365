"""`segmentry models …`: lifetime value, churn, the next purchase; their scores and their cards."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from segmentry.answers import models as answers
from segmentry.answers.basis import instant_of
from segmentry.answers.plain import Document
from segmentry.cli.guide import add as add_command
from segmentry.cli.guide import guide
from segmentry.cli.option import HERE, AsOf, Folder, Json, Language
from segmentry.cli.output import below, clean, emit, footer, heads, row, show, table, writer
from segmentry.cli.progress import watched
from segmentry.cli.session import opened

if TYPE_CHECKING:
    from segmentry.report.writer import Writer
    from segmentry.workspace.wording import Wording

HELP = """Ask what is likely to come, check the answer on held-out time, and keep it as features.

Examples:
  segmentry models add clv --question clv -w shop
  segmentry models add leaving --question churn --horizon-days 60 -w shop
  segmentry models show clv -w shop
  segmentry segments save precious "clv >= 500 AND leaving > 0.5" -w shop
"""
Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of the model, and of its score.")]
QUESTIONS = "clv, buys_again, churn, spend, responds or next_category"
HorizonDays = Annotated[
    int | None,
    typer.Option(
        metavar="DAYS", min=1, show_default="365 for clv, else 90", help="How far it looks ahead."
    ),
]
ActiveDays = Annotated[
    int | None,
    typer.Option(
        metavar="DAYS",
        min=1,
        show_default="the horizon",
        help="Who is active, and can leave: those who bought in so many days.",
    ),
]
Method = Annotated[
    str,
    typer.Option(
        metavar="METHOD",
        help="Of clv: auto, bg_nbd, mbg_nbd or pareto_nbd; auto lets held-out time choose.",
    ),
]
Sample = Annotated[
    int,
    typer.Option(
        metavar="N",
        min=1_000,
        max=1_000_000,
        help="About how many customers are learned from at one cut at most; not of clv.",
    ),
]


def list_(language: Language = None, folder: Folder = HERE, as_json: Json = False) -> None:
    """List the models, the features they give, and when customers were scored last.

    Example:
      segmentry models list -w shop
    """
    with opened(folder) as workspace:
        document = answers.every(workspace)
        wording = workspace.wording(language)
    emit(document, as_json=as_json, draw=lambda screen, _: _draw_list(screen, document, wording))


def add(  # noqa: PLR0913 - each is an option of its own
    name: Name,
    *,
    question: Annotated[str, typer.Option(metavar="QUESTION", help=f"What is asked: {QUESTIONS}.")],
    horizon_days: HorizonDays = None,
    of: Annotated[
        str,
        typer.Option(metavar="NAME", help="The event of `responds`, the one of `next_category`."),
    ] = "",
    fact: Annotated[
        str, typer.Option(metavar="FACT", help="Where `responds` looks: events or touchpoints.")
    ] = "events",
    active_days: ActiveDays = None,
    among: Annotated[str, typer.Option(metavar="RULE", help="Who is asked; a rule.")] = "",
    method: Method = "auto",
    yearly_discount: Annotated[
        float,
        typer.Option(metavar="SHARE", min=0, max=0.99, help="Of clv: how much less a year later."),
    ] = 0.1,
    sample: Sample = 50_000,
    as_of: AsOf = None,
    language: Language = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Declare a model, fit it, and keep its scores as features; a refresh renews them.

    With too few data nothing is kept, and it says what is missing.

    Examples:
      segmentry models add clv --question clv -w shop
      segmentry models add again --question buys_again --horizon-days 30 -w shop
      segmentry models add asks --question responds --of refund_requested -w shop
    """
    given = {
        "name": name,
        "question": question,
        "horizon_days": horizon_days or 0,
        "of": of,
        "fact": fact,
        "active_days": active_days,
        "among": among,
        "method": method,
        "yearly_discount": str(yearly_discount),
        "sample": sample,
    }
    with opened(folder) as workspace:
        instant = instant_of(workspace, as_of)
        with watched("Fitting", quiet=as_json, share_done=workspace.share_done) as progress:
            document = answers.add(workspace, given, instant, progress)
        wording = workspace.wording(language)
    emit(document, as_json=as_json, draw=lambda screen, _: _draw_card(screen, document, wording))


def fit(
    name: Name,
    as_of: AsOf = None,
    language: Language = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Fit a model again and score everybody, as of an instant; earlier scores stay.

    Example:
      segmentry models fit clv --as-of 2025-06-01 -w shop
    """
    with opened(folder) as workspace:
        instant = instant_of(workspace, as_of)
        with watched("Fitting", quiet=as_json, share_done=workspace.share_done) as progress:
            document = answers.fit(workspace, name, instant, progress)
        wording = workspace.wording(language)
    emit(document, as_json=as_json, draw=lambda screen, _: _draw_card(screen, document, wording))


def show_(
    name: Name,
    as_of: AsOf = None,
    language: Language = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Show a model's card: data, how good it was on held-out time beside plain ways, and why.

    Example:
      segmentry models show clv -w shop
    """
    with opened(folder) as workspace:
        document = answers.one(workspace, name, instant_of(workspace, as_of))
        wording = workspace.wording(language)
    emit(document, as_json=as_json, draw=lambda screen, _: _draw_card(screen, document, wording))


def remove(name: Name, folder: Folder = HERE, as_json: Json = False) -> None:
    """Take a model out of use; its versions, cards and scores are kept.

    Example:
      segmentry models remove clv -w shop
    """
    with opened(folder) as workspace:
        workspace.models.remove(name)
        wording = workspace.wording()
    document: Document = {"name": name, "removed": True}
    emit(document, as_json=as_json, draw=lambda screen, _: _draw_removed(screen, document, wording))


def _draw_list(screen: Console, document: Document, wording: Wording) -> None:
    write = writer("", wording.language)
    say = write.messages
    if not document["models"]:
        command = "`segmentry models add clv --question clv`"
        screen.print(say("terminal.models.none", command=command))
        return
    columns = (">models.days", "models.scored", ">customers", "models.features")
    drawn = table(*heads(write, "models.model", "models.question", *columns))
    for each in document["models"]:
        row(
            drawn,
            Text(clean(each["name"]), "bold"),
            _question(each, write),
            write.count(each["horizon_days"]),
            each["scored_as_of"] or say("terminal.models.never"),
            write.count(each["customers"]),
            ", ".join(each["scores"]),
        )
    show(screen, drawn)


def _question(document: Document, write: Writer) -> str:
    name = document["question"]
    key = "models.clv.value" if name == "clv" else f"models.{name}"
    return clean(write.messages(key, of=document["of"]))


def _draw_removed(screen: Console, document: Document, wording: Wording) -> None:
    screen.print(wording.messages("terminal.models.removed", name=f"`{clean(document['name'])}`"))


# cards


def _draw_card(screen: Console, document: Document, wording: Wording) -> None:
    from segmentry.cli.model_card import prediction_card, value_card

    write = writer("", wording.language)
    say, card = write.messages, document["card"]
    asked = say(
        "report.models.asked",
        days=write.count(document["horizon_days"]),
        as_of=document["scored_as_of"],
        customers=say("report.customer_count", count=document["customers"]),
    )
    is_value = document["question"] == "clv"
    parts = value_card(card, write) if is_value else prediction_card(card, wording, write)
    title = f"{clean(document['name'])}: {_question(document, write)}"
    show(screen, Text(title, style="bold"), Text(asked))
    below(screen, *parts, footer(document, wording.language))


models = typer.Typer(no_args_is_help=True, help=guide(HELP))
COMMANDS: dict[str, Callable[..., None]] = {
    "list": list_, "add": add, "fit": fit, "show": show_, "remove": remove,
}  # fmt: skip
for command_name, command in COMMANDS.items():
    add_command(models, command_name, command)
