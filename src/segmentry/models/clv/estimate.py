"""Maximum likelihood: parameters above zero, with the uncertainty that the data leave."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Generic, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from segmentry.core.errors import UsageError

Array = npt.NDArray[np.float64]
NORMAL_90 = 1.6448536269514722
"""Standard deviations of a 90 % interval."""
STEP = 1e-4
"""Of logs, for differences of the gradient."""
FARTHEST = 7.0
"""Logs from where the search began, beyond which a parameter says "none" or "all"."""


class Likelihood(Protocol):
    """A frozen dataclass whose fields are parameters above zero."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    def score(self, rows: Any) -> tuple[float, Array]:
        """Log-likelihood of rows, and its derivatives by the parameters."""
        ...


M = TypeVar("M", bound=Likelihood)


@dataclass(frozen=True)
class Estimate(Generic[M]):
    """Parameters of greatest likelihood.

    Args:
        covariance: Of the logs of the parameters: the inverse of the observed information. What
            the data say nothing of has the spread of the whole search; a parameter at the edge of
            the search ("nobody leaves") has none, and the others are as if it was known.
    """

    model: M
    covariance: Array
    log_likelihood: float

    @property
    def parameters(self) -> dict[str, float]:
        """Name → value."""
        return {each.name: getattr(self.model, each.name) for each in fields(self.model)}

    @property
    def intervals(self) -> dict[str, tuple[float, float]]:
        """Name → 90 % interval, normal on the scale of logs."""
        spread = NORMAL_90 * np.sqrt(np.diag(self.covariance))
        return {
            name: (float(value / np.exp(each)), float(value * np.exp(each)))
            for (name, value), each in zip(self.parameters.items(), spread, strict=True)
        }

    def draws(self, count: int, seed: int) -> list[M]:
        """Models whose parameters are drawn from the normal approximation, equal for a seed."""
        values, vectors = np.linalg.eigh(self.covariance)
        normal = np.random.Generator(np.random.PCG64(seed)).standard_normal((count, len(values)))
        logs = np.log(list(self.parameters.values()))
        drawn = logs + np.clip(
            (normal * np.sqrt(np.maximum(values, 0))) @ vectors.T, -FARTHEST, FARTHEST
        )
        kind = type(self.model)
        return [kind(*each) for each in np.exp(drawn).tolist()]


def fit(start: M, rows: Any) -> Estimate[M]:
    """The parameters of greatest likelihood, searched from those of `start`.

    Equal rows give equal results, bit for bit.

    Raises:
        UsageError: The likelihood has no greatest value inside: the data do not tell the
            parameters apart.
    """
    from scipy.optimize import minimize

    kind = type(start)

    def loss(logs: Array) -> tuple[float, Array]:
        values = np.exp(logs)
        likelihood, slope = kind(*values.tolist()).score(rows)
        return -likelihood, -slope * values

    first = np.log([getattr(start, each.name) for each in fields(start)])
    scale = max(abs(loss(first)[0]), 1.0)
    found = minimize(
        lambda logs: tuple(each / scale for each in loss(logs)),
        first,
        jac=True,
        method="L-BFGS-B",
        bounds=[(each - FARTHEST, each + FARTHEST) for each in first],
        options={"maxiter": 500, "ftol": 1e-11, "gtol": 1e-8},
    )
    free = np.abs(found.x - first) < FARTHEST - STEP
    logs, information = _newton(loss, found.x, free)
    sizes, directions = np.linalg.eigh(information)
    if sizes.size and sizes.min() < -1:
        raise UsageError(
            f"{kind.__name__} cannot be fitted: these customers do not tell its parameters apart.",
            fix="Use a longer history, or another method.",
        )
    covariance = np.zeros((len(logs), len(logs)))
    known = np.maximum(sizes, FARTHEST**-2)
    covariance[np.ix_(free, free)] = (directions / known) @ directions.T
    return Estimate(kind(*np.exp(logs).tolist()), covariance, -loss(logs)[0])


def _newton(
    loss: Callable[[Array], tuple[float, Array]], logs: Array, free: npt.NDArray[np.bool_]
) -> tuple[Array, Array]:
    """Two steps of Newton's method, taken where they help, and the observed information.

    Both of the free parameters alone.
    """
    information = _information(loss, logs)[np.ix_(free, free)]
    value, slope = loss(logs)
    for _ in range(2):
        nearer = logs.copy()
        nearer[free] -= np.linalg.lstsq(information, slope[free], rcond=None)[0]
        if np.any(np.abs(nearer - logs) > FARTHEST):
            break
        found, next_slope = loss(nearer)
        if not found < value:
            break
        logs, value, slope = nearer, found, next_slope
    return logs, information


def _information(loss: Callable[[Array], tuple[float, Array]], logs: Array) -> Array:
    """Second derivatives, by central differences of the gradient."""
    rows = [
        (loss(logs + each)[1] - loss(logs - each)[1]) / (2 * STEP)
        for each in np.eye(len(logs)) * STEP
    ]
    matrix: Array = np.asarray(rows)
    return (matrix + matrix.T) / 2
