"""A segment by the trade's criteria: each grade with the evidence that it rests on."""

import pyarrow as pa
import pytest

from segmentry.insights.worthwhile import (
    actionable,
    measurable,
    reachable,
    separable,
    stable,
    substantial,
)

AS_OF = "2025-12-01"


def test_grades_at_their_limits():
    assert substantial(200, 0.01, None).grade == "good"
    assert substantial(200, 0.001, 0.02).grade == "good"
    assert substantial(199, 0.5, 0.5).grade == "fair"
    assert substantial(29, 0.5, 0.5).grade == "poor"
    assert [measurable(each, 90).grade for each in (0.05, 0.06, 0.21)] == ["good", "fair", "poor"]
    assert measurable(0.0, 60).grade == "fair"
    assert [stable(each, 90, 30, None).grade for each in (0.8, 0.5, 0.4)] == [
        "good",
        "fair",
        "poor",
    ]
    assert stable(0.9, 90, 29, None).grade == "unsaid"
    verdicts = ("more", "less", "past", "unsaid")
    assert [separable(each, None, 1).grade for each in verdicts] == [
        "good", "good", "poor", "unsaid",
    ]  # fmt: skip
    assert reachable(None, None).grade == "unsaid"
    assert reachable(0.9, 0.2).grade == "poor"
    assert reachable(0.7, None).grade == "good"
    assert [actionable(each, "").grade for each in (1, 2)] == ["poor", "fair"]
    assert actionable(0, "Keep them.").grade == "good"


def test_a_group_of_a_shop(shop):
    people = {"customer_id": [f"c{each}" for each in range(60)]}
    people["email"] = [f"c{each}@example.org" if each % 4 else None for each in range(60)]
    shop.load(customers=pa.table(people))
    asked = {
        "customer_id": [f"c{each}" for each in range(30)],
        "recorded_at": ["2025-11-01"] * 30,
        "channel": ["mail"] * 30,
        "purpose": ["news"] * 30,
        "given": [each % 2 == 0 for each in range(30)],
    }
    shop.load(consents=pa.table(asked))
    found = shop.insights.worthwhile("lifecycle/Active", AS_OF)
    by_name = {each.criterion: each for each in found.findings}
    assert list(by_name) == [
        "substantial", "measurable", "stable", "separable", "reachable", "actionable",
    ]  # fmt: skip
    members = [
        int(each["customer_id"][1:])
        for each in shop.columns(["lifecycle_stage"], AS_OF).to_arrow().to_pylist()
        if each["lifecycle_stage"] == "Active"
    ]
    assert by_name["substantial"].evidence["customers"] == len(members)
    evidence = by_name["reachable"].evidence
    mails = [each for each in members if each % 4]
    yes = [each for each in members if each < 30 and each % 2 == 0]
    assert evidence["contact_share"] == pytest.approx(len(mails) / len(members))
    assert evidence["consented_share"] == pytest.approx(len(yes) / len(members))
    assert by_name["actionable"].grade == "good"
    assert by_name["separable"].grade == "unsaid", "sixty customers say nothing"
