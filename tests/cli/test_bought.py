"""Questions about what is bought: their documents fit the schemas, and what is wrong is said."""

import json
import random
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

SCHEMAS = Path(__file__).parents[2] / "docs" / "reference" / "schemas"
PRODUCTS = {"tea": "drinks", "jam": "spreads", "bread": "bakery", "rice": "dry", "salt": "dry"}


def validate(name: str, document: object) -> None:
    schema = json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(document)


@pytest.fixture(scope="module")
def bakery(answer, tmp_path_factory) -> Path:
    """A shop in which jam goes with bread, and customers come back."""
    folder = tmp_path_factory.mktemp("bakery")
    draw, first = random.Random(2), datetime(2024, 1, 1, 8)
    rows = ["order_id,line_no,customer_id,ordered_at,product_id,quantity,unit_price"]
    for number in range(900):
        held = [each for each in PRODUCTS if draw.random() < 0.3] or ["salt"]
        if "bread" in held and "jam" not in held and draw.random() < 0.6:
            held.append("jam")
        at = first + timedelta(days=draw.random() * 240)
        who = draw.randrange(150)
        rows += [
            f"o{number},{place},c{who},{at:%Y-%m-%d %H:%M:%S},{each},1,{2 + len(each)}.50"
            for place, each in enumerate(held)
        ]
    lines, products = folder / "order_lines.csv", folder / "products.csv"
    lines.write_text("\n".join(rows), encoding="utf-8")
    things = [f"{each},{each.title()},{kind}" for each, kind in PRODUCTS.items()]
    products.write_text("\n".join(["product_id,name,category", *things]), encoding="utf-8")
    answer("init", folder / "shop", "--currency", "EUR", "--timezone", "UTC")
    answer("load", lines, products, "-w", folder / "shop", "--yes")
    return folder / "shop"


def test_affinity(answer, run, bakery):
    found = answer("affinity", "-w", bakery)
    validate("affinity", found)
    first = found["sets"][0]
    assert {each["item"] for each in first["items"]} == {"bread", "jam"}
    assert {each["product_name"] for each in first["items"]} == {"Bread", "Jam"}
    assert first["certain"]
    assert "bread (Bread) + jam (Jam)" in run("affinity", "-w", bakery).stdout
    against = answer("affinity", "frequency >= 6", "--of", "category", "--size", "3", "-w", bakery)
    validate("affinity", against)
    assert against["orders"] + against["other_orders"] == found["orders"]
    assert "Of others" in run("affinity", "frequency >= 6", "-w", bakery).stdout
    nothing = run("affinity", "--least", "0.9", "-w", bakery).stdout
    assert "Nothing is in one order" in nothing


def test_affinity_says_what_is_wrong(answer, bakery, shop):
    unknown = answer("affinity", "--of", "categry", "-w", bakery, code=2)
    assert "category" in unknown["error"]["message"] + str(unknown["error"])
    missing = answer("affinity", "-w", shop, code=2)
    assert "lines of orders" in missing["error"]["message"]


def test_recommend(answer, run, bakery):
    found = answer("recommend", "c7", "-w", bakery)
    validate("recommend", found)
    assert {each["way"] for each in found["new"]["tried"]} <= {"popular", "alike"}
    assert "Likely next" in run("recommend", "c7", "-w", bakery).stdout
    segment = ("recommend", "--segment", "frequency >= 6", "-w", bakery)
    document = answer(*segment)
    validate("recommend", document)
    assert len(document["top"]) == len(PRODUCTS)
    assert "Most bought" in run(*segment).stdout
    assert "Купують найбільше" in run(*segment, "--language", "uk").stdout
    assert "nobody" in answer("recommend", "nobody", "-w", bakery, code=2)["error"]["message"]
    assert answer("recommend", "-w", bakery, code=2)["error"]["code"] == "usage"


def test_upcoming(answer, run, bakery, tmp_path):
    found = answer("upcoming", "frequency >= 6", "-w", bakery)
    validate("upcoming", found)
    [group] = found["groups"]
    assert group["customers"] < found["everyone"]["customers"] == 150
    assert found["by"] == "popular", "fewer than 200 customers cannot be tried"
    assert "could not be tried" in run("upcoming", "-w", bakery).stdout
    to = tmp_path / "next.csv"
    assert answer("export", "next", "--to", to, "-w", bakery)["rows"] == 150
    assert to.read_text(encoding="utf-8").splitlines()[1].startswith('"c0",')


def test_allocate(answer, run, bakery, write):
    file = write(
        "responses.yaml",
        "frequency >= 6: [{spent: 100, profit: 400, low: 250, high: 500}]\n"
        "frequency < 6: [{spent: 100, profit: 150, low: 90, high: 200}]\n",
    )
    asked = ("allocate", "150", "--responses", file, "-w", bakery)
    found = answer(*asked)
    validate("allocate", found)
    assert [each["spent_amount"] for each in found["segments"]] == [100, 50]
    assert [each["spent_at_low_amount"] for each in found["segments"]] == [100, 0]
    assert "nothing here was measured" in run(*asked).stdout
    nothing = answer("allocate", "150", "-w", bakery, code=2)
    assert "what they are worth" in nothing["error"]["message"]
    wrong = write("wrong.yaml", "- 1\n")
    assert answer("allocate", "150", "--responses", wrong, "-w", bakery, code=2)["error"]
