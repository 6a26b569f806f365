"""`/sessions`: signing in and out."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from segmentry.answers import access as answers
from segmentry.answers.plain import Document
from segmentry.api.access import Anyone, Asking, SignedIn, Unnoted
from segmentry.api.answer import Answer, answered
from segmentry.api.asked import asked
from segmentry.api.door import CSRF, Door, address_of, cookie_name
from segmentry.core.errors import SegmentryError
from segmentry.workspace.access.sessions import Session

ERRAND = "segmentry_errand"
REFUSED = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Segmentry</title>
<link rel="icon" href="/app/mark.svg">
<p>Not signed in. <a href="/app/sign-in#refused">Back</a></p></html>"""
TO_PROVIDER: dict[str, Any] = {
    "response_class": RedirectResponse,
    "status_code": 303,
    "responses": {303: {"description": "On to the provider, or to the page."}},
}
router = APIRouter(prefix="/sessions", tags=["sessions"])


class WithPassword(BaseModel):
    """A person's name and password."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(max_length=200)]
    password: Annotated[SecretStr, Field(max_length=1024)]


class WithLink(BaseModel):
    """The secret of a link that `segmentry serve` printed; it works once."""

    model_config = ConfigDict(extra="forbid")

    token: Annotated[SecretStr, Field(max_length=200)]


@router.post("", dependencies=[Depends(Anyone())], **answered("session", 201))
def sign_in(request: Request, given: Annotated[WithPassword | WithLink, Body()]) -> Response:
    """Sign in; the answer sets a cookie that a script cannot read, and one that it has to."""
    door: Door = request.app.state.door
    address, under_way = address_of(request), asked()
    if isinstance(given, WithLink):
        found = door.sign_in_by_link(given.token.get_secret_value(), address, under_way)
    else:
        password = given.password.get_secret_value()
        found = door.sign_in(given.name, password, address, under_way)
    return _with_cookies(request, found, answers.session(found.principal, found))


@router.get("/provider", dependencies=[Depends(Unnoted())], **answered("session-provider"))
def provider(request: Request) -> Answer:
    """Who vouches for people here, so that they need no password; `null` for nobody."""
    vouching = request.app.state.door.vouching
    return Answer({"label": vouching and vouching.provider.label})


@router.get("/provider/errand", dependencies=[Depends(Unnoted())], **TO_PROVIDER)
def go(request: Request) -> Response:
    """Go to the provider; it sends people back to `/sessions/provider/answer`."""
    door: Door = request.app.state.door
    errand = door.begin_vouching(str(request.url_for("come_back")), address_of(request))
    answer = RedirectResponse(errand.address, 303, {"Cache-Control": "no-store"})
    answer.set_cookie(
        ERRAND,
        errand.state,
        max_age=600,
        path=request.url.path.removesuffix("/errand"),
        httponly=True,
        secure=_is_secure(request),
        samesite="lax",
    )
    return answer


@router.get("/provider/answer", dependencies=[Depends(Anyone())], **TO_PROVIDER)
def come_back(request: Request) -> Response:
    """Come back from the provider, signed in; a browser is sent on to the page."""
    door: Door = request.app.state.door
    cookie = request.cookies.get(ERRAND, "")
    try:
        found = door.sign_in_vouched(request.query_params, cookie, address_of(request), asked())
        answer = _cookies_set(request, found, RedirectResponse("/app/", 303))
    except SegmentryError as error:
        on = {"Refresh": "0; url=/app/sign-in#refused"}  # the log has to tell it from a success
        answer = HTMLResponse(REFUSED, error.http_status, on)
    answer.headers["Cache-Control"] = "no-store"
    answer.delete_cookie(ERRAND, path=request.url.path.removesuffix("/answer"))
    return answer


@router.get("/current", dependencies=[Depends(SignedIn())], **answered("session"))
def current(who: Asking) -> Answer:
    """Who asks, and what they may do."""
    return Answer(answers.session(who, asked().session))


class NewPassword(BaseModel):
    """A password in place of the one that was."""

    model_config = ConfigDict(extra="forbid")

    password: Annotated[SecretStr, Field(max_length=1024, description="The one that was.")]
    new_password: Annotated[SecretStr, Field(max_length=1024)]


@router.put("/current/password", dependencies=[Depends(SignedIn())], **answered("session-ended"))
def change_password(
    request: Request, who: Asking, given: Annotated[NewPassword, Body()]
) -> Response:
    """Take another password; all sessions of that person end, this one too."""
    request.app.state.door.change_password(
        who,
        given.password.get_secret_value(),
        given.new_password.get_secret_value(),
    )
    return _signed_out(request)


@router.delete("/current", dependencies=[Depends(Anyone())], **answered("session-ended"))
def sign_out(request: Request) -> Response:
    """Sign out; the session is no more, here and on the server."""
    request.app.state.door.sign_out(asked())
    return _signed_out(request)


def _signed_out(request: Request) -> Response:
    answer = Answer({"signed_in": False})
    for name in (cookie_name(request), CSRF):
        answer.delete_cookie(name, secure=_is_secure(request))
    return answer


def _with_cookies(request: Request, session: Session, document: Document) -> Response:
    return _cookies_set(request, session, Answer(document, 201, Cache_Control="no-store"))


def _cookies_set(request: Request, session: Session, answer: Response) -> Response:
    answer.set_cookie(
        cookie_name(request),
        session.token,
        httponly=True,
        secure=_is_secure(request),
        samesite="lax",
    )
    answer.set_cookie(CSRF, session.csrf, secure=_is_secure(request), samesite="strict")
    return answer


def _is_secure(request: Request) -> bool:
    return request.url.scheme == "https"
