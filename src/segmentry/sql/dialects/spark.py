"""How Spark spells the operators, with `spark.sql.ansi.enabled` on: no number wraps round."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from segmentry.core.errors import UnsupportedOperationError
from segmentry.core.types import Type
from segmentry.sql import render
from segmentry.sql.dialects.java_pattern import in_java
from segmentry.sql.dialects.standard import STANDARD, missing
from segmentry.sql.operators import Op
from segmentry.sql.render import Dialect, function, infix

E = exp.Expression
LARGEST = exp.Literal.string("Infinity")
MONEY_UNIT = 10_000
MOST_UNITS = 2**40
"""Whole numbers whose squares, a million of them, fit in 38 digits."""
LEAST, MOST = 1e-6, 1e12
"""Doubles that keep all digits that count as whole units of 2^-60."""


def cast(tree: E, kind: str) -> E:
    """A conversion to a type of Spark."""
    return render.cast(tree, kind, "spark")


def _call(name: str, *operands: E) -> E:
    return exp.Anonymous(this=name, expressions=list(operands))


def _number(value: int) -> E:
    return exp.Literal.number(value)


def _text(value: str) -> E:
    return exp.Literal.string(value)


def _try_cast(kind: str) -> Callable[[E], E]:
    """`safe` is what makes sqlglot print TRY_CAST, not CAST."""
    return lambda x: exp.TryCast(this=x, to=exp.DataType.build(kind, dialect="spark"), safe=True)


def _whole(name: str) -> Callable[..., E]:
    """A function that gives 32 bits, as 64."""
    return lambda *operands: cast(_call(name, *operands), "BIGINT")


# one evaluation of an operand that is read twice: copies of copies would explode


def _named(name: str) -> tuple[exp.Identifier, E]:
    return exp.to_identifier(name, quoted=True), exp.Column(this=exp.to_identifier(name, True))


def _finite(number: E) -> E:
    name, each = _named("each")
    below = exp.LT(this=_call("abs", each), expression=cast(LARGEST.copy(), "DOUBLE"))
    kept = _call("filter", _call("array", number), exp.Lambda(this=below, expressions=[name]))
    return _call("get", kept, _number(0))


def _divide(numerator: E, denominator: E) -> E:
    return _finite(_call("try_divide", cast(numerator, "DOUBLE"), cast(denominator, "DOUBLE")))


def _round(number: E, places: E) -> E:
    """Multiplied, rounded, divided, as others do; Spark would round the digits it would print."""
    if places.this == "0":
        return _call("round", number)
    name, each = _named("each")
    unit = cast(_number(10 ** int(places.this)), "DOUBLE")
    scaled = exp.Mul(this=each.copy(), expression=unit)
    fits = exp.LT(this=_call("abs", scaled.copy()), expression=cast(LARGEST.copy(), "DOUBLE"))
    rounded = exp.Div(this=_call("round", scaled), expression=unit.copy())
    chosen = _call("if", fits, rounded, each.copy())
    made = _call("transform", _call("array", number), exp.Lambda(this=chosen, expressions=[name]))
    return _call("get", made, _number(0))


def _mean_of(*numbers: E) -> E:
    """One added after the other."""
    (so_far, sofar), (name, each) = _named("sofar"), _named("each")
    added, counted = (exp.Dot(this=sofar.copy(), expression=exp.to_identifier(part, True))
                      for part in ("sum", "count"))  # fmt: skip

    def state(total: E, count: E) -> E:
        return _call("named_struct", _text("sum"), total, _text("count"), count)

    one_more = state(
        exp.Add(this=added.copy(), expression=each.copy()),
        exp.Add(this=counted.copy(), expression=cast(_number(1), "DOUBLE")),
    )
    kept = _call("if", missing(each.copy()), sofar.copy(), one_more)
    step = exp.Lambda(this=kept, expressions=[so_far.copy(), name])
    result = exp.Lambda(this=_call("try_divide", added, counted), expressions=[so_far])
    nothing = state(cast(_number(0), "DOUBLE"), cast(_number(0), "DOUBLE"))
    return _finite(_call("aggregate", _call("array", *numbers), nothing, step, result))


# text


def _lower(text: E) -> E:
    """Letter by letter: the two that Spark treats otherwise, alone or by their place, go first."""
    return _call("lower", _call("translate", text, _text("İΣ"), _text("iσ")))


def _matches(text: E, pattern: E) -> E:
    return _call("regexp_like", text, _text(in_java(pattern.this)))


def _read_number(text: E) -> E:
    """`regexp_extract` gives an empty text where nothing fits, which is no number either."""
    written = _text(r"^[+-]?[0-9]+(\.[0-9]+)?\z")
    return _finite(_try_cast("DOUBLE")(_call("regexp_extract", text, written, _number(0))))


def _random_share(salt: E, identity: E) -> E:
    digest = _call("md5", _call("concat", salt, _text(":"), identity))
    head = _call("conv", _call("substr", digest, _number(1), _number(8)), _number(16), _number(10))
    return exp.Div(this=cast(head, "DOUBLE"), expression=cast(_number(2**32), "DOUBLE"))


# time


def _years_between(start: E, end: E) -> E:
    """Months from the last day of one to the last of another are whole, so leap days work out."""
    months = _call("months_between", end, start)
    return cast(exp.Div(this=months, expression=cast(_number(12), "DOUBLE")), "BIGINT")


def _local_time(instant: E, zone: E) -> E:
    return _call("convert_timezone", _text("UTC"), zone, instant)


# aggregates


def _exact_sum(whole: E) -> E:
    return _call("sum", cast(whole, "DECIMAL(20,0)"))


def _mean(total: E, count: E) -> E:
    return _call("try_divide", cast(total, "DOUBLE"), cast(count, "DOUBLE"))


def _money_of_number(number: E) -> E:
    """Rounded as a double: Spark would round the digits it would print."""
    scaled = exp.Mul(this=number, expression=cast(_number(MONEY_UNIT), "DOUBLE"))
    units = cast(_try_cast("BIGINT")(_call("round", scaled)), "DECIMAL(20,0)")
    unit = cast(_text("0.0001"), "DECIMAL(4,4)")
    return _try_cast("DECIMAL(18,4)")(exp.Mul(this=units, expression=unit))


def _money_average(amount: E) -> E:
    """From whole units, since a decimal's average would be rounded to a few places."""
    units = cast(_number(MONEY_UNIT), "DECIMAL(5,0)")
    total = exp.Mul(this=_call("sum", amount), expression=units)
    return _mean(total, exp.Mul(this=exp.Count(this=amount.copy()), expression=_number(MONEY_UNIT)))


def _deviation(x: E, units: int) -> E:
    """From sums of whole units and their squares, which are exact; beyond them Spark's own."""
    whole = cast(exp.Mul(this=x, expression=cast(_number(units), "DECIMAL(5,0)")), "DECIMAL(20,0)")
    bound = _number(MOST_UNITS)
    inside = exp.LT(this=_call("abs", whole), expression=bound)
    kept = _call("if", inside, cast(whole.copy(), "DECIMAL(13,0)"), exp.Null())
    count, total = exp.Count(this=x.copy()), _call("sum", kept)
    squares = _call("sum", exp.Mul(this=kept.copy(), expression=kept.copy()))
    spread = exp.Sub(
        this=exp.Mul(this=cast(count, "DECIMAL(20,0)"), expression=squares),
        expression=exp.Mul(this=total, expression=total.copy()),
    )
    pairs = exp.Mul(
        this=count.copy(),
        expression=exp.Paren(this=exp.Sub(this=count.copy(), expression=_number(1))),
    )
    variance = _mean(exp.Paren(this=spread), exp.Paren(this=pairs))
    exact = exp.Div(this=_call("sqrt", variance), expression=cast(_number(units), "DOUBLE"))
    few = exp.LT(this=count.copy(), expression=_number(2**20))
    least = exp.LT(this=_call("max", _call("abs", whole.copy())), expression=bound.copy())
    own = _call("stddev_samp", cast(x.copy(), "DOUBLE"))
    return _call("if", exp.And(this=few, expression=least), exact, own)


def _sum_of_doubles(x: E) -> E:
    """Added as whole units of 2^-60, so that the order of the rows cannot show in the last digit.

    Whole part and rest of a double are added apart, since Spark makes decimals of the digits that
    it would print. Where a value is too small or too large for it, Spark's own sum.
    """
    unit, most = _double(2.0**60), _double(MOST)
    size = _call("abs", x)
    known_size = _call("nullif", size.copy(), _double(0.0))
    least = _call("coalesce", _call("min", known_size), _double(1.0))
    fits = exp.And(
        this=exp.LT(this=_call("max", size.copy()), expression=most),
        expression=exp.GT(this=least, expression=_double(LEAST)),
    )
    small = exp.LT(this=size.copy(), expression=most.copy())
    whole = cast(_call("if", small, x.copy(), exp.Null()), "BIGINT")
    rest = exp.Paren(this=exp.Sub(this=_call("if", small.copy(), x.copy(), exp.Null()),
                                  expression=cast(whole.copy(), "DOUBLE")))  # fmt: skip
    parts = cast(_call("rint", exp.Mul(this=rest, expression=unit)), "BIGINT")
    units = exp.Add(
        this=exp.Mul(this=_sum(whole), expression=cast(_number(2**60), "DECIMAL(19,0)")),
        expression=_sum(parts),
    )
    exact = exp.Div(this=cast(exp.Paren(this=units), "DOUBLE"), expression=unit.copy())
    return _call("if", fits, exact, _call("sum", x.copy()))


def _sum(whole: E) -> E:
    """The sum of 64 bits, in as many digits as leave room for a product."""
    return cast(_call("sum", cast(whole, "DECIMAL(20,0)")), "DECIMAL(38,0)")


def _double(value: float) -> E:
    return cast(_text(repr(value)), "DOUBLE")


def _quantiles(x: E, *shares: E) -> E:
    """Between neighbours of the sorted values: the lower and its part of the way to the higher."""
    name, values = _named("values")
    listed = _call("sort_array", _call("collect_list", cast(x, "DOUBLE")))
    found = _call("array", *(_between(values, each) for each in shares))
    inside = exp.Lambda(this=found, expressions=[name])
    return _call("get", _call("transform", _call("array", listed), inside), _number(0))


def _between(values: E, share: E) -> E:
    last = exp.Paren(this=exp.Sub(this=_call("size", values.copy()), expression=_number(1)))
    place = exp.Paren(this=exp.Mul(this=last, expression=share.copy()))
    low, high = (
        _call("get", values.copy(), cast(_call(rounded, place.copy()), "INT"))
        for rounded in ("floor", "ceil")
    )
    rest = exp.Sub(this=place.copy(), expression=_call("floor", place.copy()))
    wide = exp.Sub(this=high, expression=low.copy())
    part = exp.Mul(this=exp.Paren(this=wide), expression=exp.Paren(this=rest))
    return exp.Add(this=low, expression=part)


def _by(function_name: str, value: E, *keys: E) -> E:
    """Spark takes a missing part of a key for the least; everywhere else it is the greatest."""
    parts = (part for each in keys for part in (missing(each.copy()), each))
    key = keys[0] if len(keys) == 1 else _call("struct", *parts)
    known = missing(value.copy()).not_()
    return exp.Filter(this=_call(function_name, value, key), expression=exp.Where(this=known))


def _known_count(*values: E) -> E:
    counted = [
        exp.Paren(this=_call("if", missing(each), _number(0), _number(1))) for each in values
    ]
    return cast(infix(exp.Add)(*counted), "BIGINT")


def _parquet(paths: tuple[str, ...]) -> E:
    if len(paths) != 1:
        raise UnsupportedOperationError("spark reads one folder of Parquet files at a time.")
    return exp.Dot(this=exp.to_identifier("parquet"), expression=exp.to_identifier(paths[0], True))


SPARK = Dialect(
    name="spark",
    types={
        Type.TEXT: "STRING",
        Type.INTEGER: "BIGINT",
        Type.NUMBER: "DOUBLE",
        Type.MONEY: "DECIMAL(18,4)",
        Type.BOOLEAN: "BOOLEAN",
        Type.DATE: "DATE",
        Type.INSTANT: "TIMESTAMP_NTZ",
    },
    spellings={
        **STANDARD,
        Op.DIVIDE: _divide,
        Op.ROUND: _round,
        Op.MEAN_OF: _mean_of,
        Op.KNOWN_COUNT: _known_count,
        Op.IF: function("if"),
        Op.FIRST_KNOWN: function("coalesce"),
        Op.LOWER: _lower,
        Op.CONTAINS: function("contains"),
        Op.STARTS_WITH: function("startswith"),
        Op.ENDS_WITH: function("endswith"),
        Op.MATCHES: _matches,
        Op.DAYS_BETWEEN: lambda start, end: _whole("datediff")(end, start),
        Op.YEARS_BETWEEN: _years_between,
        Op.SECONDS_BETWEEN: lambda start, end: _call(
            "timestampdiff", exp.Var(this="SECOND"), start, end
        ),
        Op.WEEKDAY: lambda x: exp.Add(this=_whole("weekday")(x), expression=_number(1)),
        Op.MONTH: _whole("month"),
        Op.DAY_OF_MONTH: _whole("day"),
        Op.YEAR: _whole("year"),
        Op.AS_NUMBER: lambda x: cast(x, "DOUBLE"),
        Op.AS_INTEGER: _try_cast("BIGINT"),
        Op.AS_MONEY: _try_cast("DECIMAL(18,4)"),
        # 20 digits hold 64 bits; sums and products of two get the room they need.
        Op.AS_WIDE: lambda x: cast(x, "DECIMAL(20,0)"),
        Op.FINITE: _finite,
        Op.LOCAL_TIME: _local_time,
        Op.LOCAL_DAY: lambda instant, zone: cast(_local_time(instant, zone), "DATE"),
        Op.READ_NUMBER: _read_number,
        Op.RANDOM_SHARE: _random_share,
        # COUNT(DISTINCT …) would copy every row for each distinct operand of the query.
        Op.COUNT_DISTINCT: lambda x: _whole("size")(_call("collect_set", x)),
        Op.AVERAGE: function("avg"),
        Op.MEDIAN: lambda x: _call("percentile", cast(x, "DOUBLE"), exp.Literal.number("0.5")),
        Op.QUANTILE: lambda x, share: _call("get", _quantiles(x, share), _number(0)),
        Op.QUANTILES: _quantiles,
        Op.ELEMENT: function("try_element_at"),
        Op.DEVIATION: lambda x: _call("stddev_samp", cast(x, "DOUBLE")),
        Op.FIRST_BY: lambda value, *keys: _by("min_by", value, *keys),
        Op.LAST_BY: lambda value, *keys: _by("max_by", value, *keys),
    },
    typed={
        (Op.SUM, Type.INTEGER): _exact_sum,
        (Op.TOTAL, Type.INTEGER): _exact_sum,
        (Op.RUNNING_SUM, Type.INTEGER): _exact_sum,
        (Op.SUM, Type.NUMBER): _sum_of_doubles,
        (Op.AVERAGE, Type.NUMBER): lambda x: _mean(_sum_of_doubles(x), exp.Count(this=x.copy())),
        (Op.DEVIATION, Type.INTEGER): lambda x: _deviation(x, 1),
        (Op.DEVIATION, Type.MONEY): lambda x: _deviation(x, MONEY_UNIT),
        (Op.AVERAGE, Type.INTEGER): lambda x: _mean(_exact_sum(x), exp.Count(this=x.copy())),
        (Op.AVERAGE, Type.MONEY): _money_average,
        (Op.AS_MONEY, Type.NUMBER): _money_of_number,
        (Op.ROUND, Type.MONEY): function("round"),
        # A double is written otherwise than elsewhere, and is refused.
        **{(Op.AS_TEXT, kind): lambda x: cast(x, "STRING") for kind in Type if kind != Type.NUMBER},
    },
    parquet=_parquet,
)
