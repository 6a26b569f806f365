"""`/audit`: the log of what was done."""

from __future__ import annotations

from fastapi import APIRouter

from segmentry.answers import access as answers
from segmentry.api.answer import Answer, answered
from segmentry.api.desk import AtDoor, Paged
from segmentry.api.right import MANAGE

router = APIRouter(prefix="/audit", tags=["audit"])


@router.get("", dependencies=MANAGE, **answered("audit"))
def entries(access: AtDoor, page: Paged) -> Answer:
    """What was done, by whom, to what, and to how many customers; the newest first."""
    return Answer(answers.audit(access, page))


@router.get("/chain", dependencies=MANAGE, **answered("audit-chain"))
def chain(access: AtDoor) -> Answer:
    """Whether every entry is as it was written."""
    return Answer(answers.chain(access))
