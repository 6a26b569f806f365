"""The application: routes, errors, headers, and the description of all of it (OpenAPI 3.1)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from segmentry import __version__
from segmentry.api import page, problem
from segmentry.api.answer import shapes
from segmentry.api.desks import Desks
from segmentry.api.door import Door
from segmentry.api.routers import NOUNS
from segmentry.api.routes import runs, workspace
from segmentry.api.tasks import TASKS
from segmentry.api.work import Work

PREFIX = "/api/v1"
ROUTERS = (
    workspace.router,
    *NOUNS,
    runs.router,
)
SECURITY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",  # antd sets styles of its elements
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
HEADERS = {
    "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in SECURITY.items()),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class _App(FastAPI):
    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            self.openapi_schema = _described(self)
        return self.openapi_schema


def create(folder: Path) -> FastAPI:
    """The application over a workspace; it has the workspace from its start to its end."""
    app = _App(
        title="Segmentry",
        version=__version__,
        lifespan=_life,
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,  # its page would come from elsewhere
        redoc_url=None,
        generate_unique_id_function=_operation,
    )
    app.state.folder = folder
    app.state.door = Door()
    problem.add_to(app)
    app.middleware("http")(_headers)
    routes = APIRouter(prefix=PREFIX)
    for each in ROUTERS:
        routes.include_router(each)
    app.include_router(routes)
    app.include_router(page.router())
    return app


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncIterator[None]:
    app.state.desks = desks = Desks(app.state.folder)
    app.state.work = work = Work(desks, TASKS)
    work.start()
    try:
        yield
    finally:
        work.close()
        desks.close()


def _operation(route: APIRoute) -> str:
    return f"{route.tags[0]}_{route.name}" if route.tags else route.name


async def _headers(
    request: Request, call_next: Callable[[Request], Awaitable[Response]]
) -> Response:
    """Safe headers for all; nothing is kept by a browser without asking; the same is not resent."""
    answer = await call_next(request)
    answer.headers.update(HEADERS)
    answer.headers.setdefault("Cache-Control", "no-cache")
    mark = answer.headers.get("etag")
    if request.method == "GET" and mark and mark == request.headers.get("if-none-match"):
        kept = {name: answer.headers[name] for name in ("etag", "cache-control", *HEADERS)}
        return Response(status_code=304, headers=kept)
    return answer


def _described(app: FastAPI) -> dict[str, Any]:
    found = get_openapi(
        title=app.title,
        version=app.version,
        openapi_version="3.1.0",
        summary="Customer segmentation: right, fast, and explained.",
        routes=app.routes,
    )
    parts = found.setdefault("components", {})
    parts["schemas"] = parts.get("schemas", {}) | shapes() | {"Problem": problem.SCHEMA}
    for dropped in ("HTTPValidationError", "ValidationError"):
        parts["schemas"].pop(dropped, None)
    parts["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    found["security"] = [{"key": []}]
    failed = {problem.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path in found["paths"].values():
        for operation in path.values():
            operation["responses"].pop("422", None)
            operation["responses"]["default"] = {
                "description": "What went wrong.",
                "content": failed,
            }
    return found
