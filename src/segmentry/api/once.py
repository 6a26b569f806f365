"""Idempotency keys: a change that is sent again, because its answer got lost, is done once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import anyio
from anyio.to_thread import run_sync
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from segmentry.api import problem
from segmentry.api.asked import asked
from segmentry.core.errors import SegmentryError, UsageError
from segmentry.workspace.access.answered_once import AnsweredOnce, Kept

HEADER = "idempotency-key"
LONGEST_KEY = 200
LONGEST_ANSWER = 1 << 20
CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
REPLAYED = (b"idempotency-replayed", b"true")
KEPT_HEADERS = frozenset({b"content-type", b"etag", b"location"})


class Once:
    """Answers a change that carries a key it has answered before with the first answer.

    Keys are of whoever asks, and good for a day. While the first of several equal requests is
    under way the others wait for it. What was refused, or failed here, is not kept: it had no
    effect, and may be tried again with the same key.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._under_way: dict[tuple[str, str], tuple[anyio.Lock, list[int]]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it as before."""
        key = HTTPConnection(scope).headers.get(HEADER) if scope["type"] == "http" else None
        who = asked().who
        if key is None or who is None or scope["method"] not in CHANGING:
            await self._app(scope, receive, send)
            return
        try:
            if not 0 < len(key) <= LONGEST_KEY:
                raise UsageError(
                    f"an idempotency key has 1 to {LONGEST_KEY} letters.", fix="Take a UUID."
                )
            # With what they may do: who may do less since then is not told what they were told.
            asks = f"{who.id} {' '.join(sorted(who.scopes))}"
            async with self._alone(asks, key):
                await self._once(scope, receive, send, asks, key)
        except SegmentryError as error:
            await problem.of_error(error)(scope, receive, send)

    async def _once(self, scope: Scope, receive: Receive, send: Send, who: str, key: str) -> None:
        kept: AnsweredOnce = scope["app"].state.answered_once
        body = await _whole(receive)
        mark = _mark(scope, body)
        before = await run_sync(kept.find, who, key)
        if before is None:
            answer = _Copied(send)
            await self._app(scope, _again(body, receive), answer)
            if (made := answer.kept(mark)) is not None:
                await run_sync(kept.keep, who, key, made)
            return
        if before.mark != mark:
            raise UsageError(
                "this idempotency key belongs to another request.", fix="Take a new key for each."
            )
        headers = [(name.encode(), value.encode()) for name, value in json.loads(before.headers)]
        start = {"type": "http.response.start", "status": before.status}
        await send(start | {"headers": [*headers, REPLAYED]})
        await send({"type": "http.response.body", "body": before.body})

    @asynccontextmanager
    async def _alone(self, who: str, key: str) -> AsyncIterator[None]:
        """Wait until nobody else asks with this key."""
        lock, waiting = self._under_way.setdefault((who, key), (anyio.Lock(), []))
        waiting.append(1)
        try:
            async with lock:
                yield
        finally:
            waiting.pop()
            if not waiting:
                self._under_way.pop((who, key), None)


@dataclass
class _Copied:
    """Sends an answer on, and keeps a copy of it; of what nobody may store it keeps none."""

    send: Send
    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    secret: bool = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.secret = (b"cache-control", b"no-store") in message["headers"]
            self.headers = [
                (name.decode(), value.decode())
                for name, value in message["headers"]
                if name.lower() in KEPT_HEADERS
            ]
        elif len(self.body) <= LONGEST_ANSWER:
            self.body += message.get("body", b"")
        await self.send(message)

    def kept(self, mark: str) -> Kept | None:
        """The answer, if it tells of an effect and is not too long."""
        if self.secret or not 200 <= self.status < 300 or len(self.body) > LONGEST_ANSWER:
            return None
        return Kept(mark, self.status, json.dumps(self.headers), self.body)


async def _whole(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


def _again(body: bytes, receive: Receive) -> Callable[[], Awaitable[Message]]:
    """A body that was read, to be read again."""
    left: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def read() -> Message:
        return left.pop() if left else await receive()

    return read


def _mark(scope: Scope, body: bytes) -> str:
    parts = (scope["method"].encode(), scope["path"].encode(), scope["query_string"], body)
    return hashlib.sha256(b"\0".join(hashlib.sha256(each).digest() for each in parts)).hexdigest()
