"""How Snowflake would spell the operators, for reading: nothing here is executed.

Names are quoted, so tables are those made with quoted names in lower case; instants are taken to be
TIMESTAMP_NTZ in UTC. A mean or sum of doubles may differ from other engines in its last digit.
"""

from __future__ import annotations

import re

from sqlglot import exp

from segmentry.core.errors import UnsupportedOperationError
from segmentry.core.types import Type
from segmentry.sql.dialects.standard import STANDARD
from segmentry.sql.dialects.written import case, known_count, plain_number, written
from segmentry.sql.operators import Op
from segmentry.sql.render import Dialect, Spelling, function, infix

E = exp.Expression
_LAZY = re.compile(
    r"(\\.|\[(?:\\.|[^\]\\])*\])|(\(\?:)|([*+?]|\{[0-9]+(?:,[0-9]*)?\})\?", re.DOTALL
)
_TYPES = {
    Type.TEXT: "VARCHAR",
    Type.INTEGER: "BIGINT",
    Type.NUMBER: "DOUBLE",
    Type.MONEY: "DECIMAL(18, 4)",
    Type.BOOLEAN: "BOOLEAN",
    Type.DATE: "DATE",
    Type.INSTANT: "TIMESTAMP_NTZ",
}


def _as(text: str) -> Spelling:
    return written(text, "snowflake")


_finite = _as(
    "NULLIF(NULLIF(NULLIF(_1, CAST('inf' AS DOUBLE)), CAST('-inf' AS DOUBLE)),"
    " CAST('NaN' AS DOUBLE))"
)


def _divide(numerator: E, denominator: E) -> E:
    return _finite(
        _as("CAST(_1 AS DOUBLE) / NULLIF(CAST(_2 AS DOUBLE), 0)")(numerator, denominator)
    )


def _mean_of(*numbers: E) -> E:
    total = infix(exp.Add)(*(_as("COALESCE(_1, 0)")(each) for each in numbers))
    return _divide(exp.Paren(this=total), exp.Paren(this=known_count(*numbers)))


def _matches(text: E, pattern: E) -> E:
    """Whether a text holds a match rests neither on greediness nor on what a group catches."""
    plain = _LAZY.sub(lambda one: one[1] or ("(" if one[2] else one[3]), pattern.this)
    return _as("REGEXP_INSTR(_1, _2) > 0")(text, exp.Literal.string(plain))


def _quantile(x: E, share: E) -> E:
    number = plain_number(share)
    return _as("PERCENTILE_CONT(_2) WITHIN GROUP (ORDER BY CAST(_1 AS DOUBLE))")(x, number)


def _quantiles(x: E, *shares: E) -> E:
    return exp.Array(expressions=[_quantile(x, each) for each in shares])


def _element(values: E, place: E) -> E:
    return _as("CAST(GET(_1, _2) AS DOUBLE)")(values, exp.Literal.number(int(place.this) - 1))


def _by(order: str, kind: Type) -> Spelling:
    """A list leaves missing values out, and keeps types in disguise."""

    def spell(value: E, *keys: E) -> E:
        by = ", ".join(f"_{number} {order}" for number in range(2, 2 + len(keys)))
        listed = f"GET(ARRAY_AGG(_1) WITHIN GROUP (ORDER BY {by}), 0)"
        return _as(f"CAST({listed} AS {_TYPES[kind]})")(value, *keys)

    return spell


def _parquet(_: tuple[str, ...]) -> E:
    raise UnsupportedOperationError("snowflake is not executed; it reads no files.")


SNOWFLAKE = Dialect(
    name="snowflake",
    types=_TYPES,
    spellings={
        **STANDARD,
        Op.DIVIDE: _divide,
        Op.ROUND: function("ROUND"),
        Op.LEAST: function("LEAST_IGNORE_NULLS"),
        Op.GREATEST: function("GREATEST_IGNORE_NULLS"),
        Op.MEAN_OF: _mean_of,
        Op.KNOWN_COUNT: known_count,
        Op.IF: case,
        Op.LOWER: _as("LOWER(TRANSLATE(_1, 'İΣ', 'iσ'))"),
        Op.CONTAINS: function("CONTAINS"),
        Op.STARTS_WITH: function("STARTSWITH"),
        Op.ENDS_WITH: function("ENDSWITH"),
        Op.MATCHES: _matches,
        Op.DAYS_BETWEEN: _as("DATEDIFF(DAY, _1, _2)"),
        # Whole from the last day of a month to the last of another, so leap days work out.
        Op.YEARS_BETWEEN: _as("CAST(TRUNC(MONTHS_BETWEEN(_2, _1) / 12) AS BIGINT)"),
        Op.SECONDS_BETWEEN: _as("CAST(TRUNC(DATEDIFF(MICROSECOND, _1, _2) / 1000000) AS BIGINT)"),
        Op.WEEKDAY: _as("DAYOFWEEKISO(_1)"),
        Op.MONTH: _as("MONTH(_1)"),
        Op.DAY_OF_MONTH: _as("DAY(_1)"),
        Op.YEAR: _as("YEAR(_1)"),
        Op.LOCAL_TIME: _as("CONVERT_TIMEZONE('UTC', _2, _1)"),
        Op.LOCAL_DAY: _as("CAST(CONVERT_TIMEZONE('UTC', _2, _1) AS DATE)"),
        Op.AS_NUMBER: _as("CAST(_1 AS DOUBLE)"),
        # By way of a text, for only of texts conversions can be tried.
        Op.AS_INTEGER: _as("TRY_CAST(CAST(_1 AS VARCHAR) AS DECIMAL(19, 0))"),
        Op.AS_MONEY: _as("TRY_CAST(CAST(_1 AS VARCHAR) AS DECIMAL(18, 4))"),
        Op.AS_WIDE: _as("CAST(_1 AS DECIMAL(38, 0))"),
        Op.FINITE: _finite,
        Op.READ_NUMBER: lambda text: _finite(
            _as(r"TRY_CAST(REGEXP_SUBSTR(_1, '^[+-]?[0-9]+(\\.[0-9]+)?$') AS DOUBLE)")(text)
        ),
        Op.RANDOM_SHARE: _as(
            "TO_NUMBER(SUBSTR(MD5(CONCAT(_1, ':', _2)), 1, 8), 'XXXXXXXX')"
            " / CAST(4294967296 AS DOUBLE)"
        ),
        Op.COUNT_DISTINCT: _as("COUNT(DISTINCT _1)"),
        Op.AVERAGE: _as("AVG(CAST(_1 AS DOUBLE))"),
        Op.MEDIAN: _as("MEDIAN(CAST(_1 AS DOUBLE))"),
        Op.QUANTILE: _quantile,
        Op.QUANTILES: _quantiles,
        Op.ELEMENT: _element,
        Op.DEVIATION: _as("STDDEV_SAMP(CAST(_1 AS DOUBLE))"),
        Op.ANY_TRUE: function("BOOLOR_AGG"),
    },
    typed={
        (Op.AVERAGE, Type.INTEGER): lambda x: _divide(function("SUM")(x), exp.Count(this=x)),
        (Op.AVERAGE, Type.MONEY): lambda x: _divide(function("SUM")(x), exp.Count(this=x)),
        **{(Op.FIRST_BY, kind): _by("NULLS LAST", kind) for kind in Type},
        **{(Op.LAST_BY, kind): _by("DESC NULLS FIRST", kind) for kind in Type},
        # How an instant or a double is written is a setting of the session, and is refused.
        **{
            (Op.AS_TEXT, kind): _as("CAST(_1 AS VARCHAR)")
            for kind in (Type.TEXT, Type.INTEGER, Type.MONEY, Type.BOOLEAN)
        },
        (Op.AS_TEXT, Type.DATE): _as("TO_CHAR(_1, 'YYYY-MM-DD')"),
    },
    parquet=_parquet,
)
