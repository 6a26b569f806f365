"""A little OpenID Connect provider at a free port, which can be told to lie."""

from __future__ import annotations

import hashlib
import json
import threading
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "segments", "a secret of the provider's"


class Little:
    """What it says of itself, whom it knows, and what it does wrong."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.issuer = ""
        self.clock = clock
        self.key = RSAKey.generate_key(2048, {"kid": "one"})
        self.signs_with = self.key
        self.person: dict[str, Any] = {"sub": "42", "name": "Olena Koval", "groups": ["crm"]}
        self.lies: dict[str, Any] = {}
        self.about_lies: dict[str, Any] = {}
        self.sent: list[dict[str, str]] = []
        self._codes: dict[str, dict[str, str]] = {}

    def about(self) -> dict[str, Any]:
        """Its own description."""
        places = {"authorization_endpoint": "go", "token_endpoint": "token", "jwks_uri": "keys"}
        told = {name: f"{self.issuer}/{place}" for name, place in places.items()}
        return {"issuer": self.issuer} | told | self.about_lies

    def allow(self, address: str) -> dict[str, str]:
        """What a browser brings back, when somebody agreed there."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self._codes)}"
        self._codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def token(self, given: dict[str, str]) -> dict[str, Any]:
        """Who somebody is, for a code that was given to the same client; once."""
        self.sent.append(given)
        asked = self._codes.pop(given["code"], None)
        proof = urlsafe_b64encode(hashlib.sha256(given["code_verifier"].encode()).digest())
        if asked is None or asked["code_challenge"] != proof.rstrip(b"=").decode():
            return {"error": "invalid_grant"}
        now = int(self.clock().replace(tzinfo=UTC).timestamp())
        claims = self.person | {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300}
        claims |= {"nonce": asked["nonce"]} | self.lies
        told = {name: value for name, value in claims.items() if value is not None}
        head = {"alg": "RS256", "kid": "one"}
        return {"id_token": jwt.encode(head, told, self.signs_with), "access_token": "x"}


@contextmanager
def little_provider(clock: Callable[[], datetime]) -> Iterator[Little]:
    """A provider that runs."""
    little = Little(clock)

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/go?"):
                self._send_back()
                return
            found = {"/keys": {"keys": [little.key.as_dict(private=False)]}}
            self._say(found.get(self.path) or little.about())

        def _send_back(self) -> None:
            """Somebody who is asked there agrees at once."""
            asked = parse_qs(urlsplit(self.path).query)
            self.send_response(303)
            told = urlencode(little.allow(self.path))
            self.send_header("location", f"{asked['redirect_uri'][0]}?{told}")
            self.end_headers()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            self._say(little.token({name: each[0] for name, each in parse_qs(body).items()}))

        def _say(self, found: dict[str, Any]) -> None:
            text = json.dumps(found).encode()
            self.send_response(400 if "error" in found else 200)
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        little.issuer = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield little
        server.shutdown()
