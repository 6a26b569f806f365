"""A small shop's schema, and random customers of any schema with rows around an odd instant."""

import datetime as dt
from decimal import Decimal
from random import Random

from segmentry.core.time import AsOf, start_of_day
from segmentry.core.types import Type
from segmentry.language.listed import ENTRIES
from segmentry.language.names import row_fields
from segmentry.language.node import Base, Record
from segmentry.language.schema import Fact, Field, Schema
from segmentry.language.span import Span

TEXTS = (
    "web",
    "shop",
    "UA",
    "PL",
    "a",
    "B",
    "",
    "O'Brien",
    "Львів",
    "Їжак",
    "تهران",
    "کتاب",
    "view_item",
    "add_to_cart",
    "purchase",
    "İ",
    "ΑΣ",
    "50%_",
    "x\ny",
)
ZONES = ("Europe/Kyiv", "UTC", "America/New_York", "Asia/Tehran")
MOMENTS = (
    "2024-03-31",
    "2024-03-31T03:30",
    "2024-10-27T03:30",
    "2024-02-29",
    "2024-03-01",
    "2025-02-28",
    "2025-03-01",
    "2026-01-01",
    "2025-12-31T23:59:59",
    "2024-11-03T01:30",
    "2025-05-31T12:00",
)


def shop() -> Schema:
    """Customers with features of every type, orders, and events."""
    features = {
        "country": Type.TEXT, "city": Type.TEXT, "visits": Type.INTEGER, "ratio": Type.NUMBER,
        "monetary": Type.MONEY, "newsletter": Type.BOOLEAN, "birth_on": Type.DATE,
        "signed_up_at": Type.INSTANT,
    }  # fmt: skip
    order_fields = {
        "order_id": Type.TEXT, "channel": Type.TEXT, "net_amount": Type.MONEY,
        "quantity": Type.NUMBER, "items": Type.INTEGER, "gift": Type.BOOLEAN,
        "delivered_on": Type.DATE, "paid_at": Type.INSTANT,
    }  # fmt: skip
    event_fields = {"event_id": Type.TEXT, "name": Type.TEXT, "seconds": Type.INTEGER}
    facts = {
        "orders": _fact("orders", "ordered", "order_id", order_fields),
        "events": _fact("events", "occurred", "event_id", event_fields),
        ENTRIES.name: ENTRIES,
    }
    named = {name: Field(name, kind) for name, kind in features.items()}
    return Schema(facts=facts, features=named, segments=frozenset({"vip", "staff"}),
                  lists=frozenset({"web", "UA", "included:vip"}))  # fmt: skip


def _fact(name: str, verb: str, key: str, fields: dict[str, Type]) -> Fact:
    return Fact(
        name=name,
        table=name,
        instant=f"{verb}_at",
        day=f"{verb}_on",
        hour=f"{verb}_hour",
        keys=(f"{verb}_at", key),
        fields={each: Field(each, kind) for each, kind in fields.items()},
    )


# customers


def random_as_of(rng: Random) -> AsOf:
    """An instant near which something is odd, in some zone."""
    return AsOf.parse(rng.choice(MOMENTS), rng.choice(ZONES))


def random_base(rng: Random, schema: Schema, customers: int) -> Base:
    """Customers with features, segments and rows, some of them at or after as_of."""
    as_of = random_as_of(rng)
    records = [_record(rng, schema, as_of, number) for number in range(customers)]
    return Base(as_of, records, schema)


def _record(rng: Random, schema: Schema, as_of: AsOf, number: int) -> Record:
    return Record(
        customer_id=f"{number}-{rng.choice(TEXTS)}",
        features={name: _stored(rng, each.type, as_of) for name, each in schema.features.items()},
        facts={fact.name: _rows(rng, fact, as_of) for fact in schema.facts.values()},
        segments=frozenset(name for name in sorted(schema.segments) if rng.random() < 0.4),
    )


def _rows(rng: Random, fact: Fact, as_of: AsOf) -> list[dict]:
    rows = []
    for number in range(rng.choice((0, 0, 1, 2, 3, 5, 8))):
        instant = random_instant(rng, as_of)
        local = AsOf(instant, as_of.timezone).local
        row = {name: _stored(rng, each.type, as_of) for name, each in row_fields(fact).items()}
        row |= {fact.instant: instant, fact.day: local.date(), fact.hour: local.hour}
        row |= {key: f"{rng.choice('aбج')}{number}" for key in fact.keys[1:]}
        rows.append(row)
    return rows


def random_instant(rng: Random, as_of: AsOf) -> dt.datetime:
    """Before as_of, at it, or after it; often on the limit of a window."""
    if rng.random() < 0.5:
        span = Span(rng.choice((1, 2, 3, 7, 30, 90)), rng.choice(("hour", "day", "week", "month")))
        step = rng.choice((-1_000_000, 0, 0, 1_000_000))
        return span.before(as_of) + dt.timedelta(microseconds=step)
    day = as_of.day + dt.timedelta(days=rng.randint(-400, 3))
    start = start_of_day(day, as_of.timezone)
    return start + dt.timedelta(seconds=rng.choice((0, 0, 3600, 7_200, 43_200, 86_399)))


def _stored(rng: Random, kind: Type, as_of: AsOf):
    """A value as data holds it; missing one time in five."""
    if rng.random() < 0.2:
        return None
    match kind:
        case Type.TEXT:
            return rng.choice(TEXTS)
        case Type.INTEGER:
            return rng.choice((rng.randint(-2, 6), rng.randint(-2, 6), 2**40, -(2**62)))
        case Type.NUMBER:
            return rng.choice((rng.randint(-8, 24) / 4, rng.randint(-8, 24) / 4, 0.0, 1e300))
        case Type.MONEY:
            return Decimal(rng.choice((0, 10, 25, 99, 100, 250, -50, 1_234_567))) / Decimal(10)
        case Type.BOOLEAN:
            return rng.random() < 0.5
        case Type.DATE:
            return random_day(rng, as_of)
        case _:
            return random_instant(rng, as_of)


def random_day(rng: Random, as_of: AsOf) -> dt.date:
    """Near as_of, its anniversary, or a leap day."""
    near = as_of.day + dt.timedelta(days=rng.randint(-8, 8))
    if rng.random() < 0.5:
        return near
    if rng.random() < 0.4:
        return dt.date(rng.choice((1996, 2000, 2004, 2024)), 2, 29)
    year = rng.randint(1960, 2026)
    return dt.date(year, near.month, min(near.day, 28))
