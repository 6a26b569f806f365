"""Headers that every answer carries."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

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
SAFE = {
    "content-security-policy": "; ".join(f"{name} {value}" for name, value in SECURITY.items()),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
KEPT = frozenset({"etag", "cache-control", *SAFE})
"""Headers of an answer that only says that nothing changed."""


class Headed:
    """Safe headers for all; nothing is kept by a browser without asking; the same is not resent."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, and its answer with the headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_read = scope["method"] == "GET"
        way_out = _WayOut(send, Headers(scope=scope).get("if-none-match") if is_read else None)
        await self._app(scope, receive, way_out)


class _WayOut:
    """An answer on its way.

    Args:
        held: The mark of what the client has already.
    """

    def __init__(self, send: Send, held: str | None) -> None:
        self._send = send
        self._held = held
        self._is_same = False

    async def __call__(self, message: Message) -> None:
        """Send a part of it."""
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message["headers"])
            headers.update(SAFE)
            headers.setdefault("cache-control", "no-cache")
            self._is_same = self._held is not None and headers.get("etag") == self._held
            if self._is_same:
                kept = [each for each in headers.raw if each[0].decode() in KEPT]
                message = {**message, "status": 304, "headers": kept}
        elif self._is_same and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await self._send(message)
