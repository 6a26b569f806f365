"""What every request passes on its way in, and every answer on its way out."""

from __future__ import annotations

from collections.abc import Collection
from http import HTTPStatus
from typing import Any

from anyio.to_thread import run_sync
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from segmentry.api import problem
from segmentry.api.asked import Asked, begun
from segmentry.api.door import Door
from segmentry.api.operation import operation
from segmentry.core.errors import ForbiddenError, ForgedError, SegmentryError, TooLargeError
from segmentry.workspace.access.changes import noting

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
MEGABYTE = 1 << 20
STRANGERS_BODY = 1 << 16
"""What is read of those who did not sign in: enough for a name and a password."""
JSON_BODY = 8 * MEGABYTE
FORBIDDEN = ForbiddenError("this takes the right `personal`.", fix="Ask an administrator for it.")


class Doorway:
    """Refuses other hosts, learns who asks, limits what is read, and notes what was done.

    Args:
        prefix: Below which path somebody asks; what is elsewhere are files of the page.
        hosts: Names under which this is reached: another one may be a trick on a browser.
    """

    def __init__(self, app: ASGIApp, prefix: str, hosts: Collection[str]) -> None:
        self._app = app
        self._prefix = prefix
        self._hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            request = HTTPConnection(scope)
            self._check_host(request.headers.get("host", ""))
            if not scope["path"].startswith(self._prefix):
                await self._app(scope, receive, send)
                return
            await self._ask(request, scope, receive, send)
        except SegmentryError as error:
            await problem.of_error(error)(scope, receive, send)

    async def _ask(
        self, request: HTTPConnection, scope: Scope, receive: Receive, send: Send
    ) -> None:
        door: Door = scope["app"].state.door
        scope["asked"] = asked = begun()
        asked.few = door.access.limits.few_customers
        await run_sync(door.look, request, asked, scope["method"])
        body = _Body(receive, _most(request, asked, door))
        body.check_announced(request.headers.get("content-length"))
        way_out = _WayOut(scope, send, asked, door)
        with noting(asked.changes):
            await self._app(scope, body, way_out)

    def _check_host(self, host: str) -> None:
        name = host if host.endswith("]") else host.rpartition(":")[0] or host
        if name.lower() not in self._hosts:
            raise ForgedError(
                "this was sent to another host.",
                fix="Name it: `segmentry serve --address https://segments.example.com`.",
            )


class _Body:
    """The body of a request, as far as it is read."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive = receive
        self._most = most
        self._read = 0

    def check_announced(self, length: str | None) -> None:
        """Refuse what says of itself that it is too large."""
        if length is not None and length.isdecimal() and int(length) > self._most:
            raise self._too_large()

    async def __call__(self) -> Message:
        """The next part."""
        message = await self._receive()
        self._read += len(message.get("body", b""))
        if self._read > self._most:
            # Of all errors while a body is read, only this kind gets through as it is.
            raise HTTPException(413, self._too_large().message)
        return message

    def _too_large(self) -> TooLargeError:
        return TooLargeError(
            f"a request may have {self._most:,} bytes here.", fix="Send it in parts, or a file."
        )


def _most(request: HTTPConnection, asked: Asked, door: Door) -> int:
    if asked.who is None:
        return STRANGERS_BODY
    largest = door.access.limits.largest_body_mb * MEGABYTE
    is_json = request.headers.get("content-type", "").startswith("application/json")
    return min(largest, JSON_BODY) if is_json else largest


class _WayOut:
    """The answer: before any of it leaves, what was done is in the log."""

    def __init__(self, scope: Scope, send: Send, asked: Asked, door: Door) -> None:
        self._scope = scope
        self._send = send
        self._asked = asked
        self._door = door
        self._refused = False

    async def __call__(self, message: Message) -> None:
        """Send a part of it."""
        if message["type"] == "http.response.start":
            self._refused = self._is_unfit(message["status"])
            if self._asked.noted:
                status = FORBIDDEN.http_status if self._refused else message["status"]
                await run_sync(self._note, status)
            if self._refused:
                await problem.of_error(FORBIDDEN)(self._scope, _nothing, self._send)
        if not self._refused:
            await self._send(message)

    def _is_unfit(self, status: int) -> bool:
        """Whether something leaves unscreened for somebody who may not see the customers."""
        asked = self._asked
        return status < HTTPStatus.MULTIPLE_CHOICES and asked.is_screened and not asked.fit_for_all

    def _note(self, status: int) -> None:
        asked, outcome = self._asked, _outcome(status)
        self._door.access.audit.note(
            asked.who.id if asked.who else "nobody",
            operation(self._scope["route"]),
            asked.object | self._named(done=outcome == "done"),
            outcome=outcome,
            changes=asked.changes,
            customers=asked.customers,
        )

    def _named(self, *, done: bool) -> dict[str, Any]:
        given: dict[str, Any] = self._scope.get("path_params", {})
        named = self._door.access.named
        return {part: named(part, str(value), done=done) for part, value in given.items()}


async def _nothing() -> Message:
    return {"type": "http.disconnect"}


def _outcome(status: int) -> str:
    if status < 400:
        return "done"
    return "refused" if status in {401, 403, 429} else "failed"
