"""Who is one customer: linked records, and the company with its contacts."""

from datetime import datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from segmentry.data.identity.links import choose_unit, settle
from segmentry.data.tables import MADE
from segmentry.insights.five_w import describing
from segmentry.segments import past
from segmentry.segments.bits import numbers
from segmentry.workspace.workspace import Workspace


def orders(*rows):
    return pa.table(
        {
            "order_id": [f"o{number}" for number, _ in enumerate(rows)],
            "customer_id": [each for each, _, _ in rows],
            "ordered_at": [datetime(2026, 1, day) for _, day, _ in rows],
            "amount": [Decimal(amount) for _, _, amount in rows],
        }
    )


CUSTOMERS = pa.table(
    {
        "customer_id": ["a", "b", "c", "d"],
        "email": ["a@shop.test", None, None, "d@shop.test"],
        "city": [None, "Kyiv", "Lviv", None],
        "signed_up_at": [datetime(2025, 5, 1), datetime(2025, 3, 1), None, datetime(2025, 7, 1)],
        "company_id": ["x", "x", "y", None],
    }
)
COMPANIES = pa.table(
    {
        "company_id": ["x", "y", "z"],
        "name": ["Xylo", "Yarn", "Zinc"],
        "industry": ["wood", "textile", "metal"],
        "employee_count": [10, 200, 3000],
        "country": ["UA", "PL", "UA"],
        "turnover": [1.5, 2.5, 3.5],
    }
)
ORDERS = orders(("a", 2, 10), ("b", 3, 20), ("c", 4, 40), ("d", 5, 80), ("z", 6, 160))


@pytest.fixture
def make(tmp_path):
    opened = []

    def made(**settings):
        shop = Workspace.create(tmp_path / f"shop{len(opened)}", **settings)
        opened.append(shop)
        shop.load(customers=CUSTOMERS, companies=COMPANIES, orders=ORDERS)
        return shop

    yield made
    for each in opened:
        each.close()


def rows(shop, *names):
    return {row.pop("customer_id"): tuple(row.values()) for row in shop.columns(names)}


def link(shop, customer, into):
    numbers = dict(shop.engine.rows("SELECT customer_id, customer_no FROM customers"))
    shop.engine.execute(
        "INSERT INTO customer_links VALUES (?, ?, 1)", [numbers[customer], numbers[into]]
    )
    settle(shop.engine)


def test_persons_count_for_themselves_and_have_traits_of_their_company(make):
    shop = make()
    found = rows(shop, "frequency", "company_industry", "company_employee_count")
    assert found == {
        "a": (1, "wood", 10),
        "b": (1, "wood", 10),
        "c": (1, "textile", 200),
        "d": (1, None, None),
        "z": (1, None, None),
    }
    assert shop.features().columns("frequency") == ["orders.ordered_at"]


def test_facts_and_traits_of_linked_records_count_for_the_first(make):
    shop = make()
    before = rows(shop, "frequency", "monetary", "email", "city")
    link(shop, "b", "a")
    assert rows(shop, "frequency", "monetary", "email", "city") == {
        "a": (2, 30, "a@shop.test", "Kyiv"),
        "c": (1, 40, None, "Lviv"),
        "d": (1, 80, "d@shop.test", None),
        "z": (1, 160, None, None),
    }
    shop.engine.execute("DELETE FROM customer_links")
    settle(shop.engine)
    assert rows(shop, "frequency", "monetary", "email", "city") == before


def test_a_customer_is_known_since_the_earliest_of_its_records(make):
    shop = make()
    link(shop, "b", "a")
    assert "a" in {row["customer_id"] for row in shop.table("2025-04-01")}
    link(shop, "c", "a")  # known since always
    assert {row["customer_id"] for row in shop.table("2020-01-01")} == {"a"}


def test_links_hang_together_and_the_last_survives(make):
    shop = make()
    link(shop, "d", "z")
    link(shop, "z", "c")
    assert rows(shop, "monetary")["c"] == (280,)
    shop.engine.execute(
        "DELETE FROM customer_links WHERE into_no ="
        " (SELECT customer_no FROM customers WHERE customer_id = 'c')"
    )
    settle(shop.engine)
    assert rows(shop, "monetary") == {"a": (10,), "b": (20,), "c": (40,), "z": (240,)}


def test_a_company_is_one_customer_with_all_its_contacts(make):
    shop = make(unit="company")
    assert rows(shop, "frequency", "monetary", "industry", "country", "contact_count") == {
        "x": (2, 30, "wood", "UA", 2),
        "y": (1, 40, "textile", "PL", 1),
        "d": (1, 80, None, None, None),
        "z": (1, 160, "metal", "UA", 0),
    }
    assert shop.preview("frequency >= 1").customers == 4
    assert shop.customer("x", "frequency >= 2").member
    assert shop.preview("industry = 'wood' AND monetary >= 30").customers == 1


def test_traits_of_companies_are_listed_once_and_known_by_both_names(make):
    shop = make(unit="company")
    features = shop.features()
    listed = set(features.schema.listed)
    assert {"industry", "employee_count", "country", "turnover", "name"} <= listed
    assert not {each for each in listed if each.startswith("company_")} - {
        "company_id", "company_size_group", "company_country_group",
    }  # fmt: skip
    assert features.columns("industry") == ["companies.industry"]
    either = "industry = 'wood'", "company_industry = 'wood'"
    assert [shop.preview(each).customers for each in either] == [1, 1]
    assert "company_industry" not in next(iter(shop.table()))
    texts = describing(features.schema)
    assert "industry" in texts
    assert "company_industry" not in texts


def test_where_persons_count_they_have_the_traits_of_their_company(make):
    shop = make()
    listed = set(shop.features().schema.listed)
    assert {"company_industry", "company_employee_count", "company_country", "city"} <= listed
    assert not {"industry", "employee_count", "country"} & listed


def test_a_trait_of_another_kind_keeps_its_own_name(make):
    shop = make(unit="company")
    shop.load(customers=pa.table({"customer_id": ["d"], "turnover": ["small"]}))
    assert {"turnover", "company_turnover"} <= set(shop.features().schema.listed)
    assert rows(shop, "turnover", "company_turnover")["x"] == (None, 1.5)


@pytest.mark.parametrize("unit", ["person", "company"])
def test_methods_of_companies_divide_either_unit(tmp_path, unit):
    people = {
        "customer_id": [f"c{n}" for n in range(90)],
        "company_id": [f"k{n % 45}" for n in range(90)],
        "job_level": ["head"] * 90,
    }
    companies = {
        "company_id": [f"k{n}" for n in range(45)],
        "industry": [("wood", "metal")[n % 2] for n in range(45)],
        "employee_count": [5 * n + 1 for n in range(45)],
        "country": ["UA"] * 45,
        "parent_id": ["k0"] * 40 + [None] * 5,
    }
    with Workspace.create(tmp_path / unit, unit=unit) as shop:
        shop.load(companies=pa.table(companies), customers=pa.table(people))
        at = "2026-02-01"
        found = [
            each for each in shop.methods(at)
            if each.family == "company" and each.name != "job_level"
        ]  # fmt: skip
        assert len(found) == 4
        for each in found:
            assert each.available, each.name
            groups = shop.divide(each.name, at).groups
            assert sum(group.customers for group in groups) == (90 if unit == "person" else 45)
            assert {group.name for group in groups if group.customers} != {"Unknown"}


def test_records_of_one_person_are_one_contact(make):
    shop = make(unit="company")
    link(shop, "b", "a")
    assert rows(shop, "frequency", "contact_count")["x"] == (2, 1)
    link(shop, "d", "a")  # a person without a company, who is one of its contacts
    assert rows(shop, "frequency", "contact_count")["x"] == (3, 1)


def test_contacts_and_companies_that_come_later_count_at_once(make):
    shop = make(unit="company")
    earlier = dict(shop.engine.rows("SELECT company_id, customer_no FROM company_units"))
    shop.load(
        customers=pa.table({"customer_id": ["d", "e"], "company_id": ["y", "new"]}),
        companies=pa.table({"company_id": ["a0"], "industry": ["paper"]}),
    )
    found = rows(shop, "frequency", "industry")
    assert found["y"] == (2, "textile")
    assert found["a0"] == (0, "paper")
    assert found["new"] == (0, None)
    later = dict(shop.engine.rows("SELECT company_id, customer_no FROM company_units"))
    assert earlier.items() <= later.items()
    assert len(set(later.values())) == len(later)


def test_a_company_with_the_id_of_a_person_is_called_otherwise(make):
    shop = make(unit="company")
    shop.load(companies=pa.table({"company_id": ["d"], "industry": ["milk"]}))
    assert rows(shop, "industry", "monetary")["d"] == (None, 80)
    assert rows(shop, "industry", "monetary")["company d"] == ("milk", None)


def test_the_unit_can_be_changed_and_changed_back(make):
    shop = make()
    before = rows(shop, "monetary", "city")
    shop.refresh()
    choose_unit(shop.engine, "company")
    assert len(rows(shop, "monetary")) == 4
    assert shop.refresh().rebuilt
    choose_unit(shop.engine, "person")
    assert rows(shop, "monetary", "city") == before


def test_companies_are_in_segments_at_every_point_and_leave_others_alone(make):
    shop = make(unit="company")
    shop.segment("buyers", "frequency >= 1")
    shop.segment("dear", "monetary >= 40")
    shop.refresh("2026-01-10")
    everybody = dict(shop.engine.rows("SELECT customer_no, customer_id FROM counted_customers"))
    assert len(everybody) == 4
    for name, expected in {"buyers": "dxyz", "dear": "dyz"}.items():
        found = [everybody[each] for each in numbers(past.members(shop.engine, name)).tolist()]
        assert sorted(found) == list(expected)
    assert shop.segment("dear").history()[-1].revenue_amount == 280


def test_companies_of_an_earlier_version_get_numbers_above_zero(make):
    shop = make(unit="company")
    shop.refresh()
    before = rows(shop, "monetary")
    shop.engine.execute("UPDATE company_units SET customer_no = -1 - customer_no")
    shop.engine.execute("UPDATE customer_units SET unit_no = -1 - unit_no")
    folder = shop.folder
    shop.close()
    with Workspace.open(folder) as again:
        [(least, most)] = again.engine.rows("SELECT min(n), max(n) FROM (SELECT customer_no AS n"
            " FROM counted_customers UNION ALL SELECT customer_no FROM counted_orders)")  # fmt: skip
        assert 0 <= least <= most
        assert rows(again, "monetary") == before
        assert again.refresh().rebuilt


def test_a_link_makes_snapshot_and_history_anew(make):
    shop = make()
    shop.refresh()
    assert not shop.refresh().rebuilt
    link(shop, "b", "a")
    assert shop.refresh().rebuilt
    assert rows(shop, "frequency")["a"] == (2,)


def test_an_older_warehouse_gets_the_columns_it_lacks(make):
    shop = make()
    shop.engine.execute("DROP VIEW counted_customers")
    shop.engine.execute("ALTER TABLE customers DROP COLUMN education")
    shop.engine.execute("DROP TABLE counting")
    shop.engine.execute(f"DROP TABLE {MADE}")
    folder = shop.folder
    shop.close()
    with Workspace.open(folder) as again:
        assert "education" in again.engine.columns("customers")
        assert len(rows(again, "frequency")) == 5
