"""Numbers, money and dates as people of one language write them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from segmentry.locale import Messages

Number = int | float | Decimal

STEPS: Final = (
    (999_500_000, 10**9, "billion"),
    (999_500, 10**6, "million"),
    (10_000, 10**3, "thousand"),
)
"""From which amount on money is shortened, by what, and its word; 999,500 rounds to 1M."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes values in a language and a currency; a missing value is a dash."""

    messages: Messages
    currency: str

    def count(self, value: int | None) -> str:
        """A whole number with thousands separators."""
        return self.number(value, 0)

    def number(self, value: Number | None, decimals: int | None = None) -> str:
        """A number; without `decimals` it keeps about three significant digits."""
        if value is None:
            return self.messages("number.missing")
        if decimals is None:
            size = abs(float(value))
            decimals = 0 if size >= 100 or value == int(value) else 1 if size >= 10 else 2
        return self.messages.number(value, decimals)

    def money(self, value: Decimal | None) -> str:
        """Money in full: cents below 100, whole units from there on."""
        if value is None:
            return self.messages("number.missing")
        return self._with_unit(
            value, self.messages.number(abs(value), 2 if 0 < abs(value) < 100 else 0)
        )

    def short_money(self, value: Decimal | None) -> str:
        """Money to three significant digits from 10,000 on, as `$8.91M`."""
        if value is None:
            return self.messages("number.missing")
        for start, size, name in STEPS:
            if abs(value) >= start:
                amount = self.number(self._three_digits(abs(value) / size))
                return self._with_unit(value, self.messages(f"number.{name}", value=amount))
        return self.money(value)

    def share(self, value: float | None, decimals: int = 1) -> str:
        """A fraction as a percentage; more than nothing is never shown as 0 %."""
        if value is None:
            return self.messages("number.missing")
        smallest = Decimal(1).scaleb(-decimals)
        if 0 < value * 100 < smallest / 2:
            text = self.messages("number.below", value=self.messages.number(smallest, decimals))
        else:
            text = self.messages.number(Decimal(str(value)) * 100, decimals)
        return self.messages("number.share", value=text)

    def round_share(self, value: float | None) -> str:
        """A percentage for prose: whole from 10 % on."""
        return self.share(value, 0 if value is not None and value >= 0.0995 else 1)

    def index(self, value: float | None) -> str:
        """How many times the base: `1.8×`."""
        if value is None:
            return self.messages("number.missing")
        return self.messages("number.index", value=self.number(value, 1 if value >= 0.1 else 2))

    def date(self, text: str | None) -> str:
        """A day, a month or an instant in ISO form; any other text stays as it is."""
        if not text:
            return self.messages("number.missing")
        try:
            day = date.fromisoformat(text[:10] if len(text) > 7 else f"{text}-01")
        except ValueError:
            return text
        if len(text) <= 7:
            return self.messages.month(day.year, day.month)
        written = self.messages.day(day)
        clock = text[11:16]
        if clock in ("", "00:00"):
            return written
        return self.messages("date.moment", date=written, time=self.messages.digits(clock))

    def short_month(self, text: str) -> str:
        """The month of a `2011-12` or `2011-12-10` without its year, for crowded axes."""
        try:
            return self.messages(f"date.short_month.{int(text[5:7])}")
        except ValueError:
            return text

    def unit(self, amount: str) -> str:
        """`amount` with the currency's sign where this language puts it."""
        key = f"currency.{self.currency}"
        unit = self.messages(key) if key in self.messages else self.currency
        pattern = "number.money_code" if unit == self.currency else "number.money_sign"
        return self.messages(pattern, unit=unit, value=amount)

    def _with_unit(self, value: Decimal, amount: str) -> str:
        text = self.unit(amount)
        return self.messages("number.minus") + text if value < 0 else text

    @staticmethod
    def _three_digits(value: Decimal) -> Decimal:
        return value.quantize(
            Decimal(1) if value >= 100 else Decimal("0.1") if value >= 10 else Decimal("0.01")
        )
