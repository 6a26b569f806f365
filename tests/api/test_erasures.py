"""People are forgotten over the API; whoever looks at somebody is in the log."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest
from tests.api.served import PASSWORD, Served, served
from tests.api.test_long import done, fits

from segmentry.api.answer import shapes
from segmentry.workspace import erased

API = "/api/v1"


@pytest.fixture
def shop(shop_folder: Path, tmp_path: Path) -> Iterator[Served]:
    with served(shop_folder, tmp_path / "shop") as found:
        for name, role in (("Olena Koval", "admin"), ("Jan Nowak", "marketer")):
            found.access.people.add(name, role, PASSWORD)
        yield found


@pytest.fixture
def somebody(shop: Served) -> str:
    browser = shop.signed_in("Olena Koval")
    return str(browser.get(f"{API}/customers").json()["customers"][0]["customer_id"])


def ids(browser) -> set[str]:
    found = browser.get(f"{API}/customers", params={"limit": 100}).json()
    return {each["customer_id"] for each in found["customers"]}


def test_somebody_is_shown_forgotten_listed_and_noted(shop, somebody):
    browser = shop.signed_in("Olena Koval")
    found = fits(
        browser.post(f"{API}/erasures/preview", json={"ids": [somebody]}), "erasure-preview"
    )
    assert {each["table"] for each in found["tables"]} >= {"customers", "orders"}
    before = ids(browser)
    run = done(browser, "POST", "/erasures", {"ids": [somebody], "reason": "a letter"})
    assert run["status"] == "done", run["error"]
    assert somebody not in str(run)
    assert ids(browser) == before - {somebody}
    [listed] = fits(browser.get(f"{API}/erasures"), "erasures")["erasures"]
    assert (listed["name"], listed["ids_count"], listed["reason"]) == ("Olena Koval", 1, "a letter")
    noted = next(x for x in shop.access.audit.latest() if x.what == "erasures_erase")
    assert (noted.outcome, noted.customers) == ("done", 1)
    assert noted.object == {"erasure": listed["id"]}
    assert browser.get(f"{API}/workspace").json()["refreshed_as_of"]


def test_what_is_sent_about_them_later_is_counted_and_not_kept(shop, somebody):
    browser = shop.signed_in("Olena Koval")
    assert done(browser, "POST", "/erasures", {"ids": [somebody]})["status"] == "done"
    event = {"name": "page_view", "occurred_at": "2024-07-01T08:00:00"}
    sent = {
        "events": [
            event | {"event_id": n, "customer_id": c} for n, c in (("1", somebody), ("2", "new"))
        ]
    }
    answer = fits(browser.post(f"{API}/records", json=sent), "records")
    assert (answer["accepted"], answer["suppressed"]) == (1, 1)
    assert len(shop.app.state.inbox) == 1


def test_others_are_answered_while_it_is_done(shop, somebody):
    browser, other = shop.signed_in("Olena Koval"), shop.signed_in("Jan Nowak")
    browser.get(f"{API}/customers/{somebody}/standing")  # keeps a desk of its own
    codes: list[int] = []
    over = threading.Event()

    def ask() -> None:
        while not over.wait(0.2):
            codes.append(other.get(f"{API}/segments").status_code)

    asking = [threading.Thread(target=ask) for _ in range(3)]
    for each in asking:
        each.start()
    try:
        assert done(browser, "POST", "/erasures", {"ids": [somebody]})["status"] == "done"
    finally:
        over.set()
        for each in asking:
            each.join()
    assert set(codes) == {200}
    assert browser.get(f"{API}/customers/{somebody}/standing").status_code == 404


def test_what_was_asked_for_is_done_although_the_server_stops(shop, somebody):
    with shop.app.state.desks.taken() as workspace:
        workspace.erasure.ask([somebody], by="person:1")
        folder = workspace.folder
    assert erased.is_pending(folder)
    browser = shop.signed_in("Olena Koval")
    assert done(browser, "POST", "/erasures", {"ids": ["nobody"]})["status"] == "done"
    assert not erased.is_pending(folder)
    assert len(fits(browser.get(f"{API}/erasures"), "erasures")["erasures"]) == 2
    assert somebody not in ids(browser)


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("POST", "/preview"), ("POST", "")])
def test_only_an_administrator_forgets(shop, somebody, method, path):
    browser = shop.signed_in("Jan Nowak")
    answer = browser.request(method, f"{API}/erasures{path}", json={"ids": [somebody]})
    assert answer.status_code == 403


@pytest.mark.parametrize("given", [[], [""], ["c"] * 10_001])
def test_nobody_or_too_many_are_refused(shop, given):
    browser = shop.signed_in("Olena Koval")
    assert browser.post(f"{API}/erasures", json={"ids": given}).status_code == 422


def test_everything_about_somebody_is_one_document(shop, somebody):
    browser = shop.signed_in("Jan Nowak")
    found = fits(browser.get(f"{API}/customers/{somebody}/everything"), "customer-everything")
    jsonschema.validate(found, shapes()["customer-everything"])
    assert found["tables"]["customers"][0]["customer_id"] == somebody
    assert len(found["tables"]["orders"]) == found["computed"]["frequency"]
    assert {each["segment"] for each in found["memberships"]} >= {"regulars", "rfm_group"}
    assert browser.get(f"{API}/customers/nobody/everything").status_code == 404


@pytest.mark.parametrize(
    ("path", "what", "customers"),
    [
        ("/customers/{}", "customers_one", 1),
        ("/customers/{}/everything", "customers_everything", 1),
        ("/customers/{}/happenings", "customers_happenings", 1),
        ("/customers?limit=5", "customers_find", 5),
        ("/segments/regulars/members?limit=3", "segments_members", 3),
        ("/segments/regulars/members/{}", "segments_explain", 1),
        ("/segments/regulars/export", "exports_members", None),
    ],
)
def test_a_look_at_somebody_is_one_line_of_the_log(shop, somebody, path, what, customers):
    browser = shop.signed_in("Jan Nowak")
    before = shop.access.audit.latest(1)[0].number
    assert browser.get(API + path.format(somebody)).status_code == 200
    [line] = [each for each in shop.access.audit.latest(5) if each.number > before]
    assert (line.who, line.what, line.outcome) == ("person:2", what, "done")
    assert line.customers if customers is None else line.customers == customers
    assert somebody not in str(line)


def test_samples_of_an_answer_for_all_are_a_look_too(shop):
    """An effect shows a few who would move to those who may see them."""
    browser = shop.signed_in("Jan Nowak")
    before = shop.access.audit.latest(1)[0].number
    answer = browser.post(f"{API}/segments/regulars/effect", json={"rule": "frequency >= 4"})
    assert answer.status_code == 200
    [line] = [each for each in shop.access.audit.latest(5) if each.number > before]
    assert line.what == "segments_effect"
