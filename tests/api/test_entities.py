"""What can be loaded is what loading knows."""

from __future__ import annotations

from tests.api.conftest import Client

from segmentry.data.entity import ENTITIES


def test_every_table_and_column_is_named_and_labelled(client: Client) -> None:
    told = client("viewer").get("/api/v1/entities", params={"language": "uk"}).json()["entities"]
    assert {each["name"]: [one["name"] for one in each["attributes"]] for each in told} == {
        each.name: list(each.attributes) for each in ENTITIES.values()
    }
    orders = next(each for each in told if each["name"] == "orders")
    assert orders["label"] == "замовлення"
    needed = {one["name"] for one in orders["attributes"] if one["required"]}
    assert needed == set(ENTITIES["orders"].required)
