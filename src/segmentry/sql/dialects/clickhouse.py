"""How ClickHouse (24.12 or newer) would spell the operators, for reading: nothing is executed.

Instants are taken to be DateTime64(6, 'UTC'). Types say that values may be missing, joins give
missing values where nothing matches, and a name means the column before it means an output of the
same name; the last two are settings, which the statement brings with it. A mean or sum of doubles
may differ from other engines in its last digit.
"""

from __future__ import annotations

from sqlglot import exp

from segmentry.core.errors import UnsupportedOperationError
from segmentry.core.types import Type
from segmentry.sql.dialects.standard import STANDARD
from segmentry.sql.dialects.written import case, known_count, plain_number, written
from segmentry.sql.operators import Op
from segmentry.sql.render import Dialect, Spelling, function

E = exp.Expression
SETTINGS = "SETTINGS join_use_nulls = 1, prefer_column_name_to_alias = 1"


def _as(text: str) -> Spelling:
    return written(text, "clickhouse")


_finite = _as("arrayFirstOrNull(v -> ifNull(isFinite(v), 0), [_1])")


def _finite_as(text: str) -> Spelling:
    inner = _as(text)
    return lambda *operands: _finite(inner(*operands))


def _matches(text: E, pattern: E) -> E:
    """RE2, in which a dot finds a line break unless told otherwise."""
    return _as("match(_1, _2)")(text, exp.Literal.string(f"(?-s){pattern.this}"))


def _quantile(x: E, share: E) -> E:
    number = plain_number(share)
    return _as("quantileExactInclusive(_2)(CAST(_1 AS Nullable(Float64)))")(x, number)


def _quantiles(x: E, *shares: E) -> E:
    return exp.Array(expressions=[_quantile(x, each) for each in shares])


def _by(name: str) -> Spelling:
    def spell(value: E, *keys: E) -> E:
        listed = ", ".join(f"_{number}" for number in range(2, 2 + len(keys)))
        return _as(f"{name}(_1, tuple({listed}), isNotNull(_1))")(value, *keys)

    return spell


_years_between = _as(
    "arrayMap((s, e) -> CASE"
    " WHEN s <= e THEN dateDiff('year', s, e) - (addYears(s, dateDiff('year', s, e)) > e)"
    " WHEN s > e THEN (addYears(e, dateDiff('year', e, s)) > s) - dateDiff('year', e, s)"
    " END, [_1], [_2])[1]"
)
"""A birthday on 29 February is the 28th in common years, as addYears has it."""

_round_double = _as("arrayMap(v -> sign(v) * floor(abs(v) * exp10(_2) + 0.5) / exp10(_2), [_1])[1]")
"""Its own rounding of doubles takes halves to the even neighbour."""


def _parquet(_: tuple[str, ...]) -> E:
    raise UnsupportedOperationError("clickhouse is not executed; it reads no files.")


CLICKHOUSE = Dialect(
    name="clickhouse",
    ending=SETTINGS,
    types={
        Type.TEXT: "Nullable(String)",
        Type.INTEGER: "Nullable(Int64)",
        Type.NUMBER: "Nullable(Float64)",
        Type.MONEY: "Nullable(Decimal(18, 4))",
        Type.BOOLEAN: "Nullable(Bool)",
        Type.DATE: "Nullable(Date32)",
        Type.INSTANT: "Nullable(DateTime64(6, 'UTC'))",
    },
    spellings={
        **STANDARD,
        Op.DIVIDE: _finite_as("CAST(_1 AS Nullable(Float64)) / CAST(_2 AS Nullable(Float64))"),
        Op.ROUND: function("round"),
        Op.MEAN_OF: _finite_as("arrayReduce('avg', [_every])"),
        Op.KNOWN_COUNT: known_count,
        Op.IF: case,
        Op.LOWER: _as("lowerUTF8(translateUTF8(_1, 'İΣ', 'iσ'))"),
        Op.CONTAINS: _as("position(_1, _2) > 0"),
        Op.STARTS_WITH: function("startsWith"),
        Op.ENDS_WITH: function("endsWith"),
        Op.MATCHES: _matches,
        Op.DAYS_BETWEEN: _as("dateDiff('day', _1, _2)"),
        Op.YEARS_BETWEEN: _years_between,
        Op.SECONDS_BETWEEN: _as("intDiv(dateDiff('microsecond', _1, _2), 1000000)"),
        Op.WEEKDAY: _as("toInt64(toDayOfWeek(_1))"),
        Op.MONTH: _as("toInt64(toMonth(_1))"),
        Op.DAY_OF_MONTH: _as("toInt64(toDayOfMonth(_1))"),
        Op.YEAR: _as("toInt64(toYear(_1))"),
        Op.LOCAL_TIME: _as(
            "toDateTime64(formatDateTime(toTimeZone(_1, _2), '%F %T.%f'), 6, 'UTC')"
        ),
        Op.LOCAL_DAY: _as("toDate32(toTimeZone(_1, _2))"),
        Op.AS_NUMBER: _as("CAST(_1 AS Nullable(Float64))"),
        Op.AS_INTEGER: _as("accurateCastOrNull(_1, 'Int64')"),
        Op.AS_MONEY: _as("toDecimal64OrNull(toString(round(_1, 4)), 4)"),
        Op.AS_WIDE: _as("CAST(_1 AS Nullable(Int128))"),
        Op.FINITE: _finite,
        Op.READ_NUMBER: _finite_as(r"toFloat64OrNull(extract(_1, '^[+-]?[0-9]+(?:\\.[0-9]+)?$'))"),
        Op.RANDOM_SHARE: _as(
            "reinterpretAsUInt32(reverse(substring(MD5(concat(_1, ':', _2)), 1, 4))) / 4294967296"
        ),
        Op.COUNT_ROWS: _as("toInt64(count())"),
        Op.COUNT: _as("toInt64(count(_1))"),
        Op.COUNT_DISTINCT: _as("toInt64(uniqExact(_1))"),
        Op.AVERAGE: _finite_as("avg(CAST(_1 AS Nullable(Float64)))"),
        Op.MEDIAN: lambda x: _finite(_quantile(x, exp.Literal.number("0.5"))),
        Op.QUANTILE: lambda x, share: _finite(_quantile(x, share)),
        Op.QUANTILES: _quantiles,
        Op.ELEMENT: _finite_as("arrayElement(_1, _2)"),
        Op.DEVIATION: _finite_as("stddevSamp(CAST(_1 AS Nullable(Float64)))"),
        Op.ANY_TRUE: function("max"),
        Op.FIRST_BY: _by("argMinIf"),
        Op.LAST_BY: _by("argMaxIf"),
        Op.PREVIOUS: _as("lag(toNullable(_1))"),
        Op.FOLLOWING: _as("lead(toNullable(_1))"),
    },
    typed={
        (Op.ROUND, Type.NUMBER): _round_double,
        (Op.SUM, Type.INTEGER): _as("sum(CAST(_1 AS Nullable(Int128)))"),
        (Op.AVERAGE, Type.INTEGER): _finite_as(
            "CAST(sum(CAST(_1 AS Nullable(Int128))) AS Nullable(Float64)) / count(_1)"
        ),
        (Op.AVERAGE, Type.MONEY): _finite_as("CAST(sum(_1) AS Nullable(Float64)) / count(_1)"),
        # Its own text of an amount leaves out zeros at the end; of an instant it adds some.
        (Op.AS_TEXT, Type.MONEY): _as("toDecimalString(_1, 4)"),
        **{
            (Op.AS_TEXT, kind): _as("CAST(_1 AS Nullable(String))")
            for kind in (Type.TEXT, Type.INTEGER, Type.BOOLEAN, Type.DATE)
        },
    },
    windowed={
        Op.COUNT_ROWS: function("count"),
        Op.COUNT: function("count"),
        Op.MEDIAN: lambda x: _quantile(x, exp.Literal.number("0.5")),
        # Its own number of a row has no sign, and would not go with numbers that have one.
        Op.ROW_NUMBER: _as("sum(toInt64(1))"),
    },
    parquet=_parquet,
)
