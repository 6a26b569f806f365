"""How PostgreSQL spells the operators.

PostgreSQL raises where others give a missing value: when a double overflows or underflows, when a
number does not fit a type, when a text is no number. What may raise is a function of our own
(`postgres_functions.py`), which tests first and evaluates each operand once. Texts compare by
bytes, whatever the order of the database.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from sqlglot import exp

from segmentry.core.errors import UnsupportedOperationError
from segmentry.core.types import MONEY_PLACES, Type
from segmentry.sql import render
from segmentry.sql.dialects.posix import in_posix
from segmentry.sql.dialects.standard import STANDARD, missing
from segmentry.sql.operators import Op
from segmentry.sql.render import Dialect, Spelling, function, infix

E = exp.Expression
_LARGE_TERM = "1e290"
"""Beyond it even 10^18 doubles might overflow a sum."""
_UNIT = str(2**60)
_LARGE_DEVIATION = "1e145"
"""Beyond it a square might overflow."""


def cast(tree: E, kind: str) -> E:
    """A conversion to a type of PostgreSQL."""
    return render.cast(tree, kind, "postgres")


def _call(name: str, *operands: E) -> E:
    return exp.Anonymous(this=name, expressions=list(operands))


def _double(tree: E) -> E:
    return cast(tree, "DOUBLE PRECISION")


def _number(text: str) -> E:
    return _double(exp.Literal.string(text))


def _whole(tree: E) -> E:
    return cast(tree, "BIGINT")


def _money(tree: E) -> E:
    return cast(_call("segmentry_money", tree), "DECIMAL(18,4)")


# text


def by_bytes(text: E) -> E:
    """A text that compares by bytes."""
    order = exp.Identifier(this="C", quoted=True)
    return exp.Paren(this=exp.Collate(this=exp.Paren(this=text), expression=order))


def _bytewise(spelling: Spelling) -> Spelling:
    return lambda first, *others: spelling(by_bytes(first), *others)


def _contains(text: E, part: E) -> E:
    return exp.GT(this=_call("strpos", text, part), expression=exp.Literal.number(0))


def _ends_with(text: E, part: E) -> E:
    return exp.EQ(this=_call("right", text, _call("length", part.copy())), expression=part)


def _matches(text: E, pattern: E) -> E:
    if not isinstance(pattern, exp.Literal):
        _refuse(Op.MATCHES, "with a pattern that is not written out")
    posix = exp.Literal.string(in_posix(pattern.this))
    return exp.RegexpLike(this=by_bytes(text), expression=posix)


def _random_share(salt: E, identity: E) -> E:
    colon = exp.Literal.string(":")
    text = exp.DPipe(this=exp.DPipe(this=salt, expression=colon), expression=identity)
    head = _call("substr", _call("md5", text), exp.Literal.number(1), exp.Literal.number(8))
    bits = cast(exp.paren(exp.DPipe(this=exp.Literal.string("x"), expression=head)), "BIT(32)")
    return exp.Div(this=_double(_whole(bits)), expression=_number(str(2**32)))


# time


def _part(name: str) -> Spelling:
    return lambda moment: _whole(exp.Extract(this=exp.var(name), expression=moment))


def _seconds_between(start: E, end: E) -> E:
    passed = exp.paren(exp.Sub(this=end, expression=start))
    return _whole(_call("trunc", exp.Extract(this=exp.var("EPOCH"), expression=passed)))


def _local_time(instant: E, zone: E) -> E:
    return _call("timezone", zone, _call("timezone", exp.Literal.string("UTC"), instant))


# aggregates


def _only(aggregate: E, condition: E) -> E:
    return exp.Filter(this=aggregate, expression=exp.Where(this=condition))


def _compared(node: type[Any], x: E, limit: str) -> E:
    tree: E = node(this=_call("abs", x.copy()), expression=_number(limit))
    return tree


def _case(*branches: tuple[E, E], default: E | None = None) -> E:
    return exp.Case(ifs=[exp.If(this=when, true=then) for when, then in branches], default=default)


def _sum_of_doubles(x: E) -> E:
    """Added as whole units of 2^-60, so that the order of the rows cannot show in the last digit.

    Where a value is too small or too large for that, plainly; large terms, which might overflow,
    as decimals.
    """
    size = _call("abs", x)
    fits = exp.And(
        this=exp.LT(this=_call("max", size), expression=_number("1e12")),
        expression=exp.GT(
            this=_call("coalesce", _call("min", _call("nullif", size, _number("0"))), _number("1")),
            expression=_number("1e-6"),
        ),
    )
    small = _compared(exp.LT, x, "1e12")
    ones = _whole(_call("floor", x))
    parts = exp.Mul(
        this=exp.paren(exp.Sub(this=x.copy(), expression=_call("floor", x))),
        expression=_number(_UNIT),
    )
    whole = exp.Add(
        this=exp.Mul(this=_only(_call("sum", ones), small), expression=exp.Literal.number(_UNIT)),
        expression=_only(_call("sum", _whole(exp.paren(parts))), small.copy()),
    )
    exact = exp.Div(this=_double(exp.paren(whole)), expression=_number(_UNIT))
    return _case((fits, exact), default=_plain_sum_of_doubles(x))


def _plain_sum_of_doubles(x: E) -> E:
    small = _only(_call("sum", x), _compared(exp.LTE, x, _LARGE_TERM))
    decimals = cast(cast(x.copy(), "TEXT"), "DECIMAL")
    large = _only(_call("sum", decimals), _compared(exp.GT, x, _LARGE_TERM))
    both = _call("segmentry_total", small.copy(), large.copy())
    return _case((missing(large), small), default=both)


def _average_of_doubles(x: E) -> E:
    return _call("segmentry_divide", _sum_of_doubles(x), exp.Count(this=x.copy()))


def _mean(x: E, units: int) -> E:
    """The exact mean of whole units, rounded once."""
    unit = exp.Literal.number(units)
    total = exp.Mul(this=_call("sum", x), expression=unit)
    count = exp.Mul(this=exp.Count(this=x.copy()), expression=unit.copy())
    known = _call("nullif", _double(exp.paren(count)), _number("0"))
    return exp.paren(exp.Div(this=_double(exp.paren(total)), expression=known))


def _deviation(x: E) -> E:
    """Where squares might overflow, of values scaled down."""
    x = _double(x)
    small = _only(_call("stddev_samp", x), _compared(exp.LTE, x, _LARGE_DEVIATION))
    scaled = exp.Div(this=x.copy(), expression=_number("1e160"))
    kept = _case((_compared(exp.GT, x, "1e-100"), scaled), (missing(x.copy()), exp.Null()),
                 default=_number("0"))  # fmt: skip
    large = _call("segmentry_unscaled", _call("stddev_samp", kept))
    is_large = _call("bool_or", _compared(exp.GT, x, _LARGE_DEVIATION))
    return _case((is_large, large), default=small)


def _deviation_of_units(x: E, units: int) -> E:
    """From sums of whole units and their squares, which are exact; plainly where others do so."""
    value = exp.paren(exp.Mul(this=cast(x, "DECIMAL"), expression=exp.Literal.number(units)))
    count = exp.Count(this=x.copy())
    total = _call("sum", value)
    squares = _call("sum", exp.Mul(this=value.copy(), expression=value.copy()))
    spread = exp.Sub(
        this=exp.Mul(this=count, expression=squares),
        expression=exp.Mul(this=total, expression=total.copy()),
    )
    pairs = exp.Mul(
        this=count.copy(),
        expression=exp.paren(exp.Sub(this=count.copy(), expression=exp.Literal.number(1))),
    )
    known = _call("nullif", _double(exp.paren(pairs)), _number("0"))
    variance = exp.Div(this=_double(exp.paren(spread)), expression=known)
    exact = exp.Div(this=_call("sqrt", variance), expression=_number(str(units)))
    few = exp.LT(this=count.copy(), expression=exp.Literal.number(2**20))
    small = exp.LT(
        this=_call("max", _call("abs", value.copy())), expression=exp.Literal.number(2**40)
    )
    return _case((exp.And(this=few, expression=small), exact), default=_deviation(x))


def _sorted(x: E, *keys: exp.Ordered) -> E:
    return exp.ArrayAgg(this=exp.Order(this=x, expressions=list(keys)))


def _median(x: E) -> E:
    value = _double(x)
    known = exp.Not(this=missing(x.copy()))
    return _call("segmentry_middle", _only(_sorted(value, _key(value.copy())), known))


def _key(key: E, *, descending: bool = False) -> exp.Ordered:
    """Upwards or downwards; a missing key is the greatest."""
    return exp.Ordered(this=key, desc=descending, nulls_first=descending)


def _by(*, descending: bool) -> Spelling:
    def spell(value: E, *keys: E) -> E:
        ordered = _sorted(value, *(_key(each, descending=descending) for each in keys))
        known = exp.Not(this=missing(value.copy()))
        return _element(_only(ordered, known), exp.Literal.number(1))

    return spell


def _element(values: E, place: E) -> E:
    return exp.Bracket(this=exp.paren(values), expressions=[place], offset=1)


def _quantile(x: E, share: E) -> E:
    inside = exp.Order(expressions=[_key(_double(x))])
    return exp.WithinGroup(this=_call("percentile_cont", share), expression=inside)


def _quantiles(x: E, *shares: E) -> E:
    return _quantile(x, exp.Array(expressions=list(shares)))


def _count_distinct(x: E) -> E:
    return exp.Count(this=exp.Distinct(expressions=[x]))


# refusals


def _refuse(op: Op, what: str) -> NoReturn:
    raise UnsupportedOperationError(
        f"postgres cannot compute `{op.value}` {what}.",
        fix="Leave it out, or keep the workspace on DuckDB.",
        operator=op.value,
        engine="postgres",
    )


def _refused_parquet(paths: tuple[str, ...]) -> NoReturn:
    raise UnsupportedOperationError(
        f"postgres cannot read Parquet files ({len(paths)} given).",
        fix="Load them with `segmentry load`.",
        operator="parquet",
        engine="postgres",
    )


def _number_as_text(x: E) -> NoReturn:  # noqa: ARG001
    _refuse(Op.AS_TEXT, "of doubles as the other engines write them")


_COMPARISONS = {
    Op.LESS: infix(exp.LT),
    Op.AT_MOST: infix(exp.LTE),
    Op.GREATER: infix(exp.GT),
    Op.AT_LEAST: infix(exp.GTE),
}
_LEAST_AND_MOST = {
    Op.LEAST: function("least"),
    Op.GREATEST: function("greatest"),
    Op.MINIMUM: function("min"),
    Op.MAXIMUM: function("max"),
}
_GUARDED = {
    Op.ADD: "segmentry_add",
    Op.SUBTRACT: "segmentry_subtract",
    Op.MULTIPLY: "segmentry_multiply",
}


def _chain(name: str) -> Spelling:
    def spell(first: E, *others: E) -> E:
        for each in others:
            first = _call(name, first, each)
        return first

    return spell


_TYPED: Mapping[tuple[Op, Type], Spelling] = {
    **{(op, Type.TEXT): _bytewise(spell) for op, spell in (_COMPARISONS | _LEAST_AND_MOST).items()},
    **{(op, Type.NUMBER): _chain(name) for op, name in _GUARDED.items()},
    (Op.ROUND, Type.NUMBER): function("segmentry_round"),
    (Op.SUM, Type.NUMBER): _sum_of_doubles,
    (Op.RUNNING_SUM, Type.NUMBER): function("segmentry_sum"),
    (Op.TOTAL, Type.NUMBER): function("segmentry_sum"),
    (Op.AVERAGE, Type.NUMBER): _average_of_doubles,
    (Op.AVERAGE, Type.MONEY): lambda x: _mean(x, 10**MONEY_PLACES),
    (Op.DEVIATION, Type.INTEGER): lambda x: _deviation_of_units(x, 1),
    (Op.DEVIATION, Type.MONEY): lambda x: _deviation_of_units(x, 10**MONEY_PLACES),
    (Op.AS_MONEY, Type.INTEGER): lambda x: _money(cast(x, "DECIMAL")),
    (Op.AS_TEXT, Type.NUMBER): _number_as_text,
}
"""Where the type of the first operand decides."""

POSTGRES = Dialect(
    name="postgres",
    types={
        Type.TEXT: "TEXT",
        Type.INTEGER: "BIGINT",
        Type.NUMBER: "DOUBLE PRECISION",
        Type.MONEY: "DECIMAL(18,4)",
        Type.BOOLEAN: "BOOLEAN",
        Type.DATE: "DATE",
        Type.INSTANT: "TIMESTAMP",
    },
    spellings={
        **STANDARD,
        **_COMPARISONS,
        Op.DIVIDE: function("segmentry_divide"),
        Op.ROUND: function("round"),
        **_LEAST_AND_MOST,
        Op.MEAN_OF: function("segmentry_mean"),
        Op.KNOWN_COUNT: lambda *each: _whole(_call("num_nonnulls", *each)),
        Op.IF: lambda when, then, other: _case((when, then), default=other),
        Op.LOWER: function("segmentry_lower"),
        Op.CONTAINS: _contains,
        Op.STARTS_WITH: function("starts_with"),
        Op.ENDS_WITH: _ends_with,
        Op.MATCHES: _matches,
        Op.DAYS_BETWEEN: lambda start, end: _whole(exp.paren(exp.Sub(this=end, expression=start))),
        Op.YEARS_BETWEEN: function("segmentry_years"),
        Op.SECONDS_BETWEEN: _seconds_between,
        Op.WEEKDAY: _part("ISODOW"),
        Op.MONTH: _part("MONTH"),
        Op.DAY_OF_MONTH: _part("DAY"),
        Op.YEAR: _part("YEAR"),
        Op.LOCAL_TIME: _local_time,
        Op.LOCAL_DAY: lambda instant, zone: cast(_local_time(instant, zone), "DATE"),
        Op.AS_NUMBER: _double,
        Op.AS_INTEGER: function("segmentry_integer"),
        Op.AS_MONEY: _money,
        Op.AS_WIDE: lambda x: cast(x, "DECIMAL"),
        Op.FINITE: lambda x: x,  # whatever is computed here is finite or missing
        Op.AS_TEXT: lambda x: by_bytes(cast(x, "TEXT")),
        Op.READ_NUMBER: function("segmentry_number"),
        Op.RANDOM_SHARE: _random_share,
        Op.COUNT_DISTINCT: _count_distinct,
        Op.AVERAGE: lambda x: _mean(x, 1),
        Op.MEDIAN: _median,
        Op.QUANTILE: _quantile,
        Op.QUANTILES: _quantiles,
        Op.ELEMENT: _element,
        Op.DEVIATION: _deviation,
        Op.FIRST_BY: _by(descending=False),
        Op.LAST_BY: _by(descending=True),
    },
    typed=_TYPED,
    windowed={Op.MEDIAN: lambda x: _call("segmentry_median", _double(x))},
    parquet=_refused_parquet,
)
