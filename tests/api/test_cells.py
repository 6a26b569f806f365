"""Every cell of a chart can be saved: the segment has exactly as many customers as the cell says."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from tests.api.conftest import BASE, client_of
from tests.api.test_long import done, fits

from segmentry.api.app import create
from segmentry.workspace.workspace import Workspace

OF_A_KIND = 6
"""How many cells of each kind are tried."""


@pytest.fixture(scope="module")
def shop(bakery_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """An administrator of a bakery with a history of three points, answers, and a segment by hand."""
    folder = tmp_path_factory.mktemp("cells") / "shop"
    shutil.copytree(bakery_folder, folder)
    draw, first = random.Random(5), datetime(2024, 5, 1, 9)
    rows = ["customer_id,question,answer,answered_at"]
    for each in range(0, 1_100, 3):
        at = first + timedelta(days=draw.randrange(60))
        rows.append(f"c{each},Why us?,{draw.choice(['taste', 'price', 'on the way'])},{at}")
    answers = folder.parent / "survey_answers.csv"
    answers.write_text("\n".join(rows), encoding="utf-8")
    with Workspace.open(folder) as bakery:
        bakery.load(survey_answers=answers)
        bakery.segment("often", "frequency >= 4", "Often")
        bakery.segment("lately", "recency_days <= 40", "Lately")
        bakery.lists.exclude("often", "c1", "asked us to")
        for day in ("2024-06-15", "2024-07-20"):
            bakery.refresh(day)
        bakery.refresh()
    app = create(folder)
    with TestClient(app, base_url=BASE):
        yield client_of(app, "admin")


def asked(shop: TestClient, path: str) -> dict:
    answer = shop.get(f"/api/v1{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def saved(shop: TestClient, rule: str) -> int:
    """How many customers a segment of that rule has, saved and listed."""
    answer = shop.put("/api/v1/segments/of_a_cell", json={"rule": rule})
    assert answer.status_code == 200, (rule, answer.text)
    count = asked(shop, "/segments/of_a_cell/members?limit=1")["customers"]
    assert answer.json()["customers"] == count
    return count


def some(cells: list, number: int = OF_A_KIND) -> list:
    """Some cells from first to last, always the same."""
    return cells[:: max(1, len(cells) // number)] if cells else []


def agree(shop: TestClient, cells: list[tuple[int, str]]) -> None:
    """Each cell counts whom its rule counts; there are some."""
    assert cells
    assert [saved(shop, rule) for _, rule in cells] == [size for size, _ in cells]


def test_cells_of_the_rfm_grid(shop):
    cells = some(asked(shop, "/segmentations/rfm/grid")["cells"])
    agree(shop, [(each["customers"], each["rule"]) for each in cells])


def test_chosen_cells_are_one_segment(shop):
    cells = asked(shop, "/segmentations/rfm/grid")["cells"][:3]
    answer = shop.post("/api/v1/rules/any", json={"texts": [each["rule"] for each in cells]})
    agree(shop, [(sum(each["customers"] for each in cells), fits(answer, "rule")["text"])])
    assert shop.post("/api/v1/rules/any", json={"texts": ["frequency >"]}).status_code == 422


@pytest.mark.parametrize("name", ["rfm", "lifecycle", "revenue_tiers"])
def test_groups_of_a_segmentation_and_what_they_are_worth(shop, name):
    groups = asked(shop, f"/segmentations/{name}")["groups"]
    agree(shop, [(each["customers"], each["rule"]) for each in groups])
    worths = asked(shop, f"/values?of={name}")["segments"]
    counted = {each["rule"]: each["customers"] for each in groups}
    assert worths
    assert {each["rule"]: each["customers"] for each in worths}.items() <= counted.items()


def test_what_saved_segments_groups_and_rules_are_worth(shop):
    found = asked(shop, "/values?of=often&of=rfm/VIP&of=frequency = 2 OR frequency = 3")
    agree(shop, [(each["customers"], each["rule"]) for each in found["segments"]])
    assert found["segments"][0]["rule"] == "in_segment('often')"


def test_groups_beside_other_sets_have_no_rule(shop):
    found = asked(shop, "/values?of=rfm&of=often")
    assert {each["rule"] for each in found["segments"]} == {None}


def test_cells_of_two_segmentations_at_once(shop):
    cells = some(asked(shop, "/crossings?by=rfm&by=lifecycle")["cells"])
    agree(shop, [(each["customers"], each["rule"]) for each in cells])


@pytest.mark.parametrize("period", ["month", "quarter"])
def test_cells_of_cohorts(shop, period):
    found = asked(shop, f"/cohorts?period={period}")
    for row in some(found["cohorts"], 3):
        agree(shop, [(row["customers"], row["rule"])])
        agree(shop, [(each["bought"], each["rule"]) for each in some(row["cells"], 4)])
    assert found["whole"]["rule"] is None


def test_cohorts_of_groups_have_no_rule(shop):
    found = asked(shop, "/cohorts?by=rfm")
    cells = [cell for row in found["cohorts"] for cell in row["cells"]]
    assert {each["rule"] for each in (*found["cohorts"], *cells)} == {None}


def test_overlaps_in_pairs_and_exactly(shop):
    names = "&".join(f"of={each}" for each in ("often", "lately", "country = 'PL'", "rfm/VIP"))
    found = asked(shop, f"/overlaps?{names}")
    agree(shop, [(each["customers"], each["rule"]) for each in found["sets"]])
    agree(shop, [(each["customers"], each["rule"]) for each in found["pairs"]])
    agree(shop, [(each["customers"], each["rule"]) for each in found["combinations"]])
    sizes = [each["customers"] for each in found["combinations"]]
    assert sizes == sorted(sizes, reverse=True)
    assert sum(sizes) + found["none"] == found["of"]


def test_moves_are_saved_as_those_who_made_them(shop):
    found = asked(shop, "/migrations/lifecycle")
    assert len(found["points"]) >= 2
    for number, move in enumerate(some(found["moves"])):
        start, end = found["points"][move["step"] : move["step"] + 2]
        body = {"before": move["before"], "after": move["after"], "start": start, "end": end}
        body |= {"name": f"moved_{number}", "label": "Moved"}
        answer = shop.post("/api/v1/migrations/lifecycle/segment", json=body)
        assert fits(answer, "segments-save")["customers"] == move["customers"], body
        members = asked(shop, f"/segments/moved_{number}/members?limit=1")
        assert members["customers"] == move["customers"]


def test_a_move_that_cannot_be_is_refused(shop):
    [*_, start, end] = asked(shop, "/migrations/lifecycle")["points"]
    body = {"before": "Active", "after": None, "start": start, "end": end, "name": "gone"}
    path = "/api/v1/migrations/lifecycle/segment"
    assert shop.post(path, json=body | {"start": "2001-01-01"}).status_code == 404
    assert shop.post(path, json=body | {"before": None}).status_code == 400
    assert shop.post(path, json=body | {"before": "Nobody"}).json()["code"] == "unknown_name"
    assert shop.post(path, json=body | {"name": "often"}).json()["code"] == "duplicate_name"
    assert shop.post(path, json=body | {"name": "No name"}).status_code == 422


def test_values_on_a_card(shop):
    """Of every dimension: who is in the segment and has the first value, by hand or not."""
    for which in ("often", "rfm/VIP", "country = 'UA' OR frequency = 1"):
        found = asked(shop, f"/cards?of={which}")
        traits = [each for answer in found["answers"] for each in answer["traits"]]
        seen: Counter[str] = Counter()
        cells = []
        for each in traits:
            seen[each["dimension"]] += 1
            if seen[each["dimension"]] == 1:
                cells.append((each["customers"], each["rule"]))
        assert {"answer:Why us?", "category", "country", "hour", "next_order"} <= seen.keys()
        agree(shop, cells)


def test_clusters(shop):
    run = done(shop, "PUT", "/clusters/kinds", {"anyway": 3})
    assert run["status"] == "done", run["error"]
    found = fits(shop.get("/api/v1/clusters"), "clusters")["latest"]
    agree(shop, [(each["rule_customers"], each["rule"]) for each in found["clusters"]])
    groups = {each["name"]: each for each in asked(shop, "/segmentations/kinds")["groups"]}
    for each in found["clusters"]:
        assert groups[each["name"]]["customers"] == each["rule_customers"]


def test_groups_that_stand_out(shop):
    run = done(shop, "POST", "/discoveries", {"by": "monetary", "least": 10, "depth": 1, "most": 3})
    assert run["status"] == "done", run["error"]
    found = fits(shop.get("/api/v1/discoveries"), "discoveries")["latest"]
    agree(shop, [(each["customers"], each["rule"]) for each in found["groups"]])


def test_the_last_split_of_a_budget_is_kept(shop):
    assert asked(shop, "/allocations") == {"latest": None}
    body = {"budget_amount": 100, "responses": {"often": [{"spent": 100, "profit": 300}]}}
    split = fits(shop.post("/api/v1/allocations", json=body), "allocate")
    assert fits(shop.get("/api/v1/allocations"), "allocations")["latest"] == split
