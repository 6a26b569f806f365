"""`/models`: what is likely to come; fitting one is long work."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body

from segmentry.answers import models as answers
from segmentry.api.access import Asking
from segmentry.api.answer import Answer, answered
from segmentry.api.desk import ChangedDesk, Desk, When
from segmentry.api.right import DEFINE, READ, RUN
from segmentry.api.routes.runs import AtWork, asked
from segmentry.models.declaration import Model

router = APIRouter(prefix="/models", tags=["models"])


@router.get("", dependencies=READ, **answered("models-list"))
def every(desk: Desk) -> Answer:
    """The models, the features they give, and when customers were scored last."""
    return Answer(answers.every(desk))


@router.post("", dependencies=DEFINE, **answered("run", 202))
def add(
    desk: Desk, work: AtWork, asking: Asking, wanted: Annotated[Model, Body()], when: When
) -> Answer:
    """Declare a model, fit it, and keep its scores as features; the answer is a run."""
    arguments = {"given": wanted.model_dump(mode="json"), "as_of": str(when)}
    return asked(desk, work, "model", arguments, asking.name)


@router.get("/{name}", dependencies=READ, **answered("models-show"))
def one(desk: Desk, name: str, when: When) -> Answer:
    """A model's card: data, how good it was on held-out time beside plain ways, and why."""
    return Answer(answers.one(desk, name, when))


@router.post("/{name}/fits", dependencies=RUN, **answered("run", 202))
def fit(desk: Desk, work: AtWork, asking: Asking, name: str, when: When) -> Answer:
    """Fit a model again and score everybody; earlier scores stay. The answer is a run."""
    arguments = {"name": desk.models.model(name).name, "as_of": str(when)}
    return asked(desk, work, "fit", arguments, asking.name)


@router.delete("/{name}", dependencies=DEFINE, **answered("models-remove"))
def remove(desk: ChangedDesk, name: str) -> Answer:
    """Take a model out of use; its versions, cards and scores are kept."""
    desk.models.remove(name)
    return Answer({"name": name, "removed": True})
