"""How DuckDB spells the operators."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from segmentry.core.types import MONEY_PLACES, Type
from segmentry.sql import render
from segmentry.sql.dialects.standard import STANDARD, missing
from segmentry.sql.operators import Op
from segmentry.sql.render import Dialect, function

E = exp.Expression


def cast(tree: E, kind: str) -> E:
    """A conversion to a type of DuckDB."""
    return render.cast(tree, kind, "duckdb")


def _call(name: str, *operands: E) -> E:
    return exp.Anonymous(this=name, expressions=list(operands))


def _finite(number: E) -> E:
    """One evaluation of `number`: NULLIF and CASE would copy it, and nested copies explode."""
    each = exp.to_identifier("each", quoted=True)
    test = exp.Lambda(this=_call("isfinite", exp.Column(this=each.copy())), expressions=[each])
    kept = _call("list_filter", exp.Array(expressions=[number]), test)
    return _call("list_extract", kept, exp.Literal.number(1))


def _divide(numerator: E, denominator: E) -> E:
    return _finite(exp.Div(this=cast(numerator, "DOUBLE"), expression=cast(denominator, "DOUBLE")))


def _mean(x: E, units: int) -> E:
    """The exact mean of whole units, rounded once."""
    unit = exp.Literal.number(units)
    total = cast(exp.Mul(this=_call("sum", x), expression=unit), "HUGEINT")
    count = exp.Mul(this=exp.Count(this=x.copy()), expression=unit.copy())
    return exp.Div(this=cast(total, "DOUBLE"), expression=cast(count, "DOUBLE"))


_UNIT = 2.0**60
_LEAST, _MOST = 1e-6, 1e12
"""Doubles that, as whole units of 2^-60, keep all digits that count and never overflow."""


def _sum_of_doubles(x: E) -> E:
    """Added as whole units, so that the order of the rows cannot show in the last digit.

    Where a value is too small or too large for it, the engine's own sum.
    """
    size = _call("abs", x.copy())
    fits = exp.And(
        this=exp.LT(this=_call("max", size), expression=_float(_MOST)),
        expression=exp.GT(
            this=_call(
                "coalesce", _call("min", _call("nullif", size.copy(), _float(0))), _float(1)
            ),
            expression=_float(_LEAST),
        ),
    )
    small = exp.If(this=exp.LT(this=size.copy(), expression=_float(_MOST)), true=x.copy())
    units = exp.Mul(this=exp.Case(ifs=[small]), expression=_float(_UNIT))
    whole = cast(_call("sum", cast(units, "HUGEINT")), "DOUBLE")
    exact = exp.Div(this=whole, expression=_float(_UNIT))
    return exp.Case(ifs=[exp.If(this=fits, true=exact)], default=_call("sum", x))


def _average_of_doubles(x: E) -> E:
    return exp.Div(this=exp.Paren(this=_sum_of_doubles(x)), expression=exp.Count(this=x.copy()))


def _float(number: float) -> E:
    return cast(exp.Literal.string(repr(float(number))), "DOUBLE")


_MOST_UNITS = 2**40
"""Whole numbers whose squares, a million of them, fit in 128 bits."""


def _deviation(x: E, units: int) -> E:
    """From sums of whole units and their squares, which are exact; beyond them the engine's own."""
    whole = cast(exp.Mul(this=x.copy(), expression=exp.Literal.number(units)), "HUGEINT")
    bound = exp.Literal.number(_MOST_UNITS)
    inside = exp.If(this=exp.LT(this=_call("abs", whole.copy()), expression=bound), true=whole)
    kept = exp.Case(ifs=[inside])
    count = cast(exp.Count(this=x.copy()), "HUGEINT")
    squares = _call(
        "sum", exp.Mul(this=exp.Paren(this=kept), expression=exp.Paren(this=kept.copy()))
    )
    total = _call("sum", kept.copy())
    spread = exp.Sub(
        this=exp.Mul(this=count, expression=squares),
        expression=exp.Mul(this=total, expression=total.copy()),
    )
    pairs = exp.Mul(
        this=count.copy(),
        expression=exp.Paren(this=exp.Sub(this=count.copy(), expression=exp.Literal.number(1))),
    )
    variance = exp.Div(
        this=cast(exp.Paren(this=spread), "DOUBLE"),
        expression=_call("nullif", cast(exp.Paren(this=pairs), "DOUBLE"), _float(0)),
    )
    exact = exp.Div(this=_call("sqrt", variance), expression=_float(units))
    few = exp.LT(this=exp.Count(this=x.copy()), expression=exp.Literal.number(2**20))
    least = exp.LT(this=_call("max", _call("abs", whole.copy())), expression=bound.copy())
    own = _call("stddev_samp", cast(x, "DOUBLE"))
    return exp.Case(ifs=[exp.If(this=exp.And(this=few, expression=least), true=exact)], default=own)


def _in_order(x: E) -> E:
    """From the least up, so that the order of the rows does not matter; slow, for rare uses."""
    return exp.Order(this=x, expressions=[exp.Ordered(this=x.copy())])


def _local_time(instant: E, zone: E) -> E:
    return _call("timezone", zone, _call("timezone", exp.Literal.string("UTC"), instant))


def _try_cast(kind: str) -> Callable[[E], E]:
    return lambda x: exp.TryCast(this=x, to=exp.DataType.build(kind, dialect="duckdb"))


def _read_number(text: E) -> E:
    """`regexp_extract` gives an empty text where nothing fits, which is no number either."""
    written = _call("regexp_extract", text, exp.Literal.string(r"^[+-]?[0-9]+(\.[0-9]+)?$"))
    return _finite(_try_cast("DOUBLE")(written))


def _by(function_name: str, value: E, *keys: E) -> E:
    key = keys[0] if len(keys) == 1 else _call("row", *keys)
    known = exp.Is(this=value.copy(), expression=exp.Null()).not_()
    return exp.Filter(this=_call(function_name, value, key), expression=exp.Where(this=known))


def _random_share(salt: E, identity: E) -> E:
    text = _call("md5", _call("concat", salt, exp.Literal.string(":"), identity))
    head = _call("concat", exp.Literal.string("0x"), _call("substr", text, *_numbers(1, 8)))
    return exp.Div(this=cast(cast(head, "UBIGINT"), "DOUBLE"), expression=_numbers(2**32)[0])


def _numbers(*values: int) -> tuple[E, ...]:
    return tuple(exp.Literal.number(each) for each in values)


def _quantiles(x: E, *shares: E) -> E:
    """Between neighbours of the sorted values, worked out here.

    `quantile_cont` adds two products with one rounding, so that of equal values it may give one
    that is none of them, and every tie would count as above it.
    """
    values = exp.to_identifier("values", quoted=True)
    known = exp.Where(this=exp.Not(this=missing(x.copy())))
    listed = exp.Filter(this=_call("list", cast(x, "DOUBLE")), expression=known)
    found = exp.Array(expressions=[_between(exp.Column(this=values.copy()), s) for s in shares])
    inside = exp.Lambda(this=found, expressions=[values])
    ordered = exp.Array(expressions=[_call("list_sort", listed)])
    return _call("list_extract", _call("list_transform", ordered, inside), *_numbers(1))


def _between(values: E, share: E) -> E:
    last = exp.paren(exp.Sub(this=_call("len", values), expression=_numbers(1)[0]))
    place = exp.paren(exp.Mul(this=last, expression=share))
    low, high = (
        _call("list_extract", values.copy(), exp.Add(this=place_of, expression=_numbers(1)[0]))
        for place_of in (_whole("floor", place), _whole("ceil", place))
    )
    rest = exp.paren(exp.Sub(this=place.copy(), expression=_call("floor", place.copy())))
    wide = exp.paren(exp.Sub(this=high, expression=low.copy()))
    return exp.Add(this=low, expression=exp.Mul(this=wide, expression=rest))


def _whole(rounded: str, number: E) -> E:
    return cast(_call(rounded, number.copy()), "BIGINT")


def _years_between(start: E, end: E) -> E:
    return _call("date_sub", exp.Literal.string("year"), start, end)


DUCKDB = Dialect(
    name="duckdb",
    types={
        Type.TEXT: "VARCHAR",
        Type.INTEGER: "BIGINT",
        Type.NUMBER: "DOUBLE",
        Type.MONEY: "DECIMAL(18,4)",
        Type.BOOLEAN: "BOOLEAN",
        Type.DATE: "DATE",
        Type.INSTANT: "TIMESTAMP",
    },
    spellings={
        **STANDARD,
        Op.DIVIDE: _divide,
        Op.ROUND: function("round"),
        Op.MEAN_OF: lambda *each: _finite(_call("list_avg", exp.Array(expressions=list(each)))),
        Op.KNOWN_COUNT: lambda *each: _call("list_count", exp.Array(expressions=list(each))),
        Op.IF: lambda when, then, other: exp.Case(
            ifs=[exp.If(this=when, true=then)], default=other
        ),
        Op.LOWER: function("lower"),
        Op.CONTAINS: function("contains"),
        Op.STARTS_WITH: function("starts_with"),
        Op.ENDS_WITH: function("ends_with"),
        Op.MATCHES: function("regexp_matches"),
        Op.DAYS_BETWEEN: lambda start, end: exp.Sub(this=end, expression=start),
        Op.YEARS_BETWEEN: _years_between,
        Op.SECONDS_BETWEEN: lambda start, end: _call(
            "date_sub", exp.Literal.string("second"), start, end
        ),
        Op.WEEKDAY: function("isodow"),
        Op.MONTH: function("month"),
        Op.DAY_OF_MONTH: function("day"),
        Op.YEAR: function("year"),
        Op.AS_NUMBER: lambda x: cast(x, "DOUBLE"),
        Op.AS_INTEGER: _try_cast("BIGINT"),
        Op.AS_MONEY: _try_cast("DECIMAL(18,4)"),
        Op.AS_WIDE: lambda x: cast(x, "HUGEINT"),
        Op.FINITE: _finite,
        Op.LOCAL_TIME: _local_time,
        Op.LOCAL_DAY: lambda instant, zone: cast(_local_time(instant, zone), "DATE"),
        Op.AS_TEXT: lambda x: cast(x, "VARCHAR"),
        Op.READ_NUMBER: _read_number,
        Op.RANDOM_SHARE: _random_share,
        Op.COUNT_DISTINCT: lambda x: exp.Count(this=exp.Distinct(expressions=[x])),
        Op.AVERAGE: function("avg"),
        Op.MEDIAN: lambda x: _call("quantile_cont", cast(x, "DOUBLE"), exp.Literal.number("0.5")),
        Op.QUANTILE: lambda x, share: _call("list_extract", _quantiles(x, share), *_numbers(1)),
        Op.QUANTILES: _quantiles,
        Op.ELEMENT: function("list_extract"),
        Op.DEVIATION: lambda x: _call("stddev_samp", cast(x, "DOUBLE")),
        Op.FIRST_BY: lambda value, *keys: _by("arg_min", value, *keys),
        Op.LAST_BY: lambda value, *keys: _by("arg_max", value, *keys),
    },
    typed={
        # The engine's own average is rounded otherwise when a sum stands beside it.
        (Op.AVERAGE, Type.INTEGER): lambda x: _mean(x, 1),
        (Op.AVERAGE, Type.MONEY): lambda x: _mean(x, 10**MONEY_PLACES),
        (Op.SUM, Type.NUMBER): _sum_of_doubles,
        (Op.AVERAGE, Type.NUMBER): _average_of_doubles,
        (Op.DEVIATION, Type.NUMBER): lambda x: _call("stddev_samp", _in_order(x)),
        (Op.DEVIATION, Type.INTEGER): lambda x: _deviation(x, 1),
        (Op.DEVIATION, Type.MONEY): lambda x: _deviation(x, 10**MONEY_PLACES),
    },
    parquet=lambda paths: exp.Anonymous(
        this="read_parquet",
        expressions=[exp.Array(expressions=[exp.Literal.string(each) for each in paths])],
    ),
)
