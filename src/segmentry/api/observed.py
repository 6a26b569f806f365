"""What is counted and logged of each request, and how it is asked for: Prometheus, health."""

from __future__ import annotations

import logging
from time import perf_counter

from fastapi import APIRouter, Request, Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from segmentry.api.asked import Asked, asked
from segmentry.api.desk import Desk
from segmentry.api.operation import operation
from segmentry.api.right import READ
from segmentry.workspace.runs import OVER

log = logging.getLogger("segmentry.request")
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Counts:
    """The numbers of one server."""

    def __init__(self) -> None:
        self.answered = 0
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "segmentry_requests",
            "Requests answered.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "segmentry_request_seconds",
            "Time until an answer began.",
            ("route",),
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.waiting = Gauge(
            "segmentry_inbox_records", "Records sent and not loaded yet.", registry=self.registry
        )
        self.runs = Gauge(
            "segmentry_runs", "Of the last hundred runs.", ("status",), registry=self.registry
        )
        self.refreshed = Gauge(
            "segmentry_last_refresh_timestamp_seconds",
            "When the last refresh that was done ended; 0 before the first.",
            registry=self.registry,
        )


class Observed:
    """Counts each request by its route and logs it, without its path and what it says."""

    def __init__(self, app: ASGIApp, counts: Counts) -> None:
        self._app = app
        self._counts = counts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = perf_counter()

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._note(scope, message["status"], perf_counter() - began)
            await send(message)

        await self._app(scope, receive, noting)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route = operation(scope.get("route"))
        self._counts.answered += 1
        self._counts.requests.labels(scope["method"], route, status).inc()
        self._counts.seconds.labels(route).observe(seconds)
        known: Asked | None = scope.get("asked")
        log.info(
            "request",
            extra={
                "method": scope["method"],
                "route": route,
                "status": status,
                "ms": round(seconds * 1000, 1),
                "who": known.who.id if known and known.who else None,
            },
        )


router = APIRouter()


@router.get("/health", include_in_schema=False)
def health(request: Request) -> Response:
    """Whether this server can answer: the workspace opens, and its work goes on."""
    with request.app.state.desks.taken() as workspace:
        workspace.engine.value("SELECT 1")
    well = request.app.state.work.is_alive
    return Response("well\n" if well else "unwell\n", 200 if well else 503, media_type="text/plain")


@router.get("/health/live", include_in_schema=False)
async def live() -> Response:
    """That this process answers at all."""
    return Response("up\n", media_type="text/plain")


metrics_router = APIRouter(tags=["metrics"])


@metrics_router.get(
    "/metrics",
    dependencies=READ,
    response_class=Response,
    responses={200: {"description": "Numbers for Prometheus.", "content": {
        "text/plain": {"schema": {"type": "string"}}}}},
)  # fmt: skip
def metrics(request: Request, desk: Desk) -> Response:
    """How many requests and runs there were, how long they took, what waits; for Prometheus."""
    asked().fit_for_all = True
    counts: Counts = request.app.state.counts
    runs = desk.catalogue.runs.latest(100)
    for status in {"waiting", "running", *OVER}:
        counts.runs.labels(status).set(sum(each["status"] == status for each in runs))
    done = [each for each in runs if (each["kind"], each["status"]) == ("refresh", "done")]
    counts.refreshed.set(done[0]["ended_at"].timestamp() if done else 0)
    counts.waiting.set(len(request.app.state.inbox))
    return Response(generate_latest(counts.registry), media_type=CONTENT_TYPE_LATEST)
