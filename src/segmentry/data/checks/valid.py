"""Can it be? Values that no customer, product or line can have."""

from __future__ import annotations

from collections.abc import Iterator

from segmentry.core.types import Type
from segmentry.data.available import Loaded
from segmentry.data.checks.check import Check, Severity
from segmentry.data.checks.counts import ROWS, SIDE, Count

SEX_WORDS = (
    "m", "f", "male", "female", "man", "woman", "other", "diverse", "x", "u", "unknown", "чоловік",
    "жінка", "чоловіча", "жіноча", "ч", "ж", "мужской", "женский", "м", "муж", "жен", "mężczyzna",
    "kobieta", "k", "مرد", "زن", "0", "1", "2", "9",
)  # fmt: skip
ROLE_NAMES = (
    "info", "admin", "office", "sales", "support", "contact", "noreply", "no-reply", "test",
    "webmaster", "postmaster", "none", "no", "nomail", "noemail",
)  # fmt: skip
DISPOSABLE_HOSTS = (
    "mailinator.com", "guerrillamail.com", "10minutemail.com", "tempmail.com", "temp-mail.org",
    "yopmail.com", "trashmail.com", "sharklasers.com", "getnada.com", "example.com", "test.com",
)  # fmt: skip
AGES = ("age", "age_years", "alter", "wiek")


def checks(loaded: Loaded) -> Iterator[Check]:
    """E-mail, phone, sex, birth, age, price and quantity."""
    yield from _addresses()
    yield from _person()
    yield from _ages(loaded)
    yield Check(
        "negative_price",
        "order_lines",
        Severity.WARNING,
        failing="unit_price < 0",
        needs=("order_lines.unit_price",),
        shown=("order_id", "product_id", "quantity", "unit_price"),
    )
    yield Check(
        "zero_quantity",
        "order_lines",
        Severity.INFO,
        failing="quantity = 0 AND net_amount <> 0",
        needs=("order_lines.quantity",),
        shown=("order_id", "product_id", "quantity", "net_amount"),
    )
    yield Check(
        "price_below_cost",
        "products",
        Severity.INFO,
        failing="cost > price",
        needs=("products.price", "products.cost"),
        among="price IS NOT NULL AND cost IS NOT NULL",
        shown=("product_id", "price", "cost"),
    )


def _addresses() -> Iterator[Check]:
    yield Check(
        "email_shape",
        "customers",
        Severity.WARNING,
        failing=r"NOT regexp_full_match(trim(email), '[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]{2,}')",
        needs=("customers.email",),
        among="email IS NOT NULL",
        shown=("customer_id", "email"),
    )
    yield Check(
        "email_of_nobody",
        "customers",
        Severity.INFO,
        failing=(
            f"lower(split_part(email, '@', 1)) IN ({_list(ROLE_NAMES)})"
            f" OR lower(split_part(email, '@', 2)) IN ({_list(DISPOSABLE_HOSTS)})"
        ),
        needs=("customers.email",),
        among="email IS NOT NULL",
        shown=("customer_id", "email"),
    )
    address = "lower(email)"
    same = (
        f"(SELECT {SIDE} count(*) AS n FROM {ROWS} WHERE email IS NOT NULL"
        f" GROUP BY {SIDE} {address})"
    )
    sharing = Count("customers", "sum(n) FILTER (n > 1)", rows=same, group=(address,))
    every = Count("customers", "count(email)")
    yield Check(
        "shared_email",
        "customers",
        Severity.INFO,
        failing="sharing > 1",
        needs=("customers.email",),
        source=(
            f"(SELECT customer_id, email, count(*) OVER (PARTITION BY {address}) AS sharing"
            " FROM customers WHERE email IS NOT NULL)"
        ),
        pair=(sharing, every),
        shown=("customer_id", "email"),
    )
    yield Check(
        "phone_digits",
        "customers",
        Severity.INFO,
        failing="length(regexp_replace(split_part(phone, 'x', 1), '[^0-9]', '', 'g'))"
        " NOT BETWEEN 7 AND 15",
        needs=("customers.phone",),
        among="phone IS NOT NULL",
        shown=("customer_id", "phone"),
    )


def _person() -> Iterator[Check]:
    yield Check(
        "sex_words",
        "customers",
        Severity.INFO,
        failing=f"lower(trim(sex)) NOT IN ({_list(SEX_WORDS)})",
        needs=("customers.sex",),
        among="sex IS NOT NULL",
        shown=("customer_id", "sex"),
    )
    yield Check(
        "birth_day",
        "customers",
        Severity.WARNING,
        failing="birth_on > {day} OR birth_on < {day} - INTERVAL 110 YEAR",
        needs=("customers.birth_on",),
        among="birth_on IS NOT NULL",
        shown=("customer_id", "birth_on"),
    )


def _ages(loaded: Loaded) -> Iterator[Check]:
    for name, kind in loaded.get("customers", {}).items():
        if name in AGES and kind in (Type.INTEGER, Type.NUMBER):
            yield Check(
                f"age_of_{name}",
                "customers",
                Severity.WARNING,
                failing=f'"{name}" NOT BETWEEN 0 AND 120',
                needs=(f"customers.{name}",),
                among=f'"{name}" IS NOT NULL',
                shown=("customer_id", name),
                text="age_of",
                column=name,
            )


def _list(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{each}'" for each in words)
