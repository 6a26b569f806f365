"""Exports of known systems: recognised by header, mapped whole, or named as not needed."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from segmentry.core.errors import MappingError
from segmentry.data.entity import ENTITIES
from segmentry.data.load import LoadResult, load
from segmentry.data.source import stage
from segmentry.data.suggest import Suggestion, suggest
from segmentry.data.synonym import plain_name
from segmentry.data.vendor import Recognised, recognise, vendors
from segmentry.engines.duckdb import DuckDB
from segmentry.workspace.loading import as_suggested

SUFFIXES = ("_databricks", "_postgres", "_snowflake", "_norename", "_data")
NAMED = {"orders_export_HEADER_ONLY": "orders export"}
VENDOR_OF = {"atomic_crm": "Atomic CRM", "hubspot": "HubSpot"}


def header(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return next(csv.reader(file))


def table_of(path: Path) -> str:
    name = path.stem.removeprefix("shopify_").removeprefix("sf_").removeprefix("gql_")
    for suffix in SUFFIXES:
        name = name.removesuffix(suffix)
    return NAMED.get(name, name)


def is_table(found: Recognised | None, vendor: str, table: str) -> bool:
    """A table whose columns are those of another is called by the names of both."""
    if found is None or found.vendor.lower() != VENDOR_OF.get(vendor, vendor).lower():
        return False
    return table in found.table.replace(",", " or").split(" or ")


def suggested(session: DuckDB, source: Any, entity: str | None = None) -> Suggestion:
    staged = stage(session, source)
    try:
        return suggest(session, staged, entity=entity)
    finally:
        staged.drop(session)


def loaded(session: DuckDB, source: Any, entity: str | None = None) -> LoadResult:
    staged = stage(session, source)
    try:
        mapping = as_suggested(staged.origin, suggest(session, staged, entity=entity))
        terms = {"timezone": "Europe/Kyiv", "currency": "USD", "rates": {"GBP": 1, "CAD": 1}}
        return load(session, staged, mapping, loaded_at=datetime(2026, 1, 1), **terms)
    finally:
        staged.drop(session)


def write(path: Path, rows: list[dict[str, str]]) -> Path:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8")
    return path


def test_declarations_are_in_plain_names_and_tell_tables_apart() -> None:
    for vendor in vendors():
        for name, table, needless in vendor.known():
            assert bool(needless) == (table.record is None), name
            sets = (*table.has, *table.whole, *table.synced)
            for each in sets:
                assert [plain_name(column) for column in each] == list(each), (name, each)
                found = recognise([*each, *(["_fivetran_synced"] if each in table.synced else [])])
                assert found is not None
                assert found.vendor == vendor.vendor, (name, found)
            for attributes in table.entities.values():
                for names in attributes.values():
                    assert [plain_name(column) for column in names] == list(names), name


def test_the_required_is_mapped_constant_or_said_to_lack() -> None:
    for vendor in vendors():
        for name, table in vendor.tables.items():
            record = table.record or ""
            if record == "order_lines":
                continue
            given = {*table.entities[record], *table.constants.get(record, {})}
            assert set(ENTITIES[record].required) <= given, (vendor.vendor, name)


def test_every_fixture_is_recognised_as_its_vendors_table(shared_data: Path) -> None:
    files = sorted((shared_data / "crm_export_fixtures").glob("*/*.csv"))
    assert len(files) > 230
    wrong = [
        str(each)
        for each in files
        if not is_table(recognise(header(each)), each.parent.name, table_of(each))
    ]
    assert wrong == []


def test_every_fixture_about_customers_loads_or_is_refused_by_name(shared_data: Path) -> None:
    outcomes = {"loaded": 0, "lacking": 0}
    for path in sorted((shared_data / "crm_export_fixtures").glob("*/*.csv")):
        vendor = recognise(header(path))
        assert vendor is not None
        if vendor.needless:
            continue
        with DuckDB(threads=1) as session:
            staged = stage(session, path)
            found = suggest(session, staged)
            assert found.mapping.vendor == str(vendor)
            assert not found.questions, path
            if found.missing:
                assert set(vendor.declared.lacks) <= {each.target for each in found.missing}, path
                outcomes["lacking"] += 1
                continue
            result = load(
                session, staged, found.mapping, loaded_at=datetime(2026, 1, 1),
                timezone="Europe/Kyiv", currency="USD", rates={"GBP": 1, "CAD": 1},
            )  # fmt: skip
            for each in result.entities.values():
                assert each.records == each.accepted + each.unchanged + each.rejected
            first = next(iter(result.entities.values()))
            assert first.accepted or not first.records, path
            outcomes["loaded"] += 1
    assert outcomes["lacking"] <= 8  # what stands in another table, which is named
    assert outcomes["loaded"] >= 40


def test_bitrix_labels_in_russian(session: DuckDB, shared_data: Path, tmp_path: Path) -> None:
    labels = json.loads(
        (shared_data / "crm_export_fixtures/bitrix24/contact_labels_ru.json").read_text("utf-8")
    )
    found = recognise(list(labels.values()))
    assert str(found) == "Bitrix24 contacts"
    assert str(recognise(list(labels))) == "Bitrix24 contacts"  # the API's names
    row = dict.fromkeys(labels.values(), "x") | {
        "ID": "7", "Имя": "Олена", "Фамилия": "Гончар", "Дата рождения": "15.03.1990",
        "Дата создания": "15.01.2024 10:00:00", "Телефон": "+380 67 123 45 67",
    }  # fmt: skip
    result = loaded(session, write(tmp_path / "contacts.csv", [row]))
    assert result.entities["customers"].accepted == 1
    assert session.rows(
        "SELECT customer_id, first_name, last_name, CAST(birth_on AS VARCHAR), city, occupation"
        " FROM customers"
    ) == [("7", "Олена", "Гончар", "1990-03-15", "x", "x")]


SHOPIFY = {
    "Name": "#1001", "Email": "a@example.org", "Financial Status": "paid",
    "Paid at": "2024-01-15 10:00:00 +0200", "Currency": "USD", "Subtotal": "30.00",
    "Total": "35.00", "Discount Code": "WELCOME", "Created at": "2024-01-15 10:00:00 +0200",
    "Lineitem quantity": "2", "Lineitem name": "Mug", "Lineitem price": "10.00",
    "Lineitem sku": "M-1", "Billing Name": "Ann Lee", "Billing City": "Kyiv", "Vendor": "Potter",
    "Id": "5001",
}  # fmt: skip


def test_shopify_orders_export(session: DuckDB, tmp_path: Path) -> None:
    more = dict.fromkeys(SHOPIFY, "") | {
        "Name": "#1001", "Email": "a@example.org", "Created at": "2024-01-15 10:00:00 +0200",
        "Lineitem quantity": "1", "Lineitem name": "Plate", "Lineitem price": "10.00",
        "Lineitem sku": "P-1",
    }  # fmt: skip
    path = write(tmp_path / "orders.csv", [SHOPIFY, more])
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    found = suggested(session, path)
    assert found.mapping.vendor == "Shopify orders export"
    loaded(session, path)
    assert session.rows(
        "SELECT order_id, ordered_at, gross_amount, status, coupon FROM orders"
    ) == [("#1001", datetime(2024, 1, 15, 8), 30, "paid", "WELCOME")]
    assert session.rows("SELECT name, city FROM customers") == [("Ann Lee", "Kyiv")]
    assert session.value("SELECT count(*) FROM products") == 2


WOOCOMMERCE = {
    "Order Number": "812", "Order Status": "Completed", "Order Date": "2024-03-05 14:30",
    "Customer Note": "", "First Name (Billing)": "Ann", "Last Name (Billing)": "Lee",
    "Company (Billing)": "", "Address 1&2 (Billing)": "", "City (Billing)": "Lviv",
    "State Code (Billing)": "", "Postcode (Billing)": "79000", "Country Code (Billing)": "UA",
    "Email (Billing)": "ann@example.org", "Phone (Billing)": "0671234567",
    "Payment Method Title": "Card", "Cart Discount Amount": "0", "Order Subtotal Amount": "30",
    "Shipping Method Title": "Post", "Order Shipping Amount": "5", "Order Refund Amount": "0",
    "Order Total Amount": "35", "Order Total Tax Amount": "0", "SKU": "M-1", "Item #": "1",
    "Item Name": "Mug", "Quantity (- Refund)": "3", "Item Cost": "10", "Coupon Code": "",
    "Discount Amount": "", "Discount Amount Tax": "",
}  # fmt: skip


def test_woocommerce_order_export(session: DuckDB, tmp_path: Path) -> None:
    rows = [
        WOOCOMMERCE | {"Order Number": str(812 + n), "Email (Billing)": f"c{n % 7}@example.org"}
        for n in range(50)
    ]
    path = write(tmp_path / "orders.csv", rows)
    assert suggested(session, path).mapping.vendor == "WooCommerce order items export"
    loaded(session, path)
    assert session.rows(
        "SELECT count(*), sum(gross_amount), count(DISTINCT customer_no), min(payment_method)"
        " FROM orders"
    ) == [(50, 1500, 7, "Card")]
    assert session.rows("SELECT DISTINCT city, postal_code FROM customers") == [("Lviv", "79000")]


@pytest.mark.parametrize(
    ("columns", "named"),
    [
        ("Id,AccountId,LastName,MailingStreet,MailingCity,OwnerId,Segment__c", "Salesforce contact"),
        ("ID,ACCOUNT_ID,STAGE_NAME,CLOSE_DATE,IS_WON,FORECAST_CATEGORY", "Salesforce opportunity"),
        ("Record ID,First Name,Last Name,Email,Lifecycle Stage", "HubSpot contact"),
        ("Record ID,Deal Name,Deal Stage,Pipeline,Amount,Close Date", "HubSpot deal"),
        ("Email Address,First Name,MEMBER_RATING,OPTIN_TIME,EUID,LEID", "Mailchimp member"),
        ("Email,Klaviyo ID,First Name", "Klaviyo person"),
        ("date,name,timestamp,user_pseudo_id,stream_id,platform,a,a", "Google Analytics 4 event"),
        ('"""ID""",EMAIL,LOCALE,MODERATOR,ORGANIZATION_ID,ROLE,SUSPENDED', "Zendesk user"),
        ("StartDate,EndDate,Progress,Duration (in seconds),Finished,RecordedDate,ResponseId,DistributionChannel,Q1", "Qualtrics survey_response"),
        ("Date,Order #,N. Revenue,Status,Customer,Customer type,Items sold", "WooCommerce orders report"),
        ("Handle,Title,Vendor,Type,Variant SKU,Variant Price", "Shopify products export"),
        ("ID,Стадия сделки,Сумма,Валюта,Контакт", "Bitrix24 deals"),
    ],
)  # fmt: skip
def test_other_spellings(columns: str, named: str) -> None:
    assert str(recognise(next(csv.reader([columns])))) == named


@pytest.mark.parametrize(
    "columns",
    [
        "order_id,customer_id,ordered_at,amount",
        "id,name",
        "id,name,email",
        "order_id,value",
        "customer_id,first_name,last_name,email,country",
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country",
        "id,status,created_at",
    ],
)
def test_plain_headers_are_nobodys(columns: str) -> None:
    assert recognise(columns.split(",")) is None


def test_a_table_about_nobody_is_refused_by_name(session: DuckDB, tmp_path: Path) -> None:
    path = tmp_path / "fulfillment.csv"
    path.write_text("collection_id,product_id,_fivetran_synced\n1,2,2024-01-01\n")
    found = suggested(session, path)
    assert found.mapping.vendor == "Shopify collection_product"
    with pytest.raises(MappingError, match="says nothing about customers"):
        as_suggested("x", found)
    # a person who says what it is, is believed
    assert suggested(session, path, "products").mapping.vendor == ""


def test_what_stands_in_another_table_is_named(session: DuckDB, tmp_path: Path) -> None:
    path = tmp_path / "deals.csv"
    path.write_text(
        "deal_id,deal_pipeline_id,deal_pipeline_stage_id,property_closedate,property_amount\n"
        "1,2,3,2024-01-01,5\n"
    )
    [lacking] = suggested(session, path).missing
    assert lacking.target == "orders.customer_id"
    assert "deal_contact" in lacking.fix


def test_the_first_address_that_holds_something_is_taken(session: DuckDB, tmp_path: Path) -> None:
    text = (
        "id,first_name,last_name,first_seen,last_seen,has_newsletter,tags,email_work,email_home,"
        "email_other,phone_work\n"
        '1,Ann,Lee,2024-01-01,2024-02-01,true,"vip, new",,,a@example.org,1-955-371-0847 x371\n'
    )
    path = tmp_path / "contacts.csv"
    path.write_text(text)
    loaded(session, path)
    assert session.rows("SELECT email, phone, tags FROM customers") == [
        ("a@example.org", "1-955-371-0847 x371", "vip, new")
    ]


def test_one_table_can_be_read_as_something_else_it_holds(session: DuckDB, tmp_path: Path) -> None:
    text = (
        "id,list_id,email_address,member_rating,timestamp_opt,status,last_changed\n"
        "m1,l1,a@example.org,2,2024-01-01,subscribed,2024-01-01\n"
        "m2,l1,b@example.org,2,2024-01-01,unsubscribed,2024-01-02\n"
    )
    path = tmp_path / "member.csv"
    path.write_text(text)
    assert suggested(session, path).mapping.vendor == "Mailchimp member"
    loaded(session, path, "consents")
    assert session.rows("SELECT channel, given FROM consents ORDER BY recorded_at") == [
        ("e-mail", True), ("e-mail", False),
    ]  # fmt: skip
