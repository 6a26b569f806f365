"""Mappings suggested from names and content."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from segmentry.core.errors import UnknownNameError
from segmentry.core.types import Type
from segmentry.data.mapping import Mapping
from segmentry.data.source import stage
from segmentry.data.suggest import Suggestion, suggest
from segmentry.data.synonym import plain_name, safe_name, synonyms
from segmentry.engines.duckdb import DuckDB

SHARED = Path(
    os.environ.get("SEGMENTRY_SHARED_DATA") or Path(__file__).parents[3] / "shared" / "data"
)


def suggested(session: DuckDB, source: Any, entity: str | None = None) -> Suggestion:
    staged = stage(session, source)
    found = suggest(session, staged, entity=entity)
    found.mapping.check(staged)
    assert Mapping.from_yaml(found.mapping.to_yaml()) == found.mapping
    assert [each.column for each in found.reasons] == list(staged.names)
    return found


def from_text(session: DuckDB, tmp_path: Path, text: str, entity: str | None = None) -> Suggestion:
    path = tmp_path / "file.csv"
    path.write_text(text, encoding="utf-8")
    return suggested(session, path, entity)


def test_a_flat_file_of_order_lines_feeds_four_entities(session: DuckDB) -> None:
    found = suggested(
        session,
        pa.table(
            {
                "InvoiceNo": ["536365", "536365", "C536379", "536380"],
                "StockCode": ["85123A", "71053", "D", "85123A"],
                "Description": ["WHITE HEART", "LANTERN", "Discount", "WHITE HEART"],
                "Quantity": [6, 6, -1, 2],
                "InvoiceDate": [datetime(2010, 12, 1, 8, 26)] * 4,
                "UnitPrice": [2.55, 3.39, 27.5, 2.55],
                "CustomerID": [17850.0, 17850.0, None, 13047.0],
                "Country": ["United Kingdom", "United Kingdom", "France", "France"],
            }
        ),
    )
    assert found.mapping.entities == {
        "order_lines": {
            "order_id": "InvoiceNo",
            "product_id": "StockCode",
            "quantity": "Quantity",
            "unit_price": "UnitPrice",
        },
        "orders": {
            "order_id": "InvoiceNo",
            "customer_id": "CustomerID",
            "ordered_at": "InvoiceDate",
        },
        "products": {"product_id": "StockCode", "name": "Description"},
        "customers": {"customer_id": "CustomerID"},
    }
    assert found.mapping.extras == {"orders": {"country": "Country"}}
    assert not found.questions
    assert not found.missing


def test_discounts_add_up(session: DuckDB) -> None:
    found = suggested(
        session,
        pa.table(
            {
                "household_id": [900, 900], "store_id": [330, 330], "basket_id": [1, 1],
                "product_id": [5, 6], "quantity": [1, 2], "sales_value": [0.5, 0.99],
                "retail_disc": [0.0, 0.1], "coupon_disc": [0.0, 0.2], "week": [1, 1],
                "transaction_timestamp": [datetime(2017, 1, 1)] * 2,
            }
        ),
    )  # fmt: skip
    lines = found.mapping.entities["order_lines"]
    assert lines["discount_amount"] == ("retail_disc", "coupon_disc")
    assert lines["amount"] == "sales_value"
    assert found.mapping.entities["orders"]["store"] == "store_id"
    assert found.mapping.extras == {"orders": {"week": "week"}}


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        (
            "Order ID;Customer;Date;Total",
            "1;Ann;14.01.2024;12,50",
            {"order_id": "Order ID", "customer_id": "Customer", "ordered_at": "Date",
             "amount": "Total"},
        ),
        (
            "customer_id;order_date;revenue;email",
            "Brion Stark;2004-12-20;32;b@x.com",
            {"customer_id": "customer_id", "ordered_at": "order_date", "amount": "revenue"},
        ),
        (
            "Номер замовлення;Клієнт;Дата;Сума, грн",
            "1;Іра;14.01.2024;12,50",
            {"order_id": "Номер замовлення", "customer_id": "Клієнт", "ordered_at": "Дата",
             "amount": "Сума, грн"},
        ),
        (
            "Nr zamówienia;Klient;Data sprzedaży;Wartość",
            "1;Ewa;14.01.2024;12,50",
            {"order_id": "Nr zamówienia", "customer_id": "Klient", "ordered_at": "Data sprzedaży",
             "amount": "Wartość"},
        ),
        (
            "number;email;when_it_was;total",
            "1;a@b.cc;2024-01-05 10:00:00;5.5",
            {"order_id": "number", "customer_id": "email", "ordered_at": "when_it_was",
             "amount": "total"},
        ),
    ],
)  # fmt: skip
def test_shop_exports(
    session: DuckDB, tmp_path: Path, header: str, row: str, expected: dict[str, str]
) -> None:
    found = from_text(session, tmp_path, f"{header}\n{row}\n")
    assert found.mapping.entities["orders"] == expected
    assert not found.missing


def test_customers_with_traits(session: DuckDB, tmp_path: Path) -> None:
    found = from_text(
        session,
        tmp_path,
        "CustomerKey,FirstName,BirthDate,Gender,AnnualIncome,HomeOwner,Stock No,Visits\n"
        '11000,JON,04/08/1966,M,"$90,000 ",Y,007,5\n11001,EUGENE,5/14/1965,M,"$60,000 ",N,008,7\n',
    )
    assert found.mapping.entities == {
        "customers": {
            "customer_id": "CustomerKey",
            "first_name": "FirstName",
            "sex": "Gender",
            "birth_on": "BirthDate",
            "income": "AnnualIncome",
        }
    }
    assert found.mapping.extras["customers"] == {
        "home_owner": "HomeOwner", "stock_no": "Stock No", "visits": "Visits",
    }  # fmt: skip
    kinds = {name: written.kind for name, written in found.mapping.formats.items()}
    assert kinds == {"BirthDate": Type.DATE, "HomeOwner": Type.BOOLEAN, "Visits": Type.NUMBER}
    assert found.mapping.formats["BirthDate"].dates == ("%m/%d/%Y",)


@pytest.mark.parametrize(
    ("header", "entity"),
    [
        ("product_id,department,brand,product_category", "products"),
        ("user_id,timestamp,event_name,page_url,device", "events"),
        ("household_id,coupon_upc,campaign_id,redemption_date", "touchpoints"),
        ("respondent_id,question,answer,submitted_at", "survey_answers"),
        ("date,campaign,channel,cost", "costs"),
        ("customer_id,channel,opted_in,consent_date", "consents"),
        ("account,sector,employees,subsidiary_of", "companies"),
        ("id,email,first_name,created_at", "customers"),
        ("order_id,id,product_id,quantity,price", "order_lines"),
        ("opportunity_id,account,deal_stage,close_date,close_value", "orders"),
    ],
)
def test_what_records_are(session: DuckDB, tmp_path: Path, header: str, entity: str) -> None:
    found = from_text(session, tmp_path, header + "\n")
    assert next(iter(found.mapping.entities)) == entity
    assert not found.missing


def test_contacts_get_a_kind(session: DuckDB, tmp_path: Path) -> None:
    header = "household_id,coupon_upc,campaign_id,redemption_date\n"
    found = from_text(session, tmp_path, header + "1,51380041013,26,2017-01-01\n")
    assert found.mapping.constants == {"touchpoints": {"kind": "redeemed"}}


def test_ambiguous_columns_become_questions_whose_answers_load(
    session: DuckDB, tmp_path: Path
) -> None:
    found = from_text(session, tmp_path, 'Order ID,Customer,Date,Total\n1,Ann,01/02/2024,"1,250"\n')
    assert {each.column for each in found.questions} == {"Date", "Total"}
    date = next(each for each in found.questions if each.column == "Date")
    assert [each.label for each in date.choices] == ["day before month", "month before day"]
    assert "Date" not in found.mapping.formats
    assert date.choices[1].mapping.formats["Date"].dates == ("%m/%d/%Y",)


def test_what_is_missing_says_what_to_do(session: DuckDB, tmp_path: Path) -> None:
    found = from_text(session, tmp_path, "campaign_id,household_id\n1,2\n")
    assert [each.target for each in found.missing] == ["touchpoints.occurred_at"]
    nothing = from_text(session, tmp_path, "colour,weight\nred,2\n")
    assert [each.target for each in nothing.missing] == ["entity"]
    numbered = from_text(session, tmp_path, "1,2024-01-01\n2,2024-01-02\n")
    assert "columns:" in numbered.missing[0].fix


def test_lines_without_a_price_need_products_that_have_one(session: DuckDB, tmp_path: Path) -> None:
    text = "order_id,customer_id,order_date,product_id,quantity\n1,c,2024-01-01,p,2\n"
    lacking = from_text(session, tmp_path, text)
    assert [each.target for each in lacking.missing] == ["order_lines.unit_price"]
    session.execute("CREATE TABLE products AS SELECT 'p' AS product_id, 5.0 AS price")
    assert from_text(session, tmp_path, text).missing == ()


def test_a_column_of_other_things_than_its_name_says_is_left(
    session: DuckDB, tmp_path: Path
) -> None:
    text = "customer_id,date,order_date,amount\n1,Monday,2024-01-01,5\n2,Friday,2024-01-02,6\n"
    found = from_text(session, tmp_path, text)
    assert found.mapping.entities["orders"]["ordered_at"] == "order_date"
    assert found.mapping.extras["orders"] == {"date": "date"}


def test_sums_of_the_order_are_not_amounts_of_its_lines(session: DuckDB, tmp_path: Path) -> None:
    found = from_text(
        session,
        tmp_path,
        "Order,Email,Paid at,Lineitem sku,Lineitem quantity,Lineitem price,Total\n"
        "1,a@b.cc,2024-01-01,x,1,2.5,7.5\n1,a@b.cc,2024-01-01,y,2,2.5,\n"
        "2,c@d.cc,2024-01-02,x,1,2.5,2.5\n",
    )
    assert "amount" not in found.mapping.entities["order_lines"]
    assert found.mapping.entities["order_lines"]["unit_price"] == "Lineitem price"


def test_empty_and_technical_columns_are_left_out(session: DuckDB, tmp_path: Path) -> None:
    header = "customer_id,order_date,amount,note,_fivetran_synced\n"
    found = from_text(session, tmp_path, header + "1,2024-01-01,5,,2024-01-02\n")
    assert found.mapping.ignore == ("note", "_fivetran_synced")


def test_extra_names_are_safe_and_unique(session: DuckDB) -> None:
    names = ["customer_id", "order_date", "amount", "net_amount", "Net Amount!", "کشور", "2nd"]
    found = suggested(session, pa.table({name: ["20240101"] for name in names}))
    extras = found.mapping.extras["orders"]
    assert set(extras.values()) == set(names[3:])
    assert all(name.isidentifier() and name.isascii() for name in extras)
    assert "net_amount" not in extras  # a column of our own


def test_the_entity_can_be_said(session: DuckDB, tmp_path: Path) -> None:
    text = "customer_id,date,name\n1,2024-01-01,visit\n"
    assert next(iter(from_text(session, tmp_path, text, "events").mapping.entities)) == "events"
    with pytest.raises(UnknownNameError, match="events"):
        from_text(session, tmp_path, text, "evnts")


def test_every_synonym_is_of_an_attribute_and_in_plain_form() -> None:
    for attributes in synonyms().values():
        for known in attributes.values():
            assert all(plain_name(name) == name for name in known.everywhere)
    assert safe_name("Номер замовлення") == "nomer_zamovlennia"


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the shared data sets")
@pytest.mark.parametrize(
    ("file", "record", "missing"),
    [
        ("online_retail/online_retail.parquet", "order_lines", []),
        ("cdnow/CDNOW_master.txt", "orders", []),
        ("rfm_orders/rfm_data_orders.csv", "orders", []),
        ("rfm_orders/rfm_data_customer.csv", "customers", []),
        ("adventureworks/Sales.csv", "order_lines", ["order_lines.unit_price"]),
        ("adventureworks/Customers.csv", "customers", []),
        ("adventureworks/Products.csv", "products", []),
        ("customer_personality/marketing_campaign.csv", "customers", []),
        ("telco_churn/Telco-Customer-Churn.csv", "customers", []),
        ("crm_b2b/sales_pipeline.csv", "orders", []),
        ("clickstream/ga4_export_schema_fixture.csv", "events", []),
    ],
)
def test_real_files(session: DuckDB, file: str, record: str, missing: list[str]) -> None:
    found = suggested(session, SHARED / file)
    assert next(iter(found.mapping.entities)) == record
    assert [each.target for each in found.missing] == missing
    assert not found.questions
