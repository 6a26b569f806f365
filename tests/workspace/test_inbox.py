"""Records that are sent: on the disk at once, counted once, and loaded as a file of them would be."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from segmentry.core.errors import InputError, UnknownNameError
from segmentry.core.progress import unwatched
from segmentry.data.fresh import received
from segmentry.workspace.inbox import Inbox
from segmentry.workspace.workspace import Workspace

ZONE = "Europe/Kyiv"
ORDERS = "order_id,customer_id,ordered_at,total\n" + "\n".join(
    f"o{number},c{number % 5},2024-05-{number + 1:02} 10:00,{number}.50" for number in range(20)
)


def event(number: int, **more: object) -> dict[str, object]:
    return {
        "event_id": f"e{number}",
        "customer_id": f"c{number % 7}",
        "occurred_at": f"2024-05-{number % 28 + 1:02}T12:00:00",
        "name": "add_to_cart",
        "amount": number + 0.25,
    } | more


NEW_ORDER = {
    "order_id": "n1",
    "customer_id": "c9",
    "ordered_at": "2024-06-21T12:00:00+02:00",
    "lines": [
        {"product_id": "p1", "quantity": 2, "unit_price": 9.90},
        {"product_id": "p2", "amount": 3},
    ],
}
SENT = [("events", event(number)) for number in range(40)] + [("orders", NEW_ORDER)]


@pytest.fixture
def shop(tmp_path: Path):
    with Workspace.create(tmp_path / "shop", timezone=ZONE) as made:
        file = tmp_path / "orders.csv"
        file.write_text(ORDERS, encoding="utf-8")
        made.load(orders=file)
        yield made


def send(shop: Workspace, sent: list[tuple[str, dict[str, object]]]) -> Inbox:
    inbox = Inbox(shop.folder)
    inbox.take([received(entity, record, ZONE, {}) for entity, record in sent])
    return inbox


def rows(shop: Workspace) -> list[list[tuple[object, ...]]]:
    return [
        shop.engine.rows(f"SELECT * EXCLUDE (load_id, customer_no) FROM {table} ORDER BY ALL")
        for table in ("orders", "order_lines", "events")
    ]


def test_what_was_sent_is_seen_at_once_by_customer(shop):
    inbox = send(shop, SENT)
    assert len(inbox) == len(SENT)
    assert {each["event_id"] for each in inbox.of("c3")["events"]} == {
        f"e{number}" for number in range(3, 40, 7)
    }
    assert inbox.of("nobody") == {}


def test_loading_takes_it_out_and_makes_of_it_what_a_file_would(shop, tmp_path):
    inbox = send(shop, SENT)
    inbox.load(shop, unwatched)
    assert len(inbox) == 0
    [bought] = shop.engine.rows("SELECT gross_amount, ordered_at FROM orders WHERE order_id = 'n1'")
    assert (float(bought[0]), str(bought[1])) == (22.8, "2024-06-21 10:00:00")
    lines = shop.engine.rows("SELECT product_id, gross_amount FROM order_lines ORDER BY 1")
    assert [(name, float(amount)) for name, amount in lines] == [("p1", 19.8), ("p2", 3.0)]
    assert shop.engine.value("SELECT sum(amount) FROM events") == sum(n + 0.25 for n in range(40))
    first = shop.engine.value("SELECT min(occurred_at) FROM events")
    assert str(first) == "2024-05-01 09:00:00"  # noon in Kyiv


def test_late_twice_and_in_any_order_it_ends_the_same(shop, tmp_path):
    send(shop, SENT).load(shop, unwatched)
    expected = rows(shop)
    draw = random.Random(3)
    shuffled = SENT * 3
    draw.shuffle(shuffled)
    with Workspace.create(tmp_path / "other", timezone=ZONE) as other:
        other.load(orders=tmp_path / "orders.csv")
        for part in (shuffled[:50], shuffled[50:60], shuffled[60:]):
            send(other, part).load(other, unwatched)
        assert rows(other) == expected


def test_a_record_of_a_known_id_corrects_it_before_and_after_loading(shop):
    send(shop, [("events", event(1)), ("events", event(1, amount=5))]).load(shop, unwatched)
    assert shop.engine.rows("SELECT amount FROM events")[0][0] == 5
    send(shop, [("events", event(1, amount=6))]).load(shop, unwatched)
    assert [float(each[0]) for each in shop.engine.rows("SELECT amount FROM events")] == [6]


def test_what_fails_together_with_it_takes_it_back(shop):
    inbox = send(shop, SENT)
    before, waiting = rows(shop), len(inbox)

    def fail() -> None:
        with inbox.loaded(shop, unwatched) as done:
            assert done
            assert rows(shop) != before
            raise RuntimeError("too late")

    with pytest.raises(RuntimeError, match="too late"):
        fail()
    assert (rows(shop), len(inbox)) == (before, waiting)
    inbox.load(shop, unwatched)
    assert rows(shop) != before
    assert len(inbox) == 0


def test_what_comes_while_it_is_loaded_waits_for_the_next_time(shop):
    inbox = send(shop, SENT)

    def meanwhile(step: str, done: int, of: int) -> None:
        if step == "read":
            inbox.take([received("events", event(1, amount=99), ZONE, {})])

    inbox.load(shop, meanwhile)
    assert [each["amount"] for each in inbox.of("c1")["events"]] == ["99.0000"]


@pytest.mark.parametrize(
    ("entity", "record", "error"),
    [
        ("events", {**event(1), "event_id": None}, InputError),
        ("events", {**event(1), "customer_id": None}, InputError),
        ("events", {**event(1), "occurred_at": "yesterday"}, InputError),
        ("events", {**event(1), "nme": "x"}, UnknownNameError),
        ("orders", {**NEW_ORDER, "lines": []}, InputError),
        ("orders", {**NEW_ORDER, "order_id": None}, InputError),
        ("costs", {}, UnknownNameError),
    ],
)
def test_what_cannot_be_taken_is_said_before_anything_is_kept(entity, record, error):
    with pytest.raises(error):
        received(entity, record, ZONE, {})


SENDER = """
import os, signal, sys
from pathlib import Path
from segmentry.data.fresh import received
from segmentry.workspace.inbox import Inbox
inbox = Inbox(Path(sys.argv[1]))
for number in range(1000):
    record = {"event_id": str(number), "customer_id": "c", "name": "x",
              "occurred_at": "2024-05-01T00:00:00"}
    inbox.take([received("events", record, "UTC", {})])
    print(number, flush=True)
"""


def test_what_was_confirmed_survives_kill_9(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", SENDER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as sender:
        assert sender.stdout
        confirmed = [sender.stdout.readline() for _ in range(50)]
        sender.send_signal(signal.SIGKILL)
        confirmed += sender.stdout.readlines()
    kept = {each["event_id"] for each in Inbox(tmp_path).of("c")["events"]}
    assert {each.strip() for each in confirmed} <= kept
