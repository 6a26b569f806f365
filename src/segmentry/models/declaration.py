"""A model as a person declares it: what it is asked, and how far ahead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from segmentry.features.declaration import Feature
from segmentry.language.literal import quoted
from segmentry.models.prediction.target import SAMPLE, Target
from segmentry.segments.segment import NAME

Question = Literal["clv", "buys_again", "churn", "spend", "responds", "next_category"]
Method = Literal["auto", "bg_nbd", "mbg_nbd", "pareto_nbd"]

YEAR, QUARTER = 365, 90
OF_CLV: Final[Mapping[str, str]] = {
    "": "value", "_orders": "orders", "_spend": "spend", "_alive": "alive",
    "_next_days": "next_days",
}  # fmt: skip
"""What a lifetime value model says of a customer: ending of the name → key of its label."""
UNITS: Final[Mapping[str, str]] = {
    "clv.value": "money", "clv.orders": "orders", "clv.spend": "money", "clv.alive": "share",
    "clv.next_days": "days", "buys_again": "share", "churn": "share", "responds": "share",
    "next_category": "share",
}  # fmt: skip


class Model(BaseModel):
    """Something that is likely to come, asked of each customer again and again.

    Args:
        question: `clv`: what a customer will pay within the horizon, discounted. The others are
            the kinds of `Target`.
        horizon_days: How far it looks ahead; a year for `clv`, else 90 days.
        method: Of `clv`: how purchases come; `auto` lets held-out time choose.
        yearly_discount: Of `clv`: how much less money is worth that comes a year later, as a share.
        sample: About how many customers are learned from at one cut of the past at most, and so
            leave the engine; of more, the same random ones at every cut. Not of `clv`, which groups
            all customers in the engine.
        renew_after_days: A refresh scores customers anew when the last scores are older.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=NAME)
    question: Question
    label: str = ""
    horizon_days: int = Field(default=0, ge=0, le=1100)
    of: str = ""
    fact: Literal["events", "touchpoints"] = "events"
    active_days: int | None = Field(default=None, ge=1, le=3660)
    among: str = ""
    method: Method = "auto"
    yearly_discount: Decimal = Field(default=Decimal("0.1"), ge=0, lt=1)
    sample: int = Field(default=SAMPLE, ge=1_000, le=1_000_000)
    renew_after_days: int = Field(default=7, ge=1)

    @model_validator(mode="after")
    def _asked_rightly(self) -> Self:
        if self.question == "clv":
            if self.among or self.of or self.active_days:
                raise ValueError("`clv` is asked of every buyer; it has no `among`, `of`, `active`")
            if self.sample != SAMPLE:
                raise ValueError("`clv` is fitted on all customers; it has no `sample`")
        else:
            try:
                self.target()
            except ValidationError as error:
                raise ValueError(error.errors()[0]["msg"].removeprefix("Value error, ")) from error
        return self

    @property
    def ahead_days(self) -> int:
        """How far it looks ahead."""
        return self.horizon_days or (YEAR if self.question == "clv" else QUARTER)

    def target(self) -> Target:
        """The question of a model that is not `clv`."""
        return Target.model_validate(
            {
                "kind": self.question,
                "horizon_days": self.ahead_days,
                "of": self.of,
                "fact": self.fact,
                "active_days": self.active_days,
                "among": self.among,
            }
        )

    @property
    def scores(self) -> Mapping[str, str]:
        """Name of each score → the key of its label in the catalogue `models`."""
        if self.question == "clv":
            return {f"{self.name}{ending}": f"clv.{each}" for ending, each in OF_CLV.items()}
        return {self.name: self.question}

    def declarations(self) -> Iterator[Feature]:
        """The features that its scores are."""
        for name, key in self.scores.items():
            yield Feature(
                name=name,
                kind="score",
                expression=f"last(scores.value, where => name = {quoted(name)})",
                unit=UNITS.get(key, ""),
                theme="score",
            )
