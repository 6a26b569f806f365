"""Forgetting people: nothing of them is left anywhere, they do not come back, others stay."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from segmentry.core.errors import UsageError
from segmentry.data.fresh import received
from segmentry.segments import past
from segmentry.segments.bits import numbers
from segmentry.workspace import erased
from segmentry.workspace.inbox import Inbox
from segmentry.workspace.uploads import Uploads
from segmentry.workspace.workspace import Workspace

PLANTED = 12
"""People with an id, an address, a number and a name that are nowhere else: 48 texts."""


def planted(number: int) -> dict[str, str]:
    mark = f"{number * 7919 + 104_729:07x}zq"
    return {
        "customer_id": f"id-{mark}",
        "email": f"{mark}@planted.example",
        "phone": f"+38067{number:07d}",
        "name": f"Zorvath {mark.title()}",
    }


PEOPLE = [planted(each) for each in range(PLANTED)]
IDS = [each["customer_id"] for each in PEOPLE]
WORDS = sorted({word.lower() for each in PEOPLE for word in each.values()})
OTHERS = [f"other-{each}" for each in range(60)]


def orders() -> pa.Table:
    ids = [*IDS, *OTHERS] * 3
    start = datetime(2025, 1, 1)
    return pa.table(
        {
            "order_id": [f"o-{place}" for place in range(len(ids))],
            "customer_id": ids,
            "ordered_at": [start + timedelta(days=place) for place in range(len(ids))],
            "amount": [Decimal(place % 90 + 5) for place in range(len(ids))],
        }
    )


def lines() -> pa.Table:
    made = orders()
    return pa.table(
        {
            "order_id": made["order_id"],
            "line_no": ["1"] * len(made),
            "product_id": ["p1"] * len(made),
            "quantity": [1.0] * len(made),
            "unit_price": made["amount"],
        }
    )


def customers_csv(path: Path) -> Path:
    """Every planted person once, once more with a day that does not exist, once more broken."""
    rows = ["customer_id;email;phone;name;birth_on"]
    rows += [";".join([*each.values(), "1980-05-06"]) for each in PEOPLE]
    rows += [f"{each};;;;1980-05-06" for each in OTHERS]
    for each in PEOPLE[:3]:
        rows.append(";".join([f"{each['customer_id']}-twin", *list(each.values())[1:], "soon"]))
    rows.append("other-x;;;;soon")
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which planted people are in every store there is."""
    folder = tmp_path_factory.mktemp("erasure")
    source = customers_csv(folder / "customers.csv")
    with Workspace.create(folder / "shop") as shop:
        shop.load(source)
        shop.load(orders=orders(), order_lines=lines())
        shop.segment("buyers", "frequency >= 1")
        shop.segment("spenders", "monetary > 100")
        shop.segment("named", f"email = '{PEOPLE[3]['email']}'")
        shop.refresh()
        shop.lists.add("friends", pa.table({"customer_id": [*IDS[:4], "other-1"]}))
        shop.lists.include("buyers", IDS[0], "asked")
        shop.duplicates.merge(IDS[1], "other-7", reason="same card")
        shop.refresh()
        shop.live.sort()
        uploads = Uploads(shop)
        upload = uploads.add("customers.csv", [source.read_bytes()], 0)
        uploads.add("costs.csv", [b"day;amount\n2025-01-02;5\n"], 0)
        assert upload.bytes
        with closing(Inbox(shop.folder)) as inbox:
            inbox.take([_order(IDS[2], "o-new"), _order("other-2", "o-other")])
        shop.access.audit.note("owner", "customers_one", {"customer_id": "#0"}, customers=1)
    return folder / "shop"


def _order(customer: str, order: str):
    record = {"order_id": order, "customer_id": customer, "ordered_at": "2025-09-01", "amount": 3}
    return received("orders", record, "UTC", {})


@pytest.fixture
def shop_folder(full: Path, tmp_path: Path) -> Path:
    import shutil

    return Path(shutil.copytree(full, tmp_path / "shop"))


def found(folder: Path) -> list[tuple[str, str]]:
    """Planted texts in bytes of files, and in texts of tables, which may be compressed."""
    return [*_in_files(folder), *_in_tables(folder)]


def _in_files(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        said = path.read_bytes().lower()
        yield from ((path.name, word) for word in WORDS if word.encode() in said)


def _in_tables(folder: Path) -> Iterator[tuple[str, str]]:
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as connection:
        for (table,) in connection.sql("SELECT table_name FROM duckdb_tables()").fetchall():
            said = " ".join(map(str, connection.sql(f'FROM "{table}"').fetchall())).lower()
            yield from ((table, word) for word in WORDS if word in said)


def test_all_of_them_are_found_before(shop_folder):
    assert {word for _, word in found(shop_folder)} == set(WORDS)


def test_nothing_of_them_is_left(shop_folder):
    with Workspace.open(shop_folder) as shop:
        assert shop.rules()
        [done] = shop.erasure.erase(IDS, by="owner", reason="they asked")
        assert shop.rules()["named"].text() == "email = 'erased'"
    assert done.customers == PLANTED + 1  # one of them is the same person as another record
    assert found(shop_folder) == []
    with Workspace.open(shop_folder) as shop:
        assert shop.rules()["named"].text() == "email = 'erased'"
        shop.refresh()
        shop.live.sort()
    assert found(shop_folder) == []


def test_others_stay_as_they_were(shop_folder):
    def seen(shop: Workspace) -> tuple[list[dict], dict[str, set[str]]]:
        rows = shop.columns(["frequency", "monetary", "recency_days"]).to_arrow().to_pylist()
        ids = dict(shop.engine.rows("SELECT customer_no, customer_id FROM customers"))
        inside = {
            f"{name} {at}": {
                ids[each]
                for each in numbers(past.members(shop.engine, name, at=at)).tolist()
                if each in ids
            }
            for name in ("buyers", "spenders")
            for at in past.points(shop.engine, name)
        }
        gone = {*IDS, "other-7"}
        kept = [row for row in rows if row["customer_id"] not in gone]
        return kept, {name: each - gone for name, each in inside.items()}

    with Workspace.open(shop_folder) as shop:
        before = seen(shop)
        shop.erasure.erase(IDS, by="owner")
        assert seen(shop) == before
        shop.refresh()
        assert seen(shop) == before
        assert len(before[1]) > 4
        assert shop.result_hash() == shop.result_hash()
        [left] = shop.engine.rows("SELECT count(*) FROM rejected_records")
        assert left == (1,)
    assert [each.name for each in Uploads(shop).all()] == ["costs.csv"]


def test_they_do_not_come_back(shop_folder, tmp_path):
    source = customers_csv(tmp_path / "customers.csv")
    with Workspace.open(shop_folder) as shop:
        shop.erasure.erase(IDS, by="owner")
        people = shop.engine.value("SELECT count(*) FROM customers")
        rows = shop.engine.value("SELECT count(*) FROM order_lines")
        [again, *more] = [*shop.load(source), *shop.load(orders=orders(), order_lines=lines())]
        told = {
            (each.entity, each.records)
            for load in (again, *more)
            for each in load.treatments
            if each.kind == "suppressed"
        }
        # The same person under another id is one of them; orders and their lines are three each.
        assert told == {("customers", 13), ("orders", 39), ("order_lines", 39)}
        counts = again.entities["customers"]
        assert counts.records == counts.accepted + counts.unchanged + counts.rejected == 63
        assert shop.engine.value("SELECT count(*) FROM order_lines") == rows
        assert shop.engine.value("SELECT count(*) FROM customers") == people
        ids = shop.engine.rows("SELECT customer_id FROM customers")
        assert not {each for (each,) in ids} & set(IDS)


def test_the_list_names_nobody_and_only_its_owner_reads_it(shop_folder):
    with Workspace.open(shop_folder) as shop:
        shop.erasure.erase(IDS[:1], by="person:1", reason="letter of 3 May")
        [told] = shop.erasure.all()
    assert (told.by, told.reason, told.customers) == ("person:1", "letter of 3 May", 1)
    for name in (erased.FILE, erased.KEY):
        assert (shop_folder / name).stat().st_mode & 0o777 == 0o600
    text = (shop_folder / erased.FILE).read_text()
    assert not any(word in text for word in WORDS)


def test_an_older_copy_put_back_is_cleaned_again(shop_folder):
    old = (shop_folder / "warehouse.duckdb").read_bytes()
    with Workspace.open(shop_folder) as shop:
        shop.erasure.erase(IDS, by="owner")
    (shop_folder / "warehouse.duckdb").write_bytes(old)
    with Workspace.open(shop_folder) as shop:
        assert shop.erasure.again()
        assert shop.erasure.again() == []
    assert found(shop_folder) == []


def test_a_preview_says_what_would_go_and_changes_nothing(shop_folder):
    (shop_folder / "mine.csv").write_text(f"id\n{IDS[1]}\n")
    before = (shop_folder / "warehouse.duckdb").stat().st_size
    with Workspace.open(shop_folder) as shop:
        told = shop.erasure.preview([IDS[1], "nobody"])
        assert told.unknown == ("nobody",)
        assert told.same == ("other-7",)
        assert told.rows["customers"] == 2
        assert told.rows["orders"] == 6
        assert told.elsewhere == ("mine.csv",)
        assert shop.engine.value("SELECT count(*) FROM customers WHERE customer_id = ?", [IDS[1]])
    assert (shop_folder / "warehouse.duckdb").stat().st_size == before
    assert not (shop_folder / erased.PENDING).exists()


@pytest.mark.parametrize("ids", [[], [" "], [f"c{each}" for each in range(10_001)]])
def test_nobody_or_too_many_are_refused(shop_folder, ids):
    with Workspace.open(shop_folder) as shop, pytest.raises(UsageError):
        shop.erasure.preview(ids)


KILLED = """
import os, signal, sys
from segmentry.workspace.workspace import Workspace
steps = []
def progress(name, place, of):
    if place == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
with Workspace.open(sys.argv[1]) as shop:
    shop.erasure.erase(sys.argv[3:], by="owner", progress=progress)
"""


@pytest.mark.parametrize("step", [0, 2, 5, 7])
def test_a_kill_before_any_step_is_made_good_at_the_next_opening(shop_folder, step):
    command = [sys.executable, "-c", KILLED, str(shop_folder), str(step), *IDS]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert (shop_folder / erased.PENDING).stat().st_mode & 0o777 == 0o600
    with Workspace.open(shop_folder) as shop:
        assert shop.engine.value("SELECT count(*) FROM customers") == 60 - 1
        assert len(shop.erasure.all()) == 1
    assert not (shop_folder / erased.PENDING).exists()
    assert found(shop_folder) == []
