"""Models: what is likely to come, how good the answer was, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from segmentry.answers.basis import basis
from segmentry.answers.plain import Document
from segmentry.core.errors import DeclarationError
from segmentry.core.progress import Progress, unwatched

if TYPE_CHECKING:
    from segmentry.core.time import AsOf
    from segmentry.models.declaration import Model
    from segmentry.workspace.models import Fitted, Models
    from segmentry.workspace.workspace import Workspace


def every(workspace: Workspace) -> Document:
    """The models, the features they give, and when customers were scored last."""
    models = workspace.models
    return {"models": [_listed(models, each) for each in models.all()]}


def one(workspace: Workspace, name: str, as_of: AsOf) -> Document:
    """A model's card: data, how good it was on held-out time beside plain ways, and why."""
    return _shown(workspace.models.card(name, as_of)) | basis(workspace, as_of)


def add(
    workspace: Workspace,
    given: Mapping[str, object],
    as_of: AsOf,
    progress: Progress = unwatched,
) -> Document:
    """Declare a model, fit it, and keep its scores as features.

    Raises:
        DeclarationError: What was given does not fit together.
        UsageError: There are too few data; nothing is kept.
    """
    fitted = workspace.models.add(declared(given), as_of, progress)
    return _shown(fitted) | basis(workspace, as_of)


def fit(workspace: Workspace, name: str, as_of: AsOf, progress: Progress = unwatched) -> Document:
    """Fit a model again and score everybody; earlier scores stay."""
    return _shown(workspace.models.fit(name, as_of, progress)) | basis(workspace, as_of)


def declared(given: Mapping[str, object]) -> Model:
    """The model that was asked for.

    Raises:
        DeclarationError: The parts do not fit together; says what is wrong.
    """
    from pydantic import ValidationError

    from segmentry.models.declaration import Model

    try:
        return Model.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])).replace("_", "-") or "model"
        raise DeclarationError(
            f"{where}: {first['msg'].removeprefix('Value error, ')}.",
            fix="See `segmentry models add --help`.",
        ) from error


def _listed(models: Models, model: Model) -> Document:
    last = models.last(model.name)
    return _declaration(model) | {
        "scored_as_of": str(last.as_of) if last else None,
        "customers": last.customers if last else None,
    }


def _declaration(model: Model) -> Document:
    shown = model.model_dump(mode="json")
    return shown | {"horizon_days": model.ahead_days, "scores": list(model.scores)}


def _shown(fitted: Fitted) -> Document:
    return _declaration(fitted.model) | {
        "scored_as_of": str(fitted.as_of),
        "customers": fitted.customers,
        "card": fitted.card,
    }
