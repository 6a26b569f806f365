"""Members, groups and features as files, for those who may take files and see customers."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Annotated, Any, Literal

import pyarrow as pa
from fastapi import APIRouter, Query
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from segmentry.api.access import Asking, Scope
from segmentry.api.asked import asked
from segmentry.api.desk import Desk, When
from segmentry.api.right import EXPORT
from segmentry.core.errors import ForbiddenError
from segmentry.workspace.export import write
from segmentry.workspace.methods import Methods

router = APIRouter(tags=["exports"])
Format = Annotated[
    Literal["csv", "tsv", "xlsx", "parquet", "jsonl"],
    Query(alias="format", description="Format of the file."),
]
FILE: dict[str, Any] = {
    "response_class": FileResponse,
    "responses": {
        200: {
            "description": "One row a customer. No text in it is run by a spreadsheet.",
            "content": {
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
            },
        }
    },
}


@router.get("/segments/{name}/export", dependencies=EXPORT, **FILE)
def members(
    desk: Desk, asking: Asking, name: str, when: When, kind: Format = "csv"
) -> FileResponse:
    """The ids of a segment's members as a file."""
    _check(asking)
    return _file(desk.segment(name).members(when).to_arrow(), name, kind)


@router.get("/segmentations/{name}/export", dependencies=EXPORT, **FILE)
def groups(desk: Desk, asking: Asking, name: str, when: When, kind: Format = "csv") -> FileResponse:
    """The id and the group of every customer as a file."""
    _check(asking)
    [segmentation] = Methods(desk).allowed([name], when)
    return _file(desk.columns([segmentation.feature], when).to_arrow(), name, kind)


@router.get("/features/export", dependencies=EXPORT, **FILE)
def features(desk: Desk, asking: Asking, when: When, kind: Format = "csv") -> FileResponse:
    """Every feature, trait and group of every customer as a file."""
    _check(asking)
    return _file(desk.table(when).to_arrow(), "customers", kind)


def _check(asking: Asking) -> None:
    """Rows are customers, so taking them out is seeing them.

    Raises:
        ForbiddenError: Whoever asks may not see customers.
    """
    if Scope.PERSONAL not in asking.scopes:
        raise ForbiddenError(
            "this takes the right `personal` too.", fix="Ask an administrator for it."
        )


def _file(table: pa.Table, name: str, kind: str) -> FileResponse:
    """The rows as a file that is gone from here once it was sent."""
    asked().customers = table.num_rows
    folder = Path(tempfile.mkdtemp())
    file = folder / f"{name}.{kind}"
    try:
        write(table, file)
    except BaseException:
        shutil.rmtree(folder)
        raise
    gone = BackgroundTask(shutil.rmtree, folder)
    binary = "application/octet-stream"
    return FileResponse(file, filename=file.name, media_type=binary, background=gone)
