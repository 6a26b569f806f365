"""Every method on every shop of the walk-throughs, as a page: `make methods`.

    python -m tests.examples.methods                 all shops, into examples/METHODS.md
    python -m tests.examples.methods telco_churn     one shop, to the screen

Each shop is made by its walk-through, as written. The same data give the same page, to the letter.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
from tests.examples.walk import EXAMPLES, SHARED, missing, walk

from segmentry.core.errors import SegmentryError, UsageError
from segmentry.insights.estimate import Estimate
from segmentry.locale import messages
from segmentry.models.clv.estimate import fit
from segmentry.models.clv.shifted_beta_geometric import Renewals, ShiftedBetaGeometric
from segmentry.models.declaration import Model
from segmentry.report.content import Estimated
from segmentry.report.interval import interval
from segmentry.report.writer import Writer
from segmentry.workspace.clusters import Wanted as Clustering
from segmentry.workspace.discovery import Wanted
from segmentry.workspace.workspace import Workspace

PAGE = EXAMPLES / "METHODS.md"
HEAD = """# Every method on every shop

What each method says of the shops of the [walk-throughs](README.md), and what it declines to say and
why. `make methods` writes this page ({minutes} minutes of one core); nothing here is written by
hand, and the same data give the same page. In parentheses stands the 95 % interval.

A split of a budget is missing: none of these data hold what spending on a segment brought against
a control group, and without that the question is [refused](../docs/guides/what-they-buy.md).
"""

RANKED = 6
"""Ways of dividing told, the best first."""


@dataclass(frozen=True)
class Shop:
    """A workspace that a walk-through makes.

    Args:
        title: Of its data, in a few words.
        folder: Where the walk-through puts it.
        days: How far ahead predictions look.
        by: What groups that stand out differ in.
        compared: What clusters compare customers by; the usual features where nothing is said.
    """

    title: str
    folder: str
    days: int = 90
    by: str = "revenue"
    compared: tuple[str, ...] = ()


SHOPS: Mapping[str, Shop] = {
    "completejourney": Shop("A grocery panel", "shop", 60),
    "online_retail": Shop("A British gift shop", "shop"),
    "cdnow": Shop("A cohort of CD buyers", "cdnow"),
    "adventureworks": Shop("A bicycle shop", "shop"),
    "telco_churn": Shop(
        "Customers of a telecom, traits alone",
        "telco",
        by="churn",
        compared=("tenure", "monthly_charges", "total_charges", "contract", "internet_service"),
    ),
    "crm_b2b": Shop("Companies and deals", "sales"),
}


@dataclass(frozen=True)
class Asked:
    """A workspace, and how its numbers are written."""

    workspace: Workspace
    shop: Shop

    @property
    def write(self) -> Writer:
        """Numbers in English."""
        return Writer(messages("en"), self.workspace.settings.currency)

    def sure(self, found: Estimate | Mapping[str, Any], written: Callable[[float], str]) -> str:
        """A number with its interval, or why it has none."""
        if not isinstance(found, Estimate):
            found = Estimate(found["value"], found.get("low"), found.get("high"))
        if found.value is None:
            return "–"
        said = interval(
            Estimated(found.value, found.low, found.high, found.reason), self.write, written
        )
        return f"{written(found.value)} ({said})" if said != "–" else written(found.value)

    def money(self, value: float) -> str:
        """An amount."""
        return self.write.money(Decimal(str(round(value, 2))))

    def places(self, found: Estimate | Mapping[str, Any]) -> str:
        """A measure with three decimals."""
        return self.sure(found, lambda value: f"{value:.3f}")


def value(asked: Asked) -> str:
    """What the groups of RFM are worth."""
    found = asked.workspace.insights.value("rfm")
    return "; ".join(
        f"{each.name}: {asked.sure(each.revenue, asked.money)} a customer, "
        f"{asked.write.share(each.revenue_share.value)} of revenue"
        for each in found.worths
        if each.customers
    )


def worthwhile(asked: Asked) -> str:
    """The group of the best customers by the trade's criteria."""
    found = asked.workspace.insights.worthwhile("rfm/VIP")
    return "VIP: " + ", ".join(f"{each.criterion} {each.grade}" for each in found.findings)


def backtest(asked: Asked) -> str:
    """Which way of dividing tells who will bring much."""
    found = asked.workspace.insights.backtest()
    ranked = [f"{each.name} {asked.places(each.gini)}" for each in found.ranking]
    groups = [f"{each.name} {each.verdict}" for each in found.groups.get("rfm", ())]
    said = f"{len(found.cuts)} months; RFM: {', '.join(groups)}. "
    if not ranked:
        return f"{said}Which way tells most cannot be said"
    return f"{said}Gini: {', '.join(ranked[:RANKED])}{', …' if len(ranked) > RANKED else ''}"


def cohorts(asked: Asked) -> str:
    """Who came back."""
    cells = asked.workspace.insights.cohorts().whole.cells
    told = [
        f"month {each.age}: {asked.sure(each.retention, asked.write.share)}"
        for each in cells
        if each.age in (1, 3, 6, 12)
    ]
    return "; ".join(told) or "no month after the first is over"


def drift(asked: Asked) -> str:
    """What moved in the last 90 days."""
    found = asked.workspace.insights.drift()
    moved = [each for each in found.features if each.level != "steady"]
    if not found.features:
        return "no feature that is a number has a past"
    first = ", ".join(f"{each.name} {each.index:.2f} ({each.level})" for each in moved[:3])
    said = f"{len(moved)} of {len(found.features)} features moved beyond chance"
    return f"{said}: {first}" if first else said


def lifetime(asked: Asked) -> str:
    """Expected value, held against time that was kept back."""
    card = asked.workspace.models.add(Model(name="lifetime", question="clv")).card
    rows = [each for each in card["holdout"] if each["of"] == "orders"]
    told = []
    for each in rows:
        used = (each["method"], each["correction"]) == (card["method"], card["correction"])
        measures, name = each["measures"], f"{each['method']} {each['correction']}"
        name = name.removesuffix(" none")
        figures = f"Gini {measures['gini']:.3f}, MAE {measures['mae']:.3f}"
        if measures["bias"] is not None:
            figures += f", bias {measures['bias']:+.1%}"
        told.append(f"**{name}** {figures}" if used else f"{name} {figures}")
    if not told:
        return "no time could be held out, so it was not tested"
    return f"{card['holdout_days']} days held out: " + "; ".join(told)


def buys_again(asked: Asked) -> str:
    """Who buys again, beside plain ways."""
    model = Model(name="again", question="buys_again", horizon_days=asked.shop.days)
    return _predicted(asked, model)


def churn(asked: Asked) -> str:
    """Who leaves, beside plain ways."""
    return _predicted(asked, Model(name="leaving", question="churn", horizon_days=asked.shop.days))


def spend(asked: Asked) -> str:
    """What will be spent, beside plain ways."""
    return _predicted(asked, Model(name="spending", question="spend", horizon_days=asked.shop.days))


def _predicted(asked: Asked, model: Model) -> str:
    card = asked.workspace.models.add(model).card
    told = []
    for name, row in (card["figures"] or {}).items():
        figures = [
            f"{label} {asked.places(row[measure])}"
            for measure, label in (("auc", "AUC"), ("gini", "Gini"), ("mae", "MAE"))
            if measure in row
        ]
        used = name == card["decision"]
        told.append(f"**{name}** {', '.join(figures)}" if used else f"{name} {', '.join(figures)}")
    return f"{card['horizon_days']} days ahead: " + "; ".join(told)


def contract(asked: Asked) -> str:
    """How long customers under contract stay: by months completed, and who left last."""
    there = asked.workspace.features().schema.features
    if not {"tenure", "churn"} <= set(there):
        raise UsageError("no trait says how many periods customers have completed.")
    rows = asked.workspace.columns(["tenure", "churn"]).to_arrow()
    months = np.asarray(rows["tenure"].to_pylist(), float)
    left = np.asarray(rows["churn"].to_pylist(), bool)
    period = np.arange(1.0, months.max() + 1)
    lost = np.array([np.sum(left & (months == each)) for each in period], float)
    renewed = np.array([np.sum(months > each) for each in period], float)
    renewals = Renewals(period, renewed, lost)
    found = fit(ShiftedBetaGeometric.start(renewals), renewals)
    year, five = found.model.survival(np.array([12.0, 60.0]))
    ends = {name: "–".join(f"{one:.3g}" for one in span) for name, span in found.intervals.items()}
    return (
        f"shifted beta-geometric: a {found.model.a:.3f} ({ends['a']}), b {found.model.b:.2f}"
        f" ({ends['b']}); {year:.1%} stay a year, {five:.1%} five;"
        f" {found.model.expected_periods(60):.1f} of the first 60 months expected"
    )


def clusters(asked: Asked) -> str:
    """Natural groups, or that there are none."""
    every = asked.workspace.clusters
    card = every.find(Clustering(asked.shop.compared))
    nearest = card.closest
    said = f"{every.sentence(card, 'en')} Nearest: {nearest.k} groups, silhouette "
    said += f"{nearest.silhouette:.2f}"
    if nearest.null_silhouette is not None:
        said += f" against {nearest.null_silhouette:.2f} in data without groups"
    groups = [f"{each.name} ({each.share:.0%})" for each in card.clusters]
    against = f"; fails: {', '.join(nearest.failed)}" if nearest.failed else ""
    return said + against + (f": {'; '.join(groups)}" if groups else "")


def discovery(asked: Asked) -> str:
    """Groups that bring far more than everyone else."""
    found = asked.workspace.discovery.find(Wanted(by=asked.shop.by, days=asked.shop.days))
    searched = f"{found.tried:,} crossings, {found.tested} tested, {found.confirmed} held"
    told = [
        f"`{each.rule}`: {each.customers:,} customers, "
        f"{asked.sure(each.lift, lambda value: f'{value:.1f}×')}, at a later time: {each.later}"
        for each in found.groups[:2]
    ]
    return "; ".join([searched, *told])


def affinity(asked: Asked) -> str:
    """What is bought together."""
    insights, products = asked.workspace.insights, asked.workspace.features().schema.facts
    lines = products["order_lines"].fields if "order_lines" in products else {}
    found = insights.affinity(of="category" if "category" in lines else "product_id")
    if not found.sets:
        return "no pair is in one order together that often"
    certain = sum(each.certain for each in found.sets)
    told = [
        f"{' + '.join(found.names.get(one.item, one.item) for one in each.things)} "
        f"{asked.sure(each.lift, lambda value: f'{value:.2f}×')}"
        for each in found.sets[:2]
    ]
    return "; ".join([f"{certain} of {len(found.sets)} pairs beyond chance", *told])


def recommend(asked: Asked) -> str:
    """How often one of ten recommendations was right, beside what is popular."""
    workspace = asked.workspace
    [(customer,)] = workspace.engine.rows(
        "SELECT min(customer_id) FROM counted_customers JOIN counted_orders USING (customer_no)"
    )
    trial = workspace.insights.recommend(customer).trial
    if trial.missing:
        return f"by what is popular; nothing could be tried: {trial.missing}"
    ways = [f"{each.way} {asked.sure(each.hit_rate, asked.write.share)}" for each in trial.anything]
    return f"one of ten was right for so many of {trial.customers:,}: {', '.join(ways)}"


METHODS: Mapping[str, Callable[[Asked], str]] = {
    "value": value,
    "worthwhile": worthwhile,
    "backtest": backtest,
    "cohorts": cohorts,
    "drift": drift,
    "clv": lifetime,
    "buys again": buys_again,
    "churn": churn,
    "spend": spend,
    "contract": contract,
    "clusters": clusters,
    "discovery": discovery,
    "affinity": affinity,
    "recommend": recommend,
}


def section(name: str) -> str:
    """What every method says of one shop, as a table."""
    shop = SHOPS[name]
    rows = [f"## {shop.title}\n", f"Made by [{name}]({name}/README.md).\n"]
    rows += ["| method | what it says |", "|---|---|"]
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder) / name
        shutil.copytree(EXAMPLES / name, here)
        _walked(name, here)
        with Workspace.open(here / shop.folder) as workspace:
            rows += [_row(method, Asked(workspace, shop)) for method in METHODS]
    return "\n".join([*rows, ""])


def _walked(name: str, here: Path) -> None:
    before = Path.cwd()
    os.environ |= {"DATA": str(SHARED / name), "COLUMNS": "200"}
    os.chdir(here)
    try:
        walk(EXAMPLES / name / "README.md")
    finally:
        os.chdir(before)


def _row(method: str, asked: Asked) -> str:
    try:
        said = METHODS[method](asked)
    except SegmentryError as error:
        said = f"*not said:* {error}"
    return f"| {method} | {said.replace('|', '/')} |"


def main(names: list[str]) -> Iterator[str]:
    """The sections of these shops, or all of them into the page.

    Raises:
        SystemExit: Data of a shop are not at hand, so the page cannot be written.
    """
    started, parts = time.process_time(), []
    for name in names or SHOPS:
        if what := missing(name):
            raise SystemExit(f"{what} is not at hand")
        parts.append(section(name))
        yield parts[-1]
    if not names:
        minutes = max(1, round((time.process_time() - started) / 60))
        PAGE.write_text("\n".join([HEAD.format(minutes=minutes), *parts]), encoding="utf-8")


if __name__ == "__main__":
    for part in main(sys.argv[1:]):
        print(part, flush=True)  # noqa: T201 - it is a program
