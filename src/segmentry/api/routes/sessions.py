"""`/sessions`: signing in and out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from segmentry.answers import access as answers
from segmentry.answers.plain import Document
from segmentry.api.access import Anyone, Asking, SignedIn
from segmentry.api.answer import Answer, answered
from segmentry.api.asked import asked
from segmentry.api.door import CSRF, Door, address_of, cookie_name
from segmentry.workspace.access.sessions import Session

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
    answer = Answer(document, 201, Cache_Control="no-store")
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
