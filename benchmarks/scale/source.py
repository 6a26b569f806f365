"""The files of a synthetic shop of any size: seeded, skewed, in order of time, made month by month.

Three years. Orders fall by season and weekday and grow; a few customers buy much more often than
the many (a power law), half of them were known before the first day and the rest sign up in time.
Thirty categories, products, stores and names of events have Zipf frequencies. About four lines to
an order, five orders and twenty events to a customer. Nothing but hashes of running numbers is
drawn, so that any month can be made without the others, and memory does not grow with the shop.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

FIRST, LAST, NEXT = date(2023, 1, 1), date(2025, 12, 31), date(2026, 1, 1)
CATEGORIES = (
    "clothing", "shoes", "electronics", "home", "kitchen", "garden", "toys", "sport", "outdoor",
    "beauty", "health", "books", "music", "games", "office", "pets", "baby", "jewellery", "watches",
    "furniture", "lighting", "textiles", "tools", "car", "bikes", "food", "drinks", "coffee", "tea",
    "gifts",
)  # fmt: skip
CHANNELS = ("web", "shop", "app", "phone", "marketplace")
STORES = tuple(f"store_{number:02d}" for number in range(1, 25))
EVENTS = (
    "page_view", "view_item", "search", "add_to_cart", "email_open", "view_category", "email_click",
    "begin_checkout", "push_open", "add_to_wishlist", "remove_from_cart", "read_review", "compare",
    "log_in", "share", "ask_question", "write_review", "use_coupon", "refund_requested", "sign_up",
)  # fmt: skip
DEVICES = ("phone", "desktop", "tablet")
SOURCES = ("search", "direct", "email", "social", "ads", "referral")
COUPONS = ("WELCOME", "SPRING", "FRIEND")
COUNTRIES = ("UA", "PL", "GB", "DE", "CZ", "RO", "LT")
CITIES = ("Kyiv", "Lviv", "Odesa", "Warszawa", "Kraków", "London", "Berlin", "Praha", "Vilnius")
PRODUCTS = 100
"""In each category."""
UPS, TOP = 2.5, 0.0002
"""Steepness of the power law of customers, and where its top is cut off."""


@dataclass(frozen=True)
class Shop:
    """What a shop is made of: the same files for the same arguments."""

    customers: int = 1_000_000
    seed: int = 5

    @property
    def name(self) -> str:
        """What its folder is called."""
        return f"shop_{self.customers}_{self.seed}"

    @property
    def orders(self) -> int:
        """How many orders, of about four lines."""
        return 5 * self.customers

    @property
    def events(self) -> int:
        """How many events."""
        return 20 * self.customers


def write(shop: Shop, folder: Path, months: int = 36) -> Path:
    """Write `customers`, `products`, `lines_01`, `events_01` … as Parquet files, and their folder.

    Args:
        months: How many of the 36 stand in one file of lines or events.
    """
    target = folder / f"{shop.name}_{months}"
    if target.exists():
        return target
    partial = target.with_name(target.name + ".new")
    partial.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(config={"memory_limit": "1GB", "threads": 2}) as engine:
        engine.execute(days(shop))
        _copy(engine, customers(shop, 0, shop.customers), partial / "customers.parquet")
        _copy(engine, products(shop), partial / "products.parquet")
        for number, start in enumerate(range(0, 36, months), 1):
            for name, rows in (("lines", lines), ("events", events)):
                query = rows(shop, start, start + months)
                _copy(engine, query, partial / f"{name}_{number:02d}.parquet")
    partial.rename(target)
    return target


def write_day(shop: Shop, folder: Path) -> Path:
    """Write the day after the last: 0.3 % of all rows, and a thousandth more customers."""
    target = folder / f"{shop.name}_day"
    if target.exists():
        return target
    partial = target.with_name(target.name + ".new")
    partial.mkdir(parents=True, exist_ok=True)
    many = shop.customers // 1000
    with duckdb.connect(config={"memory_limit": "1GB", "threads": 2}) as engine:
        engine.execute(
            f"CREATE TABLE days AS SELECT DATE '{NEXT}' AS day, 36 AS month, 1.0 AS part,"
            f" {shop.orders} AS first_orders, {shop.orders * 3 // 1000} AS orders,"
            f" {shop.events} AS first_events, {shop.events * 3 // 1000} AS events"
        )
        people = customers(shop, shop.customers, shop.customers + max(many, 1))
        new = f"SELECT * REPLACE (TIMESTAMP '{NEXT}' AS signed_up_at) FROM ({people})"
        _copy(engine, new, partial / "customers.parquet")
        _copy(engine, lines(shop, 36, 37), partial / "lines_01.parquet")
        _copy(engine, events(shop, 36, 37), partial / "events_01.parquet")
    partial.rename(target)
    return target


def _copy(engine: duckdb.DuckDBPyConnection, query: str, file: Path) -> None:
    engine.execute(f"COPY ({query}) TO '{file}' (FORMAT parquet, ROW_GROUP_SIZE 122880)")


# what is drawn


def drawn(number: str, what: int, shop: Shop) -> str:
    """SQL of a number in [0, 1) that a running number draws for one purpose."""
    return f"((hash({number}, {what}, {shop.seed}) >> 11) / 9007199254740992.0)"


def chosen(values: tuple[str, ...], draw: str) -> str:
    """SQL of one of the values with Zipf frequencies, the first the commonest."""
    listed = ", ".join(f"'{each}'" for each in values)
    return f"list_value({listed})[{ranked(len(values), draw)}]"


def ranked(size: int, draw: str) -> str:
    """SQL of a rank from 1, about as frequent as its reciprocal."""
    return f"CAST(floor(pow({size + 1}, {draw})) AS INTEGER)"


def buyer(number: str, what: int, shop: Shop) -> str:
    """SQL of a customer who had signed up by the row's `part` of the three years."""
    low = TOP ** (1 / UPS)
    width = (1 + TOP) ** (1 / UPS) - low
    power = f"pow({low!r} + {width!r} * {drawn(number, what, shop)}, {UPS}) - {TOP}"
    place = f"CAST(floor({shop.customers} * ({power})) AS BIGINT)"
    scattered = f"({place} * 2654435761 % {shop.customers})"
    known = f"CAST(floor({shop.customers} * (0.5 + 0.499 * part)) AS BIGINT)"
    return f"CASE WHEN {scattered} < {known} THEN {scattered} ELSE {scattered} % {known} END"


def days(shop: Shop) -> str:
    """Statement that makes `days`: for each the first order and event, how many, and its month."""
    size = (LAST - FIRST).days + 1
    season = "list_value(.9,.85,.95,1,1,.95,.85,.85,1,1.05,1.35,1.8)[month(day)]"
    weekday = "list_value(1.,.95,.95,1.,1.1,1.25,.9)[isodow(day)]"
    columns = [
        f"CAST(round({rows} * coalesce(sum(weight) OVER before, 0) / total) AS BIGINT)"
        f" AS first_{name}, CAST(round({rows} * sum(weight) OVER through / total) AS BIGINT)"
        f" - first_{name} AS {name}"
        for name, rows in (("orders", shop.orders), ("events", shop.events))
    ]
    return f"""CREATE TABLE days AS
        SELECT day, (year(day) - {FIRST.year}) * 12 + month(day) - 1 AS month,
               place / {size} AS part,
               {", ".join(columns)}
        FROM (SELECT *, sum(weight) OVER () AS total FROM (
            SELECT DATE '{FIRST}' + CAST(place AS INTEGER) AS day, place,
                   (1 + place / {size}) * {season} * {weekday} AS weight
            FROM range({size}) r(place)))
        WINDOW before AS (ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
               through AS (ORDER BY place ROWS UNBOUNDED PRECEDING)
        ORDER BY place"""


def moments(what: str, start: int, end: int) -> str:
    """SQL of running numbers with their moment, from 8 to 22 of local days, in order."""
    return f"""SELECT number, part, CAST(day AS TIMESTAMP) + INTERVAL 8 HOUR
            + to_seconds(CAST(floor((number - first_{what}) * 50400.0 / {what}) AS BIGINT))
                AS moment
        FROM (SELECT *, unnest(range(first_{what}, first_{what} + {what})) AS number
              FROM days WHERE month >= {start} AND month < {end})"""


# the files


def products(shop: Shop) -> str:
    """Query of the products, the commonest of each category first."""
    return f"""SELECT {PRODUCT_ID} AS product_id, category || ' ' || product AS name,
               category, 'brand_' || product % 40 AS brand, price,
               CAST(price * (0.4 + 0.3 * {drawn("product", 13, shop)}) AS DECIMAL(12,2)) AS cost
        FROM (SELECT product, {_listed(CATEGORIES)}[product // {PRODUCTS} + 1] AS category,
                     {price(shop)} AS price
              FROM range({len(CATEGORIES) * PRODUCTS}) r(product))"""


PRODUCT_ID = "'P' || lpad((product)::VARCHAR, 5, '0')"


def price(shop: Shop) -> str:
    """SQL of the price of `product`; those of a category are alike."""
    of_category = drawn(f"product // {PRODUCTS}", 12, shop)
    power = f"exp(2.2 + 2.2 * {drawn('product', 11, shop)} + {of_category})"
    return f"CAST({power} AS DECIMAL(12,2))"


def customers(shop: Shop, start: int, end: int) -> str:
    """Query of the customers with running numbers, in order of sign-up."""
    half = shop.customers / 2
    seconds = int(((LAST - FIRST).days - 2) * 86_400 / half * 1000) / 1000
    return f"""SELECT {customer_id("number")} AS customer_id,
            'c' || number || '@mail.test' AS email,
            CASE WHEN {drawn("number", 21, shop)} < 0.55 THEN 'female' ELSE 'male' END AS sex,
            DATE '1945-01-01' + CAST(floor(22000 * {drawn("number", 22, shop)}) AS INTEGER)
                AS birth_on,
            TIMESTAMP '{FIRST}' + to_seconds(CAST((number - {half}) * {seconds} AS BIGINT))
                AS signed_up_at,
            {chosen(COUNTRIES, drawn("number", 23, shop))} AS country,
            {chosen(CITIES, drawn("number", 24, shop))} AS city,
            {chosen(SOURCES, drawn("number", 25, shop))} AS acquisition_source
        FROM range({start}, {end}) r(number)"""


def customer_id(number: str) -> str:
    """SQL of the shop's own id of a customer."""
    return f"'C' || lpad(({number})::VARCHAR, 8, '0')"


def lines(shop: Shop, start: int, end: int) -> str:
    """Query of the order lines of months, with what they say of their orders."""
    line = "number * 8 + line_no"
    product = (
        f"({ranked(len(CATEGORIES), drawn(line, 31, shop))} - 1) * {PRODUCTS}"
        f" + {ranked(PRODUCTS, drawn(line, 32, shop))} - 1"
    )
    many = f"(1 + CAST(floor(4 * pow({drawn(line, 33, shop)}, 3)) AS INTEGER))"
    back = f"(CASE WHEN {drawn(line, 34, shop)} < 0.02 THEN -1 ELSE 1 END)"
    discount = "round(abs(quantity) * price * (CASE WHEN coupon IS NULL THEN 0 ELSE 0.1 END), 2)"
    return f"""
        WITH orders AS MATERIALIZED (
            SELECT *, {buyer("number", 41, shop)} AS buyer,
                   {chosen(CHANNELS, drawn("number", 42, shop))} AS channel,
                   {chosen(STORES, drawn("number", 43, shop))} AS store,
                   CASE WHEN {drawn("number", 44, shop)} < 0.6 THEN 'card' ELSE 'cash' END
                       AS payment,
                   CASE WHEN {drawn("number", 45, shop)} < 0.12
                        THEN {chosen(COUPONS, drawn("number", 47, shop))} END AS coupon,
                   1 + CAST(floor(7 * {drawn("number", 46, shop)}) AS INTEGER) AS size
            FROM ({moments("orders", start, end)})),
        lines AS (
            SELECT *, {product} AS product, {many} * {back} AS quantity
            FROM (SELECT *, unnest(range(1, size + 1)) AS line_no FROM orders)),
        priced AS (SELECT *, {price(shop)} AS price FROM lines)
        SELECT 'O' || number AS order_id, line_no::VARCHAR AS line_no,
               {customer_id("buyer")} AS customer_id, moment AS ordered_at,
               {PRODUCT_ID} AS product_id, quantity, price AS unit_price,
               quantity * price - sign(quantity) * discount_amount AS amount, discount_amount,
               channel, store, payment AS payment_method, coupon
        FROM (SELECT *, CAST({discount} AS DECIMAL(12,2)) AS discount_amount FROM priced)"""


def events(shop: Shop, start: int, end: int) -> str:
    """Query of the events of months."""
    return f"""SELECT 'E' || number AS event_id, {customer_id(buyer("number", 51, shop))}
            AS customer_id, moment AS occurred_at,
            {chosen(EVENTS, drawn("number", 52, shop))} AS name,
            {chosen(DEVICES, drawn("number", 53, shop))} AS device,
            {chosen(SOURCES, drawn("number", 54, shop))} AS source
        FROM ({moments("events", start, end)})"""


def _listed(values: tuple[str, ...]) -> str:
    return f"list_value({', '.join(repr(each) for each in values)})"
