"""BG/NBD: the chance to leave comes after each repeat purchase."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from segmentry.models.clv.beta_geometric import BetaGeometric
from segmentry.models.clv.purchases import Array


@dataclass(frozen=True)
class BgNbd(BetaGeometric):
    """Fader, Hardie and Lee 2005 (Marketing Science 24, 275).

    Whoever bought once is alive for certain, so its probability ranks nobody.
    """

    chances: ClassVar[int] = 0

    def expected_purchases_new_customer(self, time: Array) -> Array:
        """Repeat purchases expected within times after the first purchase."""
        r, alpha, b = (np.full_like(time, each) for each in (self.r, self.alpha, self.b))
        return self._purchases(r, alpha, b, time)
