"""What customers of a workspace, or of one segment, buy together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
from pydantic import TypeAdapter

from segmentry.core.errors import UnknownNameError, UsageError
from segmentry.core.time import AsOf
from segmentry.core.types import Type
from segmentry.engines.duckdb import quote
from segmentry.insights.affinity import Together, together
from segmentry.insights.basket import baskets
from segmentry.workspace.card import rule_of
from segmentry.workspace.latest import Latest

if TYPE_CHECKING:
    from segmentry.features.customers import Customers
    from segmentry.language.schema import Field
    from segmentry.workspace.folder import When
    from segmentry.workspace.workspace import Workspace

TABLE = "affinity_members"
ITEM = "product_id"
LEAST = 0.01
KEPT = "affinity/last"
"""The name under which the last answer about all orders is kept among the cards."""
RENAMED = ("product_name",)
"""Fields that are called otherwise in products; two products may share a name."""


@dataclass(frozen=True)
class Affinity:
    """What is bought together as of an instant.

    Args:
        orders: Orders of members; of everybody when no segment was named.
        other_orders: Orders of everyone else, 0 without a segment.
        items: How many things are frequent.
        least_orders: Orders that a set must be in.
        names: Product names, by the ids that occur; of the other columns nothing.
    """

    as_of: str
    segment: str | None
    of: str
    orders: int
    other_orders: int
    items: int
    least_orders: int
    sets: tuple[Together, ...]
    names: dict[str, str]


def affinity(
    workspace: Workspace,
    segment: str | None,
    of: str = ITEM,
    least: float = LEAST,
    size: int = 2,
    when: When = None,
) -> Affinity:
    """Pairs, or threes too, that are in one order together.

    What is asked of all orders is kept until the next time.

    Raises:
        UsageError: There are no lines of orders, or too many sets are frequent.
        UnknownNameError: Products have no such column.
        DeclarationError: The segment is none, and no rule.
    """
    customers = workspace.customers(when)
    check_column(customers, of)
    members = TABLE if segment is not None else ""
    if segment is not None:
        customers.land(TABLE, {"member": workspace.checked(rule_of(workspace, segment))})
    try:
        engine = workspace.engine
        counts = baskets(engine, customers.as_of, of, members=members, least=least, size=size)
    finally:
        workspace.engine.drop(TABLE)
    orders, others = (int(each.sum()) for each in counts.orders)
    found = tuple(together(counts))
    shown = {each.item for one in found for each in one.things}
    answer = Affinity(
        as_of=str(customers.as_of),
        segment=segment,
        of=of,
        orders=orders,
        other_orders=others,
        items=len(counts.items),
        least_orders=counts.least,
        sets=found,
        names=product_names(workspace, customers, shown) if of == ITEM else {},
    )
    if segment is None:
        body = TypeAdapter(Affinity).dump_python(answer, mode="json")
        Latest(workspace.engine).keep(KEPT, customers.as_of, body, orders)
    return answer


def latest(workspace: Workspace, by: AsOf) -> Affinity | None:
    """What was found last of all orders; `None` where nothing was by then."""
    found = Latest(workspace.engine).last(KEPT, by)
    return None if found is None else TypeAdapter(Affinity).validate_python(found)


def check_column(customers: Customers, of: str) -> None:
    """Make sure that lines of orders can be asked by this column of products.

    Raises:
        UsageError: There are no lines of orders.
        UnknownNameError: There is no such column, or it is not a text.
    """
    fields = _fields(customers)
    if ITEM not in fields:
        raise UsageError(
            "there are no lines of orders with products.", fix="Load order_lines.product_id."
        )
    known = [
        name
        for name, each in fields.items()
        if name == ITEM
        or (each.dimension == "products" and each.type is Type.TEXT and name not in RENAMED)
    ]
    if of not in known:
        raise UnknownNameError("column of products", of, known)


def product_names(workspace: Workspace, customers: Customers, shown: set[str]) -> dict[str, str]:
    """Names of products by id, where they are loaded and may be shown."""
    fields = _fields(customers)
    if "product_name" not in fields or fields["product_name"].dimension != "products":
        return {}
    engine = workspace.engine
    with engine.registered("shown_products", pa.table({"product_id": sorted(shown)})) as those:
        rows = engine.rows(
            f"SELECT product_id, name FROM products JOIN {quote(those.name)} USING (product_id)"
            " WHERE name IS NOT NULL"
        )
    return dict(rows)


def _fields(customers: Customers) -> Mapping[str, Field]:
    facts = customers.features.schema.facts
    return facts["order_lines"].fields if "order_lines" in facts else {}
