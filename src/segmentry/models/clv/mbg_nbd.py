"""MBG/NBD: the chance to leave comes after each purchase, the first among them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from segmentry.models.clv.beta_geometric import BetaGeometric
from segmentry.models.clv.purchases import Array


@dataclass(frozen=True)
class MbgNbd(BetaGeometric):
    """Batislam, Denizel and Filiztekin 2007 (Int. J. of Research in Marketing 24, 201).

    Its probability of being alive says something of customers who bought once, too.
    """

    chances: ClassVar[int] = 1

    def expected_purchases_new_customer(self, time: Array) -> Array:
        """Repeat purchases expected within times after the first purchase."""
        r, alpha, b = (np.full_like(time, each) for each in (self.r, self.alpha, self.b + 1))
        return self.b / (self.a + self.b) * self._purchases(r, alpha, b, time)
