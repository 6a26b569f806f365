"""The canonical entities: what a shop's tables become, column by column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from segmentry.core.errors import UnknownNameError
from segmentry.core.types import Type


@dataclass(frozen=True, slots=True)
class Attribute:
    """A canonical column.

    Args:
        required: Records without it are rejected.
        meaning: One line for people, shown when a column is missing or asked about.
    """

    name: str
    type: Type
    meaning: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Entity:
    """A canonical table.

    Args:
        key: Attributes that name a record; a record with a known key updates it.
        instant: The attribute that says when; `None` for entities without time.
        open_ended: Whether further columns of a file are kept (traits of customers, filterable
            columns of facts).
    """

    name: str
    meaning: str
    attributes: Mapping[str, Attribute] = field(repr=False)
    key: tuple[str, ...]
    instant: str | None = None
    open_ended: bool = True

    @property
    def required(self) -> tuple[str, ...]:
        """Attributes without which a record is rejected."""
        return tuple(each.name for each in self.attributes.values() if each.required)


def _attributes(*rows: tuple[str, Type, str] | tuple[str, Type, str, bool]) -> dict[str, Attribute]:
    return {row[0]: Attribute(*row) for row in rows}


TEXT, INTEGER, NUMBER = Type.TEXT, Type.INTEGER, Type.NUMBER
MONEY, BOOLEAN, DATE, INSTANT = Type.MONEY, Type.BOOLEAN, Type.DATE, Type.INSTANT

CUSTOMERS = Entity(
    "customers",
    "people or companies that buy",
    _attributes(
        ("customer_id", TEXT, "the shop's own id of the customer", True),
        ("email", TEXT, "e-mail address"),
        ("phone", TEXT, "phone number"),
        ("name", TEXT, "full name"),
        ("first_name", TEXT, "given name"),
        ("last_name", TEXT, "family name"),
        ("sex", TEXT, "sex"),
        ("birth_on", DATE, "day of birth"),
        ("signed_up_at", INSTANT, "when the customer registered"),
        ("country", TEXT, "country"),
        ("region", TEXT, "region or state"),
        ("city", TEXT, "city"),
        ("postal_code", TEXT, "postal code"),
        ("income", TEXT, "income or income band"),
        ("education", TEXT, "level of education"),
        ("occupation", TEXT, "occupation"),
        ("job_level", TEXT, "position in the hierarchy of the company"),
        ("marital_status", TEXT, "marital status"),
        ("household_size", TEXT, "people in the household"),
        ("children", TEXT, "number of children"),
        ("acquisition_source", TEXT, "where the customer came from"),
        ("company_id", TEXT, "the company the customer belongs to"),
    ),
    key=("customer_id",),
)
NUMBER_OR_BAND = ("income", "household_size", "children")
"""Attributes of customers that are text, because some shops know a band only (`35-49K`, `3+`).

Where all values of a column are numbers, they are kept as plain ones: `90000` for `$90,000`.
"""
COMPANIES = Entity(
    "companies",
    "companies that customers belong to",
    _attributes(
        ("company_id", TEXT, "the company's id", True),
        ("name", TEXT, "name"),
        ("industry", TEXT, "industry"),
        ("employee_count", INTEGER, "number of employees"),
        ("country", TEXT, "country"),
        ("city", TEXT, "city"),
        ("parent_id", TEXT, "the company above it"),
    ),
    key=("company_id",),
)
ORDERS = Entity(
    "orders",
    "purchases",
    _attributes(
        ("order_id", TEXT, "the order's number; made from customer and time when there is none"),
        ("customer_id", TEXT, "who bought", True),
        ("ordered_at", INSTANT, "when", True),
        ("amount", MONEY, "what was paid; negative for a refund", True),
        ("discount_amount", MONEY, "how much cheaper it was than the list price"),
        ("currency", TEXT, "currency of the amounts"),
        ("channel", TEXT, "web, shop, phone …"),
        ("payment_method", TEXT, "card, cash …"),
        ("store", TEXT, "which shop or site"),
        ("status", TEXT, "state of the order (paid, cancelled …)"),
        ("coupon", TEXT, "promotion code used"),
    ),
    key=("order_id",),
    instant="ordered_at",
)
ORDER_LINES = Entity(
    "order_lines",
    "products in an order",
    _attributes(
        ("order_id", TEXT, "the order it belongs to", True),
        ("line_no", TEXT, "number of the line in the order"),
        ("product_id", TEXT, "what was bought"),
        ("quantity", NUMBER, "how many; negative for a return"),
        ("unit_price", MONEY, "price of one"),
        ("amount", MONEY, "what was paid for the line; quantity times price when there is none"),
        ("discount_amount", MONEY, "how much cheaper the line was than the list price"),
    ),
    key=("order_id", "line_no"),
    instant="ordered_at",
)
PRODUCTS = Entity(
    "products",
    "what is sold",
    _attributes(
        ("product_id", TEXT, "the product's number", True),
        ("name", TEXT, "name"),
        ("category", TEXT, "category or department"),
        ("subcategory", TEXT, "finer category"),
        ("brand", TEXT, "brand"),
        ("price", MONEY, "list price"),
        ("cost", MONEY, "what one costs the shop"),
    ),
    key=("product_id",),
)
EVENTS = Entity(
    "events",
    "what customers do: visits, carts, goals",
    _attributes(
        ("event_id", TEXT, "the event's id"),
        ("customer_id", TEXT, "who", True),
        ("occurred_at", INSTANT, "when", True),
        ("name", TEXT, "what: page_view, add_to_cart, add_to_wishlist, begin_checkout …", True),
        ("page", TEXT, "page or address"),
        ("session_id", TEXT, "visit it belongs to"),
        ("source", TEXT, "where the visit came from"),
        ("device", TEXT, "desktop, phone …"),
        ("duration_seconds", NUMBER, "time spent"),
        ("product_id", TEXT, "product it is about"),
        ("amount", MONEY, "money it is about"),
    ),
    key=("event_id",),
    instant="occurred_at",
)
SURVEY_ANSWERS = Entity(
    "survey_answers",
    "answers to survey questions",
    _attributes(
        ("customer_id", TEXT, "who answered", True),
        ("answered_at", INSTANT, "when", True),
        ("survey", TEXT, "which survey"),
        ("question", TEXT, "the question", True),
        ("answer", TEXT, "the answer"),
    ),
    key=("customer_id", "survey", "question", "answered_at"),
    instant="answered_at",
)
TOUCHPOINTS = Entity(
    "touchpoints",
    "contacts with customers: mails, calls, tickets, coupons redeemed",
    _attributes(
        ("touchpoint_id", TEXT, "the contact's id"),
        ("customer_id", TEXT, "with whom", True),
        ("occurred_at", INSTANT, "when", True),
        ("kind", TEXT, "sent, opened, clicked, called, redeemed, reviewed …", True),
        ("channel", TEXT, "e-mail, phone, post …"),
        ("campaign", TEXT, "campaign it belongs to"),
    ),
    key=("touchpoint_id",),
    instant="occurred_at",
)
COSTS = Entity(
    "costs",
    "money spent on marketing",
    _attributes(
        ("cost_id", TEXT, "the booking's id"),
        ("spent_at", INSTANT, "when", True),
        ("amount", MONEY, "how much", True),
        ("currency", TEXT, "currency of the amount"),
        ("campaign", TEXT, "for which campaign"),
        ("channel", TEXT, "for which channel"),
    ),
    key=("cost_id",),
    instant="spent_at",
)
CONSENTS = Entity(
    "consents",
    "permissions to contact",
    _attributes(
        ("customer_id", TEXT, "who", True),
        ("channel", TEXT, "for which channel", True),
        ("purpose", TEXT, "for what"),
        ("given", BOOLEAN, "yes or no", True),
        ("recorded_at", INSTANT, "when it was said", True),
    ),
    key=("customer_id", "channel", "purpose", "recorded_at"),
    instant="recorded_at",
)

ENTITIES: Mapping[str, Entity] = {
    each.name: each
    for each in (
        CUSTOMERS, COMPANIES, ORDERS, ORDER_LINES, PRODUCTS, EVENTS, SURVEY_ANSWERS, TOUCHPOINTS,
        COSTS, CONSENTS,
    )
}  # fmt: skip


def entity(name: str) -> Entity:
    """The entity called `name`.

    Raises:
        UnknownNameError: There is none.
    """
    if name not in ENTITIES:
        raise UnknownNameError("entity", name, ENTITIES)
    return ENTITIES[name]


def money_attributes(each: Entity) -> Iterator[str]:
    """Names of the attributes that hold money."""
    return (name for name, attribute in each.attributes.items() if attribute.type is MONEY)
