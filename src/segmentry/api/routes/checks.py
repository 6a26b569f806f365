"""`/checks`: how far the data can be trusted."""

from __future__ import annotations

from fastapi import APIRouter

from segmentry.answers.checks import checks
from segmentry.api.access import Asking, Scope
from segmentry.api.answer import Answer, answered
from segmentry.api.desk import Desk, Language, When
from segmentry.api.right import READ

router = APIRouter(prefix="/checks", tags=["checks"])


@router.get("", dependencies=READ, **answered("check"))
def every(desk: Desk, when: When, asking: Asking, language: Language = None) -> Answer:
    """The trust score and every check: what failed, how often, what to do.

    Failing rows are shown to those who may see customers.
    """
    document = checks(desk, when, language or desk.settings.language)
    if Scope.PERSONAL not in asking.scopes:
        for each in document["checks"]:
            each["sample"] = []
    return Answer(document)
