"""How the card of a model looks in the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from segmentry.cli.output import bar, clean, heads, row, table

if TYPE_CHECKING:
    from segmentry.report.writer import Writer
    from segmentry.workspace.wording import Wording

FIGURES = ("auc", "gini", "brier", "ece", "mae", "bias")
"""Those that a terminal has room for; JSON has all."""
NAMED = {"bg_nbd": "BG/NBD", "mbg_nbd": "MBG/NBD", "pareto_nbd": "Pareto/NBD"}
"""What models of purchases are called in every language."""
TELLING = 5
LEVEL = 0.9
"""Of the intervals of parameters and factors."""


def prediction_card(
    card: Mapping[str, Any], wording: Wording, write: Writer
) -> Iterator[RenderableType]:
    """What is used and why, figures beside plain ways, tenths, what tells most."""
    say = write.messages
    used = [say("terminal.models.used", way=_way(card["decision"], write))]
    if f"report.models.why.{card['why']}" in say:
        used.append(say(f"report.models.why.{card['why']}", plain=_way(card["plain"], write)))
    yield Text(" ".join(used))
    if card["figures"]:
        yield _figures(card["figures"], write)
    if card["reliability"]:
        yield _reliability(card["reliability"], write)
    if card["reasons"]:
        told = (
            f"{clean(wording.feature(each['feature']))} ({write.number(each['drop'], 3)})"
            for each in card["reasons"][:TELLING]
        )
        yield Text(say("report.models.telling", list=", ".join(told)))


def _figures(figures: Mapping[str, Mapping[str, Mapping[str, Any]]], write: Writer) -> Table:
    """Ways down, figures across, at the newest time whose outcome is known."""
    names = [name for name in FIGURES if name in next(iter(figures.values()))]
    drawn = table(write.messages("report.models.way_head"), *_measures(names, write))
    for way, found in figures.items():
        row(drawn, _way(way, write), *(_interval(found[name], write) for name in names))
    return drawn


def _measures(names: list[str], write: Writer) -> list[str]:
    return [f">{write.messages(f'report.models.measure.{each}')}" for each in names]


def _interval(figure: Mapping[str, float | None], write: Writer) -> str:
    text = write.number(figure.get("value"), 3)
    if None in (figure.get("low"), figure.get("high")):
        return text
    low, high = (write.number(figure[end], 3) for end in ("low", "high"))
    return f"{text} ({write.messages('report.span', low=low, high=high)})"


def _reliability(slices: list[Mapping[str, float]], write: Writer) -> Table:
    say = write.messages
    expected, came = (f">{say(f'report.models.{each}')}" for each in ("expected", "came"))
    columns = heads(write, ">models.customers")
    drawn = table(
        say("report.models.tenths"), *columns, expected, came, "", *heads(write, ">models.gained")
    )
    most = max(each["observed"] for each in slices) or 1.0
    for number, each in enumerate(slices, 1):
        row(
            drawn,
            write.count(number),
            write.count(int(each["customers"])),
            _small(each["predicted"], write),
            _small(each["observed"], write),
            bar(each["observed"] / most),
            write.share(each["gain"], 0),
        )
    return drawn


def _small(value: float, write: Writer) -> str:
    return write.number(value, 3 if abs(value) < 1 else None)


def value_card(card: Mapping[str, Any], write: Writer) -> Iterator[RenderableType]:
    """What is used, how it did on held-out time, factors, parameters."""
    say = write.messages
    correction = say(f"terminal.models.correction.{card['correction']}")
    used = f"{_way(card['method'], write)}, {correction}"
    said = [say("terminal.models.used", way=used)]
    said.append(say(f"terminal.models.spend_by.{card['spending']}"))
    said.append(say("terminal.models.fitted", count=write.count(card["groups"])))
    yield Text(" ".join(said))
    if card["holdout_on"]:
        yield _held_out(card, write)
        yield _deciles(card["deciles"], write)
    else:
        yield Text(say("report.models.untested"), style="yellow")
    yield from _factors(card, write)
    told = ", ".join(
        f"{each['name']} {each['value']:.4g} ({each['low']:.4g}–{each['high']:.4g})"
        for each in [*card["parameters"], *card["spending_parameters"]]
    )
    level = write.share(LEVEL, 0)
    yield Text(say("terminal.models.intervals", level=level, list=told), style="dim")


def _factors(card: Mapping[str, Any], write: Writer) -> Iterator[RenderableType]:
    """By how much sums are changed; cards of earlier versions do not say."""
    say = write.messages
    for of in ("orders", "spend"):
        if f"{of}_factor" in card:
            factor = card[f"{of}_factor"]
            yield Text(
                say(
                    "terminal.models.factor",
                    of=say(f"terminal.models.of_{of}"),
                    value=write.number(factor["value"], 2),
                    way=say(f"terminal.models.factor_by.{factor['way']}"),
                    sure=_sure(factor, write),
                )
            )
    if not card.get("year_seen", True):
        yield Text(say("report.models.no_year"), style="yellow")


def _sure(factor: Mapping[str, Any], write: Writer) -> str:
    if factor["low"] is None:
        return write.messages("terminal.models.unsure")
    low, high = (write.number(factor[end], 2) for end in ("low", "high"))
    cuts, level = write.count(len(factor["judged"])), write.share(LEVEL, 0)
    return write.messages("terminal.models.sure", level=level, low=low, high=high, cuts=cuts)


def _held_out(card: Mapping[str, Any], write: Writer) -> Table:
    say = write.messages
    title = say(
        "terminal.models.held",
        days=write.count(card["holdout_days"]),
        day=write.date(card["holdout_on"]),
        customers=say("report.customer_count", count=card["holdout_customers"]),
    )
    measures = _measures(["bias", "gini", "mae"], write)
    columns = [*heads(write, "models.of"), *measures, *heads(write, ">models.by_tenth")]
    drawn = table(say("report.models.way_head"), *columns, title=title)
    for each in card["holdout"]:
        found = each["measures"]
        row(
            drawn,
            _corrected(each, write),
            say(f"terminal.models.of_{each['of']}"),
            _signed(found["bias"], write),
            *(write.number(found[name], 3) for name in ("gini", "mae")),
            write.share(found["decile_mape"]),
        )
    return drawn


def _corrected(tested: Mapping[str, Any], write: Writer) -> str:
    way = _way(tested["method"], write)
    if tested["correction"] == "none":
        return way
    key = f"terminal.models.correction.{tested['correction']}"
    return f"{way} + {write.messages(key)}"


def _deciles(tenths: list[Mapping[str, float]], write: Writer) -> Table:
    names = ("tenths", "expected", "came")
    first, *others = (write.messages(f"report.models.{each}") for each in names)
    drawn = table(first, *(f">{each}" for each in others), "")
    most = max(each["actual"] for each in tenths) or 1.0
    for number, each in enumerate(tenths, 1):
        sums = (write.count(round(each[part])) for part in ("predicted", "actual"))
        row(drawn, write.count(number), *sums, bar(each["actual"] / most))
    return drawn


def _way(name: str, write: Writer) -> str:
    key = f"report.models.way.{name}"
    return write.messages(key) if key in write.messages else NAMED.get(name, name)


def _signed(value: float | None, write: Writer) -> str:
    text = write.share(value)
    return f"+{text}" if value is not None and value > 0 else text
