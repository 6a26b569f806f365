"""What the records of a source are, and which columns are which attributes, by their names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from segmentry.core.types import Type
from segmentry.data.entity import ENTITIES
from segmentry.data.plan import FEEDS
from segmentry.data.synonym import (
    Synonyms,
    names_of_returns,
    plain_name,
    synonyms,
    without_unit,
)

SUMMED = ("discount_amount",)
"""Attributes for which all columns that match are added up."""
FALLBACKS = ("email", "phone", "name")
"""What names a customer when no column holds an id, the surest first."""
LINE_PARTS = ("quantity", "unit_price", "amount")


@dataclass(slots=True)
class Match:
    """Columns taken for attributes of the record's entity and of those it feeds.

    Args:
        returned: Whether the names say that all records tell of what was given back.
    """

    record: str
    attributes: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    why: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Column → `entity.attribute`, and why."""
    returned: bool = False

    def has(self, entity: str, *names: str) -> bool:
        """Whether any of the attributes has a column."""
        return any(name in self.attributes.get(entity, {}) for name in names)

    def take(self, entity: str, attribute: str, columns: tuple[str, ...], why: str) -> None:
        """Take columns for an attribute."""
        self.attributes.setdefault(entity, {})[attribute] = columns
        for column in columns:
            self.why.setdefault(column, (f"{entity}.{attribute}", why))

    def leave(self, column: str) -> None:
        """Take a column away from every attribute."""
        self.why.pop(column, None)
        for attributes in self.attributes.values():
            for attribute, columns in list(attributes.items()):
                kept = tuple(each for each in columns if each != column)
                if not kept:
                    del attributes[attribute]
                elif kept != columns:
                    attributes[attribute] = kept

    @property
    def taken(self) -> set[str]:
        """All columns that are used."""
        return set(self.why)


def match(columns: Sequence[str], entity: str | None) -> Match | None:
    """The most likely meaning of a header; `None` when it fits no entity.

    Args:
        columns: Names as they stand.
        entity: What the records are, if known.
    """
    if entity is not None:
        wanted = ["order_lines", entity] if entity == "orders" else [entity]
        tried = [_matched(columns, each) for each in wanted]
        return next((each for each in tried if _complete(each)), tried[-1])
    tried = [_matched(columns, each) for each in ORDER]
    complete = sorted((each for each in tried if _complete(each)), key=_is_shopping)
    if not complete:
        return next((each for each in tried if _nearly(each)), None)
    first = complete[0]
    if first.record not in THINGS:
        return first
    return max(
        (each for each in complete if each.record in THINGS),
        key=lambda each: len(each.attributes.get(each.record, {})),
    )


ORDER = (
    "survey_answers", "consents", "order_lines", "orders", "events", "touchpoints", "costs",
    "customers", "products", "companies",
)  # fmt: skip
THINGS = ("customers", "products", "companies")


def _matched(columns: Sequence[str], record: str) -> Match:
    """Columns given to attributes, those of the record first, each column once."""
    names = _names(columns)
    back = _returned(names) if record in ("orders", "order_lines") else {}
    found = Match(record, returned=bool(back))
    names |= back
    for entity in (record, *FEEDS[record]):
        if entity == "orders" and record == "order_lines":
            _take_head(found, names)
            continue
        for attribute, known in synonyms()[entity].items():
            if not _belongs(found, record, entity, attribute):
                continue
            _take_first(found, names, entity, attribute, known, own=entity == record)
        if "customer_id" in ENTITIES[entity].attributes and entity != "customers":
            _take_customer(found, names, entity)
    if record == "customers":
        _take_own_key(found, columns)
    elif found.has(record, "customer_id") or found.has("orders", "customer_id"):
        owner = record if found.has(record, "customer_id") else "orders"
        found.take("customers", "customer_id", found.attributes[owner]["customer_id"], "")
    return found


def _take_own_key(found: Match, columns: Sequence[str]) -> None:
    """What names a person in a table of people without a customer's id: its own first key."""
    if found.has("customers", "customer_id") or len(found.attributes.get("customers", {})) < 3:
        return
    first = columns[0]
    if first not in found.taken and plain_name(first).endswith(("_id", "_key", "_no", "_code")):
        found.take("customers", "customer_id", (first,), "the key of the first column")
        return
    for attribute in FALLBACKS:
        if found.has("customers", attribute):
            named = found.attributes["customers"][attribute]
            found.take("customers", "customer_id", named, "no column holds an id")
            return


def _names(columns: Iterable[str]) -> dict[str, str]:
    """Plain name → column; a name without its unit counts where nothing else has it."""
    names: dict[str, str] = {}
    for column in columns:
        names.setdefault(plain_name(column), column)
    for column in columns:
        names.setdefault(without_unit(plain_name(column)), column)
    return names


def _returned(names: Mapping[str, str]) -> dict[str, str]:
    """Attribute → column, where the names are those of a file of returns; else nothing.

    It has a time of the return and none of the sale. How many or how much must be called that of a
    return too, unless nothing names an order, of whose lines some might be returned.
    """
    back = {
        attribute: next(names[name] for name in known if name in names)
        for attribute, known in names_of_returns().items()
        if any(name in names for name in known)
    }
    known = synonyms()
    sold = any(name in names for name in known["orders"]["ordered_at"].everywhere)
    of_orders = any(name in names for name in known["order_lines"]["order_id"].everywhere)
    if "ordered_at" not in back or sold or (of_orders and len(back) == 1):
        return {}
    return back


def _belongs(found: Match, record: str, entity: str, attribute: str) -> bool:
    """Whether an attribute of an entity that is only fed may be taken from such records."""
    if attribute in {"customer_id", "order_id"} and entity != record:
        return False
    if entity == record:
        return True
    if entity == "products":
        return record == "order_lines" and found.has("order_lines", "product_id")
    return entity == "customers"


def _take_first(
    found: Match,
    names: Mapping[str, str],
    entity: str,
    attribute: str,
    known: Synonyms,
    *,
    own: bool,
) -> None:
    usable = [name for name in known.everywhere if own or name not in known.own]
    columns = [names[name] for name in usable if name in names]
    free = [column for column in dict.fromkeys(columns) if column not in found.taken]
    if attribute == "product_id" and entity == "products" and not own:
        free = list(found.attributes["order_lines"]["product_id"])
    if not free:
        return
    chosen = tuple(free) if attribute in SUMMED else (free[0],)
    found.take(entity, attribute, chosen, f"called `{free[0]}`")


def _take_customer(found: Match, names: Mapping[str, str], entity: str) -> None:
    """The customer's id among the facts; the e-mail, phone or name where there is no id."""
    if found.has(entity, "customer_id"):
        return
    known = synonyms()["customers"]
    for attribute in ("customer_id", *FALLBACKS):
        usable = [n for n in known[attribute].everywhere if n not in known[attribute].own]
        column = next((names[n] for n in usable if n in names), None)
        if column is not None and column not in found.taken:
            why = "names the customer" if attribute == "customer_id" else "no column holds an id"
            found.take(entity, "customer_id", (column,), why)
            return


def _take_head(found: Match, names: Mapping[str, str]) -> None:
    """What records of lines say about their order; amounts are those of the lines."""
    for attribute, known in synonyms()["orders"].items():
        if attribute not in {"order_id", "amount", "discount_amount"}:
            _take_first(found, names, "orders", attribute, known, own=False)
    _take_customer(found, names, "orders")
    if found.has("orders", "customer_id", "ordered_at") and found.has("order_lines", "order_id"):
        found.take("orders", "order_id", found.attributes["order_lines"]["order_id"], "")


def _complete(found: Match) -> bool:
    """Whether a match has what records of its entity need, and what tells them from others."""
    record = found.record
    if record == "order_lines":
        named = found.returned or found.has("orders", "customer_id")
        owned = named and found.has("orders", "ordered_at")
        return (
            (owned or found.has(record, "order_id"))
            and found.has(record, "product_id", "line_no")
            and found.has(record, *LINE_PARTS)
            and (found.has(record, "quantity", "product_id"))
        )
    if not all(found.has(record, name) for name in ENTITIES[record].required):
        return False
    if record == "costs":
        return found.has(record, "campaign", "channel")
    if record in THINGS:
        return len(found.attributes[record]) > 1
    return True


def _is_shopping(found: Match) -> bool:
    """False for records of what is plainly done on a page, which go before orders."""
    seen = ("page", "session_id", "source", "device")
    marks = sum(found.has("events", each) for each in seen)
    return not (found.record == "events" and marks > 1)


def _nearly(found: Match) -> bool:
    """Whether records are so likely of an entity that saying what they lack helps."""
    record = found.record
    if record == "orders":
        return found.has(record, "customer_id", "order_id") and found.has(
            record, "ordered_at", "amount"
        )
    if record == "touchpoints":
        return found.has(record, "customer_id") and found.has(record, "campaign", "occurred_at")
    return record == "customers" and found.has(record, "customer_id")


def typed(found: Match) -> dict[str, Type]:
    """The type each used column is to have; text only if nothing else asks for it."""
    types: dict[str, Type] = {}
    for entity, attributes in found.attributes.items():
        for attribute, columns in attributes.items():
            kind = ENTITIES[entity].attributes[attribute].type
            for column in columns:
                if types.get(column, Type.TEXT) is Type.TEXT:
                    types[column] = kind
    return types
