"""The inbox: records that were sent and are not loaded yet.

What is taken in is on the disk before anybody is told so. It is seen at once when a customer is
asked about, and goes into the warehouse with the next refresh, as a file of the same records would.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from segmentry.core.errors import EngineError, OutOfResourcesError
from segmentry.data.entity import ENTITIES
from segmentry.data.fresh import LINES, Fresh, Received
from segmentry.data.mapping import Mapping as ColumnMapping
from segmentry.data.staged import ReadOptions

if TYPE_CHECKING:
    from segmentry.core.progress import Progress
    from segmentry.workspace.loading import Loaded
    from segmentry.workspace.workspace import Workspace

FILE = "inbox.sqlite"
LOADING = "inbox-"
"""Begins the name of the folder in which records are while they are loaded."""
TABLES = """
CREATE TABLE IF NOT EXISTS received (
    place INTEGER PRIMARY KEY AUTOINCREMENT, entity TEXT NOT NULL, key TEXT NOT NULL,
    customer_id TEXT NOT NULL, record TEXT NOT NULL, UNIQUE (entity, key));
CREATE INDEX IF NOT EXISTS received_of ON received (customer_id);
"""
READ = ReadOptions(format="jsonlines", decimal=".", thousands="", date_order="ymd", timezone="UTC")


class Inbox:
    """The records sent to a workspace; safe to use from several threads.

    A record of a key that is there takes the place of the one before, whether it is equal (it was
    sent twice) or corrects it; so the order among different records never matters.
    """

    def __init__(self, folder: Path) -> None:
        """Open it; a new one is made.

        Raises:
            EngineError: The file is damaged, or cannot be written to.
        """
        self._lock = threading.Lock()
        with _told():
            self._file = sqlite3.connect(
                folder / FILE, check_same_thread=False, isolation_level=None
            )
            self._file.execute("PRAGMA journal_mode = WAL")
            self._file.execute("PRAGMA synchronous = FULL")
            self._file.executescript(TABLES)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._file.close()

    def take(self, records: Iterable[Received]) -> None:
        """Keep records: when this returns, they are on the disk, all of them.

        Raises:
            OutOfResourcesError: The disk is full; none of them was kept.
        """
        rows = [(each.entity, each.key, each.customer_id, each.as_json()) for each in records]
        with self._transaction() as file:
            file.executemany(
                "INSERT OR REPLACE INTO received (entity, key, customer_id, record)"
                " VALUES (?, ?, ?, ?)",
                rows,
            )

    def of(self, customer_id: str) -> Fresh:
        """What was sent about a customer and is not loaded yet, by entity."""
        query = "SELECT entity, record FROM received WHERE customer_id = ? ORDER BY place"
        with self._lock, _told():
            rows = self._file.execute(query, [customer_id]).fetchall()
        found: dict[str, list[Mapping[str, Any]]] = {}
        for entity, record in rows:
            found.setdefault(entity, []).append(json.loads(record, parse_float=Decimal))
        return found

    def __len__(self) -> int:
        """How many records wait."""
        with self._lock, _told():
            return int(self._file.execute("SELECT count(*) FROM received").fetchone()[0])

    def load(self, workspace: Workspace, progress: Progress) -> list[Loaded]:
        """Bring what waits into the warehouse, and then let go of it.

        Cut off between the two, it is loaded again the next time, which changes nothing.
        """
        with self.loaded(workspace, progress) as done:
            return done

    @contextmanager
    def loaded(self, workspace: Workspace, progress: Progress) -> Iterator[list[Loaded]]:
        """The same with what is done in the block: others see all of it at once, or nothing.

        So who asks while a refresh follows is told what was before, and finds it computed.
        """
        with self._lock, _told():
            [last] = self._file.execute("SELECT coalesce(max(place), 0) FROM received").fetchone()
        with workspace.engine.transaction():
            yield self._brought(workspace, progress, last) if last else []
        if last:
            with self._transaction() as file:
                file.execute("DELETE FROM received WHERE place <= ?", [last])

    def _brought(self, workspace: Workspace, progress: Progress, last: int) -> list[Loaded]:
        loader = workspace.loader(progress)
        with TemporaryDirectory(dir=workspace.folder, prefix=LOADING) as folder:
            return [
                loader.load(file, mapping=_mapping(file.stem, columns), name=f"sent {file.stem}")
                for file, columns in self._written(Path(folder), last)
            ]

    def forget(self, customers: Collection[str]) -> None:
        """Let go of all that was sent about customers, also of what is in the file unused."""
        with self._transaction() as file:
            file.executemany(
                "DELETE FROM received WHERE customer_id = ?", [[each] for each in customers]
            )
        with self._lock, _told():
            self._file.execute("VACUUM")
            self._file.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _written(self, folder: Path, last: int) -> Iterator[tuple[Path, set[str]]]:
        """Files of the records up to a place, one an entity, each with its columns."""
        query = "SELECT DISTINCT entity FROM received WHERE place <= ?"
        with self._lock, _told():
            entities = [each for (each,) in self._file.execute(query, [last])]
        for entity in sorted(entities, key=list(ENTITIES).index):
            yield from _files(folder, entity, self._records(entity, last))

    def _records(self, entity: str, last: int) -> Iterator[dict[str, Any]]:
        begin = 0
        query = (
            "SELECT place, record FROM received WHERE entity = ? AND place > ? AND place <= ?"
            " ORDER BY place LIMIT 10000"
        )
        while True:
            with self._lock, _told():
                rows = self._file.execute(query, [entity, begin, last]).fetchall()
            if not rows:
                return
            begin = rows[-1][0]
            yield from (json.loads(record, parse_float=Decimal) for _, record in rows)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock, _told():
            self._file.execute("BEGIN IMMEDIATE")
            try:
                yield self._file
                self._file.execute("COMMIT")
            except BaseException:
                self._file.execute("ROLLBACK")
                raise


def _files(
    folder: Path, entity: str, records: Iterator[dict[str, Any]]
) -> Iterator[tuple[Path, set[str]]]:
    """A file of the records, and one of the lines that orders among them brought."""
    own, lines = folder / f"{entity}.jsonl", folder / "order_lines.jsonl"
    columns: dict[Path, set[str]] = {own: set(), lines: set()}
    with own.open("w", encoding="utf-8") as to_own, lines.open("w", encoding="utf-8") as to_lines:
        for record in records:
            brought = record.pop(LINES, []) if entity == "orders" else []
            if brought and "amount" not in record:
                record["amount"] = sum(map(_amount, brought), Decimal(0))
            for file, path, row in [
                (to_own, own, record),
                *((to_lines, lines, line) for line in brought),
            ]:
                columns[path].update(row)
                file.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")
    yield from ((path, found) for path, found in columns.items() if found)


def _amount(line: Mapping[str, Any]) -> Decimal:
    if "amount" in line:
        return Decimal(str(line["amount"]))
    return Decimal(str(line.get("quantity", 1))) * Decimal(str(line["unit_price"]))


def _mapping(entity: str, columns: set[str]) -> ColumnMapping:
    """Each column is the attribute of its name; one that is none is kept as it is called."""
    known = ENTITIES[entity].attributes
    own: dict[str, str | tuple[str, ...]] = {
        each: each for each in sorted(columns) if each in known
    }
    extras = {each: each for each in sorted(columns) if each not in known}
    return ColumnMapping(
        read=READ, entities={entity: own}, extras={entity: extras} if extras else {}
    )


@contextmanager
def _told() -> Iterator[None]:
    """What goes wrong with the file, as an error of ours."""
    try:
        yield
    except sqlite3.Error as error:
        if "full" in str(error):
            raise OutOfResourcesError(
                "the disk is full: nothing of this was taken in.",
                fix="Free space on the disk and send it again.",
            ) from error
        raise EngineError(f"cannot use `{FILE}`: {error}.", fix="Check the disk.") from error
