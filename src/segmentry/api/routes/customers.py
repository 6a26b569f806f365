"""`/customers`: who they are, one by one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from segmentry.answers import customers as answers
from segmentry.answers import erasure
from segmentry.api.answer import Answer, answered
from segmentry.api.desk import Desk, Language, Paged, When
from segmentry.api.right import PERSONAL

router = APIRouter(prefix="/customers", tags=["customers"])


@router.get("", dependencies=PERSONAL, **answered("customers"))
def find(
    desk: Desk,
    when: When,
    page: Paged,
    search: Annotated[
        str,
        Query(
            max_length=200,
            description="A part of the id, name, address or number, in any case; else all.",
        ),
    ] = "",
) -> Answer:
    """Find customers by what they are called, sorted by id."""
    return Answer(answers.find(desk, search, when, page))


@router.get("/{customer_id}", dependencies=PERSONAL, **answered("customer-card"))
def one(desk: Desk, customer_id: str, when: When, language: Language = None) -> Answer:
    """All that is known of a customer: traits, features, scores, groups, segments."""
    return Answer(answers.one(desk, customer_id, when, language))


@router.get("/{customer_id}/everything", dependencies=PERSONAL, **answered("customer-everything"))
def everything(desk: Desk, customer_id: str) -> Answer:
    """All that is held about a customer, as it is held: for who asks what is known of them."""
    return Answer(erasure.everything(desk, customer_id), Cache_Control="no-store")


@router.get("/{customer_id}/happenings", dependencies=PERSONAL, **answered("customer-happenings"))
def happenings(
    desk: Desk,
    customer_id: str,
    when: When,
    page: Paged,
    facts: Annotated[
        list[str], Query(alias="fact", default_factory=list, description="Only these: orders …")
    ],
    language: Language = None,
) -> Answer:
    """What a customer did, newest first: orders, events, answers, contacts."""
    return Answer(answers.happenings(desk, customer_id, when, page, facts, language))
