"""Are the values of a column of one kind? Misspelt, rare, out of all proportion, mixed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

import yaml

from segmentry.core.types import Type
from segmentry.data.available import Loaded
from segmentry.data.checks.check import Check, Severity
from segmentry.data.checks.counts import EACH, ROWS, TAKEN, Count
from segmentry.data.checks.personal import PERSONAL
from segmentry.data.entity import NUMBER_OR_BAND
from segmentry.engines.duckdb import literal, quote

MOST_VALUES = 300
"""Columns with more different values are names or texts, not categories."""
FEW_VALUES = 20
RARE_SHARE = 0.002
FAR = 10.0
"""Quartile distances beyond the quartiles from which on a value is out of proportion."""
ENOUGH = 200
"""Rows below which nothing is rare and nothing out of proportion."""
LOOKED_AT: Mapping[str, tuple[str, ...]] = {
    "customers": (),
    "companies": ("industry", "country", "city"),
    "orders": ("channel", "payment_method", "store", "status"),
    "products": ("category", "subcategory", "brand"),
    "events": ("name", "source", "device"),
    "touchpoints": ("kind", "channel"),
}
"""Text columns that are categories; of customers and of further columns all but personal ones."""
OWN_KEYS = ("_id", "_no", "_key", "_code", "_at", "url")


Wrong = Callable[[str], str]
"""Of a relation of `id`, `value` and `n`, a query of those that are wrong, and what is shown."""


@dataclass(frozen=True, slots=True)
class Values:
    """A column to look at.

    Args:
        table: SQL of the relation it stands in.
        value: SQL of its value.
        among: SQL condition of the rows that count.
        known: The different values, where they are counted already.
    """

    entity: str
    name: str
    kind: Type
    table: str
    value: str
    among: str = "TRUE"
    known: Count | None = None

    @property
    def rows(self) -> str:
        """The values that are there, as a relation with the column `value`."""
        return (
            f"(SELECT {self.value} AS value FROM {self.table} t"
            f" WHERE ({self.among}) AND {self.value} IS NOT NULL)"
        )

    @property
    def kinds(self) -> str:
        """The different values, with how often each stands there, as `id`, `value` and `n`."""
        if self.known is not None:
            return (
                f"(SELECT '' AS id, key AS value, CAST(n AS BIGINT) AS n FROM {self.known.by_key})"
            )
        return f"(SELECT '' AS id, value, count(*) AS n FROM {self.rows} GROUP BY value)"

    def joined(self, values: str) -> str:
        """The rows with one of the values that a query gives; where it gives none, none is read."""
        return f"(SELECT * FROM {self.rows} JOIN ({values}) USING (value))"

    @property
    def of(self) -> str:
        """Query of how many there are."""
        return f"SELECT {self.known.all}" if self.known else f"SELECT count(*) FROM {self.rows}"


KINDS = (
    f"(SELECT id, key AS value, CAST(n AS BIGINT) AS n FROM {TAKEN}"
    f" WHERE id IN ({EACH}) AND key IS NOT NULL)"
)
"""The different values of all columns of which the same is asked."""


def checks(loaded: Loaded) -> Iterator[Check]:
    """Every column that holds categories or numbers of something."""
    for entity, columns in loaded.items():
        for name, kind in columns.items():
            if entity in LOOKED_AT and _is_looked_at(entity, name, kind):
                among = "registered" if entity == "customers" else "TRUE"
                column = Values(entity, name, kind, entity, quote(name), among)
                if kind is Type.TEXT:
                    rows = f"(SELECT * FROM {ROWS} WHERE {among})"
                    column = replace(column, known=Count(entity, key=quote(name), rows=rows))
                yield from of_column(column)


def _is_looked_at(entity: str, name: str, kind: Type) -> bool:
    if name in PERSONAL or name.endswith(OWN_KEYS):
        return False
    if kind.is_numeric:
        return entity in ("customers", "companies")
    return kind is Type.TEXT and (not LOOKED_AT[entity] or name in LOOKED_AT[entity])


def of_column(column: Values) -> Iterator[Check]:
    """What can be wrong with the values of a column, by its kind."""
    if column.kind.is_numeric or column.name in NUMBER_OR_BAND:
        yield _outliers(column)
    if column.kind is Type.TEXT and column.name not in NUMBER_OR_BAND:
        words = known_words().get(column.name, ())
        yield _of_values(column, "spelling", _misspelt(words), "meant")
        yield _of_values(column, "rare", _rare, "n")
        yield _of_values(column, "months", _months)


def _of_values(column: Values, kind: str, wrong: Wrong, *shown: str) -> Check:
    """A check that rows with one of the values fail which are wrong among the different ones."""
    check = _check(column, kind, "TRUE", column.joined(wrong(column.kinds)), *shown)
    if column.known is None:
        return check
    failing = f"row(id, value) IN (SELECT row(id, value) FROM ({wrong(KINDS)}))"
    query = f"SELECT id, sum(n) FILTER ({failing}), sum(n) FROM {KINDS} GROUP BY id"
    return replace(check, query=query, each=column.known)


def _check(column: Values, kind: str, failing: str, source: str, *shown: str) -> Check:
    return Check(
        f"{kind}_{column.name}",
        column.entity,
        Severity.INFO,
        failing=failing,
        needs=(f"{column.entity}.{column.name}",),
        source=source,
        of=column.of,
        counts=(column.known,) if column.known else (),
        shown=("value", *shown),
        text=kind,
        column=column.name,
    )


def _outliers(column: Values) -> Check:
    number = "TRY_CAST(value AS DOUBLE)"
    limits = (
        f"(SELECT quantile_cont({number}, 0.25) AS low, quantile_cont({number}, 0.75) AS high,"
        f" count({number}) AS numbers FROM {column.rows})"
    )
    return _check(
        column,
        "outlier",
        f"numbers >= {ENOUGH} AND high > low"
        f" AND number NOT BETWEEN low - {FAR} * (high - low) AND high + {FAR} * (high - low)",
        f"(SELECT value, {number} AS number, low, high, numbers FROM {column.rows}"
        f" CROSS JOIN {limits})",
    )


def _rare(kinds: str) -> str:
    counted = (
        "SELECT *, sum(n) OVER (PARTITION BY id) AS total, count(*) OVER (PARTITION BY id) AS kinds"
        f" FROM {kinds}"
    )
    return (
        f"SELECT id, value, n FROM ({counted}) WHERE total >= {ENOUGH}"
        f" AND kinds BETWEEN 3 AND {FEW_VALUES} AND n < {RARE_SHARE} * total"
    )


LONG_MONTHS = (
    "january", "february", "march", "april", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip
SHORT_MONTHS = tuple(each[:3] for each in LONG_MONTHS)
"""May is the same in both forms."""


def month_forms() -> dict[str, str]:
    """Each name of a month → its other form."""
    pairs = list(zip(LONG_MONTHS, SHORT_MONTHS, strict=True))
    return dict(pairs) | {short: long for long, short in pairs}


def _months(kinds: str) -> str:
    """The other form, where every value is the name of a month."""
    is_long, is_short = f"lower(value) IN {LONG_MONTHS}", f"lower(value) IN {SHORT_MONTHS}"
    counted = (
        f"SELECT *, bool_and({is_long} OR {is_short} OR lower(value) = 'may') OVER of_column"
        f" AS months, coalesce(sum(n) FILTER ({is_short}) OVER of_column, 0)"
        f" >= coalesce(sum(n) FILTER ({is_long}) OVER of_column, 0) AS usual_short FROM {kinds}"
        " WINDOW of_column AS (PARTITION BY id)"
    )
    return (
        f"SELECT id, value FROM ({counted})"
        f" WHERE months AND CASE WHEN usual_short THEN {is_long} ELSE {is_short} END"
    )


def _misspelt(words: tuple[str, ...]) -> Wrong:
    """Rare values a letter or two away from a frequent one, or from a word that belongs there."""

    def values(kinds: str) -> str:
        near = (
            "SELECT a.id, a.value, arg_max(b.value, row(b.n, b.value)) AS meant FROM kinds a"
            f" JOIN kinds b ON a.id = b.id AND a.n * 5 <= b.n AND {NEAR} GROUP BY a.id, a.value"
        )
        few = f"FROM {kinds} QUALIFY count(*) OVER (PARTITION BY id) <= {MOST_VALUES}"
        given = f"kinds AS MATERIALIZED (SELECT *, {FORMS} FROM ({few}))"
        if words:
            listed = f"SELECT unnest([{', '.join(map(literal, words))}]) AS value"
            given += f", words AS MATERIALIZED (SELECT *, {FORMS} FROM ({listed}))"
            near += (
                f" UNION ALL SELECT a.id, a.value, min(b.value) FROM kinds a JOIN words b ON {NEAR}"
                " WHERE a.small NOT IN (SELECT value FROM words) GROUP BY a.id, a.value"
            )
        return f"WITH {given} SELECT id, value, min(meant) AS meant FROM ({near}) GROUP BY ALL"

    return values


FORMS = (
    "lower(value) AS small,"
    r" regexp_replace(lower(value), '[^\p{L}\p{N}]', '', 'g') AS letters,"
    " regexp_replace(value, '[^0-9]', '', 'g') AS digits"
)
"""What of a text is compared; found once for each, since pairs are many."""

NEAR = (
    "(a.value <> b.value AND a.digits = b.digits AND (a.letters = b.letters AND a.letters <> ''"
    " OR damerau_levenshtein(a.small, b.small) BETWEEN 1 AND"
    " CASE WHEN greatest(length(a.value), length(b.value)) >= 12 THEN 2"
    " WHEN greatest(length(a.value), length(b.value)) >= 6 THEN 1 ELSE 0 END))"
)
"""Whether two texts differ by a letter, two in long ones, or by case and marks alone.

Texts that differ in their digits mean different things.
"""


@cache
def known_words() -> Mapping[str, tuple[str, ...]]:
    """Column → the words it should hold."""
    text = files("segmentry.data.checks").joinpath("known_words.yaml").read_text(encoding="utf-8")
    found = yaml.safe_load(text).values()
    return {column: tuple(each["words"]) for each in found for column in each["columns"]}


__all__ = ["Values", "checks", "known_words", "month_forms", "of_column"]
