"""What is loaded, as the facts, fields and traits that rules and features may name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from segmentry.core.types import Type
from segmentry.data import scores
from segmentry.data.entity import ENTITIES
from segmentry.data.identity.counted import CONTACTS, Unit, counted, traits_of_companies
from segmentry.data.identity.links import unit_of
from segmentry.data.line_fields import MADE_OF, line_fields
from segmentry.data.sensitive.decision import UNDECIDED, Decided, Standing, standings
from segmentry.data.sensitive.gate import guarded
from segmentry.data.sensitive.scan import recognised
from segmentry.data.tables import MADE_KEYS, TABLES, day_of, hour_of
from segmentry.engines.duckdb import DuckDB, quote
from segmentry.language.schema import Dimension, Fact, Field, Schema
from segmentry.sql.expression import Call, Column, Expression, Order, Over, call, literal
from segmentry.sql.operators import Op

Loaded = Mapping[str, Mapping[str, Type]]
"""Entity → column → type, of the columns that any load has filled."""

SEASONS = {"winter": (12, 1, 2), "spring": (3, 4, 5), "summer": (6, 7, 8), "autumn": (9, 10, 11)}
"""Months of each season, as in the northern half of the world."""

OF_ORDERS = ("channel", "payment_method", "store", "status", "coupon")
"""Columns of orders that their lines can be filtered by."""

FACTS = (
    "orders", "order_lines", "returns", "events", "touchpoints", "survey_answers", "consents",
    "scores",
)  # fmt: skip
UNNAMED = ("customer_id", "amount", "line_no")
"""Attributes of facts that are no fields under these names."""

SUMS = ("gross_amount", "returned_amount", "net_amount")


def schema_of(session: DuckDB, decided: Decided = UNDECIDED) -> Schema:
    """Facts with their fields, and traits as features; what no load has filled is not there.

    Sensitive fields are locked, unless it was decided otherwise.
    """
    loaded = loaded_columns(session)
    facts = [*_orders(loaded), *_order_lines(loaded), *_returns(loaded)]
    facts += [_fact(name, name, loaded) for name in _others(loaded)]
    facts += [scores.FACT] if scores.known(session) else []
    features, known = _traits(session), {each.name: each for each in facts}
    unloaded = {name: to_load(name) for name in FACTS if name not in known} | {
        name: f"customers.{name}"
        for name in ENTITIES["customers"].attributes
        if name not in features and name != "customer_id"
    }
    schema = Schema(known, features, unloaded=unloaded)
    return guarded(schema, sensitive_fields(session, decided))


def to_load(fact: str, column: str | None = None) -> str:
    """What to load for a fact, or for one of its fields."""
    if fact == scores.NAME:
        return scores.TO_UNLOCK
    table = {"returns": "order_lines"}.get(fact, fact)
    if column is None:
        return f"{table} ({ENTITIES[table].meaning})"
    found = (each for each in (table, "products", "orders") if column in ENTITIES[each].attributes)
    return f"{next(found, table)}.{column}"


def sensitive_fields(session: DuckDB, decided: Decided = UNDECIDED) -> list[Standing]:
    """The sensitive fields among those loaded, and whether each may be used."""
    loaded = loaded_columns(session)
    return standings(recognised(session, loaded), decided) if loaded else []


def traits(session: DuckDB, decided: Decided = UNDECIDED) -> dict[str, Field]:
    """What is known of customers themselves, by name; locked fields are not there."""
    return dict(schema_of(session, decided).features)


def _traits(session: DuckDB) -> dict[str, Field]:
    loaded, unit = loaded_columns(session), unit_of(session)
    own = loaded.get("customers", {})
    found = {name: Field(name, kind) for name, kind in own.items() if name != "customer_id"}
    companies = loaded.get("companies", {})
    for name, column in traits_of_companies(own, companies, unit):
        held = Column(column, companies[column], "companies")
        same = unit is Unit.COMPANY and column != name and found[column].type is held.type
        alias = column if same else ""
        found.setdefault(name, Field(name, held.type, derived=held, alias=alias))
    if unit is Unit.COMPANY:
        found.setdefault(CONTACTS, Field(CONTACTS, Type.INTEGER))
    return found


def loaded_columns(session: DuckDB) -> Loaded:
    """Every column that any load has filled."""
    return session.remembered("loaded columns", lambda: _loaded_columns(session))


def _loaded_columns(session: DuckDB) -> Loaded:
    found: dict[str, dict[str, Type]] = {}
    if "loaded_columns" not in session.tables():
        return found
    for entity, column, kind in session.rows(
        "SELECT entity, column_name, type FROM loaded_columns ORDER BY entity, column_name"
    ):
        found.setdefault(entity, {})[column] = Type(kind)
    return found


NOT_YET = "(SELECT max(loaded_at) + INTERVAL 1 DAY FROM loads WHERE entity <> 'scores')"
"""What is dated later cannot have happened when it was loaded; a day is left for time zones."""


def watermark(session: DuckDB) -> datetime | None:
    """The latest instant of any fact of a customer; `None` when nothing has happened.

    Facts dated after they were loaded are left aside, unless there are no others: one wrong year
    must not make everybody inactive.
    """
    return session.remembered("watermark", lambda: _watermark(session))


def _watermark(session: DuckDB) -> datetime | None:
    known = session.tables()
    dated = [
        f"SELECT {quote(table.instant)} AS instant FROM {quote(name)}"
        for name, table in TABLES.items()
        if table.instant and "customer_no" in table.columns and name in known
    ]
    if not dated:
        return None
    facts = " UNION ALL ".join(dated)
    latest = session.value(f"SELECT max(instant) FROM ({facts})")
    if not isinstance(latest, datetime):
        return None
    not_yet = session.value(f"SELECT {NOT_YET}")
    if isinstance(not_yet, datetime) and latest >= not_yet:
        past = session.value(f"SELECT max(instant) FROM ({facts}) WHERE instant < {NOT_YET}")
        return past if isinstance(past, datetime) else latest
    return latest


def last_load(session: DuckDB) -> datetime | None:
    """When something was loaded last; `None` when nothing ever was."""
    if "loads" not in session.tables():
        return None
    found = session.value(
        "SELECT max(loaded_at) FROM loads WHERE accepted > 0 AND entity <> 'scores'"
    )
    return found if isinstance(found, datetime) else None


# facts


def _others(loaded: Loaded) -> Iterable[str]:
    names = ("events", "touchpoints", "survey_answers", "consents")
    return (name for name in names if name in loaded)


def _orders(loaded: Loaded) -> Iterable[Fact]:
    if "ordered_at" in loaded.get("orders", {}):
        yield _fact("orders", "orders", loaded, where=Column("is_purchase", Type.BOOLEAN))


def _order_lines(loaded: Loaded) -> Iterable[Fact]:
    if "order_lines" in loaded and "ordered_at" in loaded.get("orders", {}):
        kind = call(Op.EQUAL, Column("kind", Type.TEXT), literal("purchase"))
        yield _fact("order_lines", "order_lines", loaded, where=kind)


def _returns(loaded: Loaded) -> Iterable[Fact]:
    """What was given back: from the lines when there are any, else from the orders.

    It is there with the first order, so that a first return changes a number and not what exists.
    """
    if "ordered_at" in loaded.get("orders", {}):
        table = "order_lines" if "order_lines" in loaded else "orders"
        given = call(Op.GREATER, Column("returned_amount", Type.MONEY), literal(0))
        yield _fact("returns", table, loaded, where=given)


def _fact(name: str, table: str, loaded: Loaded, where: Expression | None = None) -> Fact:
    physical = TABLES[table]
    instant = physical.instant or ""
    stored = dict(_stored(table, loaded))
    dimensions = _dimensions(table, loaded) if table == "order_lines" else {}
    joined = dict(_joined(dimensions, loaded, stored)) if dimensions else {}
    if table == "order_lines":
        joined |= {each.name: each for each in line_fields(stored | joined)}
    key = MADE_KEYS.get(table)
    keys = (instant, key) if key else (instant, *physical.key)
    fields = stored | joined | _of_time(instant, keys)
    return Fact(
        name,
        table,
        instant,
        day_of(instant),
        hour_of(instant),
        keys,
        fields,
        dimensions,
        where,
        relation=counted(table),
        unloaded={each: to_load(name, each) for each in _possible(table) if each not in fields},
    )


def _possible(table: str) -> Iterable[str]:
    """Names that fields of a table's rows would have if everything was loaded."""
    yield from (each for each in ENTITIES[table].attributes if each not in UNNAMED)
    if table == "order_lines":
        yield from (each for each in ENTITIES["products"].attributes if each not in PRODUCT_NAMES)
        yield from OF_ORDERS
        yield from MADE_OF


def _stored(table: str, loaded: Loaded) -> Iterable[tuple[str, Field]]:
    physical = TABLES[table]
    columns = dict(loaded.get(table, {}))
    if table == "order_lines":
        columns |= {"kind": Type.TEXT, "is_product": Type.BOOLEAN}
    hidden = {"customer_id", "amount", "line_no", physical.instant}
    if table not in ("orders", "order_lines"):
        hidden.discard("amount")
    for name, kind in columns.items():
        if name not in hidden:
            yield name, Field(name, kind)


def _dimensions(table: str, loaded: Loaded) -> dict[str, Dimension]:
    found = {}
    if "product_id" in loaded.get(table, {}) and "products" in loaded:
        found["products"] = Dimension("products", "product_id")
    if "orders" in loaded:
        found["orders"] = Dimension("orders", "order_id")
    return found


PRODUCT_NAMES = {"name": "product_name", "price": "list_price"}
"""Columns of products that are called otherwise among the fields of lines."""


def _joined(
    dimensions: Mapping[str, Dimension], loaded: Loaded, stored: Mapping[str, Field]
) -> Iterable[tuple[str, Field]]:
    """Fields of lines that stand in the joined tables; a line's own column comes first."""
    for table in dimensions:
        for name, kind in loaded.get(table, {}).items():
            shown = PRODUCT_NAMES.get(name, name) if table == "products" else name
            if shown in stored or (table == "orders" and not _of_order(name)):
                continue
            if shown not in TABLES[table].key:
                held = Column(name, kind, table) if shown != name else None
                yield shown, Field(shown, kind, dimension=table, derived=held)


def _of_order(name: str) -> bool:
    own = TABLES["orders"].columns
    return name in OF_ORDERS or name not in (*own, "amount", "customer_id")


# derived fields


def _of_time(instant: str, keys: tuple[str, ...]) -> dict[str, Field]:
    """Hour, weekday, month and season of the row, and days since the customer's row before."""
    day = Column(day_of(instant), Type.DATE)
    month = call(Op.MONTH, day, type=Type.INTEGER)
    derived: dict[str, tuple[Type, Expression]] = {
        "hour": (Type.INTEGER, Column(hour_of(instant), Type.INTEGER)),
        "weekday": (Type.INTEGER, call(Op.WEEKDAY, day, type=Type.INTEGER)),
        "month": (Type.INTEGER, month),
        "season": (Type.TEXT, _season(month)),
        "days_since_previous": (Type.INTEGER, _gap(day, instant, keys)),
    }
    return {name: Field(name, kind, derived=sql) for name, (kind, sql) in derived.items()}


def _season(month: Expression) -> Expression:
    *others, last = SEASONS
    tree: Expression = literal(last)
    for name in reversed(others):
        inside = call(Op.IN, month, *(literal(each) for each in SEASONS[name]))
        tree = call(Op.IF, inside, literal(name), tree, type=Type.TEXT)
    return tree


def _gap(day: Column, instant: str, keys: tuple[str, ...]) -> Expression:
    """Days since the customer's row before this one; missing for the first, 0 on the same day."""
    order = tuple(
        Order(Column(name, Type.INSTANT if name == instant else Type.TEXT)) for name in keys
    )
    previous = Over(
        Call(Op.PREVIOUS, (day,), Type.DATE), (Column("customer_no", Type.INTEGER),), order
    )
    return call(Op.DAYS_BETWEEN, previous, day, type=Type.INTEGER)


__all__ = [
    "NOT_YET",
    "last_load",
    "loaded_columns",
    "schema_of",
    "sensitive_fields",
    "traits",
    "watermark",
]
