"""What kind of thing a record is: bought, given back, cancelled, free; and what policy says of it.

Amounts decide. A line with a negative amount, or with a negative quantity and no amount, is a
return. A line of a cancelled order gives nothing paid; what it gives back counts as returned. A
line of a refunded order was paid and given back in full.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from segmentry.data.mapping import Policies
from segmentry.data.plan import Plan
from segmentry.data.records import AMOUNT, TABLE, Records, Refusal
from segmentry.data.tables import MONEY
from segmentry.engines.duckdb import literal

CANCELLED_WORDS = (
    "cancelled", "canceled", "cancel", "void", "voided", "failed", "declined", "скасовано",
    "скасований", "отменен", "отменён", "отменено", "anulowane", "anulowano", "anulowany",
    "لغو شده",
)  # fmt: skip
"""States of orders that were never paid."""

REFUNDED_WORDS = (
    "refunded", "refund", "returned", "chargeback", "повернено", "возвращен", "возвращён",
    "возврат", "zwrócone", "zwrot", "مرجوع شده",
)  # fmt: skip
"""States of orders that were paid and given back in full."""

FALSE = "FALSE"
LEAST_AGREEING = 0.99
"""Share of the other order ids that must be digits for a prefix to mark cancellations."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A recognised kind of record.

    Args:
        condition: SQL over a typed record, never missing; `FALSE` when no good record is of it.
        policy: What was declared for it.
        sources: Columns of the source that show it.
        reason: Why such a record is refused, when policy says so.
    """

    name: str
    condition: str
    policy: str
    sources: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Classification:
    """The kinds of the records at hand, as SQL over typed records.

    Args:
        counts: How many good records are of each kind that occurs.
        gross: What was paid, never negative.
        returned: What was given back, never negative.
        kind: `purchase`, `return`, `cancellation` or `free`.
        is_product: Whether the line is about a product rather than a fee.
    """

    kinds: tuple[Kind, ...]
    counts: Mapping[str, int]
    gross: str
    returned: str
    kind: str
    is_product: str

    @property
    def net(self) -> str:
        """What was paid less what was given back."""
        return f"CAST({self.gross} - {self.returned} AS {MONEY})"

    def refusals(self) -> Iterator[Refusal]:
        """Kinds that policy refuses."""
        for each in self.kinds:
            if each.policy == "reject" and each.condition != FALSE:
                fix = f"To take such records, change the policy for `{each.name}` in the mapping."
                yield Refusal(each.condition, each.sources, each.reason, fix)


def classify(records: Records, policies: Policies) -> Classification:
    """The classification of the good records of lines or orders that were read.

    What does not occur among them is not asked of each of them.
    """
    kinds = _kinds(records, policies)
    counts = _count_kinds(records, kinds)
    kinds = tuple(each if each.name in counts else replace(each, condition=FALSE) for each in kinds)
    cancelled, returned, refunded, free, fee = (each.condition for each in kinds)
    return Classification(
        kinds,
        counts,
        _gross(cancelled, returned),
        _returned(cancelled, returned, refunded, policies),
        _kind(cancelled, returned, free),
        "TRUE" if fee == FALSE else f"NOT ({fee})",
    )


def _kinds(records: Records, policies: Policies) -> tuple[Kind, ...]:
    """Cancellations, returns, refunds, free ones, and what is no product."""
    plan = records.plan
    cancelled, refunded = _cancelled(records, policies), _in_status(plan, REFUNDED_WORDS)
    quantity = plan.column("order_lines", "quantity")
    given_back = f"{AMOUNT} < 0"
    if quantity is not None:
        given_back = f"({AMOUNT} < 0 OR ({AMOUNT} = 0 AND coalesce({quantity} < 0, FALSE)))"
    returned = _and_not(given_back, cancelled)
    free = _and_not(_and_not(f"{AMOUNT} = 0", given_back if quantity else FALSE), cancelled)
    fee = _non_product(records, policies)
    amount = _sources(plan, "amount")
    return (
        Kind("cancellations", cancelled, policies.cancellations, _order_sources(plan),
             "the order was cancelled"),
        Kind("returns", returned, policies.returns, amount, "it is a return"),
        Kind("refunds", refunded, policies.returns, _order_sources(plan), "it was refunded"),
        Kind("zero_price", free, policies.zero_price, amount, "it costs nothing"),
        Kind("non_products", fee, policies.non_products, _product_sources(plan),
             "it is not a product"),
    )  # fmt: skip


def _count_kinds(records: Records, kinds: tuple[Kind, ...]) -> dict[str, int]:
    """How many good records are of each kind that can occur, in one scan."""
    possible = [each for each in kinds if each.condition != FALSE]
    if not possible:
        return {}
    counts = ", ".join(f"count(*) FILTER ({each.condition})" for each in possible)
    found = records.session.rows(f"SELECT {counts} FROM {TABLE} WHERE {records.good()}")[0]
    return {each.name: count for each, count in zip(possible, found, strict=True) if count}


def _gross(cancelled: str, returned: str) -> str:
    if cancelled == returned == FALSE:  # then nothing is negative
        return AMOUNT
    paid = f"greatest({AMOUNT}, 0)"
    paid = paid if cancelled == FALSE else f"CASE WHEN {cancelled} THEN 0 ELSE {paid} END"
    return f"CAST({paid} AS {MONEY})"


def _returned(cancelled: str, returned: str, refunded: str, policies: Policies) -> str:
    back = "0" if cancelled == returned == FALSE else f"greatest(-{AMOUNT}, 0)"
    cases = []
    if cancelled != FALSE and policies.cancellations == "ignore":
        cases.append(f"WHEN {cancelled} THEN 0")
    if policies.returns == "ignore":
        cases.append(f"WHEN {returned} THEN 0")
    elif refunded != FALSE:
        cases.append(f"WHEN {refunded} THEN abs({AMOUNT})")
    back = f"CASE {' '.join(cases)} ELSE {back} END" if cases else back
    return f"CAST({back} AS {MONEY})"


def _kind(cancelled: str, returned: str, free: str) -> str:
    if cancelled == returned == free == FALSE:
        return "'purchase'"
    head = f"WHEN {cancelled} THEN 'cancellation' " if cancelled != FALSE else ""
    return (
        f"CASE {head}WHEN {AMOUNT} > 0 THEN 'purchase' WHEN {returned} THEN 'return'"
        f" WHEN {free} THEN 'free' ELSE 'purchase' END"
    )


def _cancelled(records: Records, policies: Policies) -> str:
    by_status = _in_status(records.plan, CANCELLED_WORDS)
    by_prefix = FALSE
    prefix = policies.cancelled_order_prefix
    column = records.plan.column("orders", "order_id")
    if column and prefix and _marks_cancellations(records, column, prefix):
        by_prefix = f"starts_with({column}, {literal(prefix)})"
    found = [each for each in (by_prefix, by_status) if each != FALSE]
    return f"({' OR '.join(found)})" if found else FALSE


def _marks_cancellations(records: Records, column: str, prefix: str) -> bool:
    """Whether order ids that begin with `prefix` stand out among ids of digits."""
    begins = f"starts_with({column}, {literal(prefix)})"
    session = records.session
    marked = session.value(f"SELECT count(*) FROM {TABLE} WHERE {begins}")
    if not marked:
        return False
    digits = f"TRY_CAST({column} AS UBIGINT) IS NOT NULL"
    rest = f"TRY_CAST(substr({column}, {len(prefix) + 1}) AS UBIGINT) IS NOT NULL"
    others, agreeing, cancelling = session.rows(
        f"SELECT count(*) FILTER (NOT {begins}), count(*) FILTER (NOT {begins} AND {digits}),"
        f" count(*) FILTER ({begins} AND {rest}) FROM {TABLE} WHERE {column} IS NOT NULL"
    )[0]
    return bool(
        marked <= others
        and agreeing >= LEAST_AGREEING * others
        and cancelling >= LEAST_AGREEING * marked
    )


def _in_status(plan: Plan, words: tuple[str, ...]) -> str:
    column = plan.column("orders", "status")
    if column is None:
        return FALSE
    listed = ", ".join(literal(each) for each in words)
    return f"coalesce(lower(trim({column})) IN ({listed}), FALSE)"


def _non_product(records: Records, policies: Policies) -> str:
    """Ids of fees that occur, looked for among the distinct product ids, as one condition."""
    column = records.plan.column("order_lines", "product_id")
    if column is None or records.plan.record != "order_lines":
        return FALSE
    tests = [
        f"starts_with(id, {literal(each[:-1])})" if each.endswith("*") else f"id = {literal(each)}"
        for each in policies.non_product_ids
    ]
    if not tests:
        return FALSE
    found = records.session.rows(
        f"SELECT id FROM (SELECT DISTINCT {column} AS id FROM {TABLE}) WHERE {' OR '.join(tests)}"
        " ORDER BY id"
    )
    listed = ", ".join(literal(each) for (each,) in found)
    return f"coalesce({column} IN ({listed}), FALSE)" if found else FALSE


def _and_not(condition: str, other: str) -> str:
    return condition if other == FALSE else f"({condition} AND NOT {other})"


def _sources(plan: Plan, attribute: str) -> tuple[str, ...]:
    names = (attribute,) if plan.record == "orders" else (attribute, "quantity", "unit_price")
    cells = [plan.cell(plan.record, name) for name in names]
    return tuple(source for cell in cells if cell for source in cell.sources)


def _order_sources(plan: Plan) -> tuple[str, ...]:
    cells = [plan.cell("orders", name) for name in ("order_id", "status")]
    return tuple(source for cell in cells if cell for source in cell.sources)


def _product_sources(plan: Plan) -> tuple[str, ...]:
    cell = plan.cell("order_lines", "product_id")
    return cell.sources if cell else ()


__all__ = ["Classification", "Kind", "classify"]
