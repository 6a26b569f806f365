"""`/workspace`: what the workspace is of, and how far its data go."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from segmentry.answers import workspace as answers
from segmentry.api.access import May, Scope
from segmentry.api.answer import Answer, answered
from segmentry.api.desk import Desk

router = APIRouter(prefix="/workspace", tags=["workspace"])


@router.get("", dependencies=[Depends(May(Scope.READ))], **answered("workspace"))
def about(desk: Desk) -> Answer:
    """Settings that every number rests on, the last day of data, the last refresh, the trust."""
    return Answer(answers.about(desk))
