"""Planted duplicates are found, hard cases are told apart, refused pairs stay away."""

from datetime import date

import pyarrow as pa
import pytest
from benchmarks.duplicates import search as quality_of
from benchmarks.people import customers

from segmentry.core.errors import UnknownNameError
from segmentry.workspace.workspace import Workspace

PEOPLE = {
    "a1": ("Олександр", "Коваль", "o.koval@shop.test", "050 123-45-67", date(1980, 5, 1), "79001"),
    "a2": ("Саша", "Koval", None, "+380501234567", date(1980, 5, 1), "79001"),
    "b1": ("Anna", "Nowak", "anna@shop.test", "600700800", date(1975, 2, 3), "00-001"),
    "b2": ("Nowak", "Anna", "ANNA@shop.test", "+48 600 700 800", None, "00-001"),
    # A couple and their twins: one address, one phone, one family name.
    "c1": ("Jan", "Zieliński", "jan@dom.test", "+48 611 222 333", date(1970, 1, 9), "30-100"),
    "c2": ("Ewa", "Zielińska", "ewa@dom.test", "+48 611 222 333", date(1972, 8, 4), "30-100"),
    "c3": ("Marek", "Zieliński", None, "+48 611 222 333", date(2001, 3, 7), "30-100"),
    "c4": ("Piotr", "Zieliński", None, "+48 611 222 333", date(2001, 3, 7), "30-100"),
    # Namesakes of one city.
    "d1": ("John", "Smith", "john@a.test", "+44 7496 576334", date(1990, 4, 5), "M1 1AA"),
    "d2": ("John", "Smith", "jsmith@b.test", "+44 7496 111222", date(1961, 11, 9), "M9 2BB"),
}
COLUMNS = ("first_name", "last_name", "email", "phone", "birth_on", "postal_code")


def table(people=PEOPLE):
    rows = [
        {"customer_id": name, **dict(zip(COLUMNS, values, strict=True))}
        for name, values in people.items()
    ]
    return pa.Table.from_pylist(
        [row | {"country": {"a": "UA", "d": "GB"}.get(row["customer_id"][0], "PL")} for row in rows]
    )


@pytest.fixture
def shop(tmp_path):
    with Workspace.create(tmp_path / "shop") as made:
        made.load(customers=table())
        yield made


def pairs(shop, at_least=0.2):
    return {(each.customer_id, each.other_id) for each in shop.duplicates.candidates(at_least)}


def test_the_same_are_found_and_those_who_live_together_are_not(shop):
    found = shop.duplicates.find()
    assert (found.records, found.likely) == (10, 2)
    assert pairs(shop, 0.9) == {("a1", "a2"), ("b1", "b2")}
    best = {each.customer_id: each for each in shop.duplicates.candidates()}
    assert best["a1"].why == {
        "given name": "other form", "family name": "same", "phone": "same", "birth": "same",
        "place": "same postal code",
    }  # fmt: skip
    assert best["a1"].exact
    assert best["b1"].why["e-mail"] == "same"
    assert best["b1"].records[1]["first_name"] == "Nowak"


def test_planted_duplicates_are_found():
    found = quality_of(7_000, seed=5)
    assert found.precision >= 0.99
    assert found.recall >= 0.94


def test_without_duplicates_nothing_is_merged(tmp_path):
    alone = {key: PEOPLE[key] for key in ("c1", "c2", "c3", "c4", "d1", "d2")}
    with Workspace.create(tmp_path / "shop") as made:
        made.load(customers=table(alone))
        made.duplicates.find()
        assert made.duplicates.merge_all().decisions == ()


def test_customers_of_whom_nothing_is_known_have_no_duplicates(tmp_path):
    with Workspace.create(tmp_path / "shop") as made:
        assert made.duplicates.find().records == 0
        made.load(customers=pa.table({"customer_id": ["1", "2"], "city": ["Kyiv", "Kyiv"]}))
        found = made.duplicates.find()
        assert (found.records, found.compared) == (2, 0)
        assert made.duplicates.candidates() == []


def test_the_number_of_a_till_says_nothing(tmp_path):
    people = {
        f"x{each}": (name, "Х", None, "0501112233", None, None)
        for each, name in enumerate("АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩ")
    }
    with Workspace.create(tmp_path / "shop") as made:
        made.load(customers=table(people))
        assert made.duplicates.find().compared == 0


def test_phones_are_of_the_country_of_the_shop_when_nothing_says_another(tmp_path):
    with Workspace.create(tmp_path / "shop") as made:
        made.settings = made.settings.model_copy(update={"country": "UA"})
        rows = table({"1": PEOPLE["a1"], "2": PEOPLE["a2"]}).drop_columns(["country"])
        made.load(customers=rows)
        made.duplicates.find()
        keys = made.engine.rows("SELECT DISTINCT phone FROM customer_keys")
        assert keys == [("+380501234567",)]


def test_originals_are_not_touched(shop):
    before = shop.engine.rows("FROM customers ORDER BY customer_no")
    shop.duplicates.find()
    shop.duplicates.merge_all()
    assert shop.engine.rows("FROM customers ORDER BY customer_no") == before


@pytest.mark.slow
def test_the_model_of_splink_can_be_taken_instead(tmp_path):
    pytest.importorskip("splink")
    records, persons = customers(1_500, seed=3)
    person = dict(zip(records.column("customer_id").to_pylist(), persons, strict=True))
    with Workspace.create(tmp_path / "shop") as made:
        made.load(customers=records)
        own = made.duplicates.find()
        theirs = made.duplicates.find(method="splink")
        found = made.duplicates.candidates(at_least=0.9999)
        right = sum(person[each.customer_id] == person[each.other_id] for each in found)
    assert theirs.records == own.records
    assert right / len(found) > 0.8
    assert right > 0.8 * own.likely


def test_there_is_no_other_method(shop):
    with pytest.raises(UnknownNameError):
        shop.duplicates.find(method="guess")
