"""What stands in each column, of a file and of what is loaded."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from segmentry.core.errors import UnknownNameError
from segmentry.core.types import Type
from segmentry.data.load import load
from segmentry.data.profile import Profile, profile_entity, profile_source
from segmentry.data.source import stage
from segmentry.data.suggest import suggest
from segmentry.engines.duckdb import DuckDB

TEXT = """customer_id,email,born,visits,sign,note,only
1.0,ann@example.org,15.01.1990,5,A-12,,x
2.0,bob@example.org,16.01.1991,7,B-13,a,x
3.0,,17.01.1992, ,B-13,,x
4.0,ann@example.org,,9,,,x
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "people.csv"
    file.write_text(TEXT)
    return file


def profiled(session: DuckDB, path: Path) -> Profile:
    return profile_source(session, stage(session, path))


def test_columns_of_a_file(session: DuckDB, path: Path) -> None:
    found = {each.name: each for each in profiled(session, path).columns}
    born, visits, sign = found["born"], found["visits"], found["sign"]
    assert (born.type, born.filled, born.distinct) == (Type.INSTANT, 3, 3)
    assert (born.least, born.most) == (datetime(1990, 1, 15), datetime(1992, 1, 17))
    assert (visits.type, visits.least, visits.most, visits.median) == (Type.NUMBER, 5, 9, 7)
    assert (sign.type, sign.median, sign.filled_share) == (Type.TEXT, None, 0.75)
    assert sign.frequent == (("B-13", 2), ("A-12", 1))
    assert sign.forms == (("a-99", 3),)
    assert found["note"].frequent == ()  # nothing stands there twice


def test_personal_values_are_masked(session: DuckDB, path: Path) -> None:
    email = next(each for each in profiled(session, path).columns if each.name == "email")
    assert email.personal
    assert (email.least, email.most) == ("a…", "b…")
    assert email.frequent == (("a…", 2), ("b…", 1))
    assert "example" not in repr(email)


def test_what_looks_wrong_in_a_file(session: DuckDB, path: Path) -> None:
    found = {(each.check, each.column): each.count for each in profiled(session, path).findings}
    assert found == {
        ("float_ids", "customer_id"): 4, ("blank_values", "visits"): 1,
        ("constant_columns", "only"): 4,
    }  # fmt: skip


def test_doubled_names_and_records(session: DuckDB, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b,a\n1,2,3\n1,2,3\n4,5,6\n")
    found = {each.check: each.count for each in profiled(session, path).findings}
    assert found == {"exact_duplicates": 1, "doubled_header": 1}


def test_a_file_on_another_clock(session: DuckDB, tmp_path: Path) -> None:
    orders, returns = tmp_path / "orders.csv", tmp_path / "returns.csv"
    rows = [f"{n},c{n},{date(2020, 1, 1 + n)},5" for n in range(1, 20)]
    orders.write_text("order_id,customer_id,order_date,amount\n" + "\n".join(rows) + "\n")
    staged = stage(session, orders)
    load(
        session, staged, suggest(session, staged).mapping, timezone="UTC", currency="EUR",
        rates={}, loaded_at=datetime(2026, 1, 1),
    )  # fmt: skip
    returns.write_text("ReturnDate,ProductKey\n" + "2018-01-05,1\n2018-01-06,2\n2020-01-05,3\n")
    [clock] = profiled(session, returns).findings
    assert (clock.check, clock.column, clock.count) == ("other_clock", "ReturnDate", 2)
    table = profile_entity(session, "orders")
    assert table.rows == 19
    assert "ordered_at" in {each.name for each in table.columns}


def test_nothing_loaded_and_no_such_table(session: DuckDB) -> None:
    assert profile_entity(session, "orders").columns == ()
    with pytest.raises(UnknownNameError):
        profile_entity(session, "order")


@pytest.mark.parametrize(
    ("file", "wanted"),
    [
        ("clickstream/online_shoppers_intention.csv", {"exact_duplicates": 125, "months_month": 288}),
        ("clickstream/ga4_export_schema_fixture.csv", {"doubled_header": 1}),
        ("crm_b2b/accounts.csv", {"spelling_sector": 12, "spelling_office_location": 1}),
        ("customer_personality/marketing_campaign.csv", {"equal_but_id": 182, "rare_marital_status": 7, "outlier_income": 1}),
        ("rfm_orders/rfm_data_customer.csv", {"float_ids": 39_999}),
    ],
)  # fmt: skip
def test_traps_of_real_files(
    session: DuckDB, shared_data: Path, file: str, wanted: dict[str, int]
) -> None:
    found = {each.check: each.count for each in profiled(session, shared_data / file).findings}
    assert {name: found.get(name) for name in wanted} == wanted
