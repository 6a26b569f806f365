"""Can it be? Values that no customer, product or line can have."""

from __future__ import annotations

from collections.abc import Iterator

from segmentry.core.types import Type
from segmentry.data.available import Loaded
from segmentry.data.checks.check import Check, Severity

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
        "have a negative price",
        "A price is never negative; give corrections as returns, with a negative quantity.",
        failing="unit_price < 0",
        needs=("order_lines.unit_price",),
        shown=("order_id", "product_id", "quantity", "unit_price"),
    )
    yield Check(
        "zero_quantity",
        "order_lines",
        Severity.INFO,
        "have an amount but a quantity of zero",
        "Check the column of quantities.",
        failing="quantity = 0 AND net_amount <> 0",
        needs=("order_lines.quantity",),
        shown=("order_id", "product_id", "quantity", "net_amount"),
    )
    yield Check(
        "price_below_cost",
        "products",
        Severity.INFO,
        "cost more than their price",
        "Check whether the two columns are swapped, or in different currencies.",
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
        "have an e-mail address that cannot be one",
        "Correct the addresses; nothing can be sent to them.",
        failing=r"NOT regexp_full_match(trim(email), '[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]{2,}')",
        needs=("customers.email",),
        among="email IS NOT NULL",
        shown=("customer_id", "email"),
    )
    yield Check(
        "email_of_nobody",
        "customers",
        Severity.INFO,
        "have an e-mail address of a role or a throw-away host",
        "Do not send personal messages there.",
        failing=(
            f"lower(split_part(email, '@', 1)) IN ({_list(ROLE_NAMES)})"
            f" OR lower(split_part(email, '@', 2)) IN ({_list(DISPOSABLE_HOSTS)})"
        ),
        needs=("customers.email",),
        among="email IS NOT NULL",
        shown=("customer_id", "email"),
    )
    yield Check(
        "shared_email",
        "customers",
        Severity.INFO,
        "share their e-mail address with another customer",
        "They may be one person under two ids: see `segmentry duplicates find`.",
        failing="sharing > 1",
        needs=("customers.email",),
        source=(
            "(SELECT customer_id, email, count(*) OVER (PARTITION BY lower(trim(email))) AS sharing"
            " FROM customers WHERE email IS NOT NULL)"
        ),
        shown=("customer_id", "email"),
    )
    yield Check(
        "phone_digits",
        "customers",
        Severity.INFO,
        "have a phone number of fewer than 7 or more than 15 digits",
        "Correct the numbers; they cannot be called.",
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
        "have a sex that is not one of the usual words",
        "Make the words uniform, so that one group is not spread over several names.",
        failing=f"lower(trim(sex)) NOT IN ({_list(SEX_WORDS)})",
        needs=("customers.sex",),
        among="sex IS NOT NULL",
        shown=("customer_id", "sex"),
    )
    yield Check(
        "birth_day",
        "customers",
        Severity.WARNING,
        "were born after today or more than 110 years ago",
        "Correct the days of birth; ages are computed from them.",
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
                "have an age below 0 or above 120",
                "Correct the ages.",
                failing=f'"{name}" NOT BETWEEN 0 AND 120',
                needs=(f"customers.{name}",),
                among=f'"{name}" IS NOT NULL',
                shown=("customer_id", name),
            )


def _list(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{each}'" for each in words)
