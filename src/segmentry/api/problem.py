"""Errors as `application/problem+json` (RFC 9457): what, where, what to do; never a trace."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from segmentry.answers.plain import plain
from segmentry.api.operation import operation
from segmentry.core.errors import InternalError, SegmentryError, SignInError

log = logging.getLogger("segmentry.api")

MEDIA_TYPE = "application/problem+json"
SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "description": "What went wrong, where, and what to do (RFC 9457).",
    "type": "object",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string", "description": "`urn:segmentry:` and the code."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stable; docs/reference/errors.md has all."},
        "detail": {"type": "string", "description": "What is wrong, in one sentence."},
        "where": {"type": "string", "description": "File and record, or line and column."},
        "fix": {"type": "string", "description": "What to do about it."},
    },
    "additionalProperties": True,
}
TITLES = {
    400: "Bad request", 401: "Sign in first", 403: "Not allowed", 404: "Not found",
    405: "Method not allowed", 409: "Conflict", 412: "Changed meanwhile", 413: "Too large",
    415: "Unsupported media type", 422: "Cannot be accepted", 428: "Precondition required",
    429: "Too many requests", 499: "Cancelled", 500: "Internal error", 503: "Not available",
    507: "Out of resources",
}  # fmt: skip


class Problem(JSONResponse):
    """An error as a person and a program can read it."""

    media_type = MEDIA_TYPE


def problem(status: int, code: str, detail: str, **more: Any) -> Problem:
    """A problem; `more` are further fields."""
    body = {
        "type": f"urn:segmentry:{code}",
        "title": TITLES.get(status, "Error"),
        "status": status,
        "code": code,
        "detail": detail,
    }
    return Problem(plain(body | more), status)


def of_error(error: SegmentryError) -> Problem:
    """The problem that an error of ours is."""
    found = error.as_json()
    answer = problem(error.http_status, found.pop("code"), found.pop("message"), **found)
    if "retry_after" in error.details:
        answer.headers["Retry-After"] = str(error.details["retry_after"])
    if isinstance(error, SignInError):
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def add_to(app: FastAPI) -> None:
    """Let every error of an app be answered as a problem."""

    @app.exception_handler(SegmentryError)
    async def known(_: Request, error: SegmentryError) -> Problem:
        return of_error(error)

    @app.exception_handler(ValidationError)  # what fits the route, but not what it declares
    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError | ValidationError) -> Problem:
        fields = list(_fields(error.errors()))
        detail = "; ".join(f"{each['field']}: {each['problem']}" for each in fields)
        return problem(422, "request", detail, fields=fields)

    @app.exception_handler(HTTPException)
    async def refused(_: Request, error: HTTPException) -> Problem:
        answer = problem(error.status_code, "http", str(error.detail))
        answer.headers.update(error.headers or {})
        return answer

    @app.exception_handler(Exception)
    async def unknown(request: Request, error: Exception) -> Problem:
        where = operation(request.scope.get("route"))  # a path may hold who a customer is
        log.error("%s failed", where, exc_info=error)
        return of_error(InternalError("something went wrong here; the server's log says what."))


def _fields(errors: Iterable[Any]) -> Iterable[dict[str, str]]:
    """What is wrong with each field, without the values, which may be personal."""
    for each in errors:
        yield {"field": ".".join(map(str, each["loc"])), "problem": str(each["msg"])}
