"""Records of one customer that are not loaded yet, as the rows that loading would make of them.

They come as plain values (JSON, or Python's own), named as the attributes of their entity, so there
is nothing to guess: numbers are numbers, instants are written as ISO 8601 says. The policies are
those of a load that declares none.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from segmentry.core.errors import InputError, UnknownNameError
from segmentry.core.time import to_local, to_utc
from segmentry.core.types import MONEY_PLACES, Type, Value
from segmentry.data.classify import CANCELLED_WORDS, REFUNDED_WORDS
from segmentry.data.entity import ENTITIES, Entity
from segmentry.data.happenings import NAMINGS
from segmentry.data.tables import MADE_KEYS, day_of, hour_of

Fresh = Mapping[str, Sequence[Mapping[str, Any]]]
"""Records by entity; orders may hold their `lines`."""
Row = dict[str, Value]
Columns = Mapping[str, Mapping[str, Type]]
"""Entity → column → type, of what is loaded: what records may say beside their attributes."""

LINES = "lines"
TAKEN = ("orders", *(name for name in MADE_KEYS if name != "costs"))
ZERO = Decimal(0)


def fresh_rows(
    fresh: Fresh, customer_id: str, timezone: str, loaded: Columns
) -> Iterator[tuple[str, Row]]:
    """Table and row of each record, an order's lines after it.

    Raises:
        UnknownNameError: There is no such entity or attribute.
        InputError: A value is not what its attribute holds, or one that is needed is missing.
    """
    for name, records in fresh.items():
        if name not in TAKEN:
            raise UnknownNameError("kind of fresh record", name, TAKEN)
        for number, given in enumerate(records, 1):
            record = {"customer_id": customer_id, **given}
            lines = record.pop(LINES, ()) if name == "orders" else ()
            where = f"{name}, record {number}"
            read = _Reading(timezone, loaded, where)
            if name == "orders":
                yield from _order(read, record, lines)
            else:
                yield name, _happening(read, name, record)


@dataclass(frozen=True, slots=True)
class Received:
    """A record that somebody sent, with its values as their attributes hold them.

    Args:
        key: What names it within its entity: a record of the same key takes its place.
        values: What it says, missing values left out; of an order, its lines too.
    """

    entity: str
    key: str
    customer_id: str
    values: Mapping[str, Any]

    def as_json(self) -> str:
        """The values as one line; `read_json` and a load read the same from it."""
        return json.dumps(self.values, ensure_ascii=False, separators=(",", ":"), default=_written)


def received(
    entity: str, record: Mapping[str, Any], timezone: str, loaded: Columns, number: int = 1
) -> Received:
    """A record with its values checked and its key; an order or event has to bring its own id.

    Args:
        number: Which record it is, for what an error says.

    Raises:
        UnknownNameError: There is no such entity or attribute.
        InputError: A value is not what its attribute holds, or one that is needed is missing.
    """
    if entity not in TAKEN:
        raise UnknownNameError("kind of fresh record", entity, TAKEN)
    read = _Reading(timezone, loaded, f"{entity}, record {number}")
    own = {each: value for each, value in record.items() if each != LINES or entity != "orders"}
    row = read.row(entity, own)
    values: dict[str, Any] = {each: value for each, value in row.items() if value is not None}
    if entity == "orders" and LINES in record:
        values[LINES] = [
            _received_line(read, values, line, place) for place, line in enumerate(record[LINES], 1)
        ]
    key = _key(entity, row, read.where)
    if entity == "orders":
        list(_order(read, own, record.get(LINES, ())))  # amounts have to be there
    return Received(entity, key, str(row["customer_id"]), values)


def _received_line(
    read: _Reading, order: Mapping[str, Any], given: Mapping[str, Any], place: int
) -> dict[str, Any]:
    said = {"order_id": order.get("order_id"), "line_no": str(place), **given}
    return {
        each: value for each, value in read.row("order_lines", said).items() if value is not None
    }


def _key(entity: str, row: Row, where: str) -> str:
    named = {"orders": "order_id", "events": "event_id"}.get(entity)
    if named is not None:
        if row[named] is None:
            raise InputError(
                f"`{named}` is missing.",
                where=where,
                fix="Give each its own id: sent twice, it counts once.",
            )
        return str(row[named])
    own = row.get(MADE_KEYS[entity])
    parts = [own] if own is not None else [row[each] for each in NAMINGS[entity].parts]
    return "|".join("" if each is None else str(each) for each in parts)


def _written(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat() + "Z"
    return str(value)


class _Reading:
    """Values of one record."""

    def __init__(self, timezone: str, loaded: Columns, where: str) -> None:
        self.timezone, self.loaded, self.where = timezone, loaded, where

    def row(self, name: str, given: Mapping[str, Any]) -> Row:
        """The values of the attributes; all of them, missing ones too.

        Raises:
            InputError: One is of another kind, or a required one is missing.
        """
        entity, extras = ENTITIES[name], self.loaded.get(name, {})
        types = {each.name: each.type for each in entity.attributes.values()}
        known = {**extras, **types}
        for each in given:
            if each not in known:
                raise UnknownNameError(f"attribute of {name}", each, known, where=self.where)
        row = {each: self._value(given.get(each), kind, each) for each, kind in known.items()}
        self._complete(entity, row)
        return row

    def _complete(self, entity: Entity, row: Row) -> None:
        for each in entity.required:
            needed = each not in ("order_id", "amount") or entity.name == "events"
            if needed and row.get(each) is None:
                raise InputError(f"`{each}` is missing.", where=self.where, fix="Fill it in.")

    def _value(self, given: Any, kind: Type, name: str) -> Value:
        if given is None or given == "":
            return None
        try:
            return _READ[kind](given) if kind is not Type.INSTANT else self._instant(given)
        except (TypeError, ValueError, InvalidOperation) as error:
            raise InputError(
                f"`{name}` cannot be read as {kind.value}.",
                where=self.where,
                fix="Numbers stand as numbers, instants as 2026-01-31T12:30:00.",
            ) from error

    def _instant(self, given: str | datetime) -> datetime:
        found = datetime.fromisoformat(given) if isinstance(given, str) else given
        if found.tzinfo is None:
            return to_utc(found, self.timezone)
        return found.astimezone(UTC).replace(tzinfo=None)

    def moment(self, name: str, row: Row) -> Row:
        """The local day and hour of an instant, under their names."""
        instant = row[name]
        assert isinstance(instant, datetime)
        local = to_local(instant, self.timezone)
        return {day_of(name): local.date(), hour_of(name): local.hour}


def _happening(read: _Reading, name: str, record: Mapping[str, Any]) -> Row:
    row, key = read.row(name, record), MADE_KEYS[name]
    instant = ENTITIES[name].instant or ""
    if row.get(key) is None:
        parts = NAMINGS[name].parts
        made = "|".join("" if row[each] is None else str(row[each]) for each in parts)
        row[key] = made + ("" if NAMINGS[name].unique else "|1")
    return row | read.moment(instant, row)


def _order(
    read: _Reading, record: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[str, Row]]:
    row = read.row("orders", record)
    moment = {"ordered_at": row["ordered_at"], **read.moment("ordered_at", row)}
    if row["order_id"] is None:
        row["order_id"] = f"{row['customer_id']}|{row['ordered_at']}|1"
    bought = [_line(read, row, each, number) for number, each in enumerate(lines)]
    amount = row.pop("amount")
    if isinstance(amount, Decimal):
        row |= _paid(amount, row.get("status"))
    else:
        row |= _summed(read, bought)
    row |= {**moment, "is_purchase": row["gross_amount"] > ZERO}  # type: ignore[operator]
    yield "orders", row
    yield from (("order_lines", each | moment) for each in bought)


def _line(read: _Reading, order: Row, given: Mapping[str, Any], number: int) -> Row:
    line = read.row("order_lines", {"order_id": order["order_id"], **given})
    amount, quantity, price = (line.pop("amount"), line["quantity"], line["unit_price"])
    if amount is None and isinstance(price, Decimal):
        amount = _money(Decimal(repr(quantity if quantity is not None else 1.0)) * price)
    if not isinstance(amount, Decimal):
        raise InputError(
            "a line says neither amount nor price.", where=read.where, fix="Fill it in."
        )
    kind = "purchase" if amount > 0 else "free" if amount == 0 else "return"
    if amount == 0 and isinstance(quantity, float) and quantity < 0:
        kind = "return"
    cancelled = _said(order.get("status"), CANCELLED_WORDS)
    key = next((line[each] for each in ("line_no", "product_id") if line[each] is not None), "")
    line["line_key"] = f"{key}" if line["line_no"] is not None else f"{key}\x1f{number}"
    made: Row = {"kind": "cancellation" if cancelled else kind, "is_product": True}
    return line | made | _paid(amount, order.get("status"))


def _summed(read: _Reading, lines: Sequence[Row]) -> Row:
    if not lines:
        raise InputError(
            "an order says neither an amount nor lines.", where=read.where, fix="Fill it in."
        )
    names = ("gross_amount", "returned_amount", "net_amount")
    return {name: sum((_decimal(each[name]) for each in lines), ZERO) for name in names}


def _paid(amount: Decimal, status: Value) -> Row:
    """What was paid, given back, and the difference, as policy says by default."""
    gross, returned = max(amount, ZERO), max(-amount, ZERO)
    if _said(status, CANCELLED_WORDS):
        gross = ZERO
    elif _said(status, REFUNDED_WORDS):
        returned = abs(amount)
    return {"gross_amount": gross, "returned_amount": returned, "net_amount": gross - returned}


def _said(status: Value, words: Sequence[str]) -> bool:
    return isinstance(status, str) and status.strip().lower() in words


def _decimal(value: Value) -> Decimal:
    assert isinstance(value, Decimal)
    return value


def _money(given: Any) -> Decimal:
    number = given if isinstance(given, Decimal) else Decimal(repr(given).strip("'"))
    if isinstance(given, bool) or not number.is_finite():
        raise ValueError(given)
    return number.quantize(Decimal(1).scaleb(-MONEY_PLACES), ROUND_HALF_UP)


def _number(given: Any) -> float:
    if isinstance(given, bool | str):
        raise TypeError(given)
    return float(given)


def _whole(given: Any) -> int:
    if isinstance(given, bool | str) or int(given) != given:
        raise TypeError(given)
    return int(given)


def _truth(given: Any) -> bool:
    if not isinstance(given, bool):
        raise TypeError(given)
    return given


def _text(given: Any) -> str | None:
    if not isinstance(given, str | int) or isinstance(given, bool):
        raise TypeError(given)
    return str(given).strip() or None


def _day(given: Any) -> date:
    return date.fromisoformat(given) if isinstance(given, str) else given


_READ: Mapping[Type, Any] = {
    Type.TEXT: _text,
    Type.INTEGER: _whole,
    Type.NUMBER: _number,
    Type.MONEY: _money,
    Type.BOOLEAN: _truth,
    Type.DATE: _day,
}


def read_json(text: str) -> Fresh:
    """Fresh records from JSON: an object of lists by entity; money keeps its digits.

    Raises:
        InputError: It is something else.
    """
    try:
        found = json.loads(text, parse_float=Decimal)
    except ValueError as error:
        raise InputError("the fresh records are not JSON.", fix=EXAMPLE) from error
    lists = isinstance(found, dict) and all(
        isinstance(each, list) and all(isinstance(row, dict) for row in each)
        for each in found.values()
    )
    if not lists:
        raise InputError("fresh records are lists of objects by entity.", fix=EXAMPLE)
    given: Fresh = found
    return given


EXAMPLE = (
    'Write {"events": [{"name": "add_to_cart", "occurred_at": "2026-01-31T12:30:00"}]}, or a file'
    " of it."
)

__all__ = ["Fresh", "Received", "fresh_rows", "read_json", "received"]
