"""The page: files that were built from `web/app`, served as they are."""

from __future__ import annotations

import mimetypes
from importlib.resources import files
from importlib.resources.abc import Traversable

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

STATIC = files("segmentry.api") / "static"
PACKED = {"br": "br", "gzip": "gz"}
"""Copies that the build left beside a file: how HTTP names the packing, and the ending."""
FOREVER = "public, max-age=31536000, immutable"  # a name holds a hash of the content
ABSENT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Segmentry</title>
<h1>The page was not built</h1>
<p>This installation came without it (<code>SEGMENTRY_SKIP_WEB</code> was set). In a checkout, run
<code>python hatch_build.py</code>; otherwise install a wheel. The API works all the same: its
description is at <a href="/api/v1/openapi.json">/api/v1/openapi.json</a>.</p></html>"""


class Page:
    """Files by name, read once; only names that exist are ever looked up, so no path leads out."""

    def __init__(self, static: Traversable = STATIC) -> None:
        self._files = dict(_files(static)) if static.is_dir() else {}

    def file(self, name: str, accepted: str) -> Response | None:
        """A file, packed in a way that is accepted; `None` when there is no such file."""
        if name not in self._files or name.endswith((".html", ".gz", ".br")):
            return None
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        headers = {"Vary": "Accept-Encoding"}
        if name.startswith("assets/"):
            headers["Cache-Control"] = FOREVER
        for packing, ending in PACKED.items():
            packed = self._files.get(f"{name}.{ending}")
            if packed is not None and packing in accepted:
                headers["Content-Encoding"] = packing
                return Response(packed, media_type=kind, headers=headers)
        return Response(self._files[name], media_type=kind, headers=headers)

    def index(self) -> Response:
        """The page itself, never kept by a browser; without a build, how to come by one."""
        found = self._files.get("index.html")
        if found is None:
            return HTMLResponse(ABSENT, 503)
        return HTMLResponse(found, headers={"Cache-Control": "no-store"})


def router(page: Page | None = None) -> APIRouter:
    """Routes of the page: its files, and itself at every other address below `/app/`."""
    shown = page or Page()
    routes = APIRouter(include_in_schema=False)

    @routes.get("/")
    @routes.get("/app")
    def start() -> RedirectResponse:
        return RedirectResponse("/app/")

    @routes.get("/app/{name:path}")
    def page_or_file(request: Request, name: str) -> Response:
        if name.startswith("assets/") or "." in name:
            found = shown.file(name, request.headers.get("accept-encoding", ""))
            if found is not None:
                return found
            if name.startswith("assets/"):  # a tab from before an update asks for what is gone
                return Response("not found", 404, media_type="text/plain")
        return shown.index()

    return routes


def _files(folder: Traversable, before: str = "") -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for each in folder.iterdir():
        if each.is_dir():
            found += _files(each, f"{before}{each.name}/")
        else:
            found.append((f"{before}{each.name}", each.read_bytes()))
    return found
