"""Fields of order lines that are made from other columns: profit, and the price level."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from segmentry.core.types import Type
from segmentry.language.schema import Field
from segmentry.sql.expression import Call, Column, Expression, Over, call, literal
from segmentry.sql.operators import Op

MADE_OF: Mapping[str, tuple[str, ...]] = {
    "profit_amount": ("gross_amount", "quantity", "cost"),
    "price_level": ("gross_amount", "quantity", "category"),
    "priced_quantity": ("gross_amount", "quantity", "category"),
    "price_points": ("gross_amount", "quantity", "category"),
}
"""Field → the fields of lines that it is made of."""


def line_fields(fields: Mapping[str, Field]) -> Iterator[Field]:
    """The fields that the columns of lines and products allow.

    - `profit_amount`: what was paid less the products' cost; missing without a cost or quantity.
    - `price_level`: the price of one over the median price of one in its category, over all
      purchases before as_of; missing without a category, or when the price is not above 0.
    - `priced_quantity`: how many were bought at a known price level, as a decimal.
    - `price_points`: the two multiplied, so that sums weigh by quantity.
    """
    made = {"profit_amount": _profit, "price_level": _level, "priced_quantity": _priced,
            "price_points": _points}  # fmt: skip
    for name, make in made.items():
        if all(each in fields for each in MADE_OF[name]):
            kind = Type.NUMBER if name == "price_level" else Type.MONEY
            yield Field(name, kind, derived=make(fields))


def _column(fields: Mapping[str, Field], name: str) -> Expression:
    field = fields[name]
    return field.derived or Column(name, field.type, field.dimension)


def _profit(fields: Mapping[str, Field]) -> Expression:
    paid = call(Op.AS_NUMBER, _column(fields, "gross_amount"), type=Type.NUMBER)
    cost = call(Op.AS_NUMBER, _column(fields, "cost"), type=Type.NUMBER)
    spent = call(Op.MULTIPLY, cost, _column(fields, "quantity"), type=Type.NUMBER)
    return _money(call(Op.SUBTRACT, paid, spent, type=Type.NUMBER))


def _price(fields: Mapping[str, Field]) -> Expression:
    """The price of one where the category is known; the stated one, else paid over quantity."""
    paid, quantity = _column(fields, "gross_amount"), _column(fields, "quantity")
    price: Expression = call(Op.DIVIDE, paid, quantity, type=Type.NUMBER)
    if "unit_price" in fields:
        price = call(Op.AS_NUMBER, _column(fields, "unit_price"), type=Type.NUMBER)
    category = _column(fields, "category")
    known = call(
        Op.AND,
        call(Op.GREATER, price, literal(0)),
        call(Op.GREATER, quantity, literal(0)),
        call(Op.NOT, call(Op.IS_MISSING, category)),
    )
    return call(Op.IF, known, price, literal(None, Type.NUMBER), type=Type.NUMBER)


def _level(fields: Mapping[str, Field]) -> Expression:
    price = _price(fields)
    usual = Over(Call(Op.MEDIAN, (price,), Type.NUMBER), (_column(fields, "category"),))
    return call(Op.DIVIDE, price, usual, type=Type.NUMBER)


def _priced(fields: Mapping[str, Field]) -> Expression:
    quantity, none = _column(fields, "quantity"), literal(None, Type.NUMBER)
    unknown = call(Op.IS_MISSING, _price(fields))
    return _money(call(Op.IF, unknown, none, quantity, type=Type.NUMBER))


def _points(fields: Mapping[str, Field]) -> Expression:
    quantity = _column(fields, "quantity")
    return _money(call(Op.MULTIPLY, _level(fields), quantity, type=Type.NUMBER))


def _money(number: Expression) -> Expression:
    """With four places, so that sums do not depend on the order of the rows."""
    return call(Op.AS_MONEY, number, type=Type.MONEY)


__all__ = ["MADE_OF", "line_fields"]
