"""Where customers are, when only their orders say it."""

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from segmentry.core.time import AsOf
from segmentry.workspace.reporting import fill
from segmentry.workspace.workspace import Workspace

START = datetime(2025, 1, 1)
AT = "2025-12-01"


def orders(count=80):
    """Each customer bought in Poland, and months later in Ukraine; every eighth says nothing."""
    rows = []
    for n in range(count):
        for number, (country, region, city) in enumerate(
            (("Poland", "Mazowieckie", "Warszawa"), ("Ukraine", "Lviv Oblast", "Lviv"))
        ):
            said = n % 8 > 0
            rows.append({
                "order_id": f"{n}-{number}", "customer_id": f"c{n}",
                "order_date": START + timedelta(days=200 * number + n % 30),
                "amount": Decimal(10), "Країна": country if said else None,
                "State": region if said else None, "Miasto": city if said else None,
            })  # fmt: skip
    return {"orders": pa.Table.from_pylist(rows)}


def sizes(shop, method, when=AT):
    return {each.name: each.customers for each in shop.divide(method, when).groups}


def test_the_place_of_the_last_order_divides(make_shop):
    shop = make_shop(orders())
    state = {each.name: each for each in shop.methods(AT)}
    assert state["country"].missing == "customers.country"
    assert sizes(shop, "order_country") == {"Ukraine": 70, "Unknown": 10}
    assert sizes(shop, "order_region") == {"Lviv Oblast": 70, "Unknown": 10}
    assert sizes(shop, "order_city") == {"Lviv": 70, "Unknown": 10}
    climate = sizes(shop, "order_climate")
    assert sum(climate.values()) == 80
    assert climate["Unknown"] == 10


def test_earlier_days_know_the_earlier_place(make_shop):
    shop = make_shop(orders())
    assert sizes(shop, "order_country", "2025-05-01") == {"Poland": 70, "Unknown": 10}


def test_the_report_has_a_geography(make_shop):
    found = fill(make_shop(orders()), AsOf.parse(AT, "Europe/Kyiv")).geography
    assert [(each.label, each.depth, each.customers) for each in found.places] == [
        ("Ukraine", 0, 70), ("Lviv Oblast", 1, 70), ("Lviv", 2, 70),
    ]  # fmt: skip
    assert found.unknown == 10
    assert found.levels == ("Country", "Region", "City")


RETAIL = Path(__file__).parents[3] / "shared" / "data" / "online_retail" / "online_retail.parquet"


@pytest.mark.slow
@pytest.mark.skipif(not RETAIL.exists(), reason="the data set is not at hand")
def test_online_retail_has_37_countries_of_buyers(tmp_path):
    with Workspace.create(tmp_path / "retail", timezone="Europe/London", currency="GBP") as shop:
        shop.load(orders=RETAIL)
        table = shop.divide("order_country")
    known = {each.name: each.customers for each in table.groups}
    assert len(known) == 37
    assert sum(known.values()) == 4_338
    assert known["United Kingdom"] == 3_920
