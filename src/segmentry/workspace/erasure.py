"""Forgetting people: everything about them goes from every store of a workspace.

What is to be done is written down first, in a file that goes with its end. Whoever opens the
workspace after a kill finishes it before anything else, and every step may be done twice.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import astuple, dataclass, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from pydantic import TypeAdapter

from segmentry.core.errors import UsageError
from segmentry.core.progress import Progress, unwatched
from segmentry.data import erase
from segmentry.data.erase import LONG, Gone
from segmentry.data.lists import By
from segmentry.data.reject import rejected_file
from segmentry.data.source import Source, stage
from segmentry.engines.duckdb import DuckDB, quote
from segmentry.segments.forgotten import forget_customers
from segmentry.workspace import erased, inbox
from segmentry.workspace.erased import PENDING, Erased, keyed, note, write_own
from segmentry.workspace.folder import WAREHOUSE
from segmentry.workspace.inbox import Inbox
from segmentry.workspace.lists import column_of
from segmentry.workspace.live import SORTED
from segmentry.workspace.loading import REJECTED
from segmentry.workspace.space import check_room
from segmentry.workspace.uploads import Uploads

if TYPE_CHECKING:
    from segmentry.workspace.folder import Folder

MOST = 10_000
"""Ids at once."""
OWN = {
    "warehouse", "catalogue", "inbox", "workspace", "segmentry", "erasures", "erasure", "snapshot",
    "lake", "mappings", "rejected", "uploads", SORTED,
}  # fmt: skip
"""Beginnings of what a workspace keeps in its folder by itself."""
_LOCK = threading.Lock()


@dataclass(frozen=True)
class Wanted:
    """People who are to be forgotten, and who said so.

    Args:
        gone: What is theirs; `None` until it was looked for.
        held: Whether any table has rows about them.
    """

    id: str
    at: str
    by: str
    reason: str
    ids: tuple[str, ...]
    gone: Gone | None = None
    held: bool = True


PENDED = TypeAdapter(list[Wanted])
Step = tuple[str, Callable[[], None]]
"""What it is called, and what does it; doing it twice is doing it once."""


@dataclass(frozen=True)
class Found:
    """What forgetting some people would take away.

    Args:
        unknown: Ids that no customer has; what stands under them elsewhere goes too.
        same: Ids of further records that were found to be the same people.
        rows: Rows by table.
        elsewhere: Files in the workspace's folder that are not its own and say one of their words;
            they stay.
    """

    ids: tuple[str, ...]
    unknown: tuple[str, ...]
    same: tuple[str, ...]
    rows: Mapping[str, int]
    elsewhere: tuple[str, ...]


class Erasure:
    """Forgets people."""

    def __init__(self, workspace: Folder) -> None:
        self._workspace = workspace
        self._folder = workspace.folder

    def all(self) -> list[Erased]:
        """What was erased, the newest first."""
        return erased.erased(self._folder)[::-1]

    def preview(self, ids: Collection[str]) -> Found:
        """What would go; nothing is changed.

        Raises:
            UsageError: There are no ids, or too many.
        """
        asked = _checked(ids)
        engine = self._workspace.engine
        gone = erase.find(engine, asked)
        return Found(
            ids=asked,
            unknown=gone.unknown,
            same=tuple(each for each in gone.ids if each not in asked),
            rows=erase.counts(engine, gone),
            elsewhere=tuple(_elsewhere(self._folder, gone.words)),
        )

    def ids_in(self, source: Source, column: str | None = None) -> list[str]:
        """The ids in a file.

        Args:
            column: Where they stand; found by its name, or the only one.

        Raises:
            MappingError: It is not clear which column is meant.
        """
        engine = self._workspace.engine
        staged = stage(engine, source)
        try:
            chosen = quote(column_of(staged, By.ID, column))
            rows = engine.rows(f"SELECT trim({chosen}::VARCHAR) FROM {quote(staged.table)}")
        finally:
            staged.drop(engine)
        return [str(each) for (each,) in rows if each]

    def ask(self, ids: Collection[str], *, by: str, reason: str = "") -> str:
        """Write down that people are to be forgotten; `finish` does it. Its id in the list.

        Raises:
            UsageError: There are no ids, or too many.
            OutOfResourcesError: There is no room to write the warehouse anew.
        """
        _ = self._workspace.engine  # opening it is what finishes what was cut off
        size = (self._folder / WAREHOUSE).stat().st_size
        check_room(self._folder, size, "writing the warehouse anew")
        at = self._workspace.clock().isoformat(timespec="seconds") + "Z"
        wanted = Wanted(uuid4().hex, at, by, reason, _checked(ids))
        with _LOCK:
            _write(self._folder, [*_pending(self._folder), wanted])
        return wanted.id

    def erase(
        self,
        ids: Collection[str],
        *,
        by: str,
        reason: str = "",
        progress: Progress = unwatched,
    ) -> list[Erased]:
        """Forget people for good: everything about them, and whatever of them comes again.

        Only keyed hashes of their ids and of their orders' stay, by which later records are
        refused. Numbers of the past about many stay as they were recorded. Nothing is refreshed.

        Returns:
            What was done: this, and what had been cut off before.

        Raises:
            UsageError: There are no ids, or too many.
        """
        self.ask(ids, by=by, reason=reason)
        return self.finish(progress)

    def again(self, progress: Progress = unwatched) -> list[Erased]:
        """Forget whom an older copy of the warehouse brought back; nothing where it did not."""
        suppression = erased.suppression(self._folder)
        query = "SELECT customer_id AS id FROM customers"
        back = suppression.erased(self._workspace.engine, "customer_id", query)
        return self.erase(back, by="again", progress=progress) if back else []

    def finish(self, progress: Progress = unwatched) -> list[Erased]:
        """Do what is written down, from the beginning; what was done.

        Cut off at any moment, it is done again when the workspace is opened the next time.
        """
        with self._workspace.alone():
            wanted = self._looked_for()
            if not wanted:
                return []
            done = [_entry(self._folder, each) for each in wanted]
            gone = _together([each.gone for each in wanted if each.gone])
            steps = self._outside(gone, done)
            if any(each.held for each in wanted):
                steps += self._inside(gone)
            for place, (name, step) in enumerate(steps):
                progress(name, place, len(steps))
                step()
            with _LOCK:
                over = {each.id for each in wanted}
                _write(self._folder, [x for x in _pending(self._folder) if x.id not in over])
        return done

    def _looked_for(self) -> list[Wanted]:
        """What is written down, with all that is about these people, kept until it is gone."""
        engine = self._workspace.engine
        with _LOCK:
            pending = _pending(self._folder)
            found = [each if each.gone else _found(engine, each) for each in pending]
            if found:
                _write(self._folder, found)
        return found

    def _outside(self, gone: Gone, done: Sequence[Erased]) -> list[Step]:
        """From now on nothing comes in; what came in and is not loaded goes."""
        return [
            ("list", lambda: note(self._folder, done)),
            ("sent", lambda: self._forget_sent(gone)),
            ("answers", lambda: self._workspace.catalogue.forget(gone.words)),
        ]

    def _inside(self, gone: Gone) -> list[Step]:
        """What is loaded, and computed from it; the file is written anew last."""
        workspace = self._workspace
        return [
            ("computed", self._forget_computed),
            ("tables", lambda: self._forget_rows(gone)),
            ("engine", workspace.warehouse.empty),
            ("rejected", lambda: self._forget_rejected(gone)),
            ("file", workspace.rewrite),
        ]

    def _forget_sent(self, gone: Gone) -> None:
        """What was sent and not loaded, what was sent as files, and what a kill left of these."""
        if (self._folder / inbox.FILE).is_file():
            with closing(Inbox(self._folder)) as sent:
                sent.forget(gone.ids)
        engine = self._workspace.engine
        Uploads(self._workspace).forget(lambda staged: erase.tells(engine, staged, gone))
        for each in self._folder.glob(f"{inbox.LOADING}*"):
            shutil.rmtree(each)

    def _forget_computed(self) -> None:
        """Features and sorted rows; they are made again by a refresh."""
        self._workspace.warehouse.forget()
        for each in self._folder.glob(f"{SORTED}*"):
            shutil.rmtree(each)
        for draft in self._folder.rglob(".*.new"):
            draft.unlink()

    def _forget_rows(self, gone: Gone) -> None:
        engine = self._workspace.engine
        with engine.transaction():
            forget_customers(engine, gone.numbers)
            erase.forget(engine, gone)

    def _forget_rejected(self, gone: Gone) -> None:
        """What others were rejected stays to be mended; a file of nobody goes."""
        engine = self._workspace.engine
        for load in gone.loads:
            query = "SELECT count(*) FROM rejected_records WHERE load_id = ?"
            left = engine.value(query, [load])
            for path in self._rejected_files(load):
                if left:
                    rejected_file(engine, load, path)
                else:
                    path.unlink()

    def _rejected_files(self, load: int) -> list[Path]:
        return list((self._folder / REJECTED).glob(f"{load}_*.csv"))


def _checked(ids: Collection[str]) -> tuple[str, ...]:
    asked = tuple(sorted({each for each in ids if each.strip()}))
    if not asked:
        raise UsageError("there is no id.", fix="Name the customers who are to be forgotten.")
    if len(asked) > MOST:
        raise UsageError(f"these are more than {MOST:,} ids.", fix="Do it in several parts.")
    return asked


def _pending(folder: Path) -> list[Wanted]:
    path = folder / PENDING
    return PENDED.validate_json(path.read_bytes()) if path.is_file() else []


def _write(folder: Path, wanted: list[Wanted]) -> None:
    path = folder / PENDING
    if wanted:
        write_own(path, PENDED.dump_json(wanted).decode())
    else:
        path.unlink(missing_ok=True)


def _found(engine: DuckDB, wanted: Wanted) -> Wanted:
    gone = erase.find(engine, wanted.ids)
    return replace(wanted, gone=gone, held=bool(gone.numbers or erase.counts(engine, gone)))


def _together(found: Sequence[Gone]) -> Gone:
    """All of them at once."""
    return Gone(
        *(tuple(sorted(set(chain(*each)))) for each in zip(*map(astuple, found), strict=True))
    )


def _entry(folder: Path, wanted: Wanted) -> Erased:
    gone, keys = wanted.gone or Gone(wanted.ids), keyed(folder)
    hashes = {keys.hash("customer_id", each) for each in gone.ids}
    hashes |= {keys.hash("order_id", each) for each in gone.orders}
    return Erased(
        wanted.id, wanted.at, wanted.by, wanted.reason, len(gone.ids), tuple(sorted(hashes))
    )


def _elsewhere(folder: Path, words: Collection[str]) -> Iterator[str]:
    """Files beside ours that say a word, in which a person has to look."""
    sought = [word.encode() for word in words if len(word) >= LONG]
    for path in sorted(folder.rglob("*")):
        place = path.relative_to(folder)
        if path.is_file() and place.parts[0].partition(".")[0] not in OWN:
            said = path.read_bytes().lower()
            if any(word in said for word in sought):
                yield str(place)


__all__ = ["Erasure", "Found"]
