"""A survey scale: several items that together say one thing, as ordinary features."""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from segmentry.features.declaration import Feature

MOST_ITEMS = 60
LEAST_SHARE = 0.5
"""Half of the items: the usual rule for a person's mean over answered items; with fewer answered,
the mean says more about which items were answered than about the person."""
BANDS = ("low", "middle", "high")


class Scale(BaseModel):
    """Items of a survey that are scored together.

    It becomes the features `NAME_score`, `NAME_answered_share`, `NAME_band`, and hidden ones for
    each item, brought to one direction. An answer outside of the range is no answer.

    Args:
        items: Traits or features of customers, or questions of survey answers.
        source: Where the items stand.
        survey: Only answers to this survey; for questions.
        reverse: The items that say the opposite: a high answer counts as low.
        low: The lowest possible answer.
        high: The highest.
        least_answered_share: With a smaller share of items answered, the score is missing.
        method: `mean` of the answered items, or `sum`: the mean times the number of items, so that
            an item without answer counts as the person's mean.
        bands: Names of the bands, from low to high scores.
        limits: The highest score of each band but the last; none cuts the base into equal parts.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    label: str = ""
    description: str = ""
    items: tuple[str, ...] = Field(min_length=2, max_length=MOST_ITEMS)
    source: Literal["customers", "survey_answers"] = "customers"
    survey: str = ""
    reverse: tuple[str, ...] = ()
    low: Decimal = Decimal(1)
    high: Decimal = Decimal(5)
    least_answered_share: float = Field(LEAST_SHARE, gt=0, le=1)
    method: Literal["mean", "sum"] = "mean"
    bands: tuple[str, ...] = Field(BANDS, min_length=2, max_length=10)
    limits: tuple[Decimal, ...] = ()

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if len(set(self.items)) < len(self.items):
            raise ValueError("an item is named twice")
        if other := [each for each in self.reverse if each not in self.items]:
            raise ValueError(f"reversed, but no item: {', '.join(other)}")
        if self.low >= self.high:
            raise ValueError("the lowest answer must be below the highest")
        if len(set(self.bands)) < len(self.bands):
            raise ValueError("two bands have one name")
        if self.limits and len(self.limits) != len(self.bands) - 1:
            raise ValueError(f"{len(self.bands)} bands need {len(self.bands) - 1} limits")
        if list(self.limits) != sorted(set(self.limits)):
            raise ValueError("the limits must rise")
        return self

    @property
    def score(self) -> str:
        """The feature that holds the score."""
        return f"{self.name}_score"

    @property
    def answered(self) -> str:
        """The feature that holds the share of items answered, 0 to 1."""
        return f"{self.name}_answered_share"

    @property
    def band(self) -> str:
        """The feature that holds the name of the band."""
        return f"{self.name}_band"

    def item(self, number: int) -> str:
        """The hidden feature of an item, counted from 1: its answer in the scale's direction."""
        return f"{self.name}_item_{number}"

    @property
    def item_features(self) -> list[str]:
        """The hidden features of all items, in order."""
        return [self.item(number) for number in range(1, len(self.items) + 1)]

    @property
    def least_answered(self) -> int:
        """How many items must be answered."""
        return math.ceil(round(self.least_answered_share * len(self.items), 9))

    def declarations(self) -> Iterator[Feature]:
        """The scale as features."""
        label = self.label or self.name.replace("_", " ")
        for number, item in enumerate(self.items, 1):
            yield Feature(
                name=self.item(number),
                expression=self._directed(item),
                label=item,
                theme="surveys",
                hidden=True,
                traits=(item,) if self.source == "customers" else (),
            )
        items = ", ".join(self.item_features)
        yield Feature(
            name=self.score,
            kind="score",
            expression=self._scored(items),
            label=f"{label}: score",
            description=self.description,
            theme="surveys",
        )
        yield Feature(
            name=self.answered,
            expression=f"known_count({items}) / {len(self.items)}",
            label=f"{label}: share of items answered",
            unit="share",
            theme="surveys",
        )
        yield Feature(
            name=self.band,
            kind="group",
            expression=self._banded(),
            label=f"{label}: band",
            theme="surveys",
        )

    def _directed(self, item: str) -> str:
        answer = f"number({self._asked(item)})"
        directed = f"{self.low + self.high} - {answer}" if item in self.reverse else answer
        return f"if({answer} BETWEEN {self.low} AND {self.high}, {directed})"

    def _asked(self, item: str) -> str:
        if self.source == "customers":
            return item
        where = f"question = {_quoted(item)}"
        if self.survey:
            where += f" AND survey = {_quoted(self.survey)}"
        return f"last(survey_answers.answer, where => {where})"

    def _scored(self, items: str) -> str:
        mean = f"mean_of({items})"
        value = f"{mean} * {len(self.items)}" if self.method == "sum" else mean
        return f"if(known_count({items}) >= {self.least_answered}, {value})"

    def _banded(self) -> str:
        cuts = f"limits => ({', '.join(map(str, self.limits))})"
        place = f"score({self.score}, {cuts if self.limits else f'bins => {len(self.bands)}'})"
        *rising, last = self.bands
        found = _quoted(last)
        for number, band in reversed(list(enumerate(rising, 1))):
            found = f"if({place} <= {number}, {_quoted(band)}, {found})"
        return f"if({self.score} IS NOT NULL, {found})"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
