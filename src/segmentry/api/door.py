"""The door: who is known by what a request carries, and how one becomes known."""

from __future__ import annotations

import hmac
import secrets
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from segmentry.api.asked import Asked
from segmentry.api.bucket import Buckets
from segmentry.api.vouching import Errand, Vouching
from segmentry.core.errors import ForgedError, NotFoundError, SignInError, UsageError
from segmentry.core.time import Clock
from segmentry.workspace.access.access import Access
from segmentry.workspace.access.scope import Principal
from segmentry.workspace.access.sessions import Session, hashed

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
COOKIE, CSRF, CSRF_HEADER = "segmentry", "csrf", "x-csrf-token"
LINK_GOOD_FOR = timedelta(minutes=30)
TRIES, TRIES_PER_SECOND = 10, 1 / 60
"""Wrong passwords: ten at once for a name or an address, then one a minute."""
AT_ONCE_SECONDS = 10
"""Who asked for nothing meanwhile may ask for as much at once as in so many seconds."""
UNKNOWN = "the name or the password is not known."
NOT_LET_IN = "you are known, and not let in here."


class Door:
    """Knows people by their sessions and programs by their keys."""

    def __init__(self, access: Access, clock: Clock) -> None:
        self.access = access
        self._clock = clock
        self._tries = Buckets(TRIES_PER_SECOND, TRIES, clock)
        limits = access.limits
        people, keys = limits.person_requests_per_second, limits.key_requests_per_second
        self._people = Buckets(people, people * AT_ONCE_SECONDS, clock)
        self._keys = Buckets(keys, keys * AT_ONCE_SECONDS, clock)
        provider = limits.provider
        self.vouching = Vouching(provider, clock) if provider else None
        self._lock = threading.Lock()
        self._link: tuple[str, datetime] | None = None

    # who is known

    def look(self, request: HTTPConnection, asked: Asked, method: str) -> None:
        """Note who asks: by a key if there is one, by a session else; nobody if by neither.

        Raises:
            ForgedError: A change that another page may have sent.
            TooManyError: They asked too often.
        """
        kind, _, text = request.headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer":
            key = self.access.keys.known_by(text.strip())
            asked.who = key.principal if key else None
        else:
            if method not in SAFE:
                _check_origin(request.headers)
            asked.session = self._session(request)
            asked.who = asked.session.principal if asked.session else None
            if asked.session and method not in SAFE:
                _check_csrf(request.headers, asked.session)
        if asked.who is not None:
            self._admit(asked.who)

    def _session(self, request: HTTPConnection) -> Session | None:
        token = request.cookies.get(cookie_name(request))
        return self.access.sessions.of(token) if token else None

    def _admit(self, who: Principal) -> None:
        buckets = self._keys if who.id.startswith("key:") else self._people
        buckets.take(who.id)

    # how one becomes known

    def sign_in(self, name: str, password: str, address: str, asked: Asked) -> Session:
        """A new session of a person.

        Raises:
            SignInError: There is nobody of that name and password; both are looked for as long.
            TooManyError: It was tried too often, for this name or from this address.
        """
        tried = [f"name {hashed(name)}", f"address {address}"]
        for each in tried:
            self._tries.take(each)
        person = self.access.people.known_by(name, password)
        if person is None:
            asked.object["person"] = self.access.people.number_of(name)
            raise SignInError(UNKNOWN, fix="Try again, or ask an administrator for a new one.")
        for each in tried:
            self._tries.give_back(each)
        return self._begun(self.access.sessions.begin(person), asked)

    def begin_vouching(self, back: str, address: str) -> Errand:
        """Send somebody to the provider that vouches for people.

        Args:
            back: Where the provider sends them afterwards.
            address: From where they ask.

        Raises:
            NotFoundError: There is no provider.
            SignInError: It cannot be reached.
            TooManyError: It was tried too often from this address.
        """
        self._tries.take(f"address {address}")
        return self._voucher().begin(back)

    def sign_in_vouched(
        self, answer: Mapping[str, str], cookie: str, address: str, asked: Asked
    ) -> Session:
        """A new session of somebody whom the provider vouches for.

        Args:
            answer: What the provider sent along.
            cookie: What their browser was given when they left.

        Raises:
            NotFoundError: There is no provider.
            SignInError: Its word cannot be taken, or who it vouches for is not let in.
            UsageError: Their name cannot be taken, or nobody could manage the workspace any more.
        """
        vouching = self._voucher()
        claims = vouching.end(answer, cookie)
        self._tries.give_back(f"address {address}")
        role = vouching.provider.role_of(claims)
        if role is None:
            raise SignInError(NOT_LET_IN, fix="Ask an administrator.")
        name = str(claims.get(vouching.provider.name_claim) or claims["sub"])
        person = self.access.people.vouched(vouching.subject(claims), name, role)
        asked.object["person"] = person.id
        if person.disabled:
            raise SignInError(NOT_LET_IN, fix="Ask an administrator.")
        return self._begun(self.access.sessions.begin(person), asked)

    def _voucher(self) -> Vouching:
        if self.vouching is None:
            raise NotFoundError("nobody vouches for people here.", fix="Sign in by a password.")
        return self.vouching

    def link(self) -> str:
        """The secret of a new link that lets its first user in as the owner, for half an hour."""
        with self._lock:
            token = secrets.token_urlsafe(32)
            self._link = hashed(token), self._clock() + LINK_GOOD_FOR
            return token

    def sign_in_by_link(self, token: str, address: str, asked: Asked) -> Session:
        """A new session of the owner.

        Raises:
            SignInError: The link is unknown, was used, or is too old; or there are people by now.
            TooManyError: It was tried too often from this address.
        """
        self._tries.take(f"address {address}")
        with self._lock:
            known, until = self._link or ("", self._clock())
            good = hmac.compare_digest(known, hashed(token)) and self._clock() < until
            if good:
                self._link = None
        if not good or self.access.people.all():
            raise SignInError(
                "this link was used, or is too old.", fix="Start `segmentry serve` for a new one."
            )
        return self._begun(self.access.sessions.begin(None), asked)

    def change_password(self, who: Principal, password: str, new: str) -> None:
        """Give a person another password; all their sessions end.

        Raises:
            SignInError: The password that was is another one.
            TooManyError: It was tried too often.
            UsageError: A key has no password, or the new one is too easy to guess.
        """
        kind, _, number = who.id.partition(":")
        if kind != "person":
            raise UsageError("only people have passwords.", fix="Sign in as a person.")
        self._tries.take(f"password {number}")
        person = self.access.people.known_by(who.name, password)
        if person is None:
            raise SignInError(
                "the password that was is another one.", fix="Ask an administrator for a new one."
            )
        self._tries.give_back(f"password {number}")
        self.access.people.change(person.id, password=new)

    def sign_out(self, asked: Asked) -> None:
        """End the session of a request, if it has one."""
        if asked.session is not None:
            self.access.sessions.end(asked.session.token)

    def _begun(self, session: Session, asked: Asked) -> Session:
        self.sign_out(asked)
        asked.session, asked.who = session, session.principal
        return session


def cookie_name(request: HTTPConnection) -> str:
    """What the cookie of a session is called; over TLS no other host can have set it."""
    return f"__Host-{COOKIE}" if request.url.scheme == "https" else COOKIE


def address_of(request: HTTPConnection) -> str:
    """From where a request comes."""
    return request.client.host if request.client else "unknown"


def _check_origin(headers: Mapping[str, str]) -> None:
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    own_site = site in {None, "same-origin", "none"}
    own_origin = origin is None or urlsplit(origin).netloc == headers.get("host")
    if not (own_site and own_origin):
        raise ForgedError("this came from another page.", fix="Open Segmentry in its own tab.")


def _check_csrf(headers: Mapping[str, str], session: Session) -> None:
    given = headers.get(CSRF_HEADER, "")
    if not hmac.compare_digest(given.encode(), session.csrf.encode()):
        raise ForgedError(
            f"the header `{CSRF_HEADER}` is missing or wrong.",
            fix=f"Send what the cookie `{CSRF}` holds; programs use a key instead.",
        )
