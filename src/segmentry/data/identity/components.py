"""Which records hang together: connected components of links, as arrays."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]


def components(left: Numbers, right: Numbers) -> tuple[Numbers, Numbers]:
    """Every number that a link names, sorted, and the least number that it hangs together with.

    >>> components(np.array([5, 3]), np.array([7, 5]))
    (array([3, 5, 7]), array([3, 3, 3]))
    """
    numbers, ends = np.unique(np.concatenate([left, right]), return_inverse=True)
    one, other = ends[: len(left)], ends[len(left) :]
    root = np.arange(len(numbers))
    while True:
        least = np.minimum(root[one], root[other])
        lower = root.copy()
        # A root that meets a lesser one hangs on it, and so does everything below it.
        np.minimum.at(lower, root[one], least)
        np.minimum.at(lower, root[other], least)
        lower = lower[lower]
        if np.array_equal(lower, root):
            return numbers, numbers[root]
        root = lower


def joined_apart(
    pairs: Iterable[tuple[int, int]], apart: Iterable[tuple[int, int]]
) -> list[tuple[int, int]]:
    """The pairs, in their order, that can be joined without joining any two that must stay apart.

    A pair is left out when it would join two of `apart`, be it through others; what comes first
    goes before what comes later.

    >>> joined_apart([(1, 2), (2, 3)], apart=[(1, 3)])
    [(1, 2)]
    """
    group: dict[int, set[int]] = {}
    strangers: dict[int, set[int]] = {}
    for one, other in apart:
        strangers.setdefault(one, set()).add(other)
        strangers.setdefault(other, set()).add(one)
    kept = []
    for one, other in pairs:
        left, right = group.get(one, {one}), group.get(other, {other})
        if left is not right and any(strangers.get(each, set()) & right for each in left):
            continue
        kept.append((one, other))
        both = left | right
        group |= dict.fromkeys(both, both)
    return kept
