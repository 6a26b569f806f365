"""What is said of discounts and prices in a language."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from segmentry.insights.elasticity import FEWEST_PRODUCTS

if TYPE_CHECKING:
    from segmentry.insights.estimate import Estimate
    from segmentry.insights.sensitivity import Sensitive
    from segmentry.report.writer import Writer
    from segmentry.workspace.sensitivity import Sensitivity


@dataclass(frozen=True)
class SensitivityWords:
    """Sentences about how groups react."""

    write: Writer

    def caveat(self) -> str:
        """How far it can be trusted, and what to do instead."""
        return self.write.messages("sensitivity.caveat")

    def told(self, found: Sensitivity, each: Sensitive, name: str) -> Iterator[str]:
        """Sentences about one group: discounts, prices, and what is missing.

        Args:
            name: What the group is called.
        """
        if each.promoted_revenue.value is not None:
            yield self._promotion(each, name)
        yield self._price(each, name)
        for lacking in found.missing(each):
            yield self.write.messages(
                f"sensitivity.missing.{lacking}", least=FEWEST_PRODUCTS, count=each.products
            )

    def _promotion(self, each: Sensitive, name: str) -> str:
        return self.write.messages(
            f"sensitivity.promotion.{each.promotion}",
            name=name,
            share=self.write.share(each.promoted_revenue.value),
            index=self.times(each.index.value),
            interval=self._interval(each.index, self.times),
        )

    def _price(self, each: Sensitive, name: str) -> str:
        return self.write.messages(
            f"sensitivity.price.{each.price}",
            name=name,
            change=self.change(each.change.value),
            interval=self._interval(each.change, self.change),
        )

    def times(self, value: float | None) -> str:
        """How many times as much, to two places: `1.06×`."""
        if value is None:
            return self.write.count(None)
        return self.write.messages("number.index", value=self.write.number(value, 2))

    def change(self, value: float | None) -> str:
        """A change as a share, with its sign."""
        text = self.write.share(value)
        return f"+{text}" if value is not None and value > 0 else text

    def _interval(self, found: Estimate, written: Callable[[float | None], str]) -> str:
        if found.low is None or found.high is None:
            return self.write.messages(f"report.interval.{found.reason or 'nothing'}")
        low, high = written(found.low), written(found.high)
        return self.write.messages("report.interval.span", low=low, high=high)
