"""Files that were sent to be loaded: kept under generated names until they are taken away."""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from segmentry.core.errors import InputError, NotFoundError, UsageError
from segmentry.core.whole import whole
from segmentry.data.mapping import Mapping
from segmentry.data.source import ENDINGS, Staged, stage
from segmentry.data.staged import ReadOptions
from segmentry.workspace.loading import REJECTED
from segmentry.workspace.space import check_room

if TYPE_CHECKING:
    from segmentry.workspace.folder import Folder

FOLDER, ABOUT = "uploads", "about.json"
ID = r"^[0-9a-f]{16}$"
PACKED = (".gz",)
LONGEST_NAME = 120


class Upload(BaseModel):
    """A file that was sent.

    Args:
        name: What it was called there; the file itself has a generated name.
        entity: What its records are, when a person said so.
        read: How to read it, where its content does not say so.
        mapping: How its columns map, once a person agreed to it.
        rejected: Name of the file of records that were rejected when it was loaded last.
        loads: How many times it was loaded.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    name: str
    ending: str
    bytes: int
    sent_at: datetime
    entity: str | None = None
    read: ReadOptions = ReadOptions()
    mapping: Mapping | None = None
    rejected: str | None = None
    loads: int = 0


class Uploads:
    """Keeps files that were sent."""

    def __init__(self, workspace: Folder) -> None:
        self._workspace = workspace
        self._folder = workspace.folder / FOLDER

    def add(self, name: str, parts: Iterable[bytes], size: int) -> Upload:
        """Keep a file.

        Args:
            size: How many bytes come, as far as known; room is looked for first.

        Raises:
            UsageError: It is called like nothing that can be loaded.
            OutOfResourcesError: There is no room.
        """
        shown = PurePath(name.replace("\\", "/")).name[-LONGEST_NAME:]
        ending = _ending(shown)
        check_room(self._workspace.folder, size, "this file")
        upload_id = secrets.token_hex(8)
        place = self._folder / upload_id
        place.mkdir(parents=True)
        written = 0
        try:
            with (place / f"records{ending}").open("wb") as file:
                for part in parts:
                    written += file.write(part)
        except BaseException:
            shutil.rmtree(place)
            raise
        return self.keep(
            Upload(
                id=upload_id,
                name=shown,
                ending=ending,
                bytes=written,
                sent_at=self._workspace.clock(),
            )
        )

    def all(self) -> list[Upload]:
        """Every file, the newest first."""
        found = [_read(each) for each in self._folder.glob(f"*/{ABOUT}")]
        return sorted(found, key=lambda each: (each.sent_at, each.id), reverse=True)

    def one(self, upload_id: str) -> Upload:
        """A file.

        Raises:
            NotFoundError: There is none of that id.
        """
        about = self._folder / upload_id / ABOUT
        if not re.match(ID, upload_id) or not about.is_file():
            raise NotFoundError("there is no such file.", fix="Send it again.")
        return _read(about)

    def path(self, upload: Upload) -> Path:
        """Where its records are."""
        return self._folder / upload.id / f"records{upload.ending}"

    def rejected(self, upload: Upload) -> Path:
        """The records that were rejected when it was loaded last.

        Raises:
            NotFoundError: None were, or it was not loaded.
        """
        path = self._workspace.folder / REJECTED / (upload.rejected or "")
        if upload.rejected is None or not path.is_file():
            raise NotFoundError("no records of this file were rejected.")
        return path

    def keep(self, upload: Upload) -> Upload:
        """Note what is known of a file now."""
        with whole(self._folder / upload.id / ABOUT) as draft:
            draft.write_text(upload.model_dump_json(), encoding="utf-8")
        return upload

    def forget(self, tells: Callable[[Staged], bool]) -> None:
        """Take away the files that tell of somebody, those that cannot be read, and parts of some.

        Args:
            tells: Whether the records of a file do.
        """
        for place in self._folder.glob("*"):
            about = place / ABOUT
            if not about.is_file() or self._may_tell(_read(about), tells):
                shutil.rmtree(place)

    def _may_tell(self, upload: Upload, tells: Callable[[Staged], bool]) -> bool:
        engine = self._workspace.engine
        try:
            staged = stage(engine, self.path(upload), upload.read)
        except InputError:
            return True
        try:
            return tells(staged)
        finally:
            staged.drop(engine)

    def remove(self, upload: Upload) -> None:
        """Take a file away; what was loaded from it stays loaded."""
        shutil.rmtree(self._folder / upload.id)


def _ending(name: str) -> str:
    """The ending that says how to read it.

    Raises:
        UsageError: It is none of those.
    """
    endings = [each.lower() for each in PurePath(name).suffixes]
    packed = endings.pop() if endings and endings[-1] in PACKED else ""
    if not endings or endings[-1] not in ENDINGS:
        raise UsageError(
            "this is no file that can be loaded.",
            fix=f"Its name has to end in {', '.join(ENDINGS)}; .gz after it is fine.",
        )
    return endings[-1] + packed


def _read(about: Path) -> Upload:
    return Upload.model_validate_json(about.read_text(encoding="utf-8"))


__all__ = ["ID", "Upload", "Uploads"]
