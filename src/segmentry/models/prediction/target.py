"""What is predicted: who is asked, and what counts as a yes, both in the language of rules.

The label is asked as of the cut and the horizon, with a window that goes back exactly to the cut:
so it reads rows at or after the cut only, and features, asked as of the cut, rows before it only.
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from segmentry.core.time import AsOf
from segmentry.language.literal import quoted
from segmentry.language.node import Condition, ValueNode
from segmentry.language.span import Span
from segmentry.language.text import parse_rule, parse_value

Kind = Literal["buys_again", "churn", "spend", "responds", "next_category"]

NAMED = {"responds": "the event or kind of touchpoint", "next_category": "the category"}
"""Kinds that need `of`, and what it names."""
FIELD = {"events": "name", "touchpoints": "kind"}

SAMPLE = 50_000
"""About how many customers are learned from at one cut of the past, if nothing else is said."""


class Target(BaseModel):
    """A question about each customer's near future.

    Args:
        kind: `buys_again`: orders within the horizon. `churn`: bought in the last `active_days`
            and does not order within the horizon. `spend`: what is paid for orders within the
            horizon. `responds`: an event or touchpoint called `of` within the horizon.
            `next_category`: orders within the horizon, and the first line is of the category `of`.
        horizon_days: How far it looks ahead, from the instant asked (in) to so many days later
            (out).
        of: What `responds` and `next_category` ask about, as it is written in the data.
        fact: Where `responds` looks.
        active_days: Who counts as active for `churn`; the horizon when not said.
        among: A rule that narrows further who is asked, as of the cut.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    horizon_days: int = Field(default=90, ge=1, le=1100)
    of: str = ""
    fact: Literal["events", "touchpoints"] = "events"
    active_days: int | None = Field(default=None, ge=1, le=3660)
    among: str = ""

    @model_validator(mode="after")
    def _named(self) -> Self:
        if self.kind in NAMED and not self.of:
            raise ValueError(f"`{self.kind}` needs `of`: {NAMED[self.kind]}")
        if self.kind not in NAMED and self.of:
            raise ValueError(f"`{self.kind}` has no `of`")
        return self

    @property
    def is_amount(self) -> bool:
        """Whether an amount is predicted; else it is a probability."""
        return self.kind == "spend"

    @property
    def asked_rule(self) -> str:
        """Who is asked, as text: those with a fact before the cut, and `among`.

        Nobody is asked who was not seen before the cut; that somebody is known at all could
        otherwise tell that he bought later.
        """
        seen = {
            "churn": f"any(orders, last => '{self.active_days or self.horizon_days} days')",
            "responds": f"any({self.fact})",
        }.get(self.kind, "any(orders)")
        return f"{seen} AND ({self.among})" if self.among else seen

    @property
    def label_value(self) -> str:
        """What counts as a yes, or the amount, as text; asked as of the cut and the horizon."""
        window = f"last => '{self.horizon_days} days'"
        match self.kind:
            case "buys_again":
                return f"any(orders, {window})"
            case "churn":
                return f"NOT any(orders, {window})"
            case "spend":
                return f"coalesce(sum(orders.gross_amount, {window}), 0)"
            case "responds":
                named = f"{FIELD[self.fact]} = {self.written}"
                return f"any({self.fact}, where => {named}, {window})"
            case "next_category":
                return f"coalesce(first(order_lines.category, {window}), '') = {self.written}"

    @property
    def written(self) -> str:
        """`of` as the language writes it."""
        return quoted(self.of)

    @property
    def own_history(self) -> dict[str, str]:
        """Values about the customer's past with what `of` names, besides the usual features."""
        if self.kind == "responds":
            where = f"where => {FIELD[self.fact]} = {self.written}"
            return {
                "times_before": f"count({self.fact}, {where})",
                "days_since_before": f"days_since_last({self.fact}, {where})",
            }
        if self.kind == "next_category":
            where = f"where => category = {self.written}"
            return {
                "category_share": f"share(order_lines, {where})",
                "category_lines": f"count(order_lines, {where})",
                "category_last": f"coalesce(last(order_lines.category), '') = {self.written}",
                "days_since_category": f"days_since_last(order_lines, {where})",
            }
        return {}

    def asked(self) -> Condition:
        """Who is asked, as a tree."""
        return parse_rule(self.asked_rule)

    def label(self) -> ValueNode:
        """The label, as a tree."""
        return parse_value(self.label_value)

    def before(self, as_of: AsOf) -> AsOf:
        """One horizon earlier, on the clock of the workspace's zone, as the label's window is."""
        return AsOf(Span(self.horizon_days, "day").before(as_of), as_of.timezone)
