"""Fitting a prediction on a workspace's own past, and scoring customers with it.

A fitted model is not stored. Trees on disk would need a format: pickle runs code when read, and an
own one would have to follow every version of scikit-learn. Fitting reads a sample of the customers,
takes seconds however many there are, and with the same data, `as_of` and seed gives the same model;
and one made anew at each scoring knows the newest labels. So what is kept are scores and the card.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa

from segmentry.core.errors import UsageError
from segmentry.core.time import AsOf
from segmentry.features.customers import Customers
from segmentry.models.prediction import backtest, reasons
from segmentry.models.prediction.alone import one_thread
from segmentry.models.prediction.backtest import Decision, Trial, Way
from segmentry.models.prediction.card import CANNOT_SAY, Card, CutSize, LeftOut
from segmentry.models.prediction.gate import CUTS, Gate, Need, needs
from segmentry.models.prediction.inputs import Inputs, default_inputs
from segmentry.models.prediction.learner import Predict, inputs_of, learners
from segmentry.models.prediction.measure import draws
from segmentry.models.prediction.peeking import peeking
from segmentry.models.prediction.rows import At, Reader, Rows
from segmentry.models.prediction.target import SAMPLE, Target

MOST_CUTS = 6
"""Cuts of the history that are read at most."""


@dataclass(frozen=True)
class Fitted:
    """A prediction that can be made, or a card that says why not.

    Args:
        predict: The production model; nothing where it cannot be said.
        base: Rows of the newest cut with known labels, which a customer's reasons compare with.
    """

    target: Target
    card: Card
    reader: Reader
    predict: Predict | None = None
    base: Rows | None = field(default=None, repr=False)

    def scores(self, customers: Customers) -> pa.Table:
        """The prediction of everybody who is asked, as `customer_no, value`, by number.

        `value` is the probability of a yes, or the expected amount, within the horizon from the
        customers' as_of on, which stands in the table's metadata. Who is not asked is not there.

        Raises:
            UsageError: There is too little to predict from; the card says what is missing.
        """
        predict = self._sure()
        rows = self.reader.rows(customers, self.target.asked(), predict)
        with one_thread():
            values = predict(rows) if len(rows) else np.zeros(0)
        table = pa.table({"customer_no": rows.numbers, "value": values})
        return table.replace_schema_metadata({"as_of": str(customers.as_of)})

    def reasons(self, customers: Customers, numbers: Sequence[int], most: int = 3) -> pa.Table:
        """For each of some customers, what moves the prediction most; see `reasons.own`.

        Gives `customer_no, feature, change`; no rows where a plain way is used.

        Raises:
            UsageError: There is too little to predict from.
        """
        predict = self._sure()
        if self.card.why != "better" or self.base is None or not numbers:
            return reasons.NONE
        rows = self.reader.rows(customers, self.target.asked(), only=numbers)
        return reasons.own(predict, rows, self.base, most) if len(rows) else reasons.NONE

    def _sure(self) -> Predict:
        if self.predict is None:
            raise UsageError(
                f"there is too little to predict from: {_lack(self.card.missing)}.",
                fix="Load more history, or ask about a shorter horizon.",
                missing=[each.name for each in self.card.missing],
            )
        return self.predict


def fit(
    at: At,
    target: Target,
    as_of: AsOf,
    *,
    seed: int = 1,
    inputs: Inputs | None = None,
    sample: int = SAMPLE,
) -> Fitted:
    """Learn from past cuts, check on a later time, decide what is used, and make it ready.

    Cuts lie one horizon apart, back from `as_of`; the newest has labels until `as_of`. Ways are
    compared at the newest cuts, each fitted on earlier ones only; the one that is used is then
    fitted on all cuts, with the same horizon. Nothing at or after a cut is read for
    it, so later facts change neither its features nor what is predicted there.

    Args:
        at: The customer table as of an instant.
        inputs: What boosting reads; the dated features when not given.
        sample: About how many customers are learned from at one cut at most.
    """
    inputs = inputs or default_inputs(at(as_of).features)
    reader = Reader(at, target, inputs, sample)
    with one_thread():
        return _fit(reader, as_of, seed)


def _fit(reader: Reader, as_of: AsOf, seed: int) -> Fitted:
    history = _history(reader, as_of)
    cuts = [each.rows for each in history if each.usable]
    target = reader.target
    lacking = Gate((*history[0].needs, Need("cuts", CUTS, len(cuts))))
    about = _about(reader, as_of, seed, history, lacking)
    if not lacking.open:
        card = Card(**about, decision=CANNOT_SAY, why="too_little")
        return Fitted(target, card, reader)
    reader, cuts, left_out = _watched(reader, cuts)
    known = learners(amounts=target.is_amount)
    ways = backtest.ways(cuts, known, seed, amounts=target.is_amount)
    trial = backtest.tried(ways)
    decision = backtest.decided(trial, seed)
    card = Card(
        **about,
        decision=decision.used,
        why="better" if decision.boosted else "no_better",
        features=inputs_of(cuts[0]),
        undated=reader.inputs.undated,
        left_out=left_out,
        plain=decision.plain,
        gain=decision.gain,
        auc_gain=decision.auc_gain,
        tested_cuts=len(trial.sizes),
        **_checked(trial, decision, ways[decision.used]),
    )
    return Fitted(target, card, reader, ways[decision.used].after(0), cuts[0])


@dataclass(frozen=True)
class _Past:
    as_of: AsOf
    until: AsOf
    of: int
    rows: Rows
    needs: tuple[Need, ...]

    @property
    def usable(self) -> bool:
        return all(each.met for each in self.needs)


def _history(reader: Reader, as_of: AsOf) -> list[_Past]:
    """Cuts from the newest back, as long as they have enough; the newest in any case."""
    found: list[_Past] = []
    until = as_of
    while len(found) < MOST_CUTS:
        cut = reader.target.before(until)
        of = reader.asked(cut)
        rows = reader.cut(cut, until, of)
        past = _Past(cut, until, of, rows, needs(reader.target, rows))
        if found and not past.usable:
            break
        found.append(past)
        if not past.usable:
            break
        until = cut
    return found


def _watched(reader: Reader, cuts: list[Rows]) -> tuple[Reader, list[Rows], tuple[LeftOut, ...]]:
    """Without inputs that seem to tell of the time after the cut."""
    left_out = peeking(cuts, reader.inputs.undated)
    gone = [each.feature for each in left_out]
    names = tuple(each for each in reader.inputs.names if each not in gone)
    undated = tuple(each for each in reader.inputs.undated if each not in gone)
    kept = [replace(each, table=each.table.drop_columns(gone)) for each in cuts]
    return replace(reader, inputs=Inputs(names, undated)), kept, left_out


def _about(
    reader: Reader, as_of: AsOf, seed: int, history: Sequence[_Past], gate: Gate
) -> dict[str, Any]:
    target = reader.target
    return {
        "question": target.model_dump(exclude_defaults=True),
        "asked_rule": target.asked_rule,
        "label": target.label_value,
        "as_of": str(as_of),
        "horizon_days": target.horizon_days,
        "seed": seed,
        "sample": reader.sample,
        "cuts": tuple(_size(place, each) for place, each in enumerate(history)),
        "needs": gate.needs,
        "missing": gate.missing,
    }


def _size(place: int, past: _Past) -> CutSize:
    label = past.rows.label
    return CutSize(
        as_of=str(past.as_of),
        until=str(past.until),
        part="training" if place else "test",
        asked=len(past.rows),
        of=past.of,
        positives=int(np.count_nonzero(label > 0)),
        mean=float(label.mean()) if len(label) else 0.0,
    )


def _checked(trial: Trial, decision: Decision, way: Way) -> dict[str, Any]:
    """What the card says of the newest cut, as it was predicted from the cuts before it."""
    held, newest = trial.at(0), way.cuts[0]
    used, weights = held[decision.used], draws(newest.numbers, way.seed)
    found: dict[str, Any] = {
        "figures": {name: each.figures(weights) for name, each in held.items()},
        "reliability": used.slices(),
    }
    if not way.amounts:
        found["ece_by_chance"] = used.ece_by_chance(way.seed)
    if decision.boosted:
        found["reasons"] = reasons.telling(way.after(1), newest, way.seed, amounts=way.amounts)
    return found


def _lack(missing: Sequence[Need]) -> str:
    return ", ".join(f"{each.name} {each.there:g} of {each.needed:g}" for each in missing)


__all__ = ["Fitted", "fit"]
