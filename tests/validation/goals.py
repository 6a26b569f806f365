"""What is validated, at which size, and what has to come out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Goal:
    """The least and the greatest value that hold."""

    low: float | None = None
    high: float | None = None

    def held(self, value: float) -> bool:
        """Whether a value is within the goal."""
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    def __str__(self) -> str:
        if self.low is not None and self.high is not None:
            return f"{self.low:g} to {self.high:g}"
        return f"at least {self.low:g}" if self.low is not None else f"at most {self.high:g}"


@dataclass(frozen=True)
class Topic:
    """A subject with its figures.

    Args:
        about: What is simulated or read; `{sets}` is how many sets.
        goals: Pattern of names of figures → what has to come out.
    """

    title: str
    about: str
    sets: int
    goals: Mapping[str, Goal] = field(default_factory=dict)

    def goal(self, name: str) -> Goal | None:
        """The goal of a figure, if it has one."""
        return next((each for like, each in self.goals.items() if re.fullmatch(like, name)), None)

    def missed(self, found: Mapping[str, float]) -> dict[str, bool]:
        """Whether the goal of each figure was missed."""
        goals = {name: self.goal(name) for name in found}
        return {
            name: goal is not None and not goal.held(found[name]) for name, goal in goals.items()
        }


TOPICS: Mapping[str, Topic] = {
    "clv": Topic(
        "Lifetime value: parameters are recovered",
        "{sets} simulated shops of 3,000 customers a model: the share of 90 % intervals that hold"
        " the true parameter.",
        200,
        {r".*": Goal(0.85, 0.95)},
    ),
    "clusters": Topic(
        "Clusters: none where there are none",
        "{sets} sets without structure (uniform, normal, correlated, a continuum of recency,"
        " frequency and amount) must be called so; in {sets} separated ones the number be found.",
        200,
        {"none_on_structureless": Goal(0.95), "true_number_on_separated": Goal(0.9)},
    ),
    "estimate": Topic(
        "Intervals of amounts with long tails",
        "{sets} samples of each size and distribution: the share of the shown 95 % intervals that"
        " hold the true mean.",
        2_000,
        {
            r"held|least|most|order_value|more_than_others": Goal(0.93, 0.97),
            "least_of_rare": Goal(0.93),
        },
    ),
    "discovery": Topic(
        "Discovery: what is found is there",
        "{sets} simulated shops of each kind: with nothing to be found, with one crossing whose"
        " members bring twice as much, with reversals inside strata.",
        400,
        {
            r"fdr_.*": Goal(high=0.055),
            "reversals_told": Goal(0.95),
            "false_alarms": Goal(high=0.05),
        },
    ),
    "sensitivity": Topic(
        "Sensitivity: elasticities and discounts as they are",
        "{sets} simulated shops of each size, in which three groups react to prices as is known;"
        " five times as many of customers who buy a known part with a discount: the share of 95 %"
        " intervals that hold the truth.",
        200,
        {r".*_held.*": Goal(0.93, 0.97), r".*_bias_.*": Goal(-0.05, 0.05)},
    ),
    "prediction": Topic(
        "Predictions: boosting only where it is better",
        "{sets} simulated shops in which nothing depends on anything, and as many in which the"
        " outcome follows features in a way that plain ones cannot say.",
        200,
        {
            "null_base_rate_used": Goal(0.95),
            "planted_ece": Goal(high=0.02),
            "planted_slope": Goal(0.9, 1.1),
        },
    ),
    "public": Topic(
        "Public data, the later part kept back",
        "Fitted as of a day, held against what came after it, beside plain ways. Lifetime value as of"
        " every 30th day, for 90 days ahead, and medians over these days.",
        1,
        {
            ".*: median bias of (used|clv)": Goal(-0.08, 0.08),
            ".*: median error by tenth of used": Goal(high=0.2),
            ".*: ece": Goal(high=0.02),
            ".*: slope": Goal(0.9, 1.1),
        },
    ),
}
