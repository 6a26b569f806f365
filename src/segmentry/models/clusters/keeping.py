"""Ids that stay: which of the clusters found now are those that were found before."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from segmentry.models.clusters.column import Whole

SAME = 0.5
"""Customers in common over customers in either, from which on two clusters are one."""


@dataclass(frozen=True)
class Earlier:
    """The clusters that were found before.

    Args:
        names: Id → name.
        next_id: The first id that was never used.
        held: Id of the cluster in which each customer of today would be by the earlier rules;
            0 for none.
    """

    names: dict[int, str]
    next_id: int
    held: Whole


def same_ids(labels: Whole, k: int, earlier: Earlier | None) -> tuple[list[int], int]:
    """The id of each cluster, and the first that was never used.

    Clusters are paired so that they have most customers in common (Hungarian method); a pair with
    less than half in common is none; new clusters get ids that nobody had, the largest first.
    """
    ids = [0] * k
    next_id = earlier.next_id if earlier else 1
    if earlier and earlier.names:
        known = sorted(earlier.names)
        both = np.array(
            [[((labels == new) & (earlier.held == old)).sum() for old in known] for new in range(k)]
        )
        sizes = np.bincount(labels, minlength=k)[:, None]
        olds = np.array([(earlier.held == old).sum() for old in known])[None, :]
        common = both / np.maximum(sizes + olds - both, 1)
        for new, old in zip(*linear_sum_assignment(common, maximize=True), strict=True):
            if common[new, old] >= SAME:
                ids[new] = known[old]
    for new in np.argsort(-np.bincount(labels, minlength=k), kind="stable"):
        if not ids[new]:
            ids[new], next_id = next_id, next_id + 1
    return ids, next_id
