"""`segmentry serve`: the page and the API over a workspace."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import urlsplit

import typer
from rich.text import Text

from segmentry.cli.option import HERE, Folder
from segmentry.cli.output import console
from segmentry.core.errors import UsageError

if TYPE_CHECKING:
    from segmentry.api.door import Door

PORT = 8400
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def serve(
    host: Annotated[
        str, typer.Option(help="Address to listen at; without one, this machine alone.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = PORT,
    address: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Where people reach it, if a proxy with TLS stands before it.",
            show_default="none",
        ),
    ] = None,
    log_level: Annotated[
        Literal["error", "warning", "info"],
        typer.Option(help="What is logged, as JSON lines on stderr; `info` has every request."),
    ] = "warning",
    folder: Folder = HERE,
) -> None:
    """Open the workspace in a browser, with a REST API beside it, until Ctrl-C.

    While nobody was added, a link is printed that lets its first user in as the owner; others than
    this machine are let in only once there are people (`segmentry people add`).

    Examples:
      segmentry serve -w shop
      segmentry serve -w shop --port 9000
      segmentry serve -w shop --address https://segments.example.com
    """
    import uvicorn

    from segmentry.api import log
    from segmentry.api.app import create

    hosts = {"127.0.0.1", "localhost", "[::1]", host, *_host_of(address)}
    if host not in LOOPBACK or address:
        _check_people(folder)
    log.begin(log_level)
    with _listening(host, port) as listener:
        here = address or f"http://{host}:{listener.getsockname()[1]}"
        app = create(folder, hosts, opened=lambda door: _greet(door, here), asks_ahead=True)
        settings = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=address is not None,
        )
        uvicorn.Server(settings).run(sockets=[listener])


def _host_of(address: str | None) -> list[str]:
    if address is None:
        return []
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
        raise UsageError(
            f"`{address}` is not where people could reach it.",
            fix="Write it as https://segments.example.com.",
        )
    return [parts.hostname]


def _check_people(folder: Folder) -> None:
    from segmentry.workspace.workspace import Workspace

    with Workspace.open(folder) as workspace:
        if not workspace.access.people.all():
            raise UsageError(
                "others could reach it, and nobody was added who may sign in.",
                fix="Add somebody: `segmentry people add NAME --role admin`.",
            )


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family)
    except OSError as error:
        raise UsageError(
            f"cannot listen at {host}, port {port}: {error.strerror or error}.",
            fix="Take another one: `--port 0` finds a free one.",
        ) from error
    with listener:
        yield listener


def _greet(door: Door, here: str) -> None:
    """Say where it is, and while there are no people, how the first one gets in."""
    if door.access.people.all():
        door.access.sessions.end_owners()
        console().print(Text(f"Segmentry is at {here}/app/"))
        return
    console().print(
        Text("Segmentry is here; the link works once, for half an hour:"), soft_wrap=True
    )
    console().print(Text(f"{here}/app/sign-in#token={door.link()}"), soft_wrap=True)
