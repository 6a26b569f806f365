"""Every way of dividing, on data that allow it: exclusive, exhaustive, gated, with words."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segmentry.core.errors import (
    DeclarationError,
    LockedFeatureError,
    UnknownNameError,
    UsageError,
)
from segmentry.features.scale import Scale
from segmentry.language.text import parse_rule
from segmentry.segments.library import METHODS, parameters_of, ready_made
from segmentry.segments.segment import UNKNOWN
from segmentry.workspace.workspace import Workspace

AS_OF = date(2026, 1, 1)
PEOPLE = 90
NAMES = [each.name for each in ready_made()]


def customers():
    """What is known of them; every trait is missing for some."""
    draw = random.Random(3)

    def some(*values):
        return [draw.choice((*values, None)) for _ in range(PEOPLE)]

    return {
        "customer_id": [f"c{number}" for number in range(PEOPLE)],
        "birth_on": [
            None if n % 9 == 0 else date(1940 + n % 80, 1 + n % 12, 5) for n in range(PEOPLE)
        ],
        "sex": some("f", "m"),
        "age_band": some("18-24", "25-34", "Under 18", "65+"),
        "education": some("school", "university"),
        "marital_status": some("single", "married"),
        "household_size": some("1", "2", "3", "5+"),
        "children": some("0", "1", "2"),
        "occupation": some("teacher", "farmer"),
        "country": some("UA", "Poland", "USA", "Atlantis"),
        "region": some("north", "south"),
        "city": some("Kyiv", "Łódź"),
        "postal_code": some("01001", "90-001"),
        "income": [("19000", "41000.5", "77000", "50-75K", None)[n % 5] if n < 60
                   else ("under 15K", "100K and more")[n % 2] for n in range(PEOPLE)],
        "home_ownership": some("own", "rent"),
        "job_level": some("director", "clerk"),
        "company_id": [f"k{n % 40}" if n % 3 else None for n in range(PEOPLE)],
    }  # fmt: skip


def companies():
    return {
        "company_id": [f"k{number}" for number in range(40)],
        "industry": [("metal", "food", None)[number % 3] for number in range(40)],
        "employee_count": [(3, 20, 120, 900, None)[number % 5] for number in range(40)],
        "country": [("DE", "AT")[number % 2] for number in range(40)],
        "parent_id": [f"k{(number + 7) % 40}" if number % 4 else None for number in range(40)],
    }


def history():
    """Two and a half years of orders, lines, events and contacts; some never bought."""
    draw = random.Random(4)
    orders, events, contacts = [], [], []
    for customer in range(PEOPLE):
        own = draw.choice(("web", "shop", None))
        for number in range(0 if customer % 10 == 9 else draw.choice((1, 3, 7, 9))):
            at = datetime(2023, 7, 1) + timedelta(minutes=draw.randrange(900 * 1440))
            if customer % 6 == 0:  # summer only
                at = datetime(2024 + number % 2, 7, 1) + timedelta(hours=draw.randrange(1400))
            for line in range(draw.choice((1, 2, 3))):
                product = draw.randrange(8)
                many = 40 if customer % 15 == 0 else draw.randrange(1, 4)
                price = Decimal(draw.randrange(100, 3_000)) / 100
                orders.append({
                    "order_id": f"o{customer}-{number}", "customer_id": f"c{customer}",
                    "ordered_at": at, "line_no": str(line), "product_id": f"p{product}",
                    "quantity": float(many), "unit_price": price, "amount": price * many,
                    "discount_amount": Decimal(draw.choice((0, 0, 1))), "channel": own,
                    "payment_method": draw.choice(("card", "cash")),
                    **PLACES[customer % 3],
                })  # fmt: skip
        if customer % 2:
            for number in range(3):
                at = datetime(2025, 11, 20) + timedelta(hours=draw.randrange(900))
                name = draw.choice(("page_view", "add_to_cart"))
                events.append({"event_id": f"e{customer}-{number}", "occurred_at": at,
                               "customer_id": f"c{customer}", "name": name,
                               "session_id": f"s{customer}"})  # fmt: skip
        if customer % 3:
            for number, kind in enumerate(draw.choices(KINDS, k=4)):
                at = datetime(2025, 3, 1) + timedelta(hours=draw.randrange(6_000))
                contacts.append({"touchpoint_id": f"t{customer}-{number}", "kind": kind,
                                 "customer_id": f"c{customer}", "occurred_at": at,
                                 "campaign": draw.choice(("spring", "autumn"))})  # fmt: skip
    return {"order_lines": orders, "events": events, "touchpoints": contacts}


PLACES = (
    {"country": "UA", "region": "Львівська", "city": "Львів"},
    {"country": "BR", "region": "Bahia", "city": "Salvador"},
    {"country": None, "region": None, "city": None},
)
KINDS = ("sent", "sent", "opened", "clicked", "ticket", "call", "complaint")
PRODUCTS = {
    "product_id": [f"p{each}" for each in range(8)],
    "category": [("tea", "coffee", "gifts", None)[each % 4] for each in range(8)],
    "cost": [Decimal(each) for each in range(1, 9)],
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """A shop that allows every method; not to be changed."""
    with Workspace.create(tmp_path_factory.mktemp("methods") / "shop") as made:
        made.clock = lambda: datetime(2026, 2, 1)
        made.load(companies=pa.table(companies()), products=pa.table(PRODUCTS))
        made.load(customers=pa.table(customers()))
        made.load(**{name: pa.Table.from_pylist(rows) for name, rows in history().items()})
        yield made


@pytest.fixture(scope="module")
def table(shop):
    names = [each.feature for each in ready_made()]
    return shop.columns([*names, "frequency"], AS_OF).to_arrow().to_pylist()


@pytest.fixture(scope="module")
def judged(shop):
    return {each.name: each for each in shop.methods(AS_OF)}


@pytest.mark.parametrize("name", NAMES)
def test_every_method_is_available_on_data_that_allow_it(judged, name):
    found = judged[name]
    assert found.missing == ""
    assert [(each.need.key, each.there) for each in found.gates if not each.passed] == []


@pytest.fixture(scope="module")
def divided(shop):
    return {name: shop.divide(name, AS_OF) for name in NAMES}


@pytest.fixture(scope="module")
def wording(shop):
    return shop.wording()


@pytest.mark.parametrize("name", NAMES)
def test_every_customer_divided_is_in_one_group(shop, table, divided, name):
    division = divided[name]
    one = division.segmentation
    among = shop.preview(one.among or "true", AS_OF).customers
    named = [each.name for each in division.groups]
    assert len(set(named)) == len(named)
    assert sum(each.customers for each in division.groups) == division.customers == among
    counted = {each.name: each.customers for each in division.groups}
    held = [row[one.feature] for row in table if row[one.feature] is not None]
    assert {group: held.count(group) for group in named} == counted
    assert shop.preview(one.rule_of(named[0]), AS_OF).customers == counted[named[0]]
    if one.groups:
        assert sum(each > 0 for each in counted.values()) > 1, "the data do not tell groups apart"


@pytest.mark.parametrize("name", NAMES)
def test_every_method_has_its_words(divided, wording, name):
    division = divided[name]
    one = division.segmentation
    assert wording.segmentation(one)
    assert wording.about(one)
    assert all("{" not in each for each in wording.reasons(division))
    assert all(wording.need(each) for each in one.needs)
    for each in division.groups:
        assert wording.sentence(parse_rule(one.rule_of(each.name)))
    for group in one.groups:
        if group.rule or group.means:
            parse_rule(group.rule or group.means)


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6), days=st.integers(20, 700))
def test_groups_divide_any_shop(make_shop, draw, seed, days):
    frames, things = draw
    shop = make_shop(things(range(30)), frames(seed, datetime(2025, 1, 1), days, range(30)))
    features = shop.features()
    ready = [each for each in ready_made() if each.feature in features]
    assert len(ready) > 20
    rows = shop.columns([each.feature for each in ready]).to_arrow()
    sizes = {
        among: shop.preview(among or "true").customers for among in {each.among for each in ready}
    }
    for each in ready:
        held = rows[each.feature].drop_null().to_pylist()
        assert len(held) == sizes[each.among], each.name
        assert each.by or set(held) <= {group.name for group in each.groups}


def test_unknown_are_those_without_the_trait(shop, divided):
    groups = {each.name: each.customers for each in divided["sex"].groups}
    assert list(groups)[-1] == UNKNOWN
    assert groups[UNKNOWN] == shop.preview("sex IS NULL", AS_OF).customers


@pytest.mark.parametrize(
    ("name", "order"),
    [
        ("age_band", ["Under 18", "18-24", "25-34", "65+", UNKNOWN]),
        ("income_band", ["under 15K", "50-75K", "100K and more"]),
        ("household_size", ["1", "2", "3", "5+", UNKNOWN]),
    ],
)
def test_bands_come_in_their_natural_order(divided, name, order):
    found = [each.name for each in divided[name].groups if each.name in order]
    assert found == order


def test_the_first_tier_brings_the_first_part_of_the_revenue(shop, divided):
    a, b, c = divided["revenue_tiers"].groups
    assert a.revenue_share >= 0.8
    assert a.revenue_share + b.revenue_share >= 0.95
    rows = shop.columns(["monetary", "revenue_tier"], AS_OF).to_arrow().to_pylist()
    by_tier = {
        tier: [row["monetary"] for row in rows if row["revenue_tier"] == tier] for tier in "ABC"
    }
    assert min(by_tier["A"]) > max(by_tier["B"]) > max(by_tier["C"])
    without_last = sum(by_tier["A"]) - min(by_tier["A"])
    assert without_last < Decimal("0.8") * sum(row["monetary"] or 0 for row in rows)
    assert c.customers


def test_price_level_is_that_of_the_category(make_shop):
    lines = [("a", "p1", 2, 10), ("a", "p2", 1, 30), ("b", "p1", 1, 20), ("c", "p3", 1, 100)]
    shop = make_shop(
        {
            "products": pa.table(
                {"product_id": ["p1", "p2", "p3"], "category": ["tea", "tea", None]}
            ),
            "order_lines": pa.table(
                {
                    "order_id": [f"o{number}" for number in range(len(lines))],
                    "customer_id": [each[0] for each in lines],
                    "ordered_at": [datetime(2025, 5, 1)] * len(lines),
                    "product_id": [each[1] for each in lines],
                    "quantity": [float(each[2]) for each in lines],
                    "unit_price": [Decimal(each[3]) for each in lines],
                }
            ),
        }
    )
    found = shop.columns(["price_level"], "2025-06-01").to_arrow().to_pylist()
    assert {row["customer_id"]: row["price_level"] for row in found} == {
        "a": pytest.approx((2 * 10 / 20 + 30 / 20) / 3),  # the usual price of tea is 20
        "b": 1.0,
        "c": None,  # in no category
    }
    # Later lines change no earlier answer, though they move the median.
    assert shop.columns(["price_level"], "2025-04-01").to_arrow()["price_level"].null_count == len(
        shop.columns(["price_level"], "2025-04-01").to_arrow()
    )


# what data do not allow


def test_too_few_customers_are_refused_with_both_numbers(make_shop):
    lone = pa.table({"customer_id": ["a"], "sex": ["f"]})
    order = pa.table(
        {"order_id": ["1"], "customer_id": ["a"], "ordered_at": [datetime(2025, 5, 1)],
         "amount": [5]}
    )  # fmt: skip
    shop = make_shop({"customers": lone, "orders": order})
    with pytest.raises(UsageError, match="needs 30 customers whose sex is known; there are 1"):
        shop.divide("sex", "2025-06-01")
    with pytest.raises(LockedFeatureError, match=r"customers\.education"):
        shop.divide("education", "2025-06-01")
    state = {each.name: each for each in shop.methods("2025-06-01")}
    assert not state["sex"].available
    assert [(each.there, each.passed) for each in state["sex"].gates] == [(1, False)]
    assert state["education"].missing == "customers.education"
    assert state["industry"].missing == "companies.industry"
    assert state["job_level"].missing == "customers.job_level"
    assert state["profit_tiers"].missing.startswith("order_lines")


def test_before_the_first_load_every_method_says_what_it_needs(make_shop):
    found = make_shop().methods()
    assert {each.name for each in found} == set(NAMES)
    assert all(each.missing for each in found)


# parameters


@pytest.mark.parametrize("name", METHODS)
def test_every_parameter_has_a_default_and_a_meaning(name):
    for each in parameters_of(name):
        assert each.value == each.default
        assert each.meaning.endswith(".")


def test_parameters_change_the_limits():
    [age] = [each for each in ready_made({"age": {"limits": [30, 60]}}) if each.name == "age"]
    assert [each.name for each in age.groups] == ["0–29", "30–59", "60+", UNKNOWN]
    assert parameters_of("age", {"age": {"limits": [30, 60]}})[0].value == [30, 60]


@pytest.mark.parametrize(
    ("chosen", "error", "words"),
    [
        ({"agee": {}}, UnknownNameError, "age"),
        ({"age": {"limit": 3}}, UnknownNameError, "limits"),
        ({"age": {"limits": "young"}}, DeclarationError, "segmentations.age.limits"),
        ({"age": {"limits": [60, 30]}}, UsageError, "rise"),
        ({"revenue_tiers": {"first_share": 0.99}}, UsageError, "rise"),
    ],
)
def test_a_wrong_parameter_is_named(chosen, error, words):
    with pytest.raises(error, match=words):
        ready_made(chosen)


def test_a_trait_of_another_name_can_be_named(make_shop):
    people = pa.table({"customer_id": [f"c{n}" for n in range(40)], "schooling": ["high"] * 40})
    orders = pa.table(
        {"order_id": ["1"], "customer_id": ["c0"], "ordered_at": [datetime(2025, 5, 1)],
         "amount": [5]}
    )  # fmt: skip
    shop = make_shop({"customers": people, "orders": orders})
    chosen = {"education": {"trait": "schooling"}}
    shop.settings = shop.settings.model_copy(update={"segmentations": chosen})
    [group] = shop.divide("education", "2025-06-01").groups
    assert (group.name, group.customers) == ("high", 40)


def test_companies_are_divided_where_they_are_the_customers(tmp_path):
    people = {"customer_id": [f"c{n}" for n in range(90)],
              "company_id": [f"k{n % 40}" for n in range(90)]}  # fmt: skip
    with Workspace.create(tmp_path / "b2b", unit="company") as shop:
        shop.load(companies=pa.table(companies()), customers=pa.table(people))
        shop.load(orders=pa.table({"order_id": ["1"], "customer_id": ["c0"], "amount": [5],
                                   "ordered_at": [datetime(2025, 5, 1)]}))  # fmt: skip
        sizes = {each.name: each.customers for each in shop.divide("company_size", AS_OF).groups}
    assert sizes == {"Micro": 8, "Small": 8, "Medium": 8, "Large": 8, UNKNOWN: 8}


# scales


def test_the_bands_of_a_scale_divide(make_shop):
    people = pa.table(
        {"customer_id": [f"c{n}" for n in range(60)], "fun": [str(1 + n % 5) for n in range(60)],
         "party": [None if n > 50 else str(1 + n % 5) for n in range(60)]}
    )  # fmt: skip
    shop = make_shop({"customers": people})
    shop.scales.add(Scale(name="outgoing", items=("fun", "party"), least_answered_share=1))
    division = shop.divide("outgoing_bands", "2026-01-01")
    assert [each.name for each in division.groups] == ["low", "middle", "high", UNKNOWN]
    assert {each.name: each.customers for each in division.groups}[UNKNOWN] == 9
    assert division.segmentation.family == "psychographic"
