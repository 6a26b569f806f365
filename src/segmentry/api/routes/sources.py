"""`/sources`: files sent, their columns mapped, tried, loaded; `/profiles`: what is loaded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, BinaryIO

from fastapi import APIRouter, Body, Path, UploadFile
from fastapi.responses import FileResponse
from pydantic import BaseModel, ConfigDict, Field

from segmentry.answers import sources as answers
from segmentry.answers.profile import profile
from segmentry.answers.suggestion import cleaning as steps_of
from segmentry.api.access import Asking, Scope
from segmentry.api.answer import Answer, answered
from segmentry.api.desk import Desk
from segmentry.api.right import LOAD, READ
from segmentry.api.routes.runs import AtWork, asked
from segmentry.data.cleaning import Step
from segmentry.data.staged import ReadOptions
from segmentry.data.synonym import entity_called
from segmentry.workspace.uploads import ID, Uploads

router = APIRouter(tags=["sources"])
Id = Annotated[str, Path(pattern=ID, description="As it was given when the file was sent.")]
PART = 1 << 20


class Reading(BaseModel):
    """What the records of a file are, and how to read it; what is left out is found out."""

    model_config = ConfigDict(extra="forbid")

    entity: Annotated[
        str | None, Field(max_length=100, description="orders, customers … in any language.")
    ] = None
    read: ReadOptions = ReadOptions()


class Agreed(BaseModel):
    """How the columns of a file map."""

    model_config = ConfigDict(extra="forbid")

    mapping: Annotated[
        dict[str, Any] | None,
        Field(description="As `GET …/mapping` shows it, changed as wished; none: as suggested."),
    ] = None
    choices: Annotated[
        dict[str, int],
        Field(description="Column of a question → which of its choices, from 0.", max_length=500),
    ] = {}


class Cleaned(BaseModel):
    """A step for a column."""

    model_config = ConfigDict(extra="forbid")

    column: Annotated[str, Field(max_length=500)]
    step: Step


@router.get("/sources", dependencies=LOAD, **answered("sources"))
def every(desk: Desk) -> Answer:
    """The files that were sent, the newest first."""
    return Answer(answers.every(desk))


@router.post("/sources", dependencies=LOAD, **answered("source", 201))
def send(desk: Desk, file: UploadFile) -> Answer:
    """Send a file: CSV, TSV, Excel, Parquet or JSON lines; .gz too. Nothing is loaded yet."""
    kept = Uploads(desk).add(file.filename or "", _parts(file.file), file.size or 0)
    return Answer(answers.one(desk, kept), 201)


def _parts(file: BinaryIO) -> Iterator[bytes]:
    while part := file.read(PART):
        yield part


@router.get("/sources/{source_id}", dependencies=LOAD, **answered("source"))
def one(desk: Desk, source_id: Id) -> Answer:
    """A file that was sent, and what was said about it."""
    return Answer(answers.one(desk, Uploads(desk).one(source_id)))


@router.delete("/sources/{source_id}", dependencies=LOAD, **answered("source-removed"))
def remove(desk: Desk, source_id: Id) -> Answer:
    """Take a file away; what was loaded from it stays loaded."""
    uploads = Uploads(desk)
    uploads.remove(uploads.one(source_id))
    return Answer({"id": source_id, "removed": True})


@router.put("/sources/{source_id}/reading", dependencies=LOAD, **answered("source"))
def read_as(desk: Desk, source_id: Id, given: Annotated[Reading, Body()]) -> Answer:
    """Say what the records are and how to read them; the mapping is to be agreed anew."""
    entity = None if given.entity is None else entity_called(given.entity).name
    return Answer(answers.read_as(desk, source_id, entity, given.read))


@router.get("/sources/{source_id}/mapping", dependencies=LOAD, **answered("source-mapping"))
def mapping(desk: Desk, source_id: Id, asking: Asking) -> Answer:
    """The suggested mapping with reasons, questions that only a person can decide, first records.

    Values that name or find a person are shown to those who may see customers.
    """
    masked = Scope.PERSONAL not in asking.scopes
    return Answer(answers.mapping(desk, source_id, masked=masked))


@router.put("/sources/{source_id}/mapping", dependencies=LOAD, **answered("source"))
def agree(desk: Desk, source_id: Id, given: Annotated[Agreed, Body()]) -> Answer:
    """Agree to a mapping: as given, or as suggested with its questions answered."""
    return Answer(answers.agree(desk, source_id, given.mapping, given.choices))


@router.get("/sources/{source_id}/profile", dependencies=LOAD, **answered("profile"))
def look(desk: Desk, source_id: Id) -> Answer:
    """Each column: type, fill, extremes, frequent values, and what looks wrong; masked."""
    uploads = Uploads(desk)
    upload = uploads.one(source_id)
    found = desk.profiling.source(uploads.path(upload), upload.read)
    return Answer(profile(found) | {"source": upload.name})


@router.post("/sources/{source_id}/rehearsal", dependencies=LOAD, **answered("run", 202))
def rehearse(desk: Desk, work: AtWork, asking: Asking, source_id: Id) -> Answer:
    """Find out what loading would do; nothing is kept. The answer is a run."""
    upload = Uploads(desk).one(source_id)
    return asked(desk, work, "rehearsal", {"source": upload.id}, asking.name)


@router.post("/sources/{source_id}/load", dependencies=LOAD, **answered("run", 202))
def load(desk: Desk, work: AtWork, asking: Asking, source_id: Id) -> Answer:
    """Load it; loading it twice changes nothing. The answer is a run."""
    upload = Uploads(desk).one(source_id)
    return asked(desk, work, "load", {"source": upload.id}, asking.name)


@router.get(
    "/sources/{source_id}/rejected",
    dependencies=LOAD,
    response_class=FileResponse,
    responses={200: {"description": "The records, with reasons.", "content": {
        "text/csv": {"schema": {"type": "string", "format": "binary"}}}}},
)  # fmt: skip
def rejected(desk: Desk, source_id: Id) -> FileResponse:
    """The records that were rejected when it was loaded last, with reasons, as CSV."""
    uploads = Uploads(desk)
    path = uploads.rejected(uploads.one(source_id))
    return FileResponse(path, media_type="text/csv", filename="rejected.csv")


@router.get("/sources/{source_id}/cleaning", dependencies=LOAD, **answered("clean-suggest"))
def cleaning(desk: Desk, source_id: Id) -> Answer:
    """Steps for what looks wrong: misspelt values, months in two forms, outliers."""
    uploads = Uploads(desk)
    upload = uploads.one(source_id)
    return Answer(steps_of(desk.cleaning.suggest(uploads.path(upload), upload.read)))


@router.post("/sources/{source_id}/cleaning", dependencies=LOAD, **answered("source"))
def clean(desk: Desk, source_id: Id, given: Annotated[Cleaned, Body()]) -> Answer:
    """Add a step to the mapping that was agreed to; the next load takes it."""
    return Answer(answers.clean(desk, source_id, given.column, given.step))


@router.delete(
    "/sources/{source_id}/cleaning/{column:path}", dependencies=LOAD, **answered("source")
)
def leave(desk: Desk, source_id: Id, column: str) -> Answer:
    """Take the steps of a column out of the mapping that was agreed to."""
    return Answer(answers.clean(desk, source_id, column, None))


@router.get("/profiles/{entity}", dependencies=READ, **answered("profile"))
def profile_of(desk: Desk, entity: str) -> Answer:
    """Each column of what is loaded: customers, orders …; values that name people are masked."""
    return Answer(profile(desk.profiling.entity(entity)))
