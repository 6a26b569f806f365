"""Signing in and out: who gets in, for how long, and what no other page can do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.api.served import PASSWORD, Served, served, sign_in

CURRENT = "/api/v1/sessions/current"
RULE = {"rule": "frequency >= 3"}
PREVIEW = "/api/v1/segments/preview"


@pytest.fixture
def shop(shop_folder: Path, tmp_path: Path) -> Iterator[Served]:
    """A served shop with two people."""
    with served(shop_folder, tmp_path / "shop") as found:
        found.access.people.add("Olena Koval", "admin", PASSWORD)
        found.access.people.add("Jan Nowak", "viewer", PASSWORD)
        yield found


def test_who_signed_in_is_known_by_a_cookie_that_no_script_can_read(shop):
    browser = shop.browser()
    answer = sign_in(browser, "olena  KOVAL")
    assert answer.status_code == 201
    assert answer.json()["role"] == "admin"
    session, csrf = answer.headers.get_list("set-cookie")
    assert "HttpOnly" in session
    assert "SameSite=lax" in session
    assert "HttpOnly" not in csrf
    found = browser.get(CURRENT).json()
    assert (found["name"], found["csrf"]) == ("Olena Koval", browser.cookies["csrf"])
    assert found["scopes"] == sorted(found["scopes"])


def test_over_tls_the_cookie_is_sent_over_nothing_else(shop):
    browser = shop.browser("https://127.0.0.1")
    answer = sign_in(browser, "Jan Nowak")
    for cookie in answer.headers.get_list("set-cookie"):
        assert "Secure" in cookie
    assert "__Host-segmentry=" in answer.headers.get_list("set-cookie")[0]
    assert browser.get(CURRENT).status_code == 200


def test_nobody_gets_in_by_a_wrong_name_or_password_and_both_look_alike(shop):
    wrong = [
        sign_in(shop.browser(), "Jan Nowak", "another long password"),
        sign_in(shop.browser(), "Nobody At All", PASSWORD),
    ]
    assert [each.status_code for each in wrong] == [401, 401]
    assert wrong[0].json() == wrong[1].json()
    assert not any(each.headers.get_list("set-cookie") for each in wrong)


def test_a_session_that_was_there_before_is_not_taken_over(shop):
    browser = shop.browser()
    browser.cookies.set("segmentry", "chosen-by-somebody-else")
    answer = sign_in(browser, "Jan Nowak")
    assert "chosen-by-somebody-else" not in answer.headers.get_list("set-cookie")[0]
    first = browser.cookies.get("segmentry", domain="127.0.0.1")
    assert sign_in(browser, "Jan Nowak", headers=csrf(answer)).status_code == 201
    assert browser.cookies.get("segmentry", domain="127.0.0.1") != first
    assert with_cookie(shop, first).get(CURRENT).status_code == 401


def test_only_a_hash_of_a_session_is_kept(shop):
    browser = shop.signed_in("Jan Nowak")
    token = browser.cookies["segmentry"].encode()
    for file in Path(shop.app.state.folder).glob("catalogue.sqlite*"):
        assert token not in file.read_bytes()


def test_a_session_ends_when_it_is_not_used(shop):
    browser = shop.signed_in("Jan Nowak")
    for _ in range(3):
        shop.pass_by(minutes=119)
        assert browser.get(CURRENT).status_code == 200
    shop.pass_by(minutes=120)
    assert browser.get(CURRENT).status_code == 401


def test_a_session_ends_in_the_end_however_much_it_is_used(shop):
    browser = shop.signed_in("Jan Nowak")
    for _ in range(11):
        shop.pass_by(hours=1)
        assert browser.get(CURRENT).status_code == 200
    shop.pass_by(hours=1)
    assert browser.get(CURRENT).status_code == 401


def test_signing_out_ends_the_session_on_the_server(shop):
    browser = shop.signed_in("Jan Nowak")
    token = browser.cookies["segmentry"]
    assert browser.delete(CURRENT).json() == {"signed_in": False}
    assert "segmentry" not in browser.cookies
    assert with_cookie(shop, token).get(CURRENT).status_code == 401


@pytest.mark.parametrize("what", ["disable", "remove", "password", "role"])
def test_all_sessions_end_when_a_person_changes(shop, what):
    browsers = [shop.signed_in("Jan Nowak"), shop.signed_in("Jan Nowak")]
    people = shop.access.people
    jan = people.named("Jan Nowak").id
    {
        "disable": lambda: people.change(jan, disabled=True),
        "remove": lambda: people.remove(jan),
        "password": lambda: people.change(jan, password="something else entirely"),
        "role": lambda: people.change(jan, role="analyst"),
    }[what]()
    assert [each.get(CURRENT).status_code for each in browsers] == [401, 401]


def test_who_was_disabled_does_not_get_in(shop):
    shop.access.people.change(shop.access.people.named("Jan Nowak").id, disabled=True)
    assert sign_in(shop.browser(), "Jan Nowak").status_code == 401


def test_everybody_may_take_another_password(shop):
    browser, elsewhere = shop.signed_in("Jan Nowak"), shop.signed_in("Jan Nowak")
    given = {"password": "not the one", "new_password": "brand new and long enough"}
    assert browser.put(f"{CURRENT}/password", json=given).status_code == 401
    given["password"] = PASSWORD
    assert browser.put(f"{CURRENT}/password", json=given).status_code == 200
    assert elsewhere.get(CURRENT).status_code == 401
    assert sign_in(shop.browser(), "Jan Nowak").status_code == 401
    assert sign_in(shop.browser(), "Jan Nowak", given["new_password"]).status_code == 201


# forgery


def test_a_change_takes_what_only_a_page_of_ours_can_send(shop):
    browser = shop.signed_in("Jan Nowak")
    right = browser.headers.pop("x-csrf-token")
    other = shop.signed_in("Olena Koval").headers["x-csrf-token"]
    for token in (None, "", "wrong", other):
        headers = {} if token is None else {"X-CSRF-Token": token}
        answer = browser.post(PREVIEW, json=RULE, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "forged")
    assert browser.post(PREVIEW, json=RULE, headers={"X-CSRF-Token": right}).status_code == 200
    assert browser.get("/api/v1/segments").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9999"},
    ],
)
def test_another_page_changes_nothing_and_signs_nobody_in(shop, headers):
    browser = shop.signed_in("Jan Nowak")
    assert browser.post(PREVIEW, json=RULE, headers=headers).status_code == 403
    assert sign_in(shop.browser(), "Jan Nowak", headers=headers).status_code == 403


def test_our_own_page_may(shop):
    browser = shop.signed_in("Jan Nowak")
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": "http://127.0.0.1:8400"}
    assert browser.post(PREVIEW, json=RULE, headers=headers).status_code == 200


def test_a_key_needs_no_such_thing(shop):
    _, key = shop.access.keys.add("till", ["read"])
    headers = {"Authorization": f"Bearer {key}", "Origin": "https://shop.example"}
    assert shop.browser().post(PREVIEW, json=RULE, headers=headers).status_code == 200


# throttling


def test_passwords_cannot_be_tried_for_long(shop):
    for _ in range(10):
        assert sign_in(shop.browser(), "Jan Nowak", "wrong password").status_code == 401
    answer = sign_in(shop.browser(), "Jan Nowak")
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 61
    shop.pass_by(seconds=int(answer.headers["retry-after"]))
    assert sign_in(shop.browser(), "Jan Nowak").status_code == 201


def test_many_names_cannot_be_tried_from_one_address(shop):
    for number in range(10):
        assert sign_in(shop.browser(), f"name {number}").status_code == 401
    assert sign_in(shop.browser(), "name 11").status_code == 429


def test_what_went_well_is_not_counted(shop):
    for _ in range(25):
        assert sign_in(shop.browser(), "Jan Nowak").status_code == 201


def test_nobody_asks_for_more_than_their_share(shop):
    browser, other = shop.signed_in("Jan Nowak"), shop.signed_in("Olena Koval")
    found = [browser.get(CURRENT).status_code for _ in range(205)]
    assert found.count(200) == 200
    answer = browser.get(CURRENT)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
    assert other.get(CURRENT).status_code == 200
    shop.pass_by(seconds=1)
    assert browser.get(CURRENT).status_code == 200


# the first one


@pytest.fixture
def alone(shop_folder: Path, tmp_path: Path) -> Iterator[Served]:
    """A served shop without people."""
    with served(shop_folder, tmp_path / "alone") as found:
        yield found


def by_link(alone: Served, token: str) -> int:
    return alone.browser().post("/api/v1/sessions", json={"token": token}).status_code


def test_the_first_one_gets_in_by_a_link_that_works_once(alone):
    token, browser = alone.door.link(), alone.browser()
    answer = browser.post("/api/v1/sessions", json={"token": token})
    assert (answer.status_code, answer.json()["role"]) == (201, "admin")
    assert browser.get(CURRENT).json()["name"] == "owner"
    assert by_link(alone, token) == 401


def test_the_link_is_good_for_half_an_hour(alone):
    token = alone.door.link()
    alone.pass_by(minutes=30)
    assert by_link(alone, token) == 401
    assert by_link(alone, "guessed") == 401


def test_the_link_is_void_once_there_are_people(alone):
    token = alone.door.link()
    alone.access.people.add("Olena Koval", "admin", PASSWORD)
    assert by_link(alone, token) == 401


# other hosts, large requests


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:8400", "", "[::2]"])
def test_what_was_sent_to_another_host_is_not_answered(shop, host):
    answer = shop.browser().get("/app/", headers={"Host": host})
    assert (answer.status_code, answer.json()["code"]) == (403, "forged")
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("host", ["127.0.0.1:8400", "localhost", "LOCALHOST:1", "[::1]:8400"])
def test_this_machine_has_several_names(shop, host):
    answer = shop.browser().get("/api/v1/openapi.json", headers={"Host": host})
    assert answer.status_code == 200


def test_what_is_too_large_is_not_read(shop):
    answer = sign_in(shop.browser(), "x" * 100_000)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")

    def parts() -> Iterator[bytes]:
        for _ in range(100):
            yield b"[" * 1000

    headers = {"Content-Type": "application/json"}
    answer = shop.browser().post("/api/v1/sessions", content=parts(), headers=headers)
    assert answer.status_code == 413


def test_what_is_nested_deeply_is_a_mistake_not_a_fall(shop):
    browser = shop.signed_in("Jan Nowak")
    headers = {"Content-Type": "application/json"}
    answer = browser.post(PREVIEW, content=b'{"rule":' * 200_000, headers=headers)
    assert answer.status_code in {400, 422}


def csrf(answer) -> dict[str, str]:
    return {"X-CSRF-Token": answer.json()["csrf"]}


def with_cookie(shop: Served, token: str):
    browser = shop.browser()
    browser.cookies.set("segmentry", token)
    return browser
