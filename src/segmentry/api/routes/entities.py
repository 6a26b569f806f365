"""`/entities`: what can be loaded."""

from __future__ import annotations

from fastapi import APIRouter

from segmentry.answers import entities as answers
from segmentry.api.answer import Answer, answered
from segmentry.api.desk import Desk, Language
from segmentry.api.right import READ

router = APIRouter(prefix="/entities", tags=["sources"])


@router.get("", dependencies=READ, **answered("entities"))
def entities(desk: Desk, language: Language = None) -> Answer:
    """The tables that records can go to, with their columns and which of them are needed."""
    return Answer(answers.every(desk, language))
