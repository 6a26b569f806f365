"""What sets each cluster apart: its features against the base, and the traits that name it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from segmentry.models.clusters.column import Column, Flags, Whole
from segmentry.models.clusters.prepare import Scale

Level = Literal["high", "low", "is", "missing"]

MARKED = 0.4
"""Spreads from the base's median from which on a cluster is high or low."""
TYPICAL, OVER = 0.3, 1.2
"""Least share of a word, and least times the base's share, to be told of."""
ALIKE = 0.7
"""Correlation from which on one trait says what another has said."""
MOST_TRAITS = 5


@dataclass(frozen=True)
class Share:
    """A value of a text, in the cluster and in the base."""

    value: str
    share: float
    base_share: float


@dataclass(frozen=True)
class Against:
    """One feature of a cluster against everybody's.

    Args:
        median: Of a number; `None` when it is missing for all, or a text.
        apart: How far the median is from the base's, in spreads of the scale that was used.
        values: Of a text, the most common values.
    """

    feature: str
    median: float | None
    base_median: float | None
    apart: float | None
    values: tuple[Share, ...]
    missing_share: float
    base_missing_share: float


@dataclass(frozen=True)
class Trait:
    """What a cluster is told by: a feature that is high, low, missing, or has a value."""

    feature: str
    level: Level
    value: str = ""


def profiles(
    columns: Sequence[Column], scales: Sequence[Scale], labels: Whole, k: int
) -> list[list[Against]]:
    """Every feature of every cluster against everybody's."""
    held = {each.name: each for each in columns}
    return [
        [_against(held[scale.name], scale, labels == number) for scale in scales]
        for number in range(k)
    ]


def _against(column: Column, scale: Scale, inside: Flags) -> Against:
    own, missing = column.values[inside], column.missing
    if column.words:
        return Against(
            column.name,
            None,
            None,
            None,
            _shares(column, inside),
            _mean(missing[inside]),
            _mean(missing),
        )
    median, base = _median(own), _median(column.values)
    apart = None
    if median is not None and base is not None:
        low, high = scale.standard(np.array([base, median]))
        apart = float(high - low)
    return Against(column.name, median, base, apart, (), _mean(missing[inside]), _mean(missing))


def _shares(column: Column, inside: Flags) -> tuple[Share, ...]:
    size = len(column.words)
    shares, bases = (
        np.bincount(values[~np.isnan(values)].astype(int), minlength=size) / max(len(values), 1)
        for values in (column.values[inside], column.values)
    )
    common = np.argsort(-shares, kind="stable")[:3]
    return tuple(
        Share(column.words[each], float(shares[each]), float(bases[each]))
        for each in common
        if shares[each] > 0
    )


def traits(profile: Sequence[Against], related: Callable[[str, str], float]) -> list[Trait]:
    """What a cluster stands out by, the most telling first; nothing that says the same twice."""
    found = sorted(_tellings(profile), key=lambda each: -each[0])
    told: list[Trait] = []
    for _, trait in found:
        if all(abs(related(trait.feature, each.feature)) < ALIKE for each in told):
            told.append(trait)
    return told[:MOST_TRAITS]


def _tellings(profile: Sequence[Against]) -> list[tuple[float, Trait]]:
    found = []
    for each in profile:
        if each.apart is not None and abs(each.apart) >= MARKED:
            found.append(
                (abs(each.apart), Trait(each.feature, "high" if each.apart > 0 else "low"))
            )
        for share in each.values:
            if share.share >= max(TYPICAL, OVER * share.base_share):
                over = _over(share.share, share.base_share)
                found.append((over, Trait(each.feature, "is", share.value)))
        if each.missing_share >= max(0.5, OVER * each.base_missing_share):
            over = _over(each.missing_share, each.base_missing_share)
            found.append((over, Trait(each.feature, "missing")))
    return found


def _over(share: float, base: float) -> float:
    """How far a share is above the base's, in standard deviations of one customer."""
    return (share - base) / float(np.sqrt(max(base * (1 - base), 1e-6)))


def correlations(columns: Sequence[Column]) -> Callable[[str, str], float]:
    """How far two numeric features go together, by rank; 0 where one is a text."""
    numbers = [each for each in columns if not each.words]
    place = {each.name: number for number, each in enumerate(numbers)}
    ranks = np.array(
        [np.argsort(np.argsort(np.nan_to_num(each.values, nan=-np.inf))) for each in numbers]
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        matrix = np.nan_to_num(np.atleast_2d(np.corrcoef(ranks))) if len(ranks) else None
    return lambda one, other: (
        float(one == other)
        if matrix is None or one not in place or other not in place
        else float(matrix[place[one], place[other]])
    )


def named(
    found: Sequence[Sequence[Trait]],
    word: Callable[[Trait], str],
    usual: str,
    taken: Mapping[int, str],
) -> list[str]:
    """A name for each cluster, no two alike: two traits, more where they do not tell apart.

    Args:
        taken: Place of a cluster → the name that it has already.
    """
    names = dict(taken)
    for number, own in enumerate(found):
        if number in names:
            continue
        used = set(names.values())
        tries = [", ".join(map(word, own[:most])) for most in range(min(2, len(own)), len(own) + 1)]
        base = tries[-1] or usual
        tries = [each for each in tries if each] + [base]
        free = (each for each in tries if each not in used)
        counted = (f"{base} ({n})" for n in range(2, len(found) + len(taken) + 2))
        names[number] = next(free, "") or next(each for each in counted if each not in used)
    return [names[number] for number in range(len(found))]


def _median(values: object) -> float | None:
    there = np.asarray(values, dtype=np.float64)
    there = there[~np.isnan(there)]
    return float(np.median(there)) if len(there) else None


def _mean(flags: Flags) -> float:
    return float(flags.mean()) if len(flags) else 0.0
