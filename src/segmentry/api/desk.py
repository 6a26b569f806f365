"""What routes ask for: a workspace for as long as a request takes, the instant, the language."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Annotated, Literal

from fastapi import Depends, Query, Request

from segmentry.answers.basis import instant_of
from segmentry.answers.page import MOST, USUAL, Page
from segmentry.api.asked import asked
from segmentry.core.time import AsOf
from segmentry.workspace.access.access import Access
from segmentry.workspace.discretion import Discreet
from segmentry.workspace.workspace import Workspace


@contextmanager
def _discreet(request: Request, workspace: Workspace) -> Iterator[None]:
    """Have a workspace say nothing about a few customers to those who may not see them."""
    under_way = asked()
    if under_way.is_screened:
        workspace.discreet = under_way.discreet = Discreet(request.app.state.discretion)
    try:
        yield
    finally:
        workspace.discreet = None


async def _seat(request: Request) -> AsyncIterator[None]:
    """Wait for one of the seats, without a thread."""
    async with request.app.state.seats:
        yield


Seat = Annotated[None, Depends(_seat, scope="function")]


def _desk(request: Request, _: Seat) -> Iterator[Workspace]:
    with request.app.state.desks.reading() as workspace, _discreet(request, workspace):
        yield workspace


def _taken(request: Request) -> Iterator[Workspace]:
    with request.app.state.desks.taken() as workspace, _discreet(request, workspace):
        yield workspace


def _changed_desk(request: Request, _: Seat) -> Iterator[Workspace]:
    yield from _taken(request)
    request.app.state.desks.changed()


def _segments_desk(request: Request, _: Seat) -> Iterator[Workspace]:
    yield from _taken(request)
    request.app.state.desks.changed(segments_alone=True)


Desk = Annotated[Workspace, Depends(_desk, scope="function")]
"""To read at."""
ChangedDesk = Annotated[Workspace, Depends(_changed_desk, scope="function")]
"""To change something at: when the route is done, all others look anew."""
SegmentsDesk = Annotated[Workspace, Depends(_segments_desk, scope="function")]
"""The same where nothing but saved segments and what is done for them can change."""


def _access(request: Request) -> Access:
    found = request.app.state.door.access
    assert isinstance(found, Access)
    return found


AtDoor = Annotated[Access, Depends(_access)]
"""Who may do what: no workspace is taken for it."""
_AsOf = Annotated[
    str | None,
    Query(
        description="Day or instant asked about, in the workspace's zone; `today` and "
        "`yesterday` too. Without it, the end of the last day that has data.",
        examples=["2024-05-01"],
        max_length=50,
    ),
]


def _instant(desk: Desk, as_of: _AsOf = None) -> AsOf:
    return _noted(instant_of(desk, as_of))


def _noted(when: AsOf) -> AsOf:
    discreet = asked().discreet
    if discreet:
        discreet.when = when
    return when


def _given(desk: Desk, as_of: _AsOf = None) -> AsOf | None:
    return None if as_of is None else _noted(instant_of(desk, as_of))


When = Annotated[AsOf, Depends(_instant)]
"""The instant asked about; there has to be data."""
Instant = Annotated[AsOf | None, Depends(_given)]
"""The instant, if one was given: for what can be said of an empty workspace too."""


def _page(
    limit: Annotated[int, Query(ge=1, le=MOST, description="How many at most.")] = USUAL,
    cursor: Annotated[
        str, Query(max_length=2_000, description="`next_cursor` of the page before.")
    ] = "",
) -> Page:
    return Page(limit, cursor)


Paged = Annotated[Page, Depends(_page)]
"""Which part of a long list."""
Language = Annotated[
    Literal["en", "uk", "ru", "pl", "fa"] | None,
    Query(description="Language of labels and sentences; without it, that of the workspace."),
]
Name = str
