"""The integral of Pareto/NBD over the unseen moment at which a customer left.

With `S(y) = (1 + y/alpha)^-(r+x) (1 + y/beta)^-s`, the likelihood of x repeats up to `t`, then none
until `T`, is in proportion to

    L = S(T) + s ∫[t, T] S(y) / (beta + y) dy

The integrand depends on the customer through x alone. So it is summed once for each frequency, from
the last moment back to the first (Gauss-Legendre between moments of the data), and a row takes its
part as a difference. Sums are held relative to S where they begin: nothing overflows, and the
difference loses no digits, as `s ∫[T, ∞] S / (beta + y) dy < S(T)`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from segmentry.models.clv.purchases import Array, Moments, Purchases

NODES, WEIGHTS = np.polynomial.legendre.leggauss(6)
AT_ONCE = 2_000_000
"""Values of the integrand in memory together."""


@dataclass(frozen=True)
class Departures:
    """What the integral says of each row.

    Args:
        logs: Logarithm of L.
        slopes: Derivatives of the same by r, alpha, s and beta, one below the other.
        alive: S(T) / L: the probability of still being a customer.
    """

    logs: Array
    slopes: Array
    alive: Array


def departures(rows: Purchases, r: float, alpha: float, s: float, beta: float) -> Departures:
    """L of every row with its derivatives."""
    moments = rows.moments
    sums = _sums(moments, rows.levels[0], r, alpha, s, beta)
    x = rows.frequency
    later = sums[moments.ages, rows.levels[1]]
    from_last = sums[moments.recencies, rows.levels[1]]
    now, then = (
        -(r + x) * np.log1p(time / alpha) - s * np.log1p(time / beta)
        for time in (rows.age, rows.recency)
    )
    with np.errstate(divide="ignore"):  # nothing after the last moment of all
        logs = np.logaddexp(now + np.log1p(-s * later[:, 0]), then + np.log(s * from_last[:, 0]))
    alive, gone = np.exp(now - logs), np.exp(then - logs)
    inside = s * (gone[:, None] * from_last - alive[:, None] * later)
    slopes = np.stack(
        [
            -alive * np.log1p(rows.age / alpha) - inside[:, 1],
            (r + x) * (alive * _shift(rows.age, alpha) + inside[:, 2]),
            -alive * np.log1p(rows.age / beta) - inside[:, 3] + inside[:, 0] / s,
            s * alive * _shift(rows.age, beta) + (s + 1) * inside[:, 4] - inside[:, 0] / beta,
        ]
    )
    return Departures(logs, slopes, alive)


def _shift(time: Array, scale: float) -> Array:
    """Derivative of -log(1 + time/scale) by the scale."""
    found: Array = time / (scale * (scale + time))
    return found


def _sums(moments: Moments, x: Array, r: float, alpha: float, s: float, beta: float) -> Array:
    """Of each moment and frequency: five integrals from there to the last moment, over S there.

    The integrals of `S / (beta + y)`: plain, and times what its derivatives by r, alpha, s, beta
    are made of.
    """
    times = moments.times
    found = np.zeros((len(times), len(x), 5))
    size = max(1, AT_ONCE // (len(x) * len(NODES)))
    for end in range(len(times) - 1, 0, -size):
        start = max(0, end - size)
        parts, kept = _stretches(times[start : end + 1], x, r, alpha, s, beta)
        for place in range(end - start - 1, -1, -1):
            beyond = kept[place][:, None] * found[start + place + 1]
            np.add(parts[place], beyond, out=found[start + place])
    return found


def _stretches(
    times: Array, x: Array, r: float, alpha: float, s: float, beta: float
) -> tuple[Array, Array]:
    """The integrals over each stretch, relative to S at its start, and S at its end likewise."""
    start, width = times[:-1, None], np.diff(times)[:, None]
    y = start + width * (NODES + 1) / 2
    by_alpha, by_beta = np.log1p(y / alpha), np.log1p(y / beta)
    bought = by_alpha - np.log1p(start / alpha)
    stayed = np.exp(-s * (by_beta - np.log1p(start / beta))) / (beta + y)
    integrand = np.exp(-(r + x)[:, None] * bought[:, None, :])
    channels = np.stack(
        [np.ones_like(y), by_alpha, _shift(y, alpha), by_beta, _shift(y, beta)], axis=2
    )
    weights = (WEIGHTS * width / 2 * stayed)[:, :, None]
    logs = -(r + x) * np.diff(np.log1p(times / alpha))[:, None]
    logs -= s * np.diff(np.log1p(times / beta))[:, None]
    return integrand @ (weights * channels), np.exp(logs)
