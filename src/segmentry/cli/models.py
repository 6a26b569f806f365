"""`segmentry models …`: lifetime value, churn, the next purchase; their scores and their cards."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any

import typer
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from segmentry.answers import models as answers
from segmentry.answers.basis import instant_of
from segmentry.answers.plain import Document
from segmentry.cli.guide import add as add_command
from segmentry.cli.guide import guide
from segmentry.cli.option import HERE, AsOf, Folder, Json
from segmentry.cli.output import bar, below, clean, emit, footer, row, show, table
from segmentry.cli.progress import watched
from segmentry.cli.session import opened

HELP = """Ask what is likely to come, check the answer on held-out time, and keep it as features.

Examples:
  segmentry models add clv --question clv -w shop
  segmentry models add leaving --question churn --horizon-days 60 -w shop
  segmentry models show clv -w shop
  segmentry segments save precious "clv >= 500 AND leaving > 0.5" -w shop
"""
Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of the model, and of its score.")]
QUESTIONS = "clv, buys_again, churn, spend, responds or next_category"


def list_(folder: Folder = HERE, as_json: Json = False) -> None:
    """List the models, the features they give, and when customers were scored last.

    Example:
      segmentry models list -w shop
    """
    with opened(folder) as workspace:
        document = answers.every(workspace)
    emit(document, as_json=as_json, draw=_draw_list)


def add(  # noqa: PLR0913 - each is an option of its own
    name: Name,
    *,
    question: Annotated[str, typer.Option(metavar="QUESTION", help=f"What is asked: {QUESTIONS}.")],
    horizon_days: Annotated[
        int | None,
        typer.Option(
            metavar="DAYS",
            min=1,
            show_default="365 for clv, else 90",
            help="How far it looks ahead.",
        ),
    ] = None,
    of: Annotated[
        str,
        typer.Option(metavar="NAME", help="The event of `responds`, the one of `next_category`."),
    ] = "",
    fact: Annotated[
        str, typer.Option(metavar="FACT", help="Where `responds` looks: events or touchpoints.")
    ] = "events",
    active_days: Annotated[
        int | None,
        typer.Option(
            metavar="DAYS",
            min=1,
            show_default="the horizon",
            help="Who is active, and can leave: those who bought in so many days.",
        ),
    ] = None,
    among: Annotated[str, typer.Option(metavar="RULE", help="Who is asked; a rule.")] = "",
    method: Annotated[
        str,
        typer.Option(
            metavar="METHOD",
            help="Of clv: auto, bg_nbd, mbg_nbd or pareto_nbd; auto lets held-out time choose.",
        ),
    ] = "auto",
    yearly_discount: Annotated[
        float,
        typer.Option(metavar="SHARE", min=0, max=0.99, help="Of clv: how much less a year later."),
    ] = 0.1,
    as_of: AsOf = None,
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
    }
    with opened(folder) as workspace:
        instant = instant_of(workspace, as_of)
        with watched("Fitting", quiet=as_json, share_done=workspace.share_done) as progress:
            document = answers.add(workspace, given, instant, progress)
    emit(document, as_json=as_json, draw=_draw_card)


def fit(name: Name, as_of: AsOf = None, folder: Folder = HERE, as_json: Json = False) -> None:
    """Fit a model again and score everybody, as of an instant; earlier scores stay.

    Example:
      segmentry models fit clv --as-of 2025-06-01 -w shop
    """
    with opened(folder) as workspace:
        instant = instant_of(workspace, as_of)
        with watched("Fitting", quiet=as_json, share_done=workspace.share_done) as progress:
            document = answers.fit(workspace, name, instant, progress)
    emit(document, as_json=as_json, draw=_draw_card)


def show_(name: Name, as_of: AsOf = None, folder: Folder = HERE, as_json: Json = False) -> None:
    """Show a model's card: data, how good it was on held-out time beside plain ways, and why.

    Example:
      segmentry models show clv -w shop
    """
    with opened(folder) as workspace:
        document = answers.one(workspace, name, instant_of(workspace, as_of))
    emit(document, as_json=as_json, draw=_draw_card)


def remove(name: Name, folder: Folder = HERE, as_json: Json = False) -> None:
    """Take a model out of use; its versions, cards and scores are kept.

    Example:
      segmentry models remove clv -w shop
    """
    with opened(folder) as workspace:
        workspace.models.remove(name)
    emit({"name": name, "removed": True}, as_json=as_json, draw=_draw_removed)


def _draw_list(screen: Console, document: Document) -> None:
    if not document["models"]:
        screen.print("No models yet. Begin with `segmentry models add clv --question clv`.")
        return
    drawn = table("Model", "Question", ">Days", "Scored as of", ">Customers", "Features")
    for each in document["models"]:
        count = "–" if each["customers"] is None else f"{each['customers']:,}"
        named = Text(clean(each["name"]), "bold")
        scored = each["scored_as_of"] or "never"
        scores = ", ".join(each["scores"])
        row(drawn, named, each["question"], each["horizon_days"], scored, count, scores)
    show(screen, drawn)


def _draw_removed(screen: Console, document: Document) -> None:
    screen.print(f"Model `{clean(document['name'])}` is out of use; its scores are kept.")


# cards

FIGURES = {
    "auc": "AUC",
    "gini": "Gini",
    "brier": "Brier",
    "ece": "ECE",
    "mae": "MAE",
    "bias": "Bias",
}
"""Those that a terminal has room for; JSON has all."""


def _draw_card(screen: Console, document: Document) -> None:
    title = (
        f"{clean(document['name'])}: {document['question']}, {document['horizon_days']} days ahead,"
        f" {document['customers']:,} customers scored as of {document['scored_as_of']}"
    )
    card = document["card"]
    parts = _value_card(card) if document["question"] == "clv" else _prediction_card(card)
    show(screen, Text(title, style="bold"))
    below(screen, *parts, footer(document))


def _prediction_card(card: Mapping[str, Any]) -> Iterator[RenderableType]:
    used = f"Used: {card['decision'].replace('_', ' ')}."
    why = {
        "better": "Boosting was better than every plain way on held-out time, by more than chance.",
        "no_better": "Boosting was not better than this plain way by more than chance.",
    }
    yield Text(f"{used} {why.get(card['why'], '')}")
    if card["figures"]:
        yield _figures(card["figures"])
    if card["reliability"]:
        yield _reliability(card["reliability"])
    if card["reasons"]:
        told = ", ".join(f"{each['feature']} ({each['drop']:.3f})" for each in card["reasons"][:5])
        yield Text(f"What tells most: {told}")


def _figures(figures: Mapping[str, Mapping[str, Mapping[str, float | None]]]) -> Table:
    """Ways down, figures across, at the newest time whose outcome is known."""
    names = [name for name in FIGURES if name in next(iter(figures.values()))]
    drawn = table("On held-out time", *(f">{FIGURES[name]}" for name in names))
    for way, found in figures.items():
        row(drawn, way.replace("_", " "), *(_interval(found[name]) for name in names))
    return drawn


def _interval(figure: Mapping[str, float | None]) -> str:
    value, low, high = (figure.get(each) for each in ("value", "low", "high"))
    if value is None:
        return "–"
    return f"{value:.3f}" + (f" ({low:.3f}–{high:.3f})" if None not in (low, high) else "")


def _reliability(slices: list[Mapping[str, float]]) -> Table:
    drawn = table("Tenth", ">Customers", ">Predicted", ">Happened", "", ">Gained")
    most = max(each["observed"] for each in slices) or 1.0
    for number, each in enumerate(slices, 1):
        row(
            drawn,
            number,
            f"{each['customers']:,}",
            f"{each['predicted']:.3g}",
            f"{each['observed']:.3g}",
            bar(each["observed"] / most),
            f"{each['gain']:.0%}",
        )
    return drawn


CORRECTIONS = {
    "none": "as the model says",
    "level": "the model's total made right",
    "groups": "made right by frequency and recency",
    "boosted": "corrected by boosting on the features",
}


def _value_card(card: Mapping[str, Any]) -> Iterator[RenderableType]:
    chosen = f"Used: {card['method']}, {CORRECTIONS[card['correction']]}"
    spend = "Gamma-Gamma" if card["spending"] == "gamma_gamma" else "each customer's own mean"
    yield Text(f"{chosen}; spend by {spend}. {card['groups']:,} distinct histories were fitted.")
    if card["holdout_on"]:
        yield _held_out(card)
        yield _deciles(card["deciles"])
    else:
        yield Text("No time could be held out, so nothing was checked.", style="yellow")
    yield from _factors(card)
    told = ", ".join(
        f"{each['name']} {each['value']:.4g} ({each['low']:.4g}–{each['high']:.4g})"
        for each in [*card["parameters"], *card["spending_parameters"]]
    )
    yield Text(f"Parameters with 90 % intervals: {told}", style="dim")


WAYS = {
    "none": "as the model says",
    "last": "as it was wrong before",
    "tracking": "by what came in the last days",
}


def _factors(card: Mapping[str, Any]) -> Iterator[RenderableType]:
    """By how much sums are changed; cards of earlier versions do not say."""
    for of in ("orders", "spend"):
        if f"{of}_factor" in card:
            factor = card[f"{of}_factor"]
            sure = "how sure is not known, with fewer than two earlier cuts"
            if factor["low"] is not None:
                cuts = len(factor["judged"])
                sure = f"90 % interval {factor['low']:.2f}–{factor['high']:.2f} from {cuts} cuts"
            yield Text(f"{of.title()} × {factor['value']:.2f}, {WAYS[factor['way']]}; {sure}.")
    if not card.get("year_seen", True):
        yield Text("Less than a year of history: a season to come is not foreseen.", style="yellow")


def _held_out(card: Mapping[str, Any]) -> Table:
    days, since, of = card["holdout_days"], card["holdout_on"], card["holdout_customers"]
    drawn = table(
        "Way", "Of", ">Bias", ">Gini", ">MAE", ">Error by tenth",
        title=f"{days} days from {since} on, {of:,} customers",
    )  # fmt: skip
    for each in card["holdout"]:
        way = each["method"].replace("_", " ")
        if each["correction"] != "none":
            way += f" + {each['correction']}"
        found = each["measures"]
        gini, mae = (_number(found[name]) for name in ("gini", "mae"))
        row(drawn, way, each["of"], _signed(found["bias"]), gini, mae, _share(found["decile_mape"]))
    return drawn


def _deciles(tenths: list[Mapping[str, float]]) -> Table:
    drawn = table("Tenth", ">Expected", ">Came", "")
    most = max(each["actual"] for each in tenths) or 1.0
    for number, each in enumerate(tenths, 1):
        came = f"{each['actual']:,.0f}"
        row(drawn, number, f"{each['predicted']:,.0f}", came, bar(each["actual"] / most))
    return drawn


def _signed(value: float | None) -> str:
    return "–" if value is None else f"{value:+.1%}"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


models = typer.Typer(no_args_is_help=True, help=guide(HELP))
COMMANDS: dict[str, Callable[..., None]] = {
    "list": list_, "add": add, "fit": fit, "show": show_, "remove": remove,
}  # fmt: skip
for command_name, command in COMMANDS.items():
    add_command(models, command_name, command)
