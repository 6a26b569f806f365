"""Values in memory: an array, which places of it are known, and for texts the distinct ones.

Money is whole numbers of 1/10,000; days and instants are counted from 1970; a text is a number that
points into the distinct texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from segmentry.core.types import MONEY_PLACES, Type

UNIT: int = 10**MONEY_PLACES
EXACT = 2**53
"""Whole numbers below this are doubles exactly."""
ARROW = {
    Type.INTEGER: pa.int64(),
    Type.NUMBER: pa.float64(),
    Type.MONEY: pa.decimal128(18, MONEY_PLACES),
    Type.BOOLEAN: pa.bool_(),
    Type.DATE: pa.date32(),
    Type.INSTANT: pa.timestamp("us"),
}


@dataclass(frozen=True)
class Held:
    """Values place by place; a literal has one value for all places.

    Args:
        values: An array, or a single value.
        known: Which values there are; `None` for all.
        words: Of a text, the distinct texts that the values point to.
    """

    type: Type
    values: Any
    known: Any = None
    words: pa.Array[Any] | None = None


Columns = Mapping[str, Held]


def held(array: pa.Array[Any], kind: Type) -> Held:
    """A column as it is worked with here: whole numbers and money in 64 bits."""
    found = narrow(array, kind)
    if kind in (Type.INTEGER, Type.MONEY):
        return replace(found, values=found.values.astype(np.int64, copy=False))
    return found


def narrow(array: pa.Array[Any], kind: Type) -> Held:
    """A column with its numbers as narrow as they come, which is enough where none is computed."""
    known = _plain(array.is_valid()) if array.null_count else None
    if kind is Type.TEXT:
        coded: Any = array if pa.types.is_dictionary(array.type) else pc.dictionary_encode(array)
        return Held(kind, _plain(coded.indices), known, coded.dictionary)
    given = array.type
    whole = kind is Type.INTEGER and pa.types.is_integer(given)
    money = kind is Type.MONEY and pa.types.is_decimal(given) and given.scale == MONEY_PLACES
    return Held(kind, _plain(array if whole or money else array.cast(ARROW[kind])), known)


def _plain(array: pa.Array[Any]) -> NDArray[Any]:
    """The values, anything where they are missing."""
    kind, here = array.type, slice(array.offset, array.offset + len(array))
    buffer: Any = array.buffers()[1]
    if buffer is None:
        return np.zeros(len(array), np.int64)
    if pa.types.is_boolean(kind):
        places = np.unpackbits(np.frombuffer(buffer, np.uint8), bitorder="little")
        return places[here].view(np.bool_)
    if pa.types.is_decimal128(kind):
        # 16 bytes, the low half first; 18 digits fit into that half.
        return np.ascontiguousarray(np.frombuffer(buffer, np.int64)[::2][here])
    is_number = pa.types.is_integer(kind) or pa.types.is_floating(kind)
    width: Any = kind.to_pandas_dtype() if is_number else f"i{kind.bit_width // 8}"
    found: NDArray[Any] = np.frombuffer(buffer, width)[here]
    return found
