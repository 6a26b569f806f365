"""Columns as they are kept: whole numbers in a narrow type, 0 where a value is missing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from segmentry.core.types import MONEY_PLACES, Type
from segmentry.engines.held import Held, held, narrow

Numbers = NDArray[np.int64]
WIDTHS = (np.int8, np.int16, np.int32)
MOST_DIGITS = 9
"""Digits that 32 bits hold."""
SAMPLE = 1_000
"""Places that tell whether most differ."""
MOSTLY = 0.25
"""The share from which on a column is another one."""


def _is_text(kind: pa.DataType) -> bool:
    return pa.types.is_dictionary(kind) or pa.types.is_string(kind)


KINDS = (
    _is_text, pa.types.is_integer, pa.types.is_decimal, pa.types.is_floating,
    pa.types.is_boolean, pa.types.is_date, pa.types.is_timestamp,
)  # fmt: skip


def compact(column: Held) -> Any:
    """The column as Arrow: whole numbers in the narrowest type, 0 where a value is missing."""
    column = _flagged(column)
    values, known = column.values, column.known
    if known is not None:
        values = np.where(known, values, np.zeros(1, values.dtype))
    if column.type is Type.TEXT:
        return _texts(column)
    return _arrow(column.type, _narrowest(column.type, values), known)


def patched(column: Any, kind: Type, places: Numbers, new: Held, size: int) -> Any:
    """The column with other values at some places, and as long as `size`.

    It takes a copy of what is there, not a pass over values: numbers that were kept in a wide type
    stay in it.

    Args:
        column: As Arrow.
        places: Where other values stand, ascending; any other place behind the end of `column` is
            left without a value.
        new: The values, one for each place.
    """
    new = _flagged(new)
    if kind is Type.TEXT:
        return _patched_texts(column, places, new, size)
    old = narrow(column, kind)
    inserted = new.values
    if new.known is not None:
        inserted = np.where(new.known, inserted, np.zeros(1, inserted.dtype))
    inserted = _narrowest(kind, inserted)
    values = np.zeros(size, np.promote_types(old.values.dtype, inserted.dtype))
    values[: len(column)] = old.values
    values[places] = inserted
    return _arrow(kind, values, _patched_flags(old.known, len(column), places, new.known, size))


def differing(old: Any, new: Any, kind: Type) -> Numbers | None:
    """Where a column differs from an earlier, shorter or equally long one.

    `None` if mostly, or if it held something of another kind.
    """
    if not any(test(old.type) and test(new.type) for test in KINDS):
        return None
    size = len(old)
    before, now = narrow(old, kind), narrow(new.slice(0, size), kind)
    if kind is Type.TEXT:
        before, now = _alike(before, now)
    looked = slice(None, None, max(size // SAMPLE, 1))
    sample = _unequal(_sliced(before, looked), _sliced(now, looked))
    if np.count_nonzero(sample) > MOSTLY * len(sample):
        return None
    changed = np.flatnonzero(_unequal(before, now))
    return np.concatenate([changed, np.arange(size, len(new))])


def _unequal(one: Held, other: Held) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = one.values != other.values
    if one.known is None and other.known is None:
        return found
    left, right = (
        np.ones(len(found), np.bool_) if each.known is None else each.known for each in (one, other)
    )
    unequal: NDArray[np.bool_] = np.where(left & right, found, left != right)
    return unequal


def _sliced(column: Held, part: slice) -> Held:
    known = None if column.known is None else column.known[part]
    return replace(column, values=column.values[part], known=known)


def _alike(one: Held, other: Held) -> tuple[Held, Held]:
    """Texts as places among the same words."""
    assert one.words is not None
    assert other.words is not None
    words: Any = pa.concat_arrays([pc.cast(each, pa.string()) for each in (one.words, other.words)])
    places = pc.index_in(words, pc.unique(words)).to_numpy()
    return _renumbered(one, places[: len(one.words)]), _renumbered(other, places[len(one.words) :])


def _renumbered(column: Held, places: NDArray[Any]) -> Held:
    if not len(places):
        return column
    known = column.known
    return replace(
        column, values=places[column.values if known is None else np.where(known, column.values, 0)]
    )


def taken(column: Any, kind: Type, places: Numbers) -> Held:
    """The values of a column at some places."""
    return held(column.take(pa.array(places)), kind)


def _flagged(column: Held) -> Held:
    """With a flag for each place; one for all comes of a choice that no customer is asked for."""
    if column.known is None or np.ndim(column.known):
        return column
    return replace(column, known=np.full(len(column.values), column.known))


def joined(one: tuple[Numbers, Held], other: tuple[Numbers, Held]) -> tuple[Numbers, Held]:
    """Two sets of places with their values as one; no place is in both."""
    (some, here), (rest, there) = one, other
    if not len(some) or not len(rest):
        return other if len(rest) else one
    order = np.argsort(np.concatenate([some, rest]), kind="stable")
    places = np.concatenate([some, rest])[order]
    if here.type is Type.TEXT:
        texts: Any = pa.chunked_array([_texts(each).dictionary_decode() for each in (here, there)])
        return places, held(texts.combine_chunks().take(pa.array(order)), Type.TEXT)
    values = np.concatenate([here.values, there.values])[order]
    if here.known is None and there.known is None:
        return places, Held(here.type, values)
    flags = (
        np.ones(len(each.values), np.bool_) if each.known is None else each.known
        for each in (here, there)
    )
    return places, Held(here.type, values, np.concatenate([*flags])[order])


def _patched_flags(
    old: NDArray[np.bool_] | None,
    before: int,
    places: Numbers,
    new: NDArray[np.bool_] | None,
    size: int,
) -> NDArray[np.bool_] | None:
    if old is None and new is None and size == before:
        return None
    known = np.zeros(size, np.bool_)
    known[:before] = True if old is None else old
    known[places] = True if new is None else new
    return known


def _patched_texts(column: Any, places: Numbers, new: Held, size: int) -> Any:
    inserted = _texts(new)
    if pa.types.is_dictionary(column.type):
        both: Any = pa.chunked_array(
            [column, pa.nulls(size - len(column), column.type), inserted.cast(column.type)]
        ).unify_dictionaries()
    else:
        kind = column.type
        rest = [pa.nulls(size - len(column), kind), inserted.dictionary_decode().cast(kind)]
        both = pa.chunked_array([column, *rest])
    at = np.arange(size)
    at[places] = size + np.arange(len(places))
    return both.combine_chunks().take(pa.array(at))


def _texts(column: Held) -> Any:
    assert column.words is not None
    mask = None if column.known is None else ~column.known
    places = pa.array(column.values.astype(np.int32), mask=mask)
    return pa.DictionaryArray.from_arrays(places, pc.cast(column.words, pa.string()))


def _arrow(kind: Type, values: NDArray[Any], known: NDArray[np.bool_] | None) -> Any:
    valid = None
    if known is not None and not known.all():
        valid = _buffer(np.packbits(known, bitorder="little"))
    data: NDArray[Any] = values
    match kind:
        case Type.BOOLEAN:
            data = np.packbits(values, bitorder="little")
            stored: Any = pa.bool_()
        case Type.DATE:
            stored = pa.date32()
        case Type.INSTANT:
            stored = pa.timestamp("us")
        case Type.MONEY if values.dtype == np.int32:
            stored = pa.decimal32(MOST_DIGITS, MONEY_PLACES)
        case Type.MONEY:
            stored = pa.decimal64(18, MONEY_PLACES)
        case _:
            stored = pa.from_numpy_dtype(values.dtype)
    return pa.Array.from_buffers(stored, len(values), [valid, _buffer(data)])


def _buffer(values: NDArray[Any]) -> pa.Buffer:
    return pa.py_buffer(np.ascontiguousarray(values).data)


def _narrowest(kind: Type, values: NDArray[Any]) -> NDArray[Any]:
    match kind:
        case Type.BOOLEAN:
            return values.astype(np.bool_, copy=False)
        case Type.NUMBER:
            return values.astype(np.float64, copy=False)
        case Type.DATE:
            return values.astype(np.int32)
        case Type.INSTANT:
            return values.astype(np.int64, copy=False)
        case Type.MONEY:
            small = _width(values) is not np.int64
            fits = small and np.abs(values).max(initial=0) < 10**MOST_DIGITS
            return values.astype(np.int32 if fits else np.int64, copy=False)
        case _:
            return values.astype(_width(values), copy=False)


def _width(values: NDArray[Any]) -> type[np.integer[Any]]:
    low, high = values.min(initial=0), values.max(initial=0)
    fits = (each for each in WIDTHS if np.iinfo(each).min <= low and high <= np.iinfo(each).max)
    return next(fits, np.int64)


__all__ = ["compact", "differing", "joined", "patched", "taken"]
