"""The server under load: one customer at a time, and records that are sent.

The load comes from this process at a constant rate: a request is due at its time whether or not the
ones before were answered, and its time runs from when it was due. Server and load share the cores.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter, sleep

from segmentry.segments.content import Content, Variant
from segmentry.workspace.inbox import Inbox
from segmentry.workspace.standings import Standings
from segmentry.workspace.workspace import Workspace

SECONDS = 20.0
AHEAD_SECONDS = 150
"""After a start, until what is asked ahead of people has been asked."""
PEOPLE, PAGE_EVERY_SECONDS, REQUESTS_OF_A_PAGE = 50, 10, 4
CONNECTIONS = 64
PLACE = "hero"
BATCH = 1_000
WARMING = 1_000_000
"""Number of the first request that is not measured."""


@dataclass
class Load:
    """Requests at a constant rate, and how they were answered.

    Args:
        path: Of each request.
        body: Of each; without one it is a GET.
    """

    name: str
    rate: float
    path: Callable[[int], str]
    body: Callable[[int], bytes] | None = None
    seconds: list[float] = field(default_factory=list)
    refused: int = 0
    cpu_seconds: float = 0.0

    def quantile(self, share: float) -> float:
        """Milliseconds within which a share of the requests was answered."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    def __str__(self) -> str:
        each = 1000 * self.cpu_seconds / max(1, len(self.seconds))
        return (
            f"{self.name:36}{self.rate:9,.0f}/s{len(self.seconds):9,}{self.quantile(0.5):9.1f}"
            f"{self.quantile(0.99):9.1f}{self.refused:9}{each:9.2f}"
        )


def run(workspace: Path, divisor: int, minutes: float = 0) -> None:
    """Serve a workspace, ask it, send to it, kill it, and count what it kept.

    Args:
        minutes: For how long events are sent, if longer than people ask.
    """
    ids, key = _prepared(workspace)
    draw = random.Random(1)
    seconds = max(2.0, SECONDS / divisor)
    loads = [
        Load("nothing at all", 300, lambda _: "/health/live"),
        Load("content by segment", 300, lambda _: f"{_customer(draw, ids)}/contents/{PLACE}"),
        Load("all segments and groups", 20, lambda _: f"{_customer(draw, ids)}/standing"),
        Load(
            "the same with a fresh event", 30, lambda _: f"{_customer(draw, ids)}/standing", _cart
        ),
        Load(f"{BATCH:,} events", 10, lambda _: "/api/v1/records", lambda at: _events(ids, at)),
    ]
    print(
        f"{'':36}{'rate':>11}{'requests':>9}{'p50 ms':>9}{'p99 ms':>9}{'refused':>9}{'CPU ms':>9}"
    )
    with served(workspace) as (server, port):
        sleep(AHEAD_SECONDS * seconds / SECONDS)
        *asking, sending = loads
        for each in asking:
            _measure(each, seconds, server.pid, port, key)
        sending_seconds = max(seconds, 60 * minutes)
        _measure(sending, sending_seconds, server.pid, port, key)
        server.send_signal(signal.SIGKILL)
        server.wait()
    sent = BATCH * round(sending.rate * (sending_seconds + 1))
    inbox = Inbox(workspace)
    confirmed = sent - BATCH * sending.refused
    print(f"events confirmed: {confirmed:,}; kept after kill -9: {len(inbox):,}")
    inbox.close()
    _beside_a_refresh(workspace, seconds, key, ids)
    ratio = loads[1].quantile(0.99) / loads[0].quantile(0.99)
    print(f"content against nothing at all: {ratio:.1f} x at the 99th of a hundred")


def _measure(load: Load, seconds: float, process: int, port: int, key: str) -> None:
    asyncio.run(_put_on(load, 1.0, port, key, WARMING))
    load.seconds.clear()
    load.refused, before = 0, _cpu(process)
    asyncio.run(_put_on(load, seconds, port, key, 0))
    load.cpu_seconds = _cpu(process) - before
    print(load, flush=True)


def _beside_a_refresh(workspace: Path, seconds: float, key: str, ids: list[str]) -> None:
    """People look at pages while what was sent is taken in and everything is computed again."""
    with Workspace.open(workspace) as opened:
        segments = [each.name for each in opened.saved()][:20]
    draw = random.Random(2)
    asked = (
        lambda: "/api/v1/segments?limit=50", lambda: f"/api/v1/segments/{draw.choice(segments)}",
        lambda: f"/api/v1/segments/{draw.choice(segments)}/history", lambda: _customer(draw, ids),
        lambda: "/api/v1/segmentations/rfm", lambda: "/api/v1/segmentations/rfm/grid",
        lambda: "/api/v1/customers?limit=20", lambda: "/api/v1/runs", lambda: "/api/v1/checks",
    )  # fmt: skip
    rate = PEOPLE * REQUESTS_OF_A_PAGE / PAGE_EVERY_SECONDS
    people = Load(f"{PEOPLE} people beside a refresh", rate, lambda at: asked[at % len(asked)]())
    with served(workspace) as (server, port):
        sleep(AHEAD_SECONDS * seconds / SECONDS)
        asyncio.run(_begin_refresh(port, key))
        _measure(people, seconds, server.pid, port, key)
        print(f"p95 of them: {people.quantile(0.95):,.0f} ms")


async def _begin_refresh(port: int, key: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        _request(Load("refresh", 1, lambda _: "/api/v1/refreshes", lambda _: b"{}"), 0, key)
    )
    await _answered(reader)
    writer.close()


def _prepared(folder: Path) -> tuple[list[str], str]:
    """Ids of customers, and a key for a site; a place is made that shows content by segment."""
    with Workspace.open(folder) as workspace:
        names = [each.name for each in workspace.saved()][:10]
        variants = tuple(Variant(segment=each, show={"text": each}) for each in names)
        workspace.contents.save(Content(name=PLACE, variants=variants))
        if Standings.of(workspace, threading.Lock()) is None:
            workspace.refresh()
        workspace.live.sort()
        rows = workspace.engine.rows(
            "SELECT customer_id FROM customers USING SAMPLE 20000 (reservoir, 1)"
        )
        _, key = workspace.access.keys.add("load", ["live", "read", "personal", "run"])
    return [each for (each,) in rows], key


def _customer(draw: random.Random, ids: list[str]) -> str:
    return f"/api/v1/customers/{draw.choice(ids)}"


def _cart(_: int) -> bytes:
    event = {"name": "add_to_cart", "occurred_at": "2026-11-01T12:00:00Z"}
    return json.dumps({"events": [event]}).encode()


def _events(ids: list[str], at: int) -> bytes:
    events = [
        {
            "event_id": f"{os.getpid()}-{at}-{number}",
            "customer_id": ids[(at * BATCH + number) % len(ids)],
            "occurred_at": "2026-11-01T12:00:00Z",
            "name": "page_view",
        }
        for number in range(BATCH)
    ]
    return json.dumps({"events": events}).encode()


@contextmanager
def served(folder: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    command = [sys.executable, "-m", "segmentry", "serve", "-w", str(folder), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        lines = iter(server.stdout.readline, "")
        address = next(each for each in lines if "http" in each)
        try:
            yield server, int(address.rsplit(":", 1)[1].split("/")[0])
        finally:
            server.kill()


def _cpu(process: int) -> float:
    text = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(text[11]) + int(text[12])) / os.sysconf("SC_CLK_TCK")


async def _put_on(load: Load, seconds: float, port: int, key: str, first: int) -> None:
    """Ask at the load's rate; a connection takes the next request that is due."""
    number = iter(range(round(load.rate * seconds)))
    begin = perf_counter() + 0.1

    async def work() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for at in number:
            due = begin + at / load.rate
            await asyncio.sleep(max(0.0, due - perf_counter()))
            writer.write(_request(load, first + at, key))
            if not await _answered(reader):
                load.refused += 1
            load.seconds.append(perf_counter() - due)
        writer.close()

    # one that nobody uses for five seconds the server closes
    connections = min(CONNECTIONS, max(4, round(3 * load.rate)))
    await asyncio.gather(*(work() for _ in range(connections)))


def _request(load: Load, at: int, key: str) -> bytes:
    body = load.body(at) if load.body else b""
    head = (
        f"{'POST' if load.body else 'GET'} {load.path(at)} HTTP/1.1\r\nHost: 127.0.0.1:1\r\n"
        f"Authorization: Bearer {key}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _answered(reader: asyncio.StreamReader) -> bool:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("ascii").lower()
    length = int(head.partition("content-length:")[2].partition("\r\n")[0])
    await reader.readexactly(length)
    return head.split()[1] == "200"
