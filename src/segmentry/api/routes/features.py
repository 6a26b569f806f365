"""`/features`: what is known of customers."""

from __future__ import annotations

from fastapi import APIRouter

from segmentry.answers import features as answers
from segmentry.api.answer import Answer, answered
from segmentry.api.desk import Desk, Language
from segmentry.api.right import READ

router = APIRouter(prefix="/features", tags=["features"])


@router.get("", dependencies=READ, **answered("features"))
def every(desk: Desk, language: Language = None) -> Answer:
    """The features and traits that rules can use, and which column would unlock the others."""
    return Answer(answers.every(desk, language))
