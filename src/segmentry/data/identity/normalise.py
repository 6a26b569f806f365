"""Customers in a form in which the same is written the same, in a table of its own.

`customer_keys` has one row for each record of a customer. What is loaded stays as it is; each
distinct value is made comparable once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import resources

import pyarrow as pa
import yaml

from segmentry.data.identity.contact import email_key, phone_key
from segmentry.data.identity.names import LOADER, fold, given_and_family, root
from segmentry.engines.duckdb import DuckDB

KEYS = "customer_keys"
COMMON = 20
"""A mailbox or number of more records than this is a till's or a placeholder, and says nothing."""
USUAL = 0.001
"""Share of the records from which on a given name is one of its own, not a slip of the keyboard."""
SEXES = {
    "m": ("m", "male", "man", "mr", "ч", "чол", "чоловік", "чоловіча", "муж", "мужской", "м",
          "mężczyzna", "мужчина", "مرد"),
    "f": ("f", "female", "woman", "mrs", "ж", "жін", "жінка", "жіноча", "жен", "женский", "k",
          "kobieta", "женщина", "زن"),
}  # fmt: skip
FIELDS = ("email", "phone", "name", "first_name", "last_name", "birth_on", "sex", "city",
          "postal_code", "country")  # fmt: skip
"""Columns of customers that tell who somebody is."""

Row = Sequence[str | None]


def normalise(session: DuckDB, country: str | None = None) -> int:
    """Make `customer_keys` anew; returns the number of records.

    Args:
        country: Where phone numbers are from that do not say it, of customers who do not either.
    """
    parts = {
        "emails": (["email"], _email),
        "phones": (["phone", "country"], lambda row: _phone(row, country)),
        "names": (["name", "first_name", "last_name"], _name),
        "cities": (["city"], lambda row: {"city_key": fold(row[0] or "") or None}),
    }
    joins = []
    for name, (columns, made) in parts.items():
        _distinct(session, f"key_{name}", columns, made)
        same = " AND ".join(f"c.{each} IS NOT DISTINCT FROM {name}.{each}" for each in columns)
        joins.append(f"LEFT JOIN key_{name} {name} ON {same}")
    session.create(KEYS, f"{SELECT} FROM customers c {' '.join(joins)}")
    for name in parts:
        session.drop(f"key_{name}")
    session.execute(PUT_RIGHT)
    session.execute(f"ALTER TABLE {KEYS} ADD COLUMN usual BOOLEAN")
    session.execute(
        f"UPDATE {KEYS} SET usual = given_root IN (SELECT given_root FROM {KEYS}"
        f" GROUP BY given_root HAVING count(*) >= greatest(5, {USUAL} *"
        f" (SELECT count(given_root) FROM {KEYS})))"
    )
    for column in ("email", "phone"):
        _forget_common(session, column)
    return int(session.value(f"SELECT count(*) FROM {KEYS}"))


SEX = " ".join(
    f"WHEN lower(trim(c.sex)) IN ({', '.join(repr(each) for each in words)}) THEN '{sex}'"
    for sex, words in SEXES.items()
)
SELECT = f"""SELECT c.customer_no, email_key AS email, split_part(email_key, '@', 1) AS local,
    phone_key AS phone, given, family, given_root, family_root, c.birth_on AS birth,
    CASE {SEX} END AS sex, city_key AS city,
    nullif(upper(regexp_replace(c.postal_code, '[^0-9A-Za-z]', '', 'g')), '') AS postal"""


PUT_RIGHT = f"""WITH
    as_given AS (SELECT given_root AS word, count(*) AS n FROM {KEYS} GROUP BY ALL),
    as_family AS (SELECT family AS word, count(*) AS n FROM {KEYS} GROUP BY ALL),
    words AS (
        SELECT word, coalesce(g.n, 0) - coalesce(f.n, 0) AS lean
        FROM as_given g FULL JOIN as_family f USING (word)),
    turned AS (
        SELECT customer_no FROM {KEYS} k JOIN words g ON g.word = k.given_root
        JOIN words f ON f.word = k.family_root WHERE g.lean < 0 AND f.lean > 0)
    UPDATE {KEYS} SET given = family, family = given,
        given_root = family_root, family_root = given_root
    WHERE customer_no IN (FROM turned)"""
"""Names in each other's place, told by how the others use the two words."""


def _distinct(
    session: DuckDB,
    table: str,
    columns: Sequence[str],
    made: Callable[[Row], Mapping[str, str | None]],
) -> None:
    """A table of the distinct values of columns with what is made of them."""
    listed = ", ".join(columns)
    told = " OR ".join(f"{each} IS NOT NULL" for each in columns)
    found = session.fetch(f"SELECT DISTINCT {listed} FROM customers WHERE {told}")
    values = [found.column(each).to_pylist() for each in columns]
    keys = [made(row) for row in zip(*values, strict=True)]
    names = list(made([None] * len(columns)))
    for name in names:
        found = found.append_column(name, pa.array([each[name] for each in keys], pa.string()))
    with session.registered("keys_made", found):
        session.create(table, "SELECT * FROM keys_made", temporary=True)


def _email(row: Row) -> dict[str, str | None]:
    return {"email_key": email_key(row[0]) if row[0] else None}


def _phone(row: Row, country: str | None) -> dict[str, str | None]:
    phone, place = row
    region = region_of(place) or country
    return {"phone_key": phone_key(phone, region) if phone else None}


def _name(row: Row) -> dict[str, str | None]:
    """Given and family name: those of the file, else those that the full name seems to tell."""
    full, first, last = row
    given, family = fold((first or "").split(" ")[0]), fold(last or "")
    if not (given and family) and full:
        guessed = given_and_family(full)
        given, family = given or guessed[0], family or guessed[1]
    return {"given": given or None, "family": family or None,
            "given_root": root(given) or None, "family_root": root(family) or None}  # fmt: skip


def region_of(country: str | None) -> str | None:
    """Two letters of a country as people write it; `None` when it is not known.

    >>> region_of("Україна"), region_of("pl"), region_of("Narnia")
    ('UA', 'PL', None)
    """
    return _regions().get((country or "").strip().casefold())


@cache
def _regions() -> Mapping[str, str]:
    file = resources.files(__package__) / "countries.yaml"
    named: dict[str, list[str]] = yaml.load(file.read_text(encoding="utf-8"), LOADER)  # noqa: S506 - a safe loader
    return {each.casefold(): code for code, names in named.items() for each in (code, *names)}


def _forget_common(session: DuckDB, column: str) -> None:
    session.execute(
        f"UPDATE {KEYS} SET {column} = NULL WHERE {column} IN (SELECT {column} FROM {KEYS}"
        f" GROUP BY {column} HAVING count(*) > {COMMON})"
    )


__all__ = ["FIELDS", "KEYS", "normalise", "region_of"]
