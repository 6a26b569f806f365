"""The application: routes, errors, headers, and the description of all of it (OpenAPI 3.1)."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi

from segmentry import __version__
from segmentry.api import observed, page, problem
from segmentry.api.ahead import Ahead
from segmentry.api.answer import described
from segmentry.api.clockwork import Clockwork
from segmentry.api.desks import Desks
from segmentry.api.door import COOKIE, Door
from segmentry.api.doorway import LOOPBACK, Doorway
from segmentry.api.headed import Headed
from segmentry.api.observed import Counts, Observed
from segmentry.api.once import Once
from segmentry.api.operation import operation
from segmentry.api.reception import Reception
from segmentry.api.routers import NOUNS
from segmentry.api.routes import audit, keys, live, people, runs, schedules, sessions, workspace
from segmentry.api.tasks import TASKS
from segmentry.api.work import Work
from segmentry.core import time
from segmentry.core.time import Clock
from segmentry.workspace.discretion import Discretion
from segmentry.workspace.inbox import Inbox

PREFIX = "/api/v1"
ROUTERS = (
    live.router,  # asked hundreds of times a second, and the first that fits is taken
    sessions.router,
    people.router,
    keys.router,
    audit.router,
    workspace.router,
    *NOUNS,
    runs.router,
    schedules.router,
    observed.metrics_router,
)
SEATS_OF_A_CORE = 2
"""How many requests work at a desk at once, for each core; others wait without a thread.

The work of a page is nearly all computing. Forty that compute on two cores take turns at holding
the interpreter, each at a desk that has to be opened first: together they are slower than one after
the other.
"""


class _App(FastAPI):
    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            self.openapi_schema = _described(self)
        return self.openapi_schema


def create(
    folder: Path,
    hosts: Collection[str] = LOOPBACK,
    clock: Clock = time.now,
    opened: Callable[[Door], None] = lambda _: None,
    *,
    asks_ahead: bool = False,
) -> FastAPI:
    """The application over a workspace; it has the workspace from its start to its end.

    Args:
        hosts: Names under which it is reached.
        opened: Called when the door is open.
        asks_ahead: What takes long and pages show is worked out before somebody opens them.
    """
    app = _App(
        title="Segmentry",
        version=__version__,
        lifespan=_life,
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,  # its page would come from elsewhere
        redoc_url=None,
        generate_unique_id_function=operation,
    )
    app.state.folder = folder
    app.state.clock = clock
    app.state.opened = opened
    app.state.asks_ahead = asks_ahead
    problem.add_to(app)
    app.add_middleware(Once)
    app.add_middleware(Doorway, prefix=PREFIX, hosts=hosts)
    app.add_middleware(Headed)
    app.state.counts = Counts()
    app.add_middleware(Observed, counts=app.state.counts)
    routes = APIRouter(prefix=PREFIX)
    for each in ROUTERS:
        routes.include_router(each)
    app.include_router(observed.router)
    app.include_router(routes)
    app.include_router(page.router())
    return app


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncIterator[None]:
    app.state.desks = desks = Desks(app.state.folder)
    app.state.seats = anyio.Semaphore(SEATS_OF_A_CORE * (os.cpu_count() or 1))
    app.state.work = work = Work(desks, TASKS)
    app.state.door = Door(desks.access(app.state.clock), app.state.clock)
    app.state.discretion = Discretion(app.state.door.access.limits.few_customers)
    app.state.inbox = inbox = Inbox(app.state.folder)
    app.state.answered_once = desks.answered_once(app.state.clock)
    clockwork = Clockwork(desks, work, app.state.clock)
    app.state.reception = reception = Reception(desks, inbox)
    work.start()
    clockwork.start()
    ahead = Ahead(desks, lambda: app.state.counts.answered)
    if app.state.asks_ahead:
        ahead.start()
    app.state.opened(app.state.door)
    try:
        yield
    finally:
        ahead.close()
        clockwork.close()
        work.close()
        reception.close()
        inbox.close()
        desks.close()


def _described(app: FastAPI) -> dict[str, Any]:
    found = get_openapi(
        title=app.title,
        version=app.version,
        openapi_version="3.1.0",
        summary="Customer segmentation: right, fast, and explained.",
        routes=app.routes,
    )
    parts = found.setdefault("components", {})
    parts["schemas"] = parts.get("schemas", {}) | described() | {"Problem": problem.SCHEMA}
    for dropped in ("HTTPValidationError", "ValidationError"):
        parts["schemas"].pop(dropped, None)
    parts["securitySchemes"] = {
        "key": {"type": "http", "scheme": "bearer"},
        "session": {"type": "apiKey", "in": "cookie", "name": COOKIE},
    }
    found["security"] = [{"key": []}, {"session": []}]
    failed = {problem.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path in found["paths"].values():
        for asked in path.values():
            asked["responses"].pop("422", None)
            asked["responses"]["default"] = {
                "description": "What went wrong.",
                "content": failed,
            }
    return found
