"""Few requests compute at once; the others wait, and keep nobody from what needs no desk."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import sleep

import anyio
import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from tests.api.conftest import BASE, client_of

from segmentry.workspace.workspace import Workspace

SEATS, PEOPLE = 2, 50
"""More people than the server has threads."""


@pytest.fixture
def most(own_bakery: FastAPI, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many were at a desk at once, each time that somebody sat down there."""
    desks = own_bakery.state.desks
    lock, here, found, reading = threading.Lock(), [0], [], desks.reading

    @contextmanager
    def counted() -> Iterator[Workspace]:
        with reading() as desk:
            with lock:
                here[0] += 1
                found.append(here[0])
            sleep(0.01)
            try:
                yield desk
            finally:
                with lock:
                    here[0] -= 1

    monkeypatch.setattr(desks, "reading", counted)
    return found


def test_others_wait_for_a_seat_and_need_no_thread_for_it(own_bakery, most):
    headers = dict(client_of(own_bakery, "admin").headers)

    async def ask() -> tuple[list[int], int]:
        own_bakery.state.seats = anyio.Semaphore(SEATS)
        async with AsyncClient(transport=ASGITransport(own_bakery), base_url=BASE) as client:
            async with asyncio.TaskGroup() as together:
                pages = [
                    together.create_task(client.get("/api/v1/segments", headers=headers))
                    for _ in range(PEOPLE)
                ]
                await asyncio.sleep(0.1)
                alive = await client.get("/health/live")
                waiting = sum(not each.done() for each in pages)
            assert alive.status_code == 200
            return [each.result().status_code for each in pages], waiting

    # this thread may have a browser's loop
    codes: list[tuple[list[int], int]] = []
    elsewhere = threading.Thread(target=lambda: codes.append(asyncio.run(ask())))
    elsewhere.start()
    elsewhere.join()
    [(answered, waiting)] = codes
    assert answered == [200] * PEOPLE
    assert waiting > 0
    assert max(most) == SEATS
