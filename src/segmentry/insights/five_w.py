"""Who a group is, what it buys, why, when and where: five questions, of many groups at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal, Self

from segmentry.core.time import AsOf
from segmentry.core.types import Type
from segmentry.data.checks.run import PERSONAL
from segmentry.engines.duckdb import DuckDB, literal, quote
from segmentry.features.rows import Rows
from segmentry.insights.part import BASE, Part, Parts
from segmentry.insights.tally import Counting, Seen, one_by_one
from segmentry.insights.trait import Mean, Trait, means, traits
from segmentry.language.schema import Schema
from segmentry.segments.segment import UNKNOWN

Question = Literal["who", "what", "why", "when", "where"]
QUESTIONS: Final[tuple[Question, ...]] = ("who", "what", "why", "when", "where")

MEANS: Final[Mapping[Question, tuple[str, ...]]] = {
    "who": ("recency_days", "frequency", "monetary", "average_order_amount", "basket_size",
            "tenure_days", "age_years"),
    "what": ("category_breadth", "average_item_price", "return_rate"),
    "why": ("promotion_share", "discount_depth", "coupon_share", "coupons_redeemed"),
    "when": ("median_gap_days", "weekend_share"),
    "where": ("store_count",),
}  # fmt: skip
"""Features whose means answer a question, as far as the data allow them."""

OF_FACTS: Final[Mapping[str, Mapping[str, Question]]] = {
    "orders": {
        "coupon": "why", "weekday": "when", "hour": "when", "month": "when", "channel": "where",
        "store": "where", "country": "where", "payment_method": "where",
    },
    "order_lines": {
        "category": "what", "subcategory": "what", "brand": "what", "product_name": "what",
    },
    "touchpoints": {"kind": "why", "campaign": "why"},
    "events": {"source": "where", "device": "where"},
}  # fmt: skip
"""Fields of facts, and which question their values answer."""
OF_CUSTOMERS: Final[Mapping[str, Question]] = {
    "country": "where", "region": "where", "city": "where", "acquisition_source": "where",
}  # fmt: skip
"""Other texts and yes-or-no traits of customers say who they are."""

ANSWER, NEXT_ORDER = "answer:", "next_order"
"""Begins the dimension of a survey's question; the dimension of when the next order is due."""
MOST = 24
"""Values kept of a dimension: all hours of a day."""


def describing(schema: Schema) -> list[str]:
    """Traits of customers that can describe a group: texts and yes or no that name nobody."""
    return [
        name
        for name, field in schema.listed.items()
        if field.type in (Type.TEXT, Type.BOOLEAN) and name not in NAMELESS
    ]


NAMELESS = PERSONAL | {"customer_id", "company_id"}
"""Texts that name one customer say nothing of a group."""


@dataclass(frozen=True)
class Answer:
    """What the data say to one question.

    Args:
        means: Means of features against the base's.
        traits: By dimension, largest share first, telling ones among them.
    """

    means: tuple[Mean, ...]
    traits: tuple[Trait, ...]

    def telling(self) -> list[Trait]:
        """Traits over-represented beyond chance, highest index first, then name."""
        found = [each for each in self.traits if each.telling]
        return sorted(found, key=lambda each: (-(each.index or 0), each.dimension, each.value))


@dataclass(frozen=True)
class Card:
    """The five questions answered for a set of customers.

    Args:
        customer_share, revenue_share: Of all customers and of what they brought.
    """

    customers: int
    customer_share: float
    revenue_amount: Decimal
    revenue_share: float | None
    answers: Mapping[Question, Answer]

    @classmethod
    def empty(cls) -> Self:
        """The card of nobody."""
        nothing = Answer((), ())
        return cls(0, 0.0, Decimal(0), 0.0, dict.fromkeys(QUESTIONS, nothing))

    @property
    def has_reasons(self) -> bool:
        """Whether anything loaded could say why: answers, contacts, coupons or discounts."""
        why = self.answers["why"]
        return bool(why.traits) or any(each.mean is not None for each in why.means)


def cards(
    parts: Parts,
    schema: Schema,
    as_of: AsOf,
    texts: Sequence[str],
    counted: Counting = one_by_one,
) -> dict[Part, Card]:
    """The cards of all parts, the base among them; one query for each kind of fact.

    A part without customers has no card.

    Args:
        texts: Columns of the parts' table whose values say who or where customers are; texts and
            yes or no.
        counted: Counts what is seen of the parts.
    """
    columns = parts.engine.columns(parts.table)
    wanted = {key: [each for each in names if each in columns] for key, names in MEANS.items()}
    averages = means(parts, [name for names in wanted.values() for name in names])
    found: dict[Part, dict[Question, list[Trait]]] = {}
    for relation, seen, of in _seen(parts, schema, as_of, texts):
        for tally in counted(parts, relation, seen):
            for part, kinds in traits(parts, tally, MOST).items():
                answers = found.setdefault(part, {})
                for each in kinds:
                    answers.setdefault(_question(each.dimension, of), []).append(each)
    return {
        part: Card(*size, {
            key: Answer(
                tuple(each for each in averages.get(part, ()) if each.feature in wanted[key]),
                tuple(sorted(found.get(part, {}).get(key, ()), key=lambda each: each.dimension)),
            )
            for key in QUESTIONS
        })
        for part, size in _sizes(parts, columns).items()
    }  # fmt: skip


def _question(dimension: str, of: Mapping[str, Question]) -> Question:
    if dimension.startswith(ANSWER):
        return "why"
    return "when" if dimension == NEXT_ORDER else of.get(dimension, "who")


def _sizes(
    parts: Parts, columns: Iterable[str]
) -> dict[Part, tuple[int, float, Decimal, float | None]]:
    revenue = "sum(monetary)" if "monetary" in columns else "NULL::DECIMAL(18, 4)"
    rows = parts.engine.rows(
        f"WITH cell AS (SELECT cell, count(*) AS customers, {revenue} AS revenue"
        f" FROM {quote(parts.table)} JOIN {quote(parts.cells)} USING (customer_no) GROUP BY cell)"
        " SELECT division, part, sum(customers)::BIGINT, coalesce(sum(revenue), 0)"
        f" FROM cell JOIN {quote(parts.sums)} USING (cell) GROUP BY ALL ORDER BY ALL"
    )
    sizes = {Part(division, part): size for division, part, *size in rows}
    all_customers, all_revenue = sizes.get(BASE, (0, Decimal(0)))
    return {
        part: (
            customers,
            customers / all_customers,
            revenue,
            float(revenue / all_revenue) if all_revenue else None,
        )
        for part, (customers, revenue) in sizes.items()
    }


# what customers are and did: relations, what is seen in them, which question each answers


def _seen(
    parts: Parts, schema: Schema, as_of: AsOf, texts: Sequence[str]
) -> Iterator[tuple[str, list[Seen], Mapping[str, Question]]]:
    yield quote(parts.table), _of_customers(parts, texts), OF_CUSTOMERS
    for name, of in OF_FACTS.items():
        if name in schema.facts:
            rows = Rows(schema, as_of, schema.facts[name])
            weight = "gross_amount" if name == "order_lines" else "1"
            fields = [each for each in of if each in rows.fact.fields]
            seen = [Seen(literal(each), f"{quote(each)}::VARCHAR", weight) for each in fields]
            yield _of_rows(parts.engine, rows, [*fields, *({weight} - {"1"})]), seen, of
    if "survey_answers" in schema.facts:
        rows = Rows(schema, as_of, schema.facts["survey_answers"])
        yield _of_surveys(parts.engine, rows), [Seen("dimension", "value")], {}


def _of_customers(parts: Parts, texts: Sequence[str]) -> list[Seen]:
    """Traits, and when the next order is due; the group of those for whom it is unknown is none."""
    unknown = literal(UNKNOWN)
    found = [Seen(literal(each), f"nullif({quote(each)}::VARCHAR, {unknown})") for each in texts]
    if {"expected_gap_days", "recency_days"} <= parts.engine.columns(parts.table).keys():
        found.append(Seen(literal(NEXT_ORDER), DUE))
    return found


DUE = """CASE WHEN expected_gap_days < recency_days THEN 'overdue'
    WHEN expected_gap_days <= recency_days + 7 THEN 'week'
    WHEN expected_gap_days <= recency_days + 30 THEN 'month'
    WHEN expected_gap_days IS NOT NULL THEN 'later' END"""
"""When the next order is due by the expected gap: within 7 days, within 30, later, or overdue."""


def _of_rows(engine: DuckDB, rows: Rows, names: Sequence[str]) -> str:
    """Fields of a fact's rows."""
    scope = rows.scope()
    select = rows.select({each: scope.name(each) for each in names}, grouped=False)
    return f"({engine.render(select)})"


def _of_surveys(engine: DuckDB, rows: Rows) -> str:
    """The latest answer of a customer to each question."""
    scope = rows.scope()
    columns = {each: scope.name(each) for each in ("question", "answer", rows.fact.instant)}
    relation = engine.render(rows.select(columns, grouped=False))
    return (
        f"(SELECT customer_no, {literal(ANSWER)} || question AS dimension,"
        f" max_by(answer, (answered_at, answer)) AS value"
        f" FROM ({relation}) WHERE answer IS NOT NULL GROUP BY customer_no, question)"
    )


__all__ = ["ANSWER", "NEXT_ORDER", "QUESTIONS", "Answer", "Card", "Question", "cards", "describing"]
