"""Answers over HTTP: the same documents as `--json`, with a mark by which a client keeps them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from fastapi.responses import Response

from segmentry.answers.plain import Document, plain
from segmentry.api.asked import asked
from segmentry.api.screen import loosened, says_who, screened
from segmentry.core.errors import ForbiddenError
from segmentry.workspace.access.scope import Scope
from segmentry.workspace.workspace import Workspace

SCHEMAS = files("segmentry.answers") / "schemas"


STOOD_IN: Document = {"conditions": [], "kept": [], "sql": ""}
"""What is not shown where another rule answered: it is about the other one."""


class Answer(Response):
    """A document as JSON; its `ETag` is of its content: the same need not be sent twice.

    Who may not see the customers gets it screened, whatever route it is of.
    """

    media_type = "application/json"

    def __init__(self, document: Document, status: int = 200, **headers: str) -> None:
        body = json.dumps(fit(plain(document)), ensure_ascii=False, allow_nan=False).encode()
        mark = hashlib.sha256(body).hexdigest()[:32]
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        super().__init__(body, status, {"ETag": f'"{mark}"'} | named)


@dataclass(frozen=True)
class _Whole:
    """An answer as it was sent, and what the log was told of it."""

    body: bytes
    mark: str
    customers: int | None
    noted: bool


def kept(desk: Workspace, make: Callable[[], Document], *of: Hashable) -> Response:
    """What whoever asked the same got, as long as nothing has changed; else a new answer.

    For what is about everybody, and the same for all who may see customers; who may not is
    answered anew.

    Args:
        of: All that the answer depends on, besides its schema and the state of the workspace.
    """
    request = asked()
    if desk.answers is None or request.is_screened:
        return Answer(make())

    def whole() -> _Whole:
        answer = Answer(make())
        body, mark = bytes(answer.body), answer.headers["ETag"]
        return _Whole(body, mark, request.customers, request.noted)

    found = desk.answers.of((request.schema, *of), whole)
    request.customers = found.customers
    request.noted |= found.noted
    return Response(found.body, 200, {"ETag": found.mark}, Answer.media_type)


def answered(schema: str, status: int = 200, description: str = "") -> dict[str, Any]:
    """What a route answers, for `router.get(…, **answered("segments-list"))`.

    Args:
        schema: Name of a file in `answers/schemas`; another name is a mistake and raises at once.
    """
    title = description or str(shapes()[schema].get("title", schema))
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {
        "status_code": status,
        "response_model": None,
        "responses": {status: {"description": title, "content": content}},
    }


def fit(document: Document, schema: str = "") -> Document:
    """A plain document as whoever asks may see it; how many customers it is about goes to the log.

    Args:
        schema: What is personal in it; that of the route's answers, if not said.

    Raises:
        ForbiddenError: It has no schema that says what in it is personal.
    """
    request = asked()
    if request.customers is None:
        request.customers = _touched(document)
    known = shapes().get(schema or request.schema)
    if not request.is_screened:
        # Who was looked at is noted, whatever right the route takes; a site's own asking is not.
        request.noted |= request.scope is Scope.READ and says_who(document, known or {})
        return document
    if known is None:
        raise ForbiddenError(
            f"this takes the right `{Scope.PERSONAL}`.", fix="Ask an administrator for it."
        )
    request.fit_for_all = True
    if request.discreet and request.discreet.stood_in:
        document |= {name: each for name, each in STOOD_IN.items() if name in document}
    return screened(document, known, request.few)


def _touched(document: Document) -> int | None:
    """How many customers a document names, or is about, where it says so."""
    said = [document.get("customers"), document.get("members")]
    for found in said:
        if isinstance(found, list):
            return len(found)
    for found in said:
        if isinstance(found, int):
            return found
    return 1 if "customer_id" in document else None


@cache
def described() -> dict[str, dict[str, Any]]:
    """Every schema of an answer as it may come: what may be withheld may be missing."""
    return {name: loosened(each) for name, each in shapes().items()}


@cache
def shapes() -> dict[str, dict[str, Any]]:
    """Every schema of an answer, by name."""
    found = {}
    for file in sorted(SCHEMAS.iterdir(), key=lambda each: each.name):
        schema = json.loads(file.read_text(encoding="utf-8"))
        schema.pop("$schema", None)
        found[file.name.removesuffix(".json")] = schema
    return found
