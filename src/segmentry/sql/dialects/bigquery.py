"""How BigQuery would spell the operators, for reading: nothing here is executed.

Instants are taken to be DATETIME in UTC. Where a double would not be finite BigQuery raises, so
sums, differences and products of doubles are its `SAFE_` functions. It has no quantile of a group:
the two nearest values are taken from the sorted list. A mean or sum of doubles may differ from
other engines in its last digit.
"""

from __future__ import annotations

from functools import reduce

from sqlglot import exp

from segmentry.core.errors import UnsupportedOperationError
from segmentry.core.types import Type
from segmentry.sql.dialects.standard import STANDARD
from segmentry.sql.dialects.written import case, known_count, written
from segmentry.sql.operators import Op
from segmentry.sql.render import Dialect, Spelling, function

E = exp.Expression
_MONEY_LIMIT = "CAST('1000000000000000' AS NUMERIC)"
"""10^14 times it is the least that NUMERIC cannot hold; the safe product is missing then."""


def _as(text: str) -> Spelling:
    return written(text, "bigquery")


def _chain(name: str) -> Spelling:
    """A function of two as a chain of any number."""
    two = function(name)
    return lambda *operands: reduce(two, operands)


def _nearest(rounded: str) -> str:
    """The value at a place of the sorted list, the place rounded down or up."""
    place = f"CAST({rounded}((COUNT(_1) - 1) * _2) AS INT64)"
    return f"ARRAY_AGG(CAST(_1 AS FLOAT64) IGNORE NULLS ORDER BY _1)[SAFE_OFFSET({place})]"


_LOW, _HIGH = _nearest("FLOOR"), _nearest("CEIL")
_PLACE = "((COUNT(_1) - 1) * _2)"
_quantile = _as(f"{_LOW} + ({_HIGH} - {_LOW}) * ({_PLACE} - FLOOR({_PLACE}))")


def _quantiles(x: E, *shares: E) -> E:
    return exp.Array(expressions=[_quantile(x, each) for each in shares])


def _by(descending: bool) -> Spelling:
    """A missing part of a key is the greatest."""
    end = " DESC" if descending else ""

    def spell(value: E, *keys: E) -> E:
        numbers = range(2, 2 + len(keys))
        order = ", ".join(f"_{each} IS NULL{end}, _{each}{end}" for each in numbers)
        first = f"ARRAY_AGG(_1 IGNORE NULLS ORDER BY {order} LIMIT 1)[SAFE_OFFSET(0)]"
        return _as(first)(value, *keys)

    return spell


def _extreme(name: str, beyond: str) -> Spelling:
    nothing = f"CAST('{beyond}' AS FLOAT64)"

    def spell(*numbers: E) -> E:
        known = [_as(f"COALESCE(_1, {nothing})")(each) for each in numbers]
        return _as(f"NULLIF(_1, {nothing})")(function(name)(*known))

    return spell


def _mean_of(*numbers: E) -> E:
    known = [_as("COALESCE(_1, 0)")(each) for each in numbers]
    return _as("SAFE_DIVIDE(_1, _2)")(_chain("SAFE_ADD")(*known), known_count(*numbers))


_YEARS = "DATE_DIFF(late, early, YEAR)"
_PASSED = f"{_YEARS} - IF(DATE_ADD(early, INTERVAL {_YEARS} YEAR) > late, 1, 0)"
_ORDERED = "LEAST(each.start, each.`end`) AS early, GREATEST(each.start, each.`end`) AS late"
_years_between = _as(
    f"(SELECT IF(forward, 1, -1) * ({_PASSED}) FROM (SELECT each.start <= each.`end` AS forward,"  # noqa: S608
    f" {_ORDERED} FROM UNNEST([STRUCT(_1 AS start, _2 AS `end`)]) AS each))"
)
"""A birthday on 29 February is the 28th in common years, as DATE_ADD has it."""


def _parquet(_: tuple[str, ...]) -> E:
    raise UnsupportedOperationError("bigquery is not executed; it reads no files.")


BIGQUERY = Dialect(
    name="bigquery",
    types={
        Type.TEXT: "STRING",
        Type.INTEGER: "INT64",
        Type.NUMBER: "FLOAT64",
        Type.MONEY: "NUMERIC",
        Type.BOOLEAN: "BOOL",
        Type.DATE: "DATE",
        Type.INSTANT: "DATETIME",
    },
    spellings={
        **STANDARD,
        Op.DIVIDE: _as("SAFE_DIVIDE(CAST(_1 AS FLOAT64), CAST(_2 AS FLOAT64))"),
        Op.ROUND: function("ROUND"),
        Op.LEAST: _as("(SELECT MIN(each) FROM UNNEST([_every]) AS each)"),
        Op.GREATEST: _as("(SELECT MAX(each) FROM UNNEST([_every]) AS each)"),
        Op.MEAN_OF: _mean_of,
        Op.KNOWN_COUNT: known_count,
        Op.IF: case,
        Op.LOWER: _as("LOWER(TRANSLATE(_1, 'İΣ', 'iσ'))"),
        Op.CONTAINS: _as("STRPOS(_1, _2) > 0"),
        Op.STARTS_WITH: function("STARTS_WITH"),
        Op.ENDS_WITH: function("ENDS_WITH"),
        Op.MATCHES: function("REGEXP_CONTAINS"),
        Op.DAYS_BETWEEN: _as("DATE_DIFF(_2, _1, DAY)"),
        Op.YEARS_BETWEEN: _years_between,
        Op.SECONDS_BETWEEN: _as("DIV(DATETIME_DIFF(_2, _1, MICROSECOND), 1000000)"),
        Op.WEEKDAY: _as("CAST(FORMAT_DATE('%u', _1) AS INT64)"),
        Op.MONTH: _as("EXTRACT(MONTH FROM _1)"),
        Op.DAY_OF_MONTH: _as("EXTRACT(DAY FROM _1)"),
        Op.YEAR: _as("EXTRACT(YEAR FROM _1)"),
        Op.LOCAL_TIME: _as("DATETIME(TIMESTAMP(_1, 'UTC'), _2)"),
        Op.LOCAL_DAY: _as("DATE(TIMESTAMP(_1, 'UTC'), _2)"),
        Op.AS_NUMBER: _as("CAST(_1 AS FLOAT64)"),
        Op.AS_INTEGER: _as("SAFE_CAST(_1 AS INT64)"),
        Op.AS_MONEY: _as(
            f"ROUND(SAFE_MULTIPLY(SAFE_CAST(_1 AS NUMERIC), {_MONEY_LIMIT}) / {_MONEY_LIMIT}, 4)"
        ),
        Op.AS_WIDE: _as("CAST(_1 AS BIGNUMERIC)"),
        Op.FINITE: lambda x: x,
        Op.READ_NUMBER: _as(
            r"SAFE_CAST(REGEXP_EXTRACT(_1, r'^[+-]?[0-9]+(?:\.[0-9]+)?$') AS FLOAT64)"
        ),
        Op.RANDOM_SHARE: _as(
            "CAST(CONCAT('0x', SUBSTR(TO_HEX(MD5(CONCAT(_1, ':', _2))), 1, 8)) AS INT64)"
            " / 4294967296"
        ),
        Op.COUNT_DISTINCT: _as("COUNT(DISTINCT _1)"),
        Op.AVERAGE: function("AVG"),
        Op.MEDIAN: lambda x: _quantile(x, exp.Literal.number("0.5")),
        Op.QUANTILE: _quantile,
        Op.QUANTILES: _quantiles,
        Op.ELEMENT: _as("_1[SAFE_ORDINAL(_2)]"),
        Op.DEVIATION: _as("STDDEV_SAMP(CAST(_1 AS FLOAT64))"),
        Op.ANY_TRUE: function("LOGICAL_OR"),
        Op.FIRST_BY: _by(descending=False),
        Op.LAST_BY: _by(descending=True),
    },
    typed={
        (Op.ADD, Type.NUMBER): _chain("SAFE_ADD"),
        (Op.SUBTRACT, Type.NUMBER): _chain("SAFE_SUBTRACT"),
        (Op.MULTIPLY, Type.NUMBER): _chain("SAFE_MULTIPLY"),
        # A double is never infinite here, so that infinity can stand for what is missing.
        (Op.LEAST, Type.NUMBER): _extreme("LEAST", "inf"),
        (Op.GREATEST, Type.NUMBER): _extreme("GREATEST", "-inf"),
        (Op.SUM, Type.INTEGER): _as("SUM(CAST(_1 AS BIGNUMERIC))"),
        (Op.AVERAGE, Type.MONEY): _as("SAFE_DIVIDE(CAST(SUM(_1) AS FLOAT64), COUNT(_1))"),
        # Its own text of an amount leaves out zeros at the end; of a double it is another one.
        (Op.AS_TEXT, Type.MONEY): _as("FORMAT('%.4f', _1)"),
        **{
            (Op.AS_TEXT, kind): _as("CAST(_1 AS STRING)")
            for kind in Type
            if kind not in (Type.NUMBER, Type.MONEY)
        },
    },
    windowed={Op.MEDIAN: _as("PERCENTILE_CONT(CAST(_1 AS FLOAT64), 0.5)")},
    parquet=_parquet,
)
