"""Files that are to be loaded: what they hold, how their columns map, what became of them."""

from __future__ import annotations

from collections.abc import Mapping as ReadOnly
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from segmentry.answers import document as shape
from segmentry.answers.plain import Document, instant
from segmentry.answers.suggestion import suggestion
from segmentry.core.errors import MappingError, UsageError
from segmentry.core.progress import Progress, unwatched
from segmentry.data.checks.personal import mask
from segmentry.data.mapping import Mapping
from segmentry.data.profile import is_personal
from segmentry.data.staged import ReadOptions
from segmentry.workspace.loading import answered
from segmentry.workspace.uploads import Upload, Uploads

if TYPE_CHECKING:
    from segmentry.data.cleaning import Step
    from segmentry.workspace.workspace import Workspace


def every(workspace: Workspace) -> Document:
    """The files that were sent, the newest first."""
    return {"sources": [_upload(workspace, each) for each in Uploads(workspace).all()]}


def one(workspace: Workspace, upload: Upload) -> Document:
    """A file that was sent, and what was said about it."""
    return _upload(workspace, upload)


def _upload(workspace: Workspace, upload: Upload) -> Document:
    mapping = upload.mapping
    return {
        "id": upload.id,
        "name": upload.name,
        "bytes": upload.bytes,
        "sent_at": instant(upload.sent_at, workspace.settings.timezone),
        "entity": upload.entity,
        "read": upload.read.model_dump(mode="json", exclude_none=True),
        "mapping": mapping and mapping.model_dump(mode="json", exclude_defaults=True),
        "loads": upload.loads,
        "rejected": upload.rejected is not None,
    }


def read_as(
    workspace: Workspace, upload_id: str, entity: str | None, read: ReadOptions
) -> Document:
    """Say what the records of a file are and how to read it; the mapping is to be agreed anew."""
    uploads = Uploads(workspace)
    before = uploads.one(upload_id)
    after = before.model_copy(update={"entity": entity, "read": read, "mapping": None})
    return _upload(workspace, uploads.keep(after))


def mapping(workspace: Workspace, upload_id: str, *, masked: bool) -> Document:
    """The mapping suggested for a file, with reasons and its first records.

    Args:
        masked: Whether values that name or find a person are hidden.
    """
    uploads = Uploads(workspace)
    upload = uploads.one(upload_id)
    found = workspace.loader().suggest(uploads.path(upload), upload.entity, upload.read)
    document = suggestion(found) | {
        "source": upload.name,
        "agreed": _upload(workspace, upload)["mapping"],
        "beginning": [dict(each) for each in found.beginning],
    }
    return _masked(document) if masked else document


def _masked(document: Document) -> Document:
    for each in document["reasons"]:
        if is_personal(each["column"]):
            each["example"] = mask(each["example"])
    rows = document["beginning"]
    hidden = [
        {name: mask(value) if is_personal(name) else value for name, value in row.items()}
        for row in rows
    ]
    return document | {"beginning": hidden}


def agree(
    workspace: Workspace,
    upload_id: str,
    given: ReadOnly[str, Any] | None,
    choices: ReadOnly[str, int],
) -> Document:
    """Keep how the columns of a file map: as given, or as suggested with its questions answered.

    Args:
        given: A mapping as `mapping` shows it; without one, the suggested one is taken.
        choices: Column of a question → which of its choices, from 0.

    Raises:
        MappingError: It is no mapping; says what is wrong.
        UsageError: A choice is none.
    """
    uploads = Uploads(workspace)
    upload = uploads.one(upload_id)
    chosen = _mapping(given) if given is not None else _chosen(workspace, upload, choices)
    return _upload(workspace, uploads.keep(upload.model_copy(update={"mapping": chosen})))


def _mapping(given: ReadOnly[str, Any]) -> Mapping:
    try:
        return Mapping.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise MappingError(f"{first['msg']}.", where=f"mapping, {where}") from error


def _chosen(workspace: Workspace, upload: Upload, choices: ReadOnly[str, int]) -> Mapping:
    found = workspace.loader().suggest(Uploads(workspace).path(upload), upload.entity, upload.read)
    questions = {each.column: each.choices for each in found.suggestion.questions}
    for column, number in choices.items():
        if column not in questions or not 0 <= number < len(questions[column]):
            raise UsageError(f"`{column}` has no choice {number}.", fix="Ask for the mapping.")
    unanswered = [each for each in questions if each not in choices]
    if unanswered:
        raise UsageError(f"`{unanswered[0]}` has more than one reading.", fix="Choose one of them.")
    picked = [questions[column][number] for column, number in choices.items()]
    return answered(found.suggestion, picked).mapping


def clean(workspace: Workspace, upload_id: str, column: str, step: Step | None) -> Document:
    """Add a step for a column to the mapping of a file, agreed to or suggested; `None`: no step.

    Raises:
        AmbiguousInputError: The mapping is not agreed to, and something has more than one reading.
        MappingError: Nor is it complete.
    """
    uploads = Uploads(workspace)
    upload = uploads.one(upload_id)
    mapping = upload.mapping or _chosen(workspace, upload, {})
    steps = {name: each for name, each in mapping.clean.items() if name != column or step}
    if step is not None:
        steps[column] = (*mapping.clean.get(column, ()), step)
    changed = mapping.model_copy(update={"clean": steps})
    return _upload(workspace, uploads.keep(upload.model_copy(update={"mapping": changed})))


def rehearse(workspace: Workspace, upload_id: str, progress: Progress = unwatched) -> Document:
    """What loading a file would do; nothing is kept."""
    uploads = Uploads(workspace)
    upload = uploads.one(upload_id)
    done = workspace.loader(progress).rehearse(
        uploads.path(upload), upload.entity, upload.mapping, options=upload.read, name=upload.name
    )
    return shape.loaded(done)


def load(workspace: Workspace, upload_id: str, progress: Progress = unwatched) -> Document:
    """Load a file; what cannot be taken is kept with reasons, to be sent for.

    Raises:
        AmbiguousInputError: Something has more than one reading, and nobody chose.
        MappingError: A required column is missing.
    """
    uploads = Uploads(workspace)
    upload = uploads.one(upload_id)
    done = workspace.loader(progress).load(
        uploads.path(upload), upload.entity, upload.mapping, options=upload.read, name=upload.name
    )
    rejected = done.rejected_file.name if done.rejected_file else None
    uploads.keep(upload.model_copy(update={"rejected": rejected, "loads": upload.loads + 1}))
    return _loaded(shape.loaded(done), upload_id)


def _loaded(document: Document, upload_id: str) -> Document:
    """Without paths of this machine: where to ask for what was rejected."""
    rejected = document["rejected_file"] and f"/api/v1/sources/{upload_id}/rejected"
    return document | {"rejected_file": rejected, "mapping_file": None}
