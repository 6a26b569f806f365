"""The operator table spelled in NumPy: expressions over columns that are in memory already.

One more dialect, of truth values and comparisons, and the smallest of all. It cannot join, group or
read rows; it has no measures and no statistics of the base. Of the operators it has what conditions
on features are made of: comparison, lists, ranges, what is missing, choice, sums and differences of
whole numbers, real division, days between dates, and for texts equality, order by bytes and parts
of texts. Whatever else (products, case, patterns, zones, chance) it refuses by name, as it does
numbers that do not fit its 64 bits, so that an engine does it.

Values are as `held` has them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import reduce
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from segmentry.core.errors import UnsupportedOperationError
from segmentry.core.types import Type, Value
from segmentry.engines.held import EXACT, UNIT, Columns, Held
from segmentry.sql.expression import Call, Column, Expression, Literal
from segmentry.sql.operators import Op

NAME = "arrays"
Flags = NDArray[np.bool_]
Test = Callable[..., Any]
"""True or false of arrays."""


def truth(condition: Expression, columns: Columns, size: int) -> Flags:
    """Where the condition is true; where it is false or missing it is not.

    Raises:
        UnsupportedOperationError: It needs what cannot be done here, by name.
    """
    found = _met(evaluate(condition, columns)).values
    return found if np.shape(found) == (size,) else np.broadcast_to(found, size)


def evaluate(expression: Expression, columns: Columns) -> Held:
    """The value of an expression at every place.

    Raises:
        UnsupportedOperationError: It needs what cannot be done here, by name.
    """
    match expression:
        case Column(name):
            return columns[name]
        case Literal(value, kind):
            return _literal(value, kind)
        case Call(op, operands, kind) if op in SPELLINGS:
            return SPELLINGS[op]([evaluate(each, columns) for each in operands], kind)
        case Call(op):
            raise refused(op.value)
        case _:
            raise refused("a window over rows")


def refused(what: str) -> UnsupportedOperationError:
    """The error for what cannot be done on columns in memory."""
    return UnsupportedOperationError(
        f"{NAME} cannot compute `{what}`.",
        fix="Let the engine compute it.",
        operator=what,
        engine=NAME,
    )


def _literal(value: Value, kind: Type) -> Held:
    match value:
        case None:
            return Held(kind, 0, np.False_, None)
        case int() | Decimal() if kind is Type.MONEY:
            return Held(kind, int(value * UNIT))
        case int() | Decimal() if kind is Type.NUMBER:
            return Held(kind, float(value))
        case datetime():
            since = value.replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)
            return Held(kind, (since.days * 86_400 + since.seconds) * 10**6 + since.microseconds)
        case date():
            return Held(kind, value.toordinal() - date(1970, 1, 1).toordinal())
        case _:
            return Held(kind, value)


# what is known of values together


def _both(one: Any, other: Any) -> Any:
    """Where both are known."""
    if one is None:
        return other
    return one if other is None else one & other


def _all_known(operands: Sequence[Held]) -> Any:
    return reduce(_both, (each.known for each in operands), None)


# truth


def _true(each: Held) -> Any:
    return each.values if each.known is None else each.values & each.known


def _met(each: Held) -> Held:
    return Held(Type.BOOLEAN, _true(each))


def _joined(operands: Sequence[Held], decisive: bool) -> Held:
    """AND (decided by what is false) or OR (by what is true) with what is missing in between."""
    folded = np.logical_or if decisive else np.logical_and
    values = reduce(folded, (each.values for each in operands))
    known = _all_known(operands)
    if known is None:
        return Held(Type.BOOLEAN, values)
    sides = (each.values if decisive else np.logical_not(each.values) for each in operands)
    decided = reduce(
        np.logical_or,
        (
            side if each.known is None else side & each.known
            for side, each in zip(sides, operands, strict=True)
        ),
    )
    return Held(Type.BOOLEAN, np.where(known, values, decisive), known | decided)


def _is_missing(each: Held) -> Held:
    return Held(Type.BOOLEAN, np.False_ if each.known is None else np.logical_not(each.known))


# comparison


def _compared(op: Op) -> Spelling:
    numeric, textual, mirrored = COMPARISONS[op]

    def spell(operands: Sequence[Held], kind: Type) -> Held:
        one, other = operands
        if one.type is Type.TEXT:
            if one.words is None and other.words is not None:
                return _compared(mirrored)([other, one], kind)
            return _of_words(textual, one, other)
        left, right = _alike(one, other)
        return Held(
            Type.BOOLEAN, numeric(left.values, right.values), _both(left.known, right.known)
        )

    return spell


def _alike(one: Held, other: Held) -> tuple[Held, Held]:
    """Whole numbers beside money are brought to its unit."""
    if one.type is other.type:
        return one, other
    if {one.type, other.type} != {Type.INTEGER, Type.MONEY}:
        raise refused(f"{one.type.value} beside {other.type.value}")
    return _in_units(one), _in_units(other)


def _in_units(each: Held) -> Held:
    if each.type is Type.MONEY:
        return each
    if not isinstance(each.values, np.ndarray):
        return replace(each, values=each.values * UNIT, type=Type.MONEY)
    _within(each.values, 2**63 // UNIT)
    return replace(each, values=each.values.astype(np.int64) * UNIT, type=Type.MONEY)


def _within(values: NDArray[Any], limit: int) -> None:
    """Make sure that whole numbers lie strictly between a limit and its negative."""
    if len(values) and not (-limit < int(values.min()) and int(values.max()) < limit):
        raise refused("numbers as large as these")


def _in(operands: Sequence[Held], kind: Type) -> Held:
    value, *options = operands
    equal = SPELLINGS[Op.EQUAL]
    return _joined([equal([value, each], kind) for each in options], decisive=True)


# text: what is true of a text is found once for each distinct one


def _of_words(test: Test, text: Held, literal: Held) -> Held:
    if text.words is None or not isinstance(literal.values, str) or literal.words is not None:
        if literal.known is not None and literal.words is None:
            return Held(Type.BOOLEAN, np.False_, np.False_)
        raise refused("text beside text that is no literal")
    if not len(text.words):
        return Held(Type.BOOLEAN, np.False_, np.False_)
    met = test(text.words, literal.values).to_numpy(zero_copy_only=False)
    codes = text.values
    if text.known is not None:
        codes = np.where(text.known, codes, 0)
    return Held(Type.BOOLEAN, met[codes], text.known)


def _part(test: Test) -> Spelling:
    return lambda operands, _: _of_words(test, *operands)


# choice


def _if(operands: Sequence[Held], kind: Type) -> Held:
    condition, then, other = operands
    return _chosen(_true(condition), then, other, kind)


def _first_known(operands: Sequence[Held], kind: Type) -> Held:
    found, *others = operands
    for each in others:
        if found.known is None:
            break
        found = _chosen(found.known, found, each, kind)
    return found


def _chosen(condition: Any, then: Held, other: Held, kind: Type) -> Held:
    if kind is Type.TEXT:
        return _chosen_text(condition, then, other)
    if any(isinstance(each.values, int) and abs(each.values) >= 2**63 for each in (then, other)):
        raise refused("a choice of numbers as large as these")
    then, other = _alike(then, other)
    values = np.where(condition, *(_wide(each.values) for each in (then, other)))
    return Held(then.type, values, _known_of(condition, then, other))


def _known_of(condition: Any, then: Held, other: Held) -> Any:
    if then.known is None and other.known is None:
        return None
    return np.where(
        condition, *(True if each.known is None else each.known for each in (then, other))
    )


def _chosen_text(condition: Any, then: Held, other: Held) -> Held:
    """A choice of places among the words of both."""
    sides = [_worded(each) for each in (then, other)]
    parts: list[Any] = [each.words for each in sides]
    words: Any = pa.concat_arrays(parts)
    distinct = pc.unique(words)
    places = pc.index_in(words, distinct).to_numpy().astype(np.int32)
    split = len(parts[0])
    codes = (
        part[each.values if each.known is None else np.where(each.known, each.values, 0)]
        for each, part in zip(sides, (places[:split], places[split:]), strict=True)
    )
    return Held(Type.TEXT, np.where(condition, *codes), _known_of(condition, *sides), distinct)


def _worded(text: Held) -> Held:
    """A text as a place among words; a literal, and what has no word at all, gets one."""
    if text.words is None:
        missing = text.known is not None
        word = "" if missing else text.values
        return replace(text, values=np.int32(0), words=pa.array([word], pa.string()))
    if not len(text.words):
        return replace(text, values=np.zeros_like(text.values), words=pa.array([""], pa.string()))
    return replace(text, words=text.words.cast(pa.string()))


def _wide(values: Any) -> Any:
    """Whole numbers in 64 bits."""
    return np.asarray(values, np.int64) if np.asarray(values).dtype.kind == "i" else values


# numbers and time


def _as_number(operands: Sequence[Held], kind: Type) -> Held:
    [each] = operands
    match each.type:
        case Type.NUMBER:
            return each
        case Type.INTEGER:
            return Held(kind, np.asarray(each.values).astype(np.float64), each.known)
        case _:
            values = np.asarray(each.values)
            _within(np.atleast_1d(values), EXACT)
            return Held(kind, values.astype(np.float64) / UNIT, each.known)


def _sum(operands: Sequence[Held], kind: Type) -> Held:
    """Whole numbers, or money, added up."""
    return reduce(lambda one, other: _exact(np.add, one, other, kind), operands)


def _difference(operands: Sequence[Held], kind: Type) -> Held:
    one, other = operands
    return _exact(np.subtract, one, other, kind)


def _exact(combine: Test, one: Held, other: Held, kind: Type) -> Held:
    if {one.type, other.type} - {Type.INTEGER, Type.MONEY} or kind not in (one.type, other.type):
        raise refused(f"{one.type.value} and {other.type.value} together")
    left, right = _alike(one, other)
    for each in (left, right):
        _within(np.atleast_1d(each.values), EXACT)
    values = combine(_wide(left.values), _wide(right.values))
    return Held(left.type, values, _both(left.known, right.known))


def _divide(operands: Sequence[Held], kind: Type) -> Held:
    one, other = (_as_number([each], kind) for each in operands)
    with np.errstate(all="ignore"):
        values = np.true_divide(one.values, other.values)
    return Held(kind, values, _both(np.isfinite(values), _both(one.known, other.known)))


def _days_between(operands: Sequence[Held], kind: Type) -> Held:
    start, end = operands
    values = np.subtract(end.values, start.values, dtype=np.int64)
    return Held(kind, values, _both(start.known, end.known))


Spelling = Callable[[Sequence[Held], Type], Held]
COMPARISONS: Mapping[Op, tuple[Test, Test, Op]] = {
    Op.EQUAL: (np.equal, pc.equal, Op.EQUAL),
    Op.LESS: (np.less, pc.less, Op.GREATER),
    Op.AT_MOST: (np.less_equal, pc.less_equal, Op.AT_LEAST),
    Op.GREATER: (np.greater, pc.greater, Op.LESS),
    Op.AT_LEAST: (np.greater_equal, pc.greater_equal, Op.AT_MOST),
}
SPELLINGS: Mapping[Op, Spelling] = {
    Op.AND: lambda operands, _: _joined(operands, decisive=False),
    Op.OR: lambda operands, _: _joined(operands, decisive=True),
    Op.NOT: lambda operands, _: replace(operands[0], values=np.logical_not(operands[0].values)),
    Op.MET: lambda operands, _: _met(operands[0]),
    Op.IS_MISSING: lambda operands, _: _is_missing(operands[0]),
    **{op: _compared(op) for op in COMPARISONS},
    Op.IN: _in,
    Op.CONTAINS: _part(pc.match_substring),
    Op.STARTS_WITH: _part(pc.starts_with),
    Op.ENDS_WITH: _part(pc.ends_with),
    Op.IF: _if,
    Op.FIRST_KNOWN: _first_known,
    Op.ADD: _sum,
    Op.SUBTRACT: _difference,
    Op.AS_NUMBER: _as_number,
    Op.DIVIDE: _divide,
    Op.DAYS_BETWEEN: _days_between,
}
