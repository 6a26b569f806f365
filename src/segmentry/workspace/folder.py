"""The folder of a workspace: its files, opened and closed, and the instants it speaks of."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from segmentry.core import time
from segmentry.core.errors import UsageError
from segmentry.core.time import AsOf, Clock
from segmentry.core.whole import draft_of
from segmentry.data import available, lists
from segmentry.data.identity.links import choose_unit
from segmentry.data.tables import make_tables
from segmentry.engines.address import OWN, connect, resolved
from segmentry.engines.duckdb import DuckDB
from segmentry.engines.rewrite import rewrite
from segmentry.workspace import hold, settings
from segmentry.workspace.erased import is_pending
from segmentry.workspace.hold import Caller
from segmentry.workspace.settings import Settings

if TYPE_CHECKING:
    from segmentry.workspace.catalogue import Catalogue, Declared, Newest
    from segmentry.workspace.warehouse import Warehouse

WAREHOUSE = "warehouse.duckdb"
SPILLED = f"{WAREHOUSE}.tmp"
LAKE = "lake"
CATALOGUE = "catalogue.sqlite"
NOTHING_DECLARED: Newest = {}

AGREED = ("settings", "agreed")
"""Kind and name under which the catalogue keeps the mark of the settings it goes with."""
PATIENT = Caller()

When = str | date | datetime | AsOf | None
"""An instant as people give it; `None` is the end of the last day that has data."""


class Folder:
    """A workspace's folder, opened: settings, warehouse, catalogue, and what an instant is here.

    Use `create` or `open`; close it, or use it as a context manager. One process at a time.
    """

    alone: Callable[[], AbstractContextManager[None]] = staticmethod(nullcontext)
    """While it lasts, nobody else of this process has the warehouse open; a server sees to that."""

    def __init__(
        self,
        folder: Path,
        chosen: Settings,
        clock: Clock = time.now,
        caller: Caller = PATIENT,
    ) -> None:
        self.folder = folder
        self.caller = caller
        self.settings = chosen
        self.clock = clock
        if "IPython" in sys.modules:
            from segmentry.workspace import display

            display.enable()

    @classmethod
    def create(
        cls,
        folder: str | Path,
        *,
        currency: str = "EUR",
        timezone: str = "UTC",
        language: str = "en",
        unit: str = "person",
        engine: str = OWN,
    ) -> Self:
        """Make a workspace in a new or empty folder.

        Raises:
            UsageError: The folder has something in it.
        """
        path = Path(folder)
        if path.exists() and (not path.is_dir() or any(_foreign(path))):
            raise UsageError(f"`{path}` is not empty.", fix="Choose a new folder.")
        chosen = settings.parse(
            {
                "name": path.resolve().name,
                "currency": currency,
                "timezone": timezone,
                "language": language,
                "unit": unit,
                "engine": engine,
            }
        )
        path.mkdir(parents=True, exist_ok=True)
        settings.write(path, chosen)
        return cls(path, chosen)

    @classmethod
    def open(cls, folder: str | Path, caller: Caller = PATIENT) -> Self:
        """Open a workspace that is there.

        Args:
            caller: Who asks, and how long to wait when another process has the workspace.
        """
        path = Path(folder)
        opened = cls(path, settings.read(path), caller=caller)
        if settings.pending(path) and hold.holder(path) is None:
            opened.agree()
        return opened

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def interrupt(self) -> None:
        """Stop the statement that is running in another thread; it raises `CancelledError`."""
        # Only what is open: asking for it here would open it.
        if "engine" in self.__dict__:
            self.engine.interrupt()
        if "warehouse" in self.__dict__ and not self.warehouse.is_desk:
            self.warehouse.engine.interrupt()

    def share_done(self) -> float | None:
        """How much of the statement that the desk runs in another thread is done, of 1."""
        return self.engine.share_done() if "engine" in self.__dict__ else None

    def close(self) -> None:
        """Let go of the files."""
        with ExitStack() as closing:
            for name in ("catalogue", "_hold", "engine", "warehouse"):
                if name in self.__dict__:
                    closing.callback(self.__dict__.pop(name).close)

    @cached_property
    def warehouse(self) -> Warehouse:
        """Where customers are computed: on the desk, or by an engine of its own."""
        from segmentry.workspace.warehouse import Warehouse

        chosen, address = self.settings, resolved(self.settings.engine)
        if address == OWN:
            return Warehouse(self.engine, self.engine)
        lake = self.folder / LAKE
        engine = connect(address, chosen.engine_schema, lake, chosen.memory_limit, chosen.threads)
        return Warehouse(self.engine, engine).claimed()

    @cached_property
    def engine(self) -> DuckDB:
        """The desk: the file in which data are loaded, checked and asked about.

        People whom a killed process had begun to forget are forgotten before anything is asked.
        """
        engine = self._opened()
        if self._hold.first and is_pending(self.folder):
            from segmentry.workspace.erasure import Erasure

            self.__dict__["engine"] = engine
            Erasure(self).finish()
            engine = self.__dict__.pop("engine", None) or self._opened()
        return engine

    def _opened(self) -> DuckDB:
        with ExitStack() as undoing:
            undoing.callback(self._let_go, self._hold)
            if self._hold.first:  # what a killed process had spilled there
                shutil.rmtree(self.folder / SPILLED, ignore_errors=True)
            engine = undoing.enter_context(
                DuckDB(
                    self.folder / WAREHOUSE,
                    memory_limit=self.settings.memory_limit,
                    threads=self.settings.threads,
                )
            )
            make_tables(engine)
            choose_unit(engine, self.settings.unit)
            lists.prepare(engine)
            undoing.pop_all()
        return engine

    def rewrite(self) -> None:
        """Write the desk's file anew without what was deleted; nobody else may have it open."""
        self.let_go()
        rewrite(self.folder / WAREHOUSE, self.settings.memory_limit, self.settings.threads)

    def let_go(self) -> None:
        """Close the warehouse until it is asked next; the folder stays this process's."""
        for name in ("warehouse", "engine"):
            if name in self.__dict__:
                self.__dict__.pop(name).close()

    @cached_property
    def _hold(self) -> hold.Hold:
        """This process's lock on the folder, from the first use of the warehouse on."""
        return hold.Hold(self.folder, self.caller, self.clock)

    def _let_go(self, held: hold.Hold) -> None:
        del self.__dict__["_hold"]
        held.close()

    @cached_property
    def catalogue(self) -> Catalogue:
        """Declarations and runs."""
        from segmentry.workspace.catalogue import Catalogue

        return Catalogue(self.folder / CATALOGUE, self._held_since)

    def _held_since(self) -> datetime | None:
        found = hold.holder(self.folder)
        return found.since if found else None

    def agree(self) -> None:
        """Settings that wait for declarations begin to hold if those were kept, else they go."""
        if settings.pending(self.folder):
            last = self.catalogue.versions(*AGREED)[-1:]
            settings.finish(self.folder, last[0].body["mark"] if last else "")
            self.settings = settings.read(self.folder)

    # what is there

    def as_of(self, when: When = None) -> AsOf:
        """The instant meant; without one, the end of the last day that has data.

        Where nothing has a time, as in a table of customers alone, it is the day of the last load.

        Raises:
            UsageError: There is no data yet, so there is no such day.
        """
        if isinstance(when, AsOf):
            return when
        if when is not None:
            return AsOf.parse(when, self.settings.timezone)
        last = self.watermark() or available.last_load(self.engine)
        if last is None:
            raise UsageError(
                "nothing is loaded yet.", fix="Load orders first: `segmentry load FILE -w DIR`."
            )
        return time.end_of_day(last, self.settings.timezone)

    def watermark(self) -> datetime | None:
        """The instant of the newest fact, in UTC; `None` where nothing has a time."""
        return available.watermark(self.engine)

    def data_through(self) -> str | None:
        """The local day of the newest fact; nothing is known after it."""
        watermark = self.watermark()
        if watermark is None:
            return None
        return time.to_local(watermark, self.settings.timezone).date().isoformat()

    def declared(self, kind: str) -> Sequence[Declared]:
        """The declarations of a kind that are in use, by name; none before the first is saved."""
        return self.newest().get(kind, ())

    def newest(self) -> Newest:
        """The same of every kind; the same object again until something is declared."""
        if not (self.folder / CATALOGUE).exists():
            return NOTHING_DECLARED
        return self.catalogue.newest()


def _foreign(folder: Path) -> Iterator[Path]:
    """What is in a folder besides what making a workspace there left when it was killed."""
    return (each for each in folder.iterdir() if each != draft_of(folder / settings.FILE))
