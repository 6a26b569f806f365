"""Ready-made segmentations in the terminal, for people and programs."""

import pytest

FIVE = {"VIP", "Regular", "New", "Inactive", "Lost"}


def test_every_customer_who_bought_is_in_one_group(answer, shop):
    document = answer("rfm", "-w", shop)
    assert {each["name"] for each in document["groups"]} == FIVE
    assert sum(each["customers"] for each in document["groups"]) == document["customers"]
    assert sum(each["customer_share"] for each in document["groups"]) == pytest.approx(1)
    assert sum(each["revenue_share"] for each in document["groups"]) == pytest.approx(1)


def test_without_a_day_it_is_the_end_of_the_data(answer, shop):
    document = answer("rfm", "-w", shop)
    assert (document["as_of"], document["data_through"]) == ("2024-07-01", "2024-06-30")


def test_any_past_day_can_be_asked_about(answer, shop):
    early = answer("rfm", "--as-of", "2024-03-01", "-w", shop)
    assert early["as_of"] == "2024-03-01"
    assert early["customers"] < answer("rfm", "-w", shop)["customers"]


def test_an_instant_can_be_asked_about(answer, shop):
    document = answer("rfm", "--as-of", "2024-03-01T12:00:00+02:00", "-w", shop)
    assert document["as_of"] == "2024-03-01T12:00:00+02:00"


@pytest.mark.parametrize("day", ["today", "yesterday"])
def test_the_command_line_alone_knows_what_day_it_is(answer, shop, day):
    groups = {each["name"]: each["customers"] for each in
              answer("rfm", "--as-of", day, "-w", shop)["groups"]}  # fmt: skip
    assert groups["Lost"] == sum(groups.values())


def test_the_eleven_groups(answer, shop):
    document = answer("rfm", "--scheme", "eleven", "-w", shop)
    assert len(document["groups"]) == 11
    assert document["scheme"] == "eleven"


def test_people_see_groups_money_bars_and_what_it_rests_on(run, shop):
    shown = run("rfm", "-w", shop).stdout
    assert all(name in shown for name in FIVE)
    assert "₴" in shown
    assert "█" in shown
    assert "as of 2024-07-01 · data through 2024-06-30 · trust " in shown
    assert "\x1b" not in shown


def test_other_segmentations_by_name(answer, run, shop):
    names = [each["name"] for each in answer("groups", "-w", shop)["segmentations"]]
    assert names[:2] == ["rfm", "rfm_eleven"]
    assert {"temperature", "lifecycle"} < set(names)
    assert "At risk" in run("groups", "lifecycle", "-w", shop).stdout


def test_a_locked_one_says_what_unlocks_it(answer, run, shop):
    refused = run("groups", "temperature", "-w", shop)
    assert refused.exit_code == 2
    assert "load events" in refused.stderr
    listed = {each["name"]: each["locked_by"] for each in
              answer("groups", "-w", shop)["segmentations"]}  # fmt: skip
    assert listed["rfm"] is None
    assert listed["temperature"].startswith("events")


def test_the_workspace_can_stand_in_the_environment(run, shop):
    assert run("rfm", env={"SEGMENTRY_WORKSPACE": str(shop)}).exit_code == 0


def test_the_workspace_can_be_the_current_folder(run, shop, monkeypatch):
    monkeypatch.chdir(shop)
    assert run("rfm").exit_code == 0
