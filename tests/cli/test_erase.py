"""`segmentry erase`, `erasures` and `customer --everything`."""

from __future__ import annotations

import jsonschema
import pytest

from segmentry.api.answer import shapes
from segmentry.workspace.workspace import Workspace


@pytest.fixture
def shop(tmp_path):
    rows = ["order_id,customer_id,ordered_at,total"]
    rows += [f"o{n},c{n % 6},2024-0{1 + n % 6}-03 10:00,{10 + n}.50" for n in range(36)]
    file = tmp_path / "orders.csv"
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    folder = tmp_path / "shop"
    with Workspace.create(folder) as made:
        made.load(orders=file)
        made.refresh()
    return folder


def test_what_would_go_is_shown_and_stays(answer, shop):
    found = answer("erase", "c1", "nobody", "--dry-run", "-w", shop)
    jsonschema.validate(found, shapes()["erasure-preview"])
    assert (found["asked"], found["unknown"]) == (2, ["nobody"])
    assert {"table": "orders", "rows": 6} in found["tables"]
    assert answer("erasures", "-w", shop) == {"erasures": []}


def test_nobody_is_forgotten_unless_somebody_is_sure(run, answer, shop):
    result = run("erase", "c1", "-w", shop)
    assert result.exit_code == 2
    assert "--yes" in result.output
    assert answer("erasures", "-w", shop) == {"erasures": []}


def test_people_of_a_file_are_forgotten_listed_and_noted(run, answer, shop, tmp_path):
    file = tmp_path / "ids.csv"
    file.write_text("customer_id;why\nc1;asked\nc2;asked\n", encoding="utf-8")
    done = answer("erase", "c3", "--file", file, "--reason", "letters", "--yes", "-w", shop)
    jsonschema.validate(done, shapes()["erasures"])
    assert answer("erasures", "-w", shop) == done
    [line] = answer("audit", "-w", shop)["entries"]
    assert (line["what"], line["customers"]) == ("erasures_erase", 3)
    assert all(each.startswith("#") for each in line["object"]["customers"])
    assert run("customer", "c1", "--everything", "-w", shop).exit_code == 2
    assert "Nobody had to be forgotten" in run("erase", "--again", "-w", shop).stdout
    assert "letters" in run("erasures", "-w", shop).stdout
    loaded = answer("load", tmp_path / "orders.csv", "--yes", "-w", shop)
    assert {each["kind"]: each["records"] for each in loaded["treatments"]}["suppressed"] == 18


def test_everything_about_somebody_is_one_document(run, answer, shop):
    found = answer("customer", "c4", "--everything", "-w", shop)
    jsonschema.validate(found, shapes()["customer-everything"])
    assert len(found["tables"]["orders"]) == found["computed"]["frequency"] == 6
    assert "orders" in run("customer", "c4", "--everything", "-w", shop).stdout
