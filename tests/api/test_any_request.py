"""Whatever the API's description allows, and some of what it does not, is answered as it says.

No answer is a fault of ours (status 500 and above), each fits the schema that the description names
for it, and each refusal is a problem that says what is wrong.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import schemathesis
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.types import Receive, Scope, Send
from tests.api.conftest import BASE, key_of

from segmentry.api.access import ROLES
from segmentry.api.app import create

CASES = int(os.environ.get("SEGMENTRY_CASES", "5300"))
"""Requests drawn at random; every operation gets an equal part. Besides there are some 4,900 that
try every limit that the description states, so that there are over 10,000. `make cases` draws more.
"""
PATIENCE_SECONDS = 120
DESCRIPTION = json.loads(
    (Path(__file__).parents[2] / "docs" / "reference" / "openapi.json").read_text("utf-8")
)
OPERATIONS = sum(len(path) for path in DESCRIPTION["paths"].values())
CHECKS = (
    not_a_server_error,
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
schema = schemathesis.openapi.from_dict(DESCRIPTION)
schema.config.generation.update(modes=list(GenerationMode))


@dataclass
class Served:
    """An application that runs already: it is not begun and ended anew for each request."""

    app: FastAPI
    key: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self.app(scope, receive, send)
            return
        for step in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{step}.complete"})


@pytest.fixture(scope="module")
def served(shop_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A served copy of the shop, which may be changed at will, and a key of an administrator."""
    folder = tmp_path_factory.mktemp("any") / "shop"
    shutil.copytree(shop_folder, folder)
    app = create(folder)
    with TestClient(app, base_url=BASE):
        yield Served(app, key_of(app, ROLES["admin"]))


# Long work that an earlier request began may import what draws at random, while cases are drawn.
@pytest.mark.filterwarnings("ignore:Do not use the `random` module")
@schema.exclude(path_regex="/events$|/sessions").parametrize()
@settings(
    max_examples=max(1, CASES // OPERATIONS),
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
def test_it_is_answered_as_described(case, served):
    headers = {"Authorization": f"Bearer {served.key}"}
    case.call_and_validate(
        app=served,
        base_url=BASE,
        headers=headers,
        checks=list(CHECKS),
        timeout=PATIENCE_SECONDS,
    )
