"""Where one customer stands, with records that are not loaded yet."""

import json

FRESH = {"orders": [{"ordered_at": "2024-07-01T10:00:00", "amount": 40.5}]}


def test_segments_and_groups_of_one_customer(answer, shop):
    document = answer("customer", "C004", "-w", shop)
    members = answer("segments", "members", "regulars", "-w", shop)["members"]
    inside = "C004" in {each["customer_id"] for each in members}
    assert ("regulars" in {each["name"] for each in document["segments"]}) == inside
    assert document["as_of"] == document["base_as_of"]
    groups = {each["segmentation"]: each["group"] for each in document["groups"]}
    assert groups["lifecycle"]


def test_a_fresh_order_counts_and_is_not_kept(answer, own_shop, write):
    place = ("-w", own_shop)
    answer("segments", "save", "bought_on_it", "days_since_last(orders) = 0", *place)
    named = {each["name"] for each in answer("customer", "C004", *place)["segments"]}
    assert "bought_on_it" not in named
    for given in (json.dumps(FRESH), write("fresh.json", json.dumps(FRESH))):
        document = answer("customer", "C004", "--fresh", given, *place)
        assert "bought_on_it" in {each["name"] for each in document["segments"]}
        assert document["as_of"] > document["base_as_of"]
    assert "bought_on_it" not in {
        each["name"] for each in answer("customer", "C004", *place)["segments"]
    }


def test_somebody_new_stands_somewhere_too(answer, shop):
    document = answer("customer", "nobody-yet", "--fresh", json.dumps(FRESH), "-w", shop)
    groups = {each["segmentation"]: each["group"] for each in document["groups"]}
    assert groups["rfm"] == "New"


def test_what_is_wrong_is_said(answer, shop, write):
    place = ("-w", shop)
    assert answer("customer", "nobody", *place, code=2)["error"]["code"] == "not_found"
    wrong = json.dumps({"orders": [{"ordered_at": "yesterday", "amount": 1}]})
    assert (
        "orders, record 1"
        in answer("customer", "C004", "--fresh", wrong, *place, code=3)["error"]["where"]
    )
    assert (
        answer("customer", "C004", "--fresh", "[]", *place, code=3)["error"]["code"] == "bad_input"
    )
    assert (
        answer("customer", "C004", "--fresh", "no.json", *place, code=2)["error"]["code"] == "file"
    )
    assert answer("customer", "C004", "--fresh", '{"orders": 1}', *place, code=3)
    assert answer("customer", "C004", "--fresh", '{"visits": []}', *place, code=2)
