"""Asks an OpenID Connect provider who somebody is: authorization code, PKCE, state, nonce."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import threading
from base64 import urlsafe_b64encode
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from segmentry.core.errors import SignInError, UsageError
from segmentry.core.time import Clock
from segmentry.workspace.access.provider import Provider, check_safe

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

GOOD_FOR = timedelta(minutes=10)
KNOWN_FOR = timedelta(hours=1)
"""How long it is remembered what a provider says of itself."""
MOST = 1_000
"""How many may be on their way to the provider; who left first is forgotten first."""
SIGNED_BY = ("RS256", "PS256", "ES256", "EdDSA")
"""With keys that the provider shows. Nothing unsigned, and nothing signed with a shared secret."""
LEEWAY_SECONDS = 60
SECONDS = 10
FAILED = "the provider's word could not be taken."


@dataclass(frozen=True)
class Errand:
    """Somebody on the way to the provider and back.

    Args:
        state: What the provider gives back, and the browser has as a cookie.
        address: Where the provider is asked.
    """

    state: str
    address: str


@dataclass(frozen=True)
class _Begun:
    nonce: str
    verifier: str
    back: str
    until: datetime


class Vouching:
    """Sends people to a provider and reads what it says of them.

    Nothing is followed elsewhere, nothing is taken that is not signed by the provider, for us, for
    this errand, now; an errand ends by its first answer, good or bad.
    """

    def __init__(self, provider: Provider, clock: Clock) -> None:
        self.provider = provider
        self._clock = clock
        self._lock = threading.Lock()
        self._errands: OrderedDict[str, _Begun] = OrderedDict()
        self._known: tuple[datetime, dict[str, Any]] | None = None
        self._keys: KeySet | None = None

    def begin(self, back: str) -> Errand:
        """A new errand.

        Args:
            back: Where the provider sends people afterwards.

        Raises:
            SignInError: The provider cannot be reached, or is another one.
        """
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        asked = {
            "response_type": "code",
            "client_id": self.provider.client_id,
            "redirect_uri": back,
            "scope": " ".join(("openid", *self.provider.scopes)),
            "state": state,
            "nonce": nonce,
            "code_challenge": _challenge(verifier),
            "code_challenge_method": "S256",
        }
        address = self._about()["authorization_endpoint"]
        with self._lock:
            self._errands[state] = _Begun(nonce, verifier, back, self._clock() + GOOD_FOR)
            if len(self._errands) > MOST:
                self._errands.popitem(last=False)
        return Errand(state, f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}")

    def end(self, answer: Mapping[str, str], cookie: str) -> dict[str, Any]:
        """What the provider says of who came back.

        Args:
            answer: What it sent along: `code`, `state`, perhaps `iss`.
            cookie: The state that the browser has.

        Raises:
            SignInError: Nothing was begun there, it is over, or the answer is not the provider's.
        """
        state = answer.get("state", "")
        with self._lock:
            begun = self._errands.pop(state, None)
        same = hmac.compare_digest(state.encode(), cookie.encode())
        if begun is None or not same or self._clock() >= begun.until:
            raise _failed()
        about = self._about()
        told = answer.get("iss")
        must_tell = about.get("authorization_response_iss_parameter_supported") is True
        if "code" not in answer or ((told or must_tell) and told != self.provider.issuer):
            raise _failed()
        return self._claims(self._token(about, answer["code"], begun), begun.nonce)

    def subject(self, claims: Mapping[str, Any]) -> str:
        """By what somebody is known from now on: a hash of the provider and what it calls them."""
        text = f"{self.provider.issuer}\n{claims['sub']}"
        return hashlib.sha256(text.encode()).hexdigest()

    def _token(self, about: Mapping[str, Any], code: str, begun: _Begun) -> str:
        given = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": begun.back,
            "code_verifier": begun.verifier,
            "client_id": self.provider.client_id,
        }
        if self.provider.secret_from is not None:
            given["client_secret"] = _secret(self.provider.secret_from)
        token = _asked("POST", about["token_endpoint"], given).get("id_token")
        if not isinstance(token, str):
            raise _failed()
        return token

    def _claims(self, token: str, nonce: str) -> dict[str, Any]:
        from joserfc import jwt
        from joserfc.errors import JoseError

        own = self.provider.client_id
        registry = jwt.JWTClaimsRegistry(
            now=self._now,
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": self.provider.issuer},
            aud={"essential": True, "value": own},
            nonce={"essential": True, "value": nonce},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
        )
        try:
            claims = self._signed(token)
            registry.validate(claims)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise _failed() from error
        others = claims["aud"] not in (own, [own])
        if (others or "azp" in claims) and claims.get("azp") != own:
            raise _failed()
        return claims

    def _signed(self, token: str) -> dict[str, Any]:
        """What a token says, once its signature is right; keys may have changed since last time."""
        from joserfc import jwt
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        if self._keys is not None:
            with suppress(JoseError, ValueError):
                return jwt.decode(token, self._keys, SIGNED_BY).claims
        shown: Any = _asked("GET", self._about()["jwks_uri"])
        self._keys = KeySet.import_key_set(shown)
        return jwt.decode(token, self._keys, SIGNED_BY).claims

    def _about(self) -> dict[str, Any]:
        """What the provider says of itself."""
        if self._known and self._clock() < self._known[0]:
            return self._known[1]
        issuer = self.provider.issuer
        found = _asked("GET", f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != issuer:
            raise _failed()
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            try:
                check_safe(str(found.get(name, "")))
            except UsageError as error:
                raise _failed() from error
        self._known = self._clock() + KNOWN_FOR, found
        return found

    def _now(self) -> int:
        return int(self._clock().replace(tzinfo=UTC).timestamp())


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def _secret(variable: str) -> str:
    found = os.environ.get(variable)
    if not found:
        raise UsageError(
            f"the variable `{variable}` is not set.", fix="It holds the provider's secret."
        )
    return found


def _asked(method: str, address: str, given: Mapping[str, str] | None = None) -> dict[str, Any]:
    """An answer of the provider; it is not followed elsewhere."""
    import httpx

    try:
        with httpx.Client(timeout=SECONDS, follow_redirects=False, trust_env=False) as client:
            answer = client.request(method, address, data=given)
        found = answer.json() if answer.status_code == httpx.codes.OK else None
    except (httpx.HTTPError, ValueError) as error:
        raise _failed() from error
    if not isinstance(found, dict):
        raise _failed()
    return found


def _failed() -> SignInError:
    return SignInError(FAILED, fix="Try again, or ask an administrator.")
