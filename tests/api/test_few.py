"""Whoever may not see customers learns nothing about fewer than ten, however they ask."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.api.served import PASSWORD, Served, served

from segmentry.api.screen import screened
from segmentry.language.text import parse_rule
from segmentry.workspace.discretion import Discretion, Told

PREVIEW = "/api/v1/segments/preview"
FEW = 10
PAIRS = 10_000
MEMBERS = 300


def told_of(members: np.ndarray, worth: np.ndarray) -> dict[str, Any]:
    """What is told of some customers."""
    exact = {
        "customers": int(members.sum()),
        "of": len(members),
        "customer_share": float(members.mean()),
        "revenue_amount": float(worth[members].sum()),
        "mean": float(worth[members].mean()) if members.any() else None,
    }
    shown = screened(exact, {}, FEW)
    del shown["withheld"]
    return shown


def test_ten_thousand_pairs_that_differ_by_a_few_give_nobody_away():
    """Two answers are the same, or about groups that differ by ten customers or more."""
    draw, discretion = np.random.default_rng(11), Discretion(FEW)
    worth = draw.pareto(0.9, MEMBERS) * 100  # some are worth more than all others
    numbers = np.arange(MEMBERS, dtype=np.uint64)
    told, sets = Told(), {}

    def answering(members: np.ndarray) -> np.ndarray:
        """The customers that are really told about."""
        tree = parse_rule(f"frequency >= {len(sets)}")
        sets[tree.text()] = members
        return sets[told.stand_in(tree, discretion.sketch(numbers[members]), FEW).text()]

    differed = 0
    for pair in range(PAIRS):
        if pair % 50 == 0:  # asked of new data, so that what is asked is not all one by and by
            told, sets = Told(), {}
        one = draw.random(MEMBERS) < draw.random()
        other = one.copy()
        few = draw.choice(MEMBERS, draw.integers(1, FEW), replace=False)
        other[few] = ~other[few] if pair % 2 else False
        about = [answering(one), answering(other)]
        apart = int((about[0] ^ about[1]).sum())
        assert apart == 0 or apart >= FEW
        first, second = (told_of(each, worth) for each in about)
        assert apart or first == second
        differed += told_of(one, worth) != told_of(other, worth)
        for each, members in zip((first, second), about, strict=True):
            if members.sum() < FEW:
                assert each["customers"] is None
                assert each["revenue_amount"] is each["mean"] is each["customer_share"] is None
    assert differed > PAIRS / 2  # without the memory most pairs would give it away


def test_the_sketch_misses_no_pair_and_seldom_takes_far_for_near():
    draw, discretion = np.random.default_rng(3), Discretion(FEW)
    numbers = np.arange(20_000, dtype=np.uint64)
    taken = 0
    for _ in range(500):
        one = draw.random(len(numbers)) < 0.5
        near, far = one.copy(), one.copy()
        near[draw.choice(len(numbers), FEW - 1, replace=False)] ^= True
        far[draw.choice(len(numbers), FEW + 5, replace=False)] ^= True
        a, b, c = parse_rule("a >= 1"), parse_rule("b >= 1"), parse_rule("c >= 1")
        told = Told()
        sketches = [discretion.sketch(numbers[each]) for each in (one, near, far)]
        assert told.stand_in(a, sketches[0], FEW) is a
        assert told.stand_in(b, sketches[1], FEW) is a
        taken += told.stand_in(c, sketches[2], FEW) is a
    assert taken == 0


@pytest.mark.parametrize("seed", range(200))
def test_a_total_less_the_other_groups_tells_nothing_of_a_small_one(seed):
    draw = np.random.default_rng(seed)
    sizes = [int(draw.integers(1, FEW)), *(int(each) for each in draw.integers(10, 80, 3))]
    worth = [float(each) for each in draw.pareto(0.9, 4) * 1000 + 1]
    groups = [
        {"customers": size, "revenue_amount": each, "customer_share": size / sum(sizes)}
        for size, each in zip(sizes, worth, strict=True)
    ]
    exact = {"customers": sum(sizes), "revenue_amount": sum(worth), "groups": groups}
    shown = screened(exact, {}, FEW)
    hidden = [at for at, each in enumerate(shown["groups"]) if each["revenue_amount"] is None]
    assert 0 in hidden
    assert len(hidden) == 2
    assert sum(sizes[at] for at in hidden) >= FEW
    counts = [each["customers"] for each in shown["groups"]]
    assert counts[0] is None
    assert [at for at, each in enumerate(counts) if each is None] == hidden


def test_values_that_only_a_few_have_are_not_named():
    values = [{"value": "Kyiv", "customers": 40}, {"value": "olena@example.com", "customers": 1}]
    shown = screened({"of": "city", "values": values}, {}, FEW)
    # how many the others are would tell how many she is
    assert shown["values"] == [{"value": "Kyiv", "customers": None}]
    values.append({"value": "Lviv", "customers": 60})
    shown = screened({"of": "city", "values": values}, {}, FEW)
    assert "olena" not in str(shown)


def test_how_a_share_compares_tells_no_more_than_the_share():
    cell = {"customers": 40, "share": 0.05, "base_share": 0.5, "index": 10.0}
    shown = screened(cell, {}, FEW)
    assert shown["share"] is None
    assert shown["index"] is None


# over the API


@pytest.fixture(scope="module")
def shop(shop_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(shop_folder, tmp_path_factory.mktemp("few") / "shop") as found:
        for name in ("viewer", "analyst", "marketer"):
            found.access.people.add(name, name, PASSWORD)
        yield found


def card(browser, rule: str) -> dict[str, Any]:
    answer = browser.get("/api/v1/cards", params={"of": rule})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_rule_without_one_person_is_told_as_with_them(shop):
    viewer, marketer = shop.signed_in("viewer"), shop.signed_in("marketer")
    rule = "frequency >= 2"
    without = [f"{rule} AND NOT customer_id = 'c{number:03}'" for number in range(1, 9)]
    right = {card(marketer, each)["revenue_amount"] for each in [rule, *without]}
    assert len(right) > 1
    told = {card(viewer, each)["revenue_amount"] for each in [rule, *without]}
    assert len(told) == 1


def test_all_but_a_few_are_told_as_all(shop):
    viewer = shop.signed_in("viewer")
    all_ = card(viewer, "true")
    but_one = card(viewer, "NOT customer_id = 'c001'")
    assert (all_["customers"], all_["revenue_amount"]) == (
        but_one["customers"],
        but_one["revenue_amount"],
    )


def test_what_stands_in_does_not_show_its_rule(shop):
    viewer = shop.signed_in("viewer")
    first = "recency_days >= 1 AND frequency >= 2"
    viewer.post(PREVIEW, json={"rule": first})
    answer = viewer.post(PREVIEW, json={"rule": "frequency >= 2 AND recency_days >= 0"}).json()
    assert answer["rule"] == "frequency >= 2 AND recency_days >= 0"
    assert answer["conditions"] == answer["kept"] == []
    assert first not in str(answer)


def test_a_segment_that_differs_by_a_few_is_not_saved_by_who_may_not_see_them(shop):
    analyst, marketer = shop.signed_in("analyst"), shop.signed_in("marketer")
    near = {"rule": "frequency >= 3 AND NOT customer_id = 'c001'"}
    answer = analyst.put("/api/v1/segments/near", json=near)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert analyst.put("/api/v1/segments/far", json={"rule": "frequency < 3"}).status_code == 200
    assert marketer.put("/api/v1/segments/near", json=near).status_code == 200


def test_who_may_see_customers_is_told_everything(shop):
    marketer = shop.signed_in("marketer")
    rules = ["frequency >= 2", "frequency >= 2 AND NOT customer_id = 'c001'"]
    told = [marketer.post(PREVIEW, json={"rule": each}).json()["customers"] for each in rules]
    assert told[0] == told[1] + 1
