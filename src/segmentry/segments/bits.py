"""Sets of customers as bits: the place of a bit is a customer's number.

Eight customers are one byte, the lowest number in its lowest bit. Sets need not be equally long:
whoever lies behind the end of a set is not in it, so that sets of any two instants can be compared
although customers were added in between.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Bits = NDArray[np.uint8]
Flags = NDArray[np.bool_]
Numbers = NDArray[np.int64]

NOBODY: Bits = np.zeros(0, np.uint8)
_CODEC = pa.Codec("zstd", compression_level=1)
_LENGTH = 4
"""Bytes before the compressed ones that say how many bytes there are without compression."""


def packed(flags: Flags) -> Bits:
    """The set of those whose flag is true."""
    return np.packbits(flags, bitorder="little")


def flags(bits: Bits, size: int) -> Flags:
    """One flag for each number below `size`; members behind it are left out."""
    inside = np.unpackbits(bits[: -(-size // 8)], bitorder="little")[:size].view(np.bool_)
    if len(inside) == size:
        return inside
    found = np.zeros(size, np.bool_)
    found[: len(inside)] = inside
    return found


def of_numbers(numbers: NDArray[np.integer[Any]]) -> Bits:
    """The set of customers with these numbers, in any order."""
    if not len(numbers):
        return NOBODY
    found = np.zeros(int(numbers.max()) + 1, np.bool_)
    found[numbers] = True
    return packed(found)


def of_ascending(numbers: Numbers) -> Bits:
    """The set of customers with these numbers, ascending, each once; fast where they are few."""
    if not len(numbers):
        return NOBODY
    found = np.zeros(int(numbers[-1]) // 8 + 1, np.uint8)
    np.add.at(found, numbers >> 3, np.left_shift(1, numbers & 7).astype(np.uint8))
    return found


def among(bits: Bits, numbers: Numbers) -> Flags:
    """Whether each of these numbers, none behind the end of the set, is in it.

    >>> among(of_numbers(np.array([1, 9])), np.array([0, 1, 9])).tolist()
    [False, True, True]
    """
    found: Flags = (bits[numbers >> 3] >> (numbers & 7).astype(np.uint8) & 1).view(np.bool_)
    return found


def numbers(bits: Bits) -> Numbers:
    """The numbers of the members, ascending. What is empty costs nothing.

    >>> numbers(of_numbers(np.array([9, 2, 70])))
    array([ 2,  9, 70])
    """
    words = np.zeros(-(-len(bits) // 8), np.uint64)
    words.view(np.uint8)[: len(bits)] = bits
    filled = np.flatnonzero(words)
    inner = np.flatnonzero(flags(words[filled].view(np.uint8), len(filled) * 64))
    found: Numbers = filled[inner >> 6] * 64 + (inner & 63)
    return found


def count(bits: Bits) -> int:
    """How many members there are."""
    even = len(bits) // 8 * 8
    words = np.bitwise_count(bits[:even].view(np.uint64)).sum(dtype=np.uint32)
    return int(words) + int(np.bitwise_count(bits[even:]).sum(dtype=np.uint32))


def common(one: Bits, other: Bits) -> Bits:
    """Those who are in both."""
    shared = min(len(one), len(other))
    return one[:shared] & other[:shared]


def differing(one: Bits, other: Bits) -> Bits:
    """Those who are in one of two sets and not in the other."""
    short, long = sorted((one, other), key=len)
    found = long.copy()
    found[: len(short)] ^= short
    return found


def without(one: Bits, other: Bits) -> Bits:
    """Those who are in one set and not in the other.

    >>> numbers(without(of_numbers(np.array([1, 30])), of_numbers(np.array([1, 2]))))
    array([30])
    """
    found = one.copy()
    shared = min(len(one), len(other))
    found[:shared] &= ~other[:shared]
    return found


def union(one: Bits, other: Bits) -> Bits:
    """Those who are in at least one of two sets."""
    short, long = sorted((one, other), key=len)
    found = long.copy()
    found[: len(short)] |= short
    return found


def stored(bits: Bits) -> bytes:
    """The set for keeping: compressed, the same bytes for the same members.

    >>> stored(packed(np.array([True, False]))) == stored(packed(np.array([True] + [False] * 99)))
    True
    """
    kept = bits
    if len(bits) and not bits[-1]:
        filled = np.flatnonzero(bits)
        kept = bits[: filled[-1] + 1] if len(filled) else NOBODY
    compressed = _CODEC.compress(kept.tobytes(), asbytes=True)
    return len(kept).to_bytes(_LENGTH, "little") + compressed


def restored(kept: bytes) -> Bits:
    """The set that was kept."""
    length = int.from_bytes(kept[:_LENGTH], "little")
    return np.frombuffer(_CODEC.decompress(kept[_LENGTH:], length, asbytes=True), np.uint8)
