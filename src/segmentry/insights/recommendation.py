"""What a customer will buy next: ways of saying it, tried on the time that was held out.

An instant splits the history of all customers: what they had bought by then, and what they bought
in the days after. A way is taught on earlier splits, as it will be used, and tried on the last one.
The plain ways are always among them: what is popular, and what one always buys.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from segmentry.core.time import AsOf
from segmentry.data.identity.counted import counted
from segmentry.engines.duckdb import DuckDB, quote
from segmentry.insights.basket import Places
from segmentry.insights.estimate import Estimate, Numbers, share

MOST_ITEMS = 2_000
"""Things that are looked at: those that most customers bought."""
HORIZON = 30
SPLITS = 3
"""Splits that ways are taught on, each a horizon before the next."""
FEWEST, NEEDED_DAYS = 200, (SPLITS + 2) * HORIZON
SHOWN = 10
"""How many things are recommended, and looked at for hits."""
SHRINK = 50.0
"""Customers by which a share is drawn to that of everybody."""
MOST_TRIED = 5_000
AT_ONCE = 500
POPULAR, OFTEN, DUE, ALIKE = "popular", "often", "due", "alike"


@dataclass(frozen=True)
class Bought:
    """Who bought what on which day; one row for a day, in the order of customers.

    Args:
        who: Places in `numbers`.
        day: Days since 1970.
        end: The first day that is not known.
    """

    numbers: Places
    items: tuple[str, ...]
    who: Places
    what: Places
    day: Places
    end: int


@dataclass(frozen=True)
class Tried:
    """How well a way does on held-out time.

    Args:
        hit_rate: Customers of whom one of ten things was right.
        rank: Mean of one over the place of the first right one; 0 where none was right.
    """

    way: str
    hit_rate: Estimate
    rank: float


@dataclass(frozen=True)
class Trial:
    """Ways tried on the customers who bought, best first; or what is missing.

    Args:
        anything: Of whatever they bought.
        new: Of what they had never bought before.
    """

    customers: int
    anything: tuple[Tried, ...]
    new: tuple[Tried, ...]
    missing: str = ""


@dataclass(frozen=True)
class Next:
    """Something to recommend.

    Args:
        times: Days on which the customer bought it.
        since_days: Since the last of them; `None` for something new.
        gap_days: How many days there usually are between two purchases of it.
    """

    item: str
    score: float
    times: int
    since_days: int | None
    gap_days: float | None


def bought(engine: DuckDB, as_of: AsOf, column: str) -> Bought:
    """What customers bought before an instant, of the things that most of them bought."""
    joined = "" if column == "product_id" else " JOIN products AS p USING (product_id)"
    item = f"{'p' if joined else 'l'}.{quote(column)}::VARCHAR"
    rows = engine.fetch(
        f"""WITH sold AS (
            SELECT DISTINCT l.customer_no, {item} AS item, l.ordered_on - DATE '1970-01-01' AS day
            FROM {counted("order_lines")} AS l{joined}
            WHERE l.kind = 'purchase' AND l.is_product AND l.ordered_at < $as_of
              AND {item} <> '' AND l.customer_no IS NOT NULL),
        known AS (
            SELECT item FROM sold GROUP BY item
            ORDER BY count(DISTINCT customer_no) DESC, item LIMIT {MOST_ITEMS})
        SELECT customer_no, item, day FROM sold JOIN known USING (item) ORDER BY ALL""",
        {"as_of": as_of.instant},
    )
    encoded: Any = rows.column("item").combine_chunks().dictionary_encode()
    names = encoded.dictionary.to_pylist()
    order = np.argsort(np.array(names, dtype=object), kind="stable")
    place = np.empty(len(names), np.int64)
    place[order] = np.arange(len(names))
    numbers, who = np.unique(rows.column("customer_no").to_numpy(), return_inverse=True)
    day = rows.column("day").to_numpy().astype(np.int64)
    return Bought(
        numbers=numbers.astype(np.int64),
        items=tuple(names[each] for each in order.tolist()),
        who=who.astype(np.int64),
        what=place[encoded.indices.to_numpy().astype(np.int64)],
        day=day,
        end=int(day.max(initial=0)) + 1,
    )


class Ways:
    """Ways to say what comes after a day, taught on what came after earlier days."""

    def __init__(self, history: Bought, cut: int) -> None:
        self._history, self._cut = history, cut
        self._gaps = _gaps(history, cut)
        splits = [cut - HORIZON * each for each in range(1, SPLITS + 1)]
        pairs = [_split(history, each) for each in splits]
        self._any = _Alike(pairs, new=False)
        self._new = _Alike([(before, _unseen(after, before)) for before, after in pairs], new=True)
        self.before = _matrix(history, history.day < cut)
        self._last = _last(history, cut)

    @property
    def gaps(self) -> Numbers:
        """The usual days between two purchases of each thing; `nan` where nobody bought twice."""
        return self._gaps

    def anything(self, customers: Places) -> Mapping[str, Numbers]:
        """Scores of all things by way, one row a customer."""
        own = self.before[customers].toarray()
        popular = self._any.popular
        ties = popular / (popular.max(initial=0.0) * 2 or 1)
        ripe = np.nan_to_num(np.minimum(self.since(customers) / self._gaps, 1.0))
        return {
            POPULAR: np.broadcast_to(popular, own.shape),
            OFTEN: own + ties,
            DUE: own * ripe + ties,
            ALIKE: self._any.scores(own),
        }

    def new(self, customers: Places) -> Mapping[str, Numbers]:
        """Scores of what each customer never bought, by way; of everything else none."""
        own = self.before[customers].toarray()
        scores = {
            POPULAR: np.broadcast_to(self._new.popular, own.shape),
            ALIKE: self._new.scores(own),
        }
        return {way: np.where(own > 0, -np.inf, each) for way, each in scores.items()}

    def since(self, customers: Places) -> Numbers:
        """Days since each customer bought each thing last; `nan` for never."""
        last = self._last[customers].toarray()
        found: Numbers = np.where(last > 0, self._cut - last, np.nan)
        return found


class _Alike:
    """Who had one thing at a split, and bought another in the days after.

    Args:
        new: Only those count who had not bought the other one before.
    """

    def __init__(self, pairs: Sequence[tuple[Any, Any]], *, new: bool) -> None:
        items = pairs[0][0].shape[1]
        both, had = np.zeros((items, items)), np.zeros((items, items))
        then, could = np.zeros(items), np.zeros(items)
        for before, after in pairs:
            has, buys = (before > 0).astype(float), (after > 0).astype(float)
            count = np.asarray(has.sum(axis=0)).ravel()
            both += (has.T @ buys).toarray()
            had += count[:, None] - ((has.T @ has).toarray() if new else 0)
            then += np.asarray(buys.sum(axis=0)).ravel()
            could += int((has.sum(axis=1) > 0).sum()) - (count if new else 0)
        self.popular: Numbers = then / np.maximum(could, 1)
        self._more: Numbers = (both + SHRINK * self.popular) / (had + SHRINK) - self.popular

    def scores(self, own: Numbers) -> Numbers:
        """The share of everybody who buy a thing, and how much more what one has says."""
        has = (own > 0).astype(np.float64)
        found: Numbers = self.popular + has @ self._more / np.sqrt(
            np.maximum(has.sum(axis=1, keepdims=True), 1)
        )
        return found


def trial(history: Bought) -> Trial:
    """Every way, on the last days of the history."""
    cut = history.end - HORIZON
    begun = int(history.day.min(initial=history.end))
    before, after = _split(history, cut)
    seen = np.asarray(before.sum(axis=1)).ravel() > 0
    usable = np.flatnonzero(seen & (np.asarray(after.sum(axis=1)).ravel() > 0))
    days = history.end - begun
    if len(usable) < FEWEST or days < NEEDED_DAYS:
        lacking = (f"needs {FEWEST} customers who bought before and in the last {HORIZON} days, and"
                   f" {NEEDED_DAYS} days; here are {len(usable)} and {days}")  # fmt: skip
        return Trial(len(usable), (), (), lacking)
    usable = usable[:: -(-len(usable) // MOST_TRIED)]
    ways = Ways(history, cut)
    new = _unseen(after, before)
    curious = usable[np.asarray(new[usable].sum(axis=1)).ravel() > 0]
    return Trial(
        len(usable),
        _tried((ways.anything(each), after[each].toarray() > 0) for each in _blocks(usable)),
        _tried((ways.new(each), new[each].toarray() > 0) for each in _blocks(curious)),
    )


def recommended(
    history: Bought, ways: Ways, customers: Places, way: str, *, new: bool
) -> list[list[Next]]:
    """The ten best things for each customer, by a way."""
    scores = (ways.new if new else ways.anything)(customers)[way]
    own, since = ways.before[customers].toarray(), ways.since(customers)
    best = np.argsort(-scores, axis=1, kind="stable")[:, :SHOWN]
    return [
        [
            Next(
                item=history.items[item],
                score=float(scores[row, item]),
                times=int(own[row, item]),
                since_days=None if np.isnan(since[row, item]) else int(since[row, item]),
                gap_days=None if np.isnan(ways.gaps[item]) else float(ways.gaps[item]),
            )
            for item in items
            if np.isfinite(scores[row, item])
        ]
        for row, items in enumerate(best.tolist())
    ]


def _blocks(customers: Places) -> Iterator[Places]:
    return (customers[start : start + AT_ONCE] for start in range(0, len(customers), AT_ONCE))


def _tried(blocks: Iterator[tuple[Mapping[str, Numbers], Any]]) -> tuple[Tried, ...]:
    """The ways, best first; those not better than what is popular, beyond chance, after that."""
    ranks: dict[str, list[Numbers]] = {}
    for scores, right in blocks:
        for way, each in scores.items():
            best = np.argsort(-each, axis=1, kind="stable")[:, :SHOWN]
            hits = np.take_along_axis(right, best, axis=1)
            first = np.where(hits.any(axis=1), 1 / (1 + hits.argmax(axis=1)), 0.0)
            ranks.setdefault(way, []).append(first)
    whole = {way: np.concatenate(each) for way, each in ranks.items()}
    found = [
        Tried(way, share(float((each > 0).sum()), len(each)), float(each.mean()))
        for way, each in whole.items()
    ]
    better = {way: _is_better(each > 0, whole[POPULAR] > 0) for way, each in whole.items()}
    group = {way: 0 if better[way] else 1 if way == POPULAR else 2 for way in whole}
    return tuple(
        sorted(found, key=lambda each: (group[each.way], -(each.hit_rate.value or 0.0), -each.rank))
    )


def _is_better(hits: Any, plain: Any) -> bool:
    """Whether a way was right of more customers than a plainer one, beyond chance (2.5 %)."""
    gain = hits.astype(np.float64) - plain
    error = float(gain.std()) / max(len(gain), 1) ** 0.5
    return bool(gain.mean() > 1.96 * error)


def _matrix(history: Bought, chosen: Any) -> Any:
    """Days on which customers bought things, as a sparse table."""
    from scipy.sparse import csr_array

    rows = (history.who[chosen], history.what[chosen])
    shape = (len(history.numbers), len(history.items))
    return csr_array((np.ones(int(chosen.sum())), rows), shape=shape)


def _split(history: Bought, cut: int) -> tuple[Any, Any]:
    inside = (history.day >= cut) & (history.day < cut + HORIZON)
    return _matrix(history, history.day < cut), _matrix(history, inside)


def _unseen(after: Any, before: Any) -> Any:
    """What was bought after and not before."""
    left = after - after.multiply(before > 0)
    left.eliminate_zeros()
    return left


def _last(history: Bought, cut: int) -> Any:
    """The last day on which each customer bought each thing."""
    from scipy.sparse import csr_array

    chosen = np.flatnonzero(history.day < cut)
    pair = history.who[chosen] * len(history.items) + history.what[chosen]
    order = np.lexsort((history.day[chosen], pair))
    pair, day = pair[order], history.day[chosen][order]
    final = np.append(pair[1:] != pair[:-1], True) if len(pair) else np.zeros(0, bool)
    rows = np.divmod(pair[final], max(len(history.items), 1))
    return csr_array(
        (day[final].astype(float), rows), shape=(len(history.numbers), len(history.items))
    )


def _gaps(history: Bought, cut: int) -> Numbers:
    """Median days between two purchases of a thing by one customer."""
    chosen = np.flatnonzero(history.day < cut)
    order = np.lexsort((history.day[chosen], history.what[chosen], history.who[chosen]))
    who, what, day = (each[chosen][order] for each in (history.who, history.what, history.day))
    again = (who[1:] == who[:-1]) & (what[1:] == what[:-1])
    gap, item = (day[1:] - day[:-1])[again], what[1:][again]
    order = np.lexsort((gap, item))
    ends = np.searchsorted(item[order], np.arange(len(history.items) + 1))
    found = np.full(len(history.items), np.nan)
    some = np.flatnonzero(ends[1:] > ends[:-1])
    middle = (ends[:-1][some] + ends[1:][some]) // 2
    found[some] = np.maximum(gap[order][middle], 1)
    return found
