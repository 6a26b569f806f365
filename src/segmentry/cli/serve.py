"""`segmentry serve`: the page and the API over a workspace."""

from __future__ import annotations

import secrets
from typing import Annotated

import typer
from rich.text import Text

from segmentry.cli.option import HERE, Folder
from segmentry.cli.output import console

PORT = 8400


def serve(
    host: Annotated[
        str, typer.Option(help="Address to listen at; without one, this machine alone.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = PORT,
    folder: Folder = HERE,
) -> None:
    """Open the workspace in a browser, with a REST API beside it, until Ctrl-C.

    Examples:
      segmentry serve -w shop
      segmentry serve -w shop --port 9000
    """
    import uvicorn

    from segmentry.api.access import ROLES, Principal
    from segmentry.api.app import create

    app = create(folder)
    key = secrets.token_urlsafe(32)
    app.state.door.let_in(key, Principal("owner", ROLES["admin"]))
    console().print(Text(f"Segmentry is at http://{host}:{port}/ · key for this run: {key}"))
    uvicorn.run(app, host=host, port=port, log_level="warning", server_header=False)
