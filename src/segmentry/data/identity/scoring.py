"""How probable it is that two records are one customer: Fellegi and Sunter's model, fitted by EM.

Each pair is of one of three kinds: the same person, two people of one household, or strangers. A
kind is a chance for each level of each field (Fellegi, Sunter 1969: A Theory for Record Linkage).
Those of strangers are counted on random pairs, and for names the frequency of the very name is
taken, so that a rare one counts for more. The other two kinds are estimated from the compared pairs
themselves, beginning with what is usual. Households have a kind of their own because family name,
phone and address agree together: taken for independent they would make one person of a couple.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from segmentry.data.identity.candidates import FIELDS, PAIRS, compare_blocked, compared
from segmentry.data.identity.normalise import KEYS
from segmentry.engines.duckdb import DuckDB

Floats = NDArray[np.float64]
Chances = list[Floats]
"""For each field, the chance of each of its levels."""

SAME: Sequence[Sequence[float]] = (
    (0.72, 0.10, 0.09, 0.02, 0.07), (0.82, 0.09, 0.03, 0.06), (0.55, 0.10, 0.10, 0.25),
    (0.65, 0.10, 0.25), (0.88, 0.08, 0.04), (0.98, 0.02), (0.70, 0.10, 0.08, 0.12),
)  # fmt: skip
HOUSEHOLD: Sequence[Sequence[float]] = (
    (0.02, 0.01, 0.05, 0.01, 0.91), (0.62, 0.20, 0.03, 0.15), (0.08, 0.03, 0.03, 0.86),
    (0.60, 0.02, 0.38), (0.02, 0.02, 0.96), (0.40, 0.60), (0.85, 0.05, 0.04, 0.06),
)  # fmt: skip
STRANGERS: Sequence[Sequence[float]] = (
    (0.005, 0.002, 0.005, 0.005, 1.0), (0.0005, 0.001, 0.001, 1.0), (1e-6, 1e-4, 1e-5, 1.0),
    (1e-6, 1e-5, 1.0), (3e-5, 3e-3, 1.0), (0.4, 0.4), (0.0005, 0.02, 0.001, 0.5),
)  # fmt: skip
"""The least that is believed of strangers, however few of them there are to be counted."""
NAMESAKES: Sequence[float] = (1e-6, 0.05, 0.05, 0.9)
"""E-mail of strangers whose names agree: addresses are made of names."""
USUAL = 300
"""As many pairs as what is usual weighs."""
SHARE_SAME, SHARE_HOUSEHOLD = 0.02, 0.1
"""Pairs of these kinds for each record, to begin with."""
SAMPLE = 500
"""Records of which every pair is counted, to know strangers."""
ROUNDS, STILL = 25, 1e-4
MAIL = next(number for number, each in enumerate(FIELDS) if each.name == "e-mail")
DIFFERS = [len(each.levels) - 1 for each in FIELDS]


@dataclass(frozen=True)
class Model:
    """The chances of each level, by kind of pair, and how many pairs are of each kind."""

    same: Chances
    household: Chances
    strangers: Chances
    namesakes: Floats
    shares: tuple[float, float]


@dataclass(frozen=True)
class Compared:
    """Compared pairs as arrays.

    Args:
        patterns: Distinct rows of levels; -1 is not known.
        pattern: For each pair, its row in `patterns`.
        frequency: For each pair, the chance that strangers have its given and family names in
            common, as a logarithm; of names that are not the same it is none of this.
    """

    one: NDArray[np.int32]
    other: NDArray[np.int32]
    swapped: NDArray[np.bool_]
    patterns: NDArray[np.int8]
    pattern: NDArray[np.int64]
    frequency: Floats


def score(session: DuckDB) -> int:
    """Make `scored_pairs` of all pairs worth comparing; returns how many they are."""
    compared = compare_blocked(session)
    pairs = read_pairs(session)
    table = pa.table(
        {
            "customer_no": pairs.one,
            "other_no": pairs.other,
            "probability": probabilities(fit(session, pairs), pairs),
            "swapped": pairs.swapped,
            "pattern": pairs.pattern,
        }
    )
    patterns = pa.table({"pattern": np.arange(len(pairs.patterns)), "levels": list(pairs.patterns)})
    with session.registered("pairs_scored", table), session.registered("patterns_seen", patterns):
        session.create(
            "scored_pairs",
            "SELECT * EXCLUDE (pattern) FROM pairs_scored JOIN patterns_seen USING (pattern)",
            temporary=True,
        )
    session.drop(PAIRS)
    return compared


def read_pairs(session: DuckDB) -> Compared:
    """The compared pairs, with how frequent the names are that they have in common."""
    levels = ", ".join(f"l{number}" for number in range(len(FIELDS)))
    named = " ".join(
        f"LEFT JOIN (SELECT {each.value} AS {each.value}_value,"
        f" (count(*) + 1) / ((SELECT count(*) FROM {KEYS}) + 200) AS {each.value}_share"
        f" FROM {KEYS} WHERE {each.value} IS NOT NULL GROUP BY {each.value})"
        f" ON {each.value}_value = p.{each.value}"
        for each in FIELDS
        if each.value
    )
    shares = " + ".join(
        f"CASE WHEN l{number} = 0 THEN ln({each.value}_share) ELSE 0 END"
        for number, each in enumerate(FIELDS)
        if each.value
    )
    found = session.fetch(
        f"SELECT one, other, swapped, coalesce({shares}, 0) AS frequency, {levels}"
        f" FROM {PAIRS} p {named} ORDER BY one, other"
    )
    rows = np.column_stack(
        [np.asarray(found.column(f"l{number}"), np.int8) for number in range(len(FIELDS))]
    )
    weights = np.cumprod([1, *(len(each.levels) + 1 for each in FIELDS[:-1])])
    _, first, pattern = np.unique(
        (rows.astype(np.int64) + 1) @ weights, return_index=True, return_inverse=True
    )
    return Compared(
        np.asarray(found.column("one"), np.int32),
        np.asarray(found.column("other"), np.int32),
        np.asarray(found.column("swapped"), np.bool_),
        rows[first],
        pattern,
        np.asarray(found.column("frequency"), np.float64),
    )


def fit(session: DuckDB, pairs: Compared) -> Model:
    """Estimate the chances of each kind; quick, and the same for the same pairs."""
    records = int(session.value(f"SELECT count(*) FROM {KEYS}"))
    of = max(1.0, records * (records - 1) / 2)
    model = Model(
        [np.array(each) for each in SAME],
        [np.array(each) for each in HOUSEHOLD],
        _strangers(session),
        _namesakes(pairs),
        (SHARE_SAME * max(records, 1) / of, SHARE_HOUSEHOLD * max(records, 1) / of),
    )
    for _ in range(ROUNDS):
        same, household = _kinds(model, pairs)
        better = Model(
            _estimate(pairs, same, SAME),
            _estimate(pairs, household, HOUSEHOLD),
            model.strangers,
            model.namesakes,
            ((same.sum() + 1) / of, (household.sum() + 1) / of),
        )
        moved = max(
            float(np.abs(new - old).max())
            for new, old in zip(
                [*better.same, *better.household], [*model.same, *model.household], strict=True
            )
        )
        model = better
        if moved < STILL:
            break
    return model


def probabilities(model: Model, pairs: Compared) -> Floats:
    """For each pair, the probability that it is one person."""
    return _kinds(model, pairs)[0]


def _kinds(model: Model, pairs: Compared) -> tuple[Floats, Floats]:
    """For each pair, the probabilities of one person and of one household."""
    same = np.log(model.shares[0]) + _logarithms(model.same, pairs)
    household = np.log(model.shares[1]) + _logarithms(model.household, pairs)
    # Where names are the same, their frequency stands for the chance of the level.
    named = [
        np.array([0.0, *np.log(chance[1:])]) if field.value else np.log(chance)
        for field, chance in zip(FIELDS, model.strangers, strict=True)
    ]
    strangers = _summed(named, pairs) + pairs.frequency
    mail = pairs.patterns[:, MAIL]
    added = np.log(model.namesakes) - np.log(model.strangers[MAIL])
    strangers += np.where(_named_alike(pairs) & (mail >= 0), added[mail], 0.0)[pairs.pattern]
    top = np.maximum(np.maximum(same, household), strangers)
    total = np.exp(same - top) + np.exp(household - top) + np.exp(strangers - top)
    return np.exp(same - top) / total, np.exp(household - top) / total


def _named_alike(pairs: Compared) -> NDArray[np.bool_]:
    given, family = pairs.patterns[:, 0], pairs.patterns[:, 1]
    return (given >= 0) & (given < DIFFERS[0]) & (family >= 0) & (family < DIFFERS[1])


def _namesakes(pairs: Compared) -> Floats:
    """How the mailboxes of namesakes agree, from those whose phone and birth differ.

    That two of them are the same is left as rare as it is: mailboxes are nobody's but their own.
    """
    _, _, _, phone, birth, _, _ = pairs.patterns.T
    apart = _named_alike(pairs) & (phone == DIFFERS[3]) & (birth == DIFFERS[4])
    weight = np.bincount(pairs.pattern, minlength=len(pairs.patterns)) * apart
    seen = np.bincount(pairs.patterns[:, MAIL] + 1, weight, len(NAMESAKES) + 1)[1:]
    seen[0] = 0.0
    chances: Floats = (seen + USUAL * np.array(NAMESAKES)) / (seen.sum() + USUAL)
    return chances


def _logarithms(chances: Chances, pairs: Compared) -> Floats:
    return _summed([np.log(each) for each in chances], pairs)


def _summed(logarithms: Chances, pairs: Compared) -> Floats:
    total = np.zeros(len(pairs.patterns))
    for number, each in enumerate(logarithms):
        levels = pairs.patterns[:, number]
        total += np.where(levels >= 0, each[levels], 0.0)
    spread: Floats = total[pairs.pattern]
    return spread


def _estimate(pairs: Compared, weight: Floats, usual: Sequence[Sequence[float]]) -> Chances:
    of_pattern = np.bincount(pairs.pattern, weight, len(pairs.patterns))
    found = []
    for number, each in enumerate(usual):
        levels = pairs.patterns[:, number]
        seen = np.bincount(levels + 1, of_pattern, len(each) + 1)[1:]
        found.append((seen + USUAL * np.array(each)) / (seen.sum() + USUAL))
    return found


def _strangers(session: DuckDB) -> Chances:
    """The chance of each level among random pairs, but no less than is believed at least."""
    session.create(
        "random_records",
        f"SELECT customer_no FROM {KEYS} ORDER BY hash(customer_no) LIMIT {SAMPLE}",
        temporary=True,
    )
    random = (
        "(SELECT a.customer_no AS one, b.customer_no AS other FROM random_records a"
        " JOIN random_records b ON a.customer_no < b.customer_no)"
    )
    counts = ", ".join(
        f"count(*) FILTER (l{number} = {level})"
        for number, each in enumerate(FIELDS)
        for level in range(len(each.levels))
    )
    # Two of the sample who share a mailbox or number are no strangers.
    apart = " AND ".join(
        f"l{number} <> 0" for number, each in enumerate(FIELDS) if each.name in ("e-mail", "phone")
    )
    row = list(session.rows(f"SELECT {counts} FROM ({compared(random)}) WHERE {apart}")[0])
    session.drop("random_records")
    found = []
    for least in STRANGERS:
        seen = np.array([row.pop(0) for _ in least], dtype=np.float64)
        shares = seen / seen.sum() if seen.sum() else np.array(least)
        found.append(np.maximum(shares, least) if seen.sum() else shares)
    return found


__all__ = ["Compared", "Model", "fit", "probabilities", "read_pairs", "score"]
