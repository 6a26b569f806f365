"""What every model of purchases can do, and by which name it is asked for."""

from __future__ import annotations

from typing import Any, ClassVar, Protocol, Self

from segmentry.models.clv.bg_nbd import BgNbd
from segmentry.models.clv.mbg_nbd import MbgNbd
from segmentry.models.clv.pareto_nbd import ParetoNbd
from segmentry.models.clv.purchases import Array, Purchases


class PurchaseModel(Protocol):
    """A frozen dataclass of parameters; times in the unit of the rows."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def r(self) -> float:
        """Shape of the rates of purchase."""
        ...

    @property
    def alpha(self) -> float:
        """Inverse scale of the rates of purchase."""
        ...

    @classmethod
    def start(cls, rows: Purchases) -> Self:
        """Parameters from which to search."""
        ...

    def score(self, rows: Purchases) -> tuple[float, Array]:
        """Log-likelihood of rows, and its derivatives by the parameters."""
        ...

    def probability_alive(self, rows: Purchases) -> Array:
        """Probability of still being a customer, a row each."""
        ...

    def purchases_if_alive(self, rows: Purchases, horizon: float) -> Array:
        """Purchases expected within the horizon of those who still are customers."""
        ...

    def expected_purchases(self, rows: Purchases, horizon: float) -> Array:
        """Purchases expected within the horizon from now, a row each."""
        ...

    def expected_purchases_new_customer(self, time: Array) -> Array:
        """Repeat purchases expected within times after the first purchase."""
        ...


METHODS: dict[str, type[PurchaseModel]] = {
    "bg_nbd": BgNbd,
    "mbg_nbd": MbgNbd,
    "pareto_nbd": ParetoNbd,
}
