"""Journeys and sensitivity on the command line: documents fit their schemas; errors say enough."""

import json
import random
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

SCHEMAS = Path(__file__).parents[2] / "docs" / "reference" / "schemas"
FIRST = datetime(2024, 1, 1, 8)


def validate(name: str, document: object) -> None:
    schema = json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(document)


@pytest.fixture(scope="module")
def visited(answer, tmp_path_factory) -> Path:
    """A shop with visits: who looked and then asked buys, in time."""
    folder = tmp_path_factory.mktemp("visited")
    draw = random.Random(3)
    events = ["event_id,customer_id,occurred_at,name,source,session_id"]
    orders = ["order_id,customer_id,ordered_at,amount,channel"]
    for number in range(600):
        who, at = number % 120, FIRST + timedelta(days=number // 5, minutes=number)
        for step, name in enumerate(("look", "ask")[: draw.choice((1, 1, 2))]):
            moment = at + timedelta(minutes=step)
            source = draw.choice(("mail", "search"))
            events.append(
                f"e{number}-{step},c{who},{moment:%Y-%m-%d %H:%M:%S},{name},{source},s{number}"
            )
            if name == "ask" and draw.random() < 0.7:
                moment += timedelta(hours=2)
                orders.append(f"o{number},c{who},{moment:%Y-%m-%d %H:%M:%S},20.00,web")
    for name, rows in (("events", events), ("orders", orders)):
        (folder / f"{name}.csv").write_text("\n".join(rows), encoding="utf-8")
    place = folder / "shop"
    answer("init", place, "--currency", "EUR", "--timezone", "UTC")
    answer("load", folder / "events.csv", folder / "orders.csv", "-w", place, "--yes")
    return place


def test_journeys(answer, run, visited):
    found = answer("journeys", "--gap", "1 day", "-w", visited)
    validate("journeys", found)
    [side] = found["sides"]
    assert side["stop"] == "look"
    assert side["journeys"] == side["ended"] + side["stopped"] + side["open"]
    assert {tuple(each["steps"]) for each in side["paths"]} <= {("look",), ("look", "ask")}
    text = run("journeys", "--gap", "1 day", "-w", visited).stdout
    assert "look → ask" in text
    assert "Most stop after “look”" in text


def test_journeys_of_segments(answer, run, visited):
    gap = ("--gap", "1 day", "-w", visited)
    found = answer("journeys", "frequency >= 2", *gap)
    validate("journeys", found)
    assert [each["name"] for each in found["sides"]] == ["frequency >= 2", None]
    assert found["verdict"] == "more"
    assert "everyone else" in found["sentences"][-1]
    both = answer("journeys", "frequency >= 2", "frequency = 1", *gap)
    validate("journeys", both)
    everyone = answer("journeys", *gap)["sides"][0]["journeys"]
    assert sum(each["journeys"] for each in found["sides"]) == everyone
    wide = {"COLUMNS": "160"}
    shown = run("journeys", "frequency >= 2", "frequency = 1", *gap, env=wide).stdout
    assert "Of others" in shown


def test_what_may_be_asked_of_journeys(answer, visited):
    place = ("-w", visited)
    found = answer("journeys", "--events", "ask", "--from", "ask", "--within", "90 minutes", *place)
    assert found["sides"][0]["ended"] == 0
    visits = answer("journeys", "--gap", "sessions", "--by", "channel", *place)
    assert "look · mail" in {each["kind"] for each in visits["sides"][0]["steps"]}
    nothing = answer("journeys", "--as-of", "2024-01-01", *place, code=2)
    assert "order" in nothing["error"]["message"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--from", "lok"), "look"),
        (("--gap", "2 months"), "30 days"),
        (("--within", "soon"), "90 days"),
        (("a", "b", "c"), "one or two"),
    ],
)
def test_what_is_wrong_is_said(answer, visited, words, said):
    error = answer("journeys", *words, "-w", visited, code=2)["error"]
    assert said in json.dumps(error)


@pytest.fixture(scope="module")
def priced(answer, tmp_path_factory) -> Path:
    """A grocer with forty products at moving prices; half the customers wait for reductions."""
    folder = tmp_path_factory.mktemp("priced")
    draw = random.Random(8)
    rows = ["order_id,line_no,customer_id,ordered_at,product_id,quantity,amount,discount_amount"]
    for week in range(26):
        for product in range(40):
            part = draw.choice((1, 1, 1, 0.75, 0.85))
            usual = 2 + product % 5 + (0.5 if week > 13 and product % 2 else 0)
            paid = usual * part
            for who in range(400):
                if draw.random() < 0.012 * part ** (-4 if who % 2 else -1):
                    at = FIRST + timedelta(weeks=week, hours=product)
                    rows.append(
                        f"o{week}-{who},{product},c{who},{at:%Y-%m-%d %H:%M:%S},p{product},1,"
                        f"{paid:.2f},{usual - paid:.2f}"
                    )
    products = [f"p{each},{'even' if each % 2 else 'odd'}" for each in range(40)]
    people = [f"c{who},{'keen' if who % 2 else 'calm'}" for who in range(400)]
    for name, text in (
        ("order_lines", rows),
        ("products", ["product_id,category", *products]),
        ("customers", ["customer_id,kind_of_person", *people]),
    ):
        (folder / f"{name}.csv").write_text("\n".join(text), encoding="utf-8")
    place = folder / "shop"
    answer("init", place, "--currency", "EUR", "--timezone", "UTC")
    files = [folder / f"{name}.csv" for name in ("order_lines", "products", "customers")]
    answer("load", *files, "-w", place, "--yes")
    return place


def test_sensitivity(answer, run, priced):
    asked = ("sensitivity", "kind_of_person = 'keen'", "kind_of_person = 'calm'", "-w", priced)
    found = answer(*asked)
    validate("sensitivity", found)
    keen, calm = found["groups"]
    assert found["products"] == 40
    assert keen["elasticity"]["low"] <= -4 <= keen["elasticity"]["high"]
    assert calm["elasticity"]["low"] <= -1 <= calm["elasticity"]["high"]
    assert keen["more"]["high"] < 0
    assert (keen["promotion"], calm["promotion"]) == ("more", "less")
    assert keen["price"] == "elastic"
    text = run(*asked).stdout
    assert "Seen, not tried" in text
    assert "far less when prices are higher" in text


def test_sensitivity_by_category_says_what_is_missing(answer, run, priced):
    asked = ("sensitivity", "rfm", "--by", "category", "-w", priced)
    found = answer(*asked)
    validate("sensitivity", found)
    assert {each["category"] for each in found["everyone"]} == {None, "even", "odd"}
    few = [each for each in found["everyone"] if each["category"] == "even"]
    assert few[0]["missing"] == ["products"]
    assert "30 products" in few[0]["sentences"][-1]
    assert "too few" in run(*asked).stdout
    wrong = answer("sensitivity", "--by", "product_id", "-w", priced, code=2)
    assert "single product" in wrong["error"]["message"]


def test_sensitivity_needs_lines(answer, visited):
    assert "lines of orders" in answer("sensitivity", "-w", visited, code=2)["error"]["message"]
