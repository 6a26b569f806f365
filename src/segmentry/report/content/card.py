"""Who a group is and what to do for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from segmentry.report.content.group import GroupView, PlaybookView

Question = Literal["who", "what", "why", "when", "where"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A mean of a group as text, and how many times the base's mean that is."""

    label: str
    value: str
    vs_base: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TraitView:
    """A value's share of the group, and that share against the base's.

    `telling` says that it is over-represented beyond chance.
    """

    dimension: str
    value: str
    share: float
    vs_base: float | None = None
    telling: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram:
    """Shares of a group over hours, weekdays or months, beside the base's."""

    label: str
    names: tuple[str, ...]
    shares: tuple[float, ...]
    base: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerView:
    """What is said to one of the five questions; `note` where there is nothing to say."""

    facts: tuple[Fact, ...] = ()
    traits: tuple[TraitView, ...] = ()
    histograms: tuple[Histogram, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardView:
    """The five questions about one group, and what is done for it."""

    group: GroupView
    answers: Mapping[Question, AnswerView] = field(default_factory=dict)
    playbook: PlaybookView | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cards:
    """Cards of all groups of one way of dividing that have customers, in their order.

    Args:
        places: The place of each card's group among the groups (from 0), which gives its colour.
        of: How many groups there are.
    """

    name: str
    label: str
    cards: tuple[CardView, ...]
    places: tuple[int, ...]
    of: int
