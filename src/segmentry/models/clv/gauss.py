"""Gauss's hypergeometric function where every reader of the papers needs it: 0 <= z < 1."""

from __future__ import annotations

import numpy as np

from segmentry.models.clv.purchases import Array

TERMS = 2000
SMALL = 1e-16


def gauss(first: Array, second: Array, third: Array, z: Array) -> Array:
    """2F1(first, second; third; z), element by element.

    Scipy's, and where that overflows (a large third parameter, z near 1) the series itself, which
    is short just there.
    """
    from scipy.special import hyp2f1

    first, second, third, z = np.broadcast_arrays(first, second, third, z)
    found: Array = np.atleast_1d(hyp2f1(first, second, third, z))
    lost = ~np.isfinite(found)
    if lost.any():
        found[lost] = _series(*(np.atleast_1d(each)[lost] for each in (first, second, third, z)))
    return found


def _series(first: Array, second: Array, third: Array, z: Array) -> Array:
    total, term = np.ones_like(z), np.ones_like(z)
    for place in range(TERMS):
        term = term * (first + place) * (second + place) / ((third + place) * (place + 1)) * z
        total = total + term
        if np.all(np.abs(term) <= SMALL * np.abs(total)):
            break
    return total
