"""Mappings as text."""

from __future__ import annotations

import pytest

from segmentry.core.errors import MappingError
from segmentry.core.types import Type
from segmentry.data.column_format import ColumnFormat
from segmentry.data.mapping import Mapping, Policies, signature_of
from segmentry.data.source import ReadOptions

FULL = Mapping(
    read=ReadOptions(delimiter=";", encoding="cp1251", date_order="dmy"),
    entities={
        "orders": {"order_id": "Номер", "customer_id": "Client", "ordered_at": "Date"},
        "order_lines": {"order_id": "Номер", "discount_amount": ("a", "b")},
    },
    constants={"touchpoints": {"kind": "sent"}},
    extras={"orders": {"city": "Місто"}},
    ignore=("x",),
    formats={"Date": ColumnFormat(kind=Type.INSTANT, dates=("%d.%m.%Y", "ISO"))},
    policies=Policies(zero_price="reject"),
    currency="UAH",
    signature=signature_of(["Номер", "Date"]),
)


@pytest.mark.parametrize("mapping", [FULL, Mapping()])
def test_text_comes_back(mapping: Mapping) -> None:
    assert Mapping.from_yaml(mapping.to_yaml()) == mapping


def test_the_text_is_for_people() -> None:
    text = FULL.to_yaml()
    assert "Місто" in text
    assert "# What becomes what" in text
    assert "non_product_ids" not in text  # what is at its default is not shown


def test_columns() -> None:
    assert FULL.columns_of("order_lines", "discount_amount") == ("a", "b")
    assert FULL.columns_of("orders", "order_id") == ("Номер",)
    assert FULL.columns_of("orders", "amount") == ()
    assert list(FULL.columns()) == ["Client", "Date", "a", "b", "Місто", "Номер"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("entities: {ordes: {order_id: a}}", "did you mean `orders`"),
        ("entities: {orders: {odrer_id: a}}", "did you mean `order_id`"),
        ("policies: {zero_price: maybe}", "policies.zero_price"),
        ("formats: {a: {dates: [yyyy]}}", "no date pattern"),
        ("colour: red", "colour"),
        ("entities: [", "not valid YAML"),
        ("- a", "mapping"),
    ],
)
def test_mistakes_are_named(text: str, message: str) -> None:
    with pytest.raises(MappingError) as caught:
        Mapping.from_yaml(text)
    assert message.lower() in str(caught.value).lower()


def test_yaml_makes_no_objects() -> None:
    with pytest.raises(MappingError):
        Mapping.from_yaml("read: !!python/object/apply:os.system ['true']")
