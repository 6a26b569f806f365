"""Signing in by an OpenID Connect provider: who gets in, and what is not believed."""

from __future__ import annotations

import hmac
import io
import json
import logging
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from fastapi.testclient import TestClient
from httpx2 import Response
from joserfc.jwk import RSAKey
from tests.api.provider import CLIENT, SECRET, Little, little_provider
from tests.api.served import PASSWORD, Served, served, sign_in

from segmentry.api.log import JsonLines
from segmentry.core.errors import SegmentryError
from segmentry.workspace import settings
from segmentry.workspace.access.provider import Provider

SESSIONS = "/api/v1/sessions"
VARIABLE = "SEGMENTRY_TEST_SECRET"
NOW = datetime(2024, 7, 1, 9)
EPOCH = int(NOW.replace(tzinfo=UTC).timestamp())


@pytest.fixture
def little() -> Iterator[Little]:
    with little_provider(lambda: NOW) as found:
        yield found


@pytest.fixture
def shop(
    shop_folder: Path, tmp_path: Path, little: Little, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Served]:
    """A served shop whose people are vouched for; members of `crm` are marketers."""
    monkeypatch.setenv(VARIABLE, SECRET)
    with served(shop_folder, tmp_path / "shop", access={"provider": declared(little)}) as found:
        found.access.people.add("Owner of the shop", "admin", PASSWORD)
        yield found


def declared(little: Little, **more: object) -> dict[str, object]:
    return {
        "issuer": little.issuer, "client_id": CLIENT, "secret_from": VARIABLE,
        "label": "Company account", "roles": {"boss": "admin", "crm": "marketer"}, **more,
    }  # fmt: skip


def left(browser: TestClient) -> str:
    """Where a browser is sent to sign in."""
    answer = browser.get(f"{SESSIONS}/provider/errand", follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def came_back(browser: TestClient, told: dict[str, str]) -> Response:
    return browser.get(f"{SESSIONS}/provider/answer", params=told, follow_redirects=False)


def vouched(shop: Served, little: Little) -> tuple[TestClient, Response]:
    browser = shop.browser()
    return browser, came_back(browser, little.allow(left(browser)))


def refused(browser: TestClient, answer: Response) -> bool:
    assert "segmentry=" not in " ".join(answer.headers.get_list("set-cookie"))
    assert answer.headers["refresh"] == "0; url=/app/sign-in#refused"
    return answer.status_code == 401 and browser.get(f"{SESSIONS}/current").status_code == 401


def test_who_is_vouched_for_is_in_with_the_role_declared(shop, little):
    browser, answer = vouched(shop, little)
    assert (answer.status_code, answer.headers["location"]) == (303, "/app/")
    found = browser.get(f"{SESSIONS}/current").json()
    assert (found["name"], found["role"]) == ("Olena Koval", "marketer")
    change = browser.post("/api/v1/segments/preview", json={"rule": "frequency >= 3"})
    assert change.status_code == 403  # without what a page of ours sends along
    [sent] = little.sent
    assert sent["client_secret"] == SECRET
    assert sent["redirect_uri"].endswith(f"{SESSIONS}/provider/answer")


def test_what_is_asked_has_a_challenge_a_state_and_a_nonce_each_time_new(shop, little):
    asked = [parse_qs(urlsplit(left(shop.browser())).query) for _ in range(2)]
    for name in ("state", "nonce", "code_challenge"):
        first, second = (each[name][0] for each in asked)
        assert first != second
        assert len(first) >= 43
    assert asked[0]["scope"] == ["openid profile email"]


@pytest.mark.parametrize(
    "lies",
    [
        {"nonce": "of another errand"}, {"nonce": None}, {"aud": "another"}, {"aud": None},
        {"aud": [CLIENT, "another"]}, {"azp": "another"}, {"iss": "http://127.0.0.1:1"},
        {"exp": EPOCH - 86_400}, {"exp": None}, {"iat": None},
        {"iat": EPOCH + 86_400}, {"sub": None}, {"sub": 7}, {"exp": "soon"},
    ],
)  # fmt: skip
def test_a_token_for_others_of_others_or_of_another_time_is_not_believed(shop, little, lies):
    little.lies = lies
    assert refused(*vouched(shop, little))
    assert [each.name for each in shop.access.people.all()] == ["Owner of the shop"]


def test_a_token_that_another_key_signed_is_not_believed(shop, little):
    little.signs_with = RSAKey.generate_key(2048, {"kid": "one"})
    assert refused(*vouched(shop, little))


@pytest.mark.parametrize("algorithm", ["none", "None", "HS256"])
def test_a_token_that_nobody_or_everybody_could_sign_is_not_believed(
    shop, little, algorithm, monkeypatch
):
    """Unsigned, or signed with the public key as if it were a shared secret."""
    public = little.key.as_pem(private=False)

    def encode(head, claims, _):
        parts = (head | {"alg": algorithm}, claims)
        text = b".".join(packed(json.dumps(each).encode()) for each in parts)
        mark = hmac.digest(public, text, "sha256") if algorithm == "HS256" else b""
        return b".".join((text, packed(mark))).decode()

    monkeypatch.setattr("tests.api.provider.jwt.encode", encode)
    assert refused(*vouched(shop, little))


def packed(part: bytes) -> bytes:
    return urlsafe_b64encode(part).rstrip(b"=")


def test_a_key_that_is_new_there_is_learnt(shop, little):
    assert vouched(shop, little)[1].status_code == 303
    little.key = little.signs_with = RSAKey.generate_key(2048, {"kid": "one"})
    assert vouched(shop, little)[1].status_code == 303


def test_an_errand_ends_once_and_only_where_it_was_begun(shop, little):
    browser = shop.browser()
    told = little.allow(left(browser))
    cookie = browser.cookies["segmentry_errand"]
    stranger = shop.browser()
    assert refused(stranger, came_back(stranger, told))
    assert refused(browser, came_back(browser, told))  # the stranger has used it up
    told = little.allow(left(browser))
    assert came_back(browser, told).status_code == 303
    again = shop.browser()
    again.cookies.set("segmentry_errand", cookie)
    assert refused(again, came_back(again, told))


@pytest.mark.parametrize(
    "change",
    [{"state": "x"}, {"state": ""}, {"state": "é"}, {"code": "x"}, {"iss": "http://127.0.0.1:1"}],
)
def test_an_answer_that_was_changed_on_the_way_is_not_believed(shop, little, change):
    browser = shop.browser()
    assert refused(browser, came_back(browser, little.allow(left(browser)) | change))


def test_somebody_who_does_not_come_back_in_time_begins_anew(shop, little):
    browser = shop.browser()
    told = little.allow(left(browser))
    shop.pass_by(minutes=10)
    assert refused(browser, came_back(browser, told))


def test_a_refusal_there_is_a_refusal_here(shop, little):
    browser = shop.browser()
    state = little.allow(left(browser))["state"]
    assert refused(browser, came_back(browser, {"error": "access_denied", "state": state}))


@pytest.mark.parametrize(
    "lies",
    [
        {"issuer": "http://127.0.0.1:1"}, {"token_endpoint": "http://id.example.com/token"},
        {"jwks_uri": None}, {"authorization_endpoint": "ftp://127.0.0.1/"},
    ],
)  # fmt: skip
def test_a_provider_that_is_another_one_or_unsafe_is_not_gone_to(shop, little, lies):
    little.about_lies = lies
    answer = shop.browser().get(f"{SESSIONS}/provider/errand", follow_redirects=False)
    assert answer.status_code == 401


def test_people_without_a_role_are_not_let_in(shop, little):
    for groups in ([], ["shop"], None, {"crm": 1}, [["crm"]]):
        little.person["groups"] = groups
        assert refused(*vouched(shop, little))
    assert [each.name for each in shop.access.people.all()] == ["Owner of the shop"]


def test_people_are_known_by_what_never_changes_hands(shop, little):
    """Neither a name nor an e-mail address takes over who has it already."""
    little.person["name"] = "Owner of the shop"
    browser, _ = vouched(shop, little)
    assert browser.get(f"{SESSIONS}/current").json()["name"] == "Owner of the shop (2)"
    little.person |= {"sub": "43"}
    browser, _ = vouched(shop, little)
    assert browser.get(f"{SESSIONS}/current").json()["name"] == "Owner of the shop (3)"
    little.person |= {"sub": "42", "name": "Renamed"}
    browser, _ = vouched(shop, little)
    assert browser.get(f"{SESSIONS}/current").json()["name"] == "Owner of the shop (2)"
    for name in ("Owner of the shop (2)", "Renamed"):
        assert sign_in(shop.browser(), name).status_code == 401


def test_a_role_follows_the_provider_and_the_disabled_stay_out(shop, little):
    browser, _ = vouched(shop, little)
    little.person["groups"] = ["crm", "boss"]
    later, _ = vouched(shop, little)
    assert later.get(f"{SESSIONS}/current").json()["role"] == "admin"
    assert browser.get(f"{SESSIONS}/current").status_code == 401  # what was begun as another
    number = shop.access.people.named("Olena Koval").id
    shop.access.people.change(number, disabled=True)
    assert refused(*vouched(shop, little))
    shop.access.people.remove(number)
    assert vouched(shop, little)[1].status_code == 303


def test_the_log_tells_who_and_holds_no_secret(shop, little):
    sink = io.StringIO()
    handler = logging.StreamHandler(sink)
    handler.setFormatter(JsonLines())
    logging.getLogger("segmentry").addHandler(handler)
    logging.getLogger("segmentry").setLevel("INFO")
    try:
        _, answer = vouched(shop, little)
        little.lies = {"nonce": "x"}
        vouched(shop, little)
    finally:
        logging.getLogger("segmentry").removeHandler(handler)
    assert answer.status_code == 303
    said = sink.getvalue()
    entries = [each for each in shop.access.audit.latest() if each.what == "sessions_come_back"]
    assert [each.outcome for each in entries] == ["refused", "done"]
    kept = "".join(
        each.read_bytes().decode("latin-1")
        for each in shop.app.state.folder.rglob("*")
        if each.is_file()
    )
    for secret in (SECRET, "code-0", *(each["code_verifier"] for each in little.sent)):
        assert secret not in said
        assert secret not in kept


def test_without_a_provider_there_is_no_such_way(shop_folder, tmp_path):
    with served(shop_folder, tmp_path / "shop") as found:
        browser = found.browser()
        assert browser.get(f"{SESSIONS}/provider").json() == {"label": None}
        assert browser.get(f"{SESSIONS}/provider/errand").status_code == 404
        assert came_back(browser, {"code": "x", "state": "x"}).status_code == 404


def test_the_page_is_told_what_the_button_says(shop):
    assert shop.browser().get(f"{SESSIONS}/provider").json() == {"label": "Company account"}


def test_a_secret_that_is_not_there_lets_nobody_in(shop, little, monkeypatch):
    monkeypatch.delenv(VARIABLE)
    browser, answer = vouched(shop, little)
    assert answer.status_code == 400
    assert browser.get(f"{SESSIONS}/current").status_code == 401


def test_all_others_may_have_a_role_too(shop_folder, tmp_path, little, monkeypatch):
    monkeypatch.setenv(VARIABLE, SECRET)
    provider = declared(little, default_role="viewer", role_claim="job", name_claim="nickname")
    with served(shop_folder, tmp_path / "shop", access={"provider": provider}) as found:
        little.person = {"sub": "9", "nickname": "bo", "job": "crm"}
        browser, _ = vouched(found, little)
        assert browser.get(f"{SESSIONS}/current").json()["role"] == "marketer"
        little.person = {"sub": "10"}
        browser, _ = vouched(found, little)
        now = browser.get(f"{SESSIONS}/current").json()
        assert (now["name"], now["role"]) == ("10", "viewer")


@pytest.mark.parametrize(
    "wrong",
    [
        {"issuer": "http://id.example.com"}, {"issuer": "javascript:x"}, {"roles": {"a": "king"}},
        {"default_role": "king"}, {"client_id": ""}, {"secret_from": "a secret itself!"},
        {"client_secret": "x"},
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_when_the_settings_are_read(wrong):
    right = {"issuer": "https://id.example.com", "client_id": "x"}
    settings.parse({"name": "shop", "access": {"provider": right}})
    with pytest.raises(SegmentryError):
        settings.parse({"name": "shop", "access": {"provider": right | wrong}})


def test_settings_are_written_and_read_back(tmp_path):
    provider = Provider(issuer="https://id.example.com", client_id="x", roles={"a": "admin"})
    given = settings.parse({"name": "shop", "access": {"provider": provider.model_dump()}})
    settings.write(tmp_path, given)
    assert settings.read(tmp_path) == given
    assert yaml.safe_load((tmp_path / settings.FILE).read_text())["access"]["provider"]["roles"]


@pytest.mark.parametrize(("seconds", "status"), [(30, 303), (90, 401)])
def test_a_token_is_good_a_minute_longer_than_it_says_for_clocks_differ(
    shop, little, seconds, status
):
    little.lies = {"exp": EPOCH - seconds}
    assert vouched(shop, little)[1].status_code == status
