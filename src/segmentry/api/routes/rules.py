"""`/rules`: text and tree, one from the other, and all that a rule can be made of."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Query
from pydantic import BaseModel, ConfigDict, Field

from segmentry.answers import card
from segmentry.answers import rules as answers
from segmentry.api.access import Asking, Scope
from segmentry.api.answer import Answer, answered
from segmentry.api.desk import Desk, Language, When
from segmentry.api.named import LONGEST_RULE
from segmentry.api.right import READ

router = APIRouter(prefix="/rules", tags=["rules"])
FEW = 10
"""Values of fewer customers are not told to people without the right `personal`."""


class Text(BaseModel):
    """A rule as text."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[
        str, Field(max_length=LONGEST_RULE, examples=["frequency >= 3 AND recency_days > 60"])
    ]


class Tree(BaseModel):
    """A rule as a document: `{"version": 1, "rule": {"kind": …}}`."""

    model_config = ConfigDict(extra="forbid")

    rule: Annotated[dict[str, Any], Field(description="Version and tree.")]


@router.post("/read", dependencies=READ, **answered("rule"))
def read(desk: Desk, given: Annotated[Text, Body()], language: Language = None) -> Answer:
    """A text as a tree and as a sentence; what is wrong with it, with line and column."""
    return Answer(answers.read(desk, given.text, language))


class Texts(BaseModel):
    """Rules as texts."""

    model_config = ConfigDict(extra="forbid")

    texts: Annotated[
        list[Annotated[str, Field(max_length=LONGEST_RULE)]],
        Field(min_length=1, max_length=200, examples=[["r_score = 5", "r_score = 4"]]),
    ]


@router.post("/any", dependencies=READ, **answered("rule"))
def any_of(desk: Desk, given: Annotated[Texts, Body()], language: Language = None) -> Answer:
    """The rule of those who meet at least one of some rules, such as those of chosen cells."""
    return Answer(answers.any_of(desk, given.texts, language))


@router.post("/write", dependencies=READ, **answered("rule"))
def write(desk: Desk, given: Annotated[Tree, Body()], language: Language = None) -> Answer:
    """A tree as text and as a sentence; what is wrong with it, with a JSON pointer."""
    return Answer(answers.write(desk, given.rule, language))


@router.post("/coverage", dependencies=READ, **answered("segments-coverage"))
def coverage(desk: Desk, given: Annotated[Text, Body()]) -> Answer:
    """Which of the five questions a rule answers, and what would answer the others."""
    return Answer(card.coverage(desk, given.text))


@router.get("/words", dependencies=READ, **answered("rule-words"))
def words(desk: Desk, language: Language = None) -> Answer:
    """All that a rule can be made of here: names with types and labels, kinds of nodes, windows."""
    return Answer(answers.words(desk, language))


@router.get("/values", dependencies=READ, **answered("rule-values"))
def values(
    desk: Desk,
    of: Annotated[
        str, Query(max_length=200, description="A text: `country`, or of a fact `orders.store`.")
    ],
    when: When,
    asking: Asking,
) -> Answer:
    """The most frequent values of a text that is not personal, to choose from."""
    least = 1 if Scope.PERSONAL in asking.scopes else FEW
    return Answer(answers.values(desk, of, when, least))
