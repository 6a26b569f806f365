"""Which of the five questions a rule answers: who, what, why, when, where; and what would help."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from segmentry.core.types import Type
from segmentry.features.known import Features
from segmentry.language.aggregate import DaysSince
from segmentry.language.anniversary import Anniversary
from segmentry.language.behavior import FirstTime, Periods, Restarted, Stopped
from segmentry.language.listed import InList
from segmentry.language.node import Condition, Measure, Node
from segmentry.language.text import conditions
from segmentry.language.window import ALL_TIME

Question = Literal["who", "what", "why", "when", "where"]
QUESTIONS: Final[tuple[Question, ...]] = ("who", "what", "why", "when", "where")

THEMES: Final[Mapping[str, Question]] = {
    "purchases": "who", "rfm": "who", "person": "who", "economy": "who", "profit": "who",
    "segmentation": "who", "baskets": "what", "returns": "what", "price": "why",
    "campaigns": "why", "engagement": "why", "service": "why", "rhythm": "when",
    "habits": "when", "geography": "where",
}  # fmt: skip
"""What the features of a theme speak of; a person's own speak of who."""
NAMES: Final[Mapping[str, Question]] = {
    **dict.fromkeys(
        ("country", "region", "city", "postal_code", "acquisition_source", "company_city",
         "company_country", "preferred_channel", "preferred_channel_share", "preferred_payment",
         "preferred_payment_share", "preferred_store", "preferred_store_share", "store_count",
         "order_city", "order_city_share", "order_country", "order_region", "last_order_city",
         "preferred_source", "preferred_device", "channel_group", "payment_group", "country_group",
         "region_group", "city_group", "climate_zone", "climate_group", "order_country_group",
         "order_region_group", "order_city_group", "order_climate_group", "company_place_group",
         "company_country_group"), "where"
    ),
    **dict.fromkeys(
        ("recency_days", "signed_up_at", "birth_on", "orders_30d", "orders_90d", "days_since_event",
         "days_since_return", "days_since_service_contact", "season_group", "weekday_group",
         "daytime_group", "lifecycle_stage", "temperature"), "when"
    ),
    **dict.fromkeys(
        ("gift_share", "bulk_share", "buying_purpose", "buying_style", "promotion_group",
         "price_group", "response_group"), "why"
    ),
    **dict.fromkeys(("main_category_group", "distinctive_category_group"), "what"),
}  # fmt: skip
"""Features and traits that speak of something else than their theme; other traits of who."""
FIELDS: Final[Mapping[str, Question]] = {
    **dict.fromkeys(("category", "subcategory", "brand", "product_name", "product_id"), "what"),
    **dict.fromkeys(("coupon", "campaign", "discount_amount", "answer", "question"), "why"),
    **dict.fromkeys(
        ("weekday", "hour", "month", "season", "days_since_previous", "ordered_at", "occurred_at",
         "ordered_on", "occurred_on"), "when"
    ),
    **dict.fromkeys(
        ("channel", "store", "country", "region", "city", "payment_method", "source", "device"),
        "where",
    ),
}  # fmt: skip
FACTS: Final[Mapping[str, Question]] = {
    "orders": "who", "order_lines": "what", "returns": "what", "events": "why",
    "touchpoints": "why", "survey_answers": "why", "consents": "who",
}  # fmt: skip
"""What rows speak of by themselves, counted or summed."""
ALWAYS_WHEN = (DaysSince, FirstTime, Periods, Restarted, Stopped, Anniversary)
MOST = 6


@dataclass(frozen=True)
class Suggestion:
    """A feature that would answer a question, and a condition to begin with."""

    feature: str
    label: str
    condition: str


@dataclass(frozen=True)
class Coverage:
    """The five questions of a rule.

    Args:
        answers: For each question the conditions that answer it; one may answer several.
        missing: Questions that no condition answers, in their order.
        suggestions: For each missing question, features that the data allow.
    """

    answers: Mapping[Question, tuple[str, ...]]
    missing: tuple[Question, ...]
    suggestions: Mapping[Question, tuple[Suggestion, ...]]


def coverage(rule: Condition, features: Features) -> Coverage:
    """Which questions a rule answers; rules of segments must be in their place already."""
    answers: dict[Question, list[str]] = {each: [] for each in QUESTIONS}
    for leaf in conditions(rule):
        found = {question for node in leaf.walk() for question in _asked(node, features)}
        for question in found:
            answers[question].append(leaf.text())
    missing = tuple(each for each in QUESTIONS if not answers[each])
    return Coverage(
        {each: tuple(texts) for each, texts in answers.items()},
        missing,
        {each: tuple(suggestions(each, features))[:MOST] for each in missing},
    )


def question_of(name: str, features: Features) -> Question:
    """Which question a feature or trait answers."""
    if name in NAMES:
        return NAMES[name]
    theme = features.known[name].declaration.theme if name in features else ""
    return THEMES.get(theme, "who")


def suggestions(question: Question, features: Features) -> Iterator[Suggestion]:
    """Features that the data allow and that answer a question, each with a condition."""
    for each in features.shown:
        if question_of(each.name, features) == question:
            example = _example(each.name, each.field.type)
            yield Suggestion(each.name, each.declaration.label, example)
    for name, field in features.schema.listed.items():
        if name not in features and NAMES.get(name, "who") == question:
            yield Suggestion(name, "", _example(name, field.type))


def _example(name: str, kind: Type) -> str:
    match kind:
        case Type.INTEGER | Type.NUMBER | Type.MONEY:
            return f"{name} > base_median({name})"
        case Type.BOOLEAN:
            return name
        case Type.DATE | Type.INSTANT:
            return f"anniversary({name}, within => '14 days')"
        case Type.TEXT:
            return f"{name} IS NOT NULL"


def _asked(node: Node, features: Features) -> Iterator[Question]:
    """The questions that a node itself answers, its children left out."""
    if isinstance(node, ALWAYS_WHEN):
        yield "when"
    if isinstance(node, InList):
        yield "who"
    elif isinstance(node, Measure):
        fields = [FIELDS[each] for each in node.fields() if each in FIELDS]
        yield from fields
        if node.window != ALL_TIME:
            yield "when"
        elif not fields and node.fact in FACTS and not isinstance(node, ALWAYS_WHEN):
            yield FACTS[node.fact]
    else:
        known = features.schema.features
        yield from (question_of(each, features) for each in node.names() if each in known)
