"""What similar customers buy, by factors of who bought what; with the extra `implicit` only.

Matrix factorisation for counts that are no ratings (Hu, Koren, Volinsky 2008, Collaborative
filtering for implicit feedback datasets), by the package `implicit`. Factors of things are taught
on so many customers at most; those of a customer follow from what she bought.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import numpy as np

from segmentry.insights.estimate import Numbers

FACTORS, ROUNDS, SEED = 32, 10, 1
DRAWN = 10.0
"""How strongly factors are drawn to nothing; chosen on an earlier time than the figures are of."""
TAUGHT = 50_000
"""Customers on whom factors of things are taught."""


def factors_of(before: Any) -> Callable[[Any], Numbers] | None:
    """Scores of all things for rows of a table of customers and what they bought.

    The same from the same table, on one thread. `None` where the package is not installed, or
    fewer customers or things than factors are there.

    Args:
        before: Sparse; days on which a customer bought a thing.
    """
    if find_spec("implicit") is None or min(before.shape) <= FACTORS:
        return None
    from implicit.cpu.als import AlternatingLeastSquares
    from threadpoolctl import threadpool_limits

    bought = np.flatnonzero(np.diff(before.indptr))
    taught = bought[:: max(1, -(-len(bought) // TAUGHT))]
    with threadpool_limits(1, "blas"):
        model = AlternatingLeastSquares(
            factors=FACTORS,
            iterations=ROUNDS,
            regularization=DRAWN,
            random_state=SEED,
            num_threads=1,
        )
        model.fit(_weighed(before[taught]), show_progress=False)

    def scores(own: Any) -> Numbers:
        with threadpool_limits(1, "blas"):
            customers = model.recalculate_user(np.arange(own.shape[0]), _weighed(own))
            found: Numbers = (customers @ model.item_factors.T).astype(np.float64)
        return found

    return scores


def _weighed(days: Any) -> Any:
    """How sure it is that a customer likes a thing: by the logarithm of days of purchase."""
    from scipy.sparse import csr_matrix

    found = csr_matrix(days, dtype=np.float32)
    found.data = np.log1p(found.data)
    return found
