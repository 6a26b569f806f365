"""Making features comparable: tails drawn in, robust scale, one weight for what says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from segmentry.models.clusters.column import Column, Floats

MOST_MISSING = 0.5
"""A feature missing for more customers than this is left out."""
MOST_EQUAL = 0.95
"""A feature with one value for more customers than this is nearly constant, and left out."""
TOLD = 0.01
"""Missing for fewer than this is no property of its own; the middle is taken instead."""
HEAVY = 3.0
"""How much longer one tail may be than the other before it is drawn in."""
FAR = 4.0
"""Spreads from the middle beyond which a value counts as no farther."""
MOST_WORDS = 8
"""Values of a text that are told apart; the rest are one."""
RARE = 0.02
TEXT_SHARE, FARTHEST_WORD = 0.25, 0.6
"""The variance of a text against 1 of a number, and how long a word's coordinate can get."""
RELATED = 0.7
"""Correlation from which on two features begin to say the same."""
MISSING_WEIGHT = 0.5
"""How far a missing number is from one in the middle; little, for often nothing is meant by it."""


@dataclass(frozen=True)
class Scale:
    """How one feature becomes coordinates.

    Args:
        bend: Divisor of the signed logarithm that draws tails in; 0 leaves values as they are.
        words: Places of the words that are told apart.
        word_weight: Length of a word's coordinate.
        missing_weight: Length of the coordinate "is missing"; 0 when there is none.
        weight: Of the whole feature; below 1 when others say the same.
    """

    name: str
    bend: float = 0.0
    centre: float = 0.0
    spread: float = 1.0
    words: tuple[int, ...] = ()
    word_weight: float = 0.0
    missing_weight: float = 0.0
    weight: float = 1.0

    @property
    def width(self) -> int:
        """Coordinates it takes."""
        return (len(self.words) or 1) + (self.missing_weight > 0)

    def coordinates(self, column: Column) -> Floats:
        """One row per customer, `width` coordinates."""
        missing = column.missing
        if self.words:
            parts = [(column.values == each) * self.word_weight for each in self.words]
        else:
            parts = [np.where(missing, 0.0, self.standard(column.values))]
        if self.missing_weight:
            parts.append(missing * self.missing_weight)
        return np.column_stack(parts) * self.weight

    def standard(self, values: Floats) -> Floats:
        """Numbers in spreads from the middle, tails drawn in, at most `FAR`; NaN stays."""
        bent = np.arcsinh(values / self.bend) if self.bend else values
        return np.clip((bent - self.centre) / self.spread, -FAR, FAR)


@dataclass(frozen=True)
class LeftOut:
    """A feature that says nothing here.

    Args:
        reason: `missing` or `constant`.
        share: Of customers for whom it is missing, or who have the one value.
    """

    name: str
    reason: str
    share: float


@dataclass(frozen=True)
class Preparation:
    """How customers become points, and which features could not be used."""

    scales: tuple[Scale, ...]
    left_out: tuple[LeftOut, ...]

    def points(self, columns: Sequence[Column]) -> Floats:
        """One row per customer; the columns may hold more features than are used."""
        held = {each.name: each for each in columns}
        return np.hstack([scale.coordinates(held[scale.name]) for scale in self.scales])


def prepare(columns: Sequence[Column]) -> Preparation:
    """Scales learned from a sample; features mostly missing or nearly constant are left out."""
    judged = {each.name: _useless(each) for each in columns}
    usable = [each for each in columns if judged[each.name] is None]
    scales = [_words(each) if each.words else _number(each) for each in usable]
    weights = _weights(usable, scales)
    return Preparation(
        tuple(replace(scale, weight=weight) for scale, weight in zip(scales, weights, strict=True)),
        tuple(each for each in judged.values() if each),
    )


def _useless(column: Column) -> LeftOut | None:
    missing = float(column.missing.mean()) if len(column.values) else 1.0
    if missing > MOST_MISSING:
        return LeftOut(column.name, "missing", missing)
    _, counts = np.unique(column.values[~column.missing], return_counts=True)
    most = float(counts.max()) / len(column.values)
    if most > MOST_EQUAL or (len(counts) == 1 and missing < TOLD):
        return LeftOut(column.name, "constant", most)
    return None


def _number(column: Column) -> Scale:
    there = column.values[~column.missing]
    bend = _bend(there)
    bent = np.arcsinh(there / bend) if bend else there
    low, centre, high = np.quantile(bent, [0.01, 0.5, 0.99])
    spread = float(np.clip(bent, low, high).std())
    return Scale(
        column.name,
        bend=bend,
        centre=float(centre),
        spread=spread or float(bent.std()) or 1.0,
        missing_weight=_missing_weight(column),
    )


def _bend(values: Floats) -> float:
    """The divisor of the signed logarithm, where one tail is much longer than the other.

    Where values have both signs it is as wide as their middle half: a narrower one would tear apart
    what lies around 0.
    """
    low, lower, middle, upper, high = np.quantile(values, [0.01, 0.25, 0.5, 0.75, 0.99])
    shorter, longer = sorted((middle - low, high - middle))
    if longer <= HEAVY * shorter:
        return 0.0
    if low < 0 < high:
        return float(upper - lower)
    return float(np.quantile(np.abs(values[values != 0]), 0.05))


def _words(column: Column) -> Scale:
    there = column.values[~column.missing].astype(int)
    shares = np.bincount(there, minlength=len(column.words)) / len(column.values)
    common = [int(each) for each in np.argsort(-shares, kind="stable") if shares[each] >= RARE]
    told = tuple(sorted(common[:MOST_WORDS]))
    variance = float(sum(shares[each] * (1 - shares[each]) for each in told))
    return Scale(
        column.name,
        words=told,
        word_weight=float(min(np.sqrt(TEXT_SHARE / max(variance, 1e-9)), FARTHEST_WORD)),
        missing_weight=_missing_weight(column),
    )


def _missing_weight(column: Column) -> float:
    return MISSING_WEIGHT if column.missing.mean() >= TOLD else 0.0


def _weights(columns: Sequence[Column], scales: Sequence[Scale]) -> list[float]:
    """1 for a feature of its own; features that say the same share the weight of one.

    The square of a weight is 1 over the number of features that say the same, itself among them: a
    feature given twice counts once. A correlation up to `RELATED` says nothing of the kind, for
    groups make features correlate too.
    """
    numbers = [place for place, each in enumerate(scales) if not each.words]
    weights = np.ones(len(scales))
    if len(numbers) > 1:
        points = np.column_stack(
            [scales[each].coordinates(columns[each])[:, 0] for each in numbers]
        )
        related = np.abs(np.nan_to_num(np.corrcoef(points, rowvar=False)))
        same = np.clip((related - RELATED) / (1 - RELATED), 0.0, 1.0)
        weights[numbers] = 1 / np.sqrt(np.maximum(same.sum(axis=1), 1.0))
    return [float(each) for each in weights]
