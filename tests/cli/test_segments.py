"""Segments in the terminal: trying, saving, asking why, exporting."""

import csv
import json

import pyarrow.parquet as pq
import pytest

RULE = "frequency >= 3 AND country = 'UA'"


def test_a_preview_counts_exactly(answer, shop):
    document = answer("segments", "preview", RULE, "-w", shop)
    alone = [each["customers"] for each in document["conditions"]]
    kept = [each["customers"] for each in document["kept"]]
    assert [each["text"] for each in document["conditions"]] == RULE.split(" AND ")
    assert kept[0] == alone[0]
    assert kept[-1] == document["customers"] <= min(alone)
    assert document["of"] == 80
    assert "SELECT" in document["sql"].upper()


def test_people_see_what_each_part_leaves_and_what_is_inside(run, answer, shop):
    rule = "frequency >= 3 AND NOT country = 'UA'"
    inside = answer("segments", "preview", "country = 'UA'", "-w", shop)["customers"]
    left = answer("segments", "preview", rule, "-w", shop)["customers"]
    lines = [
        line.split() for line in run("segments", "preview", rule, "-w", shop).stdout.splitlines()
    ]
    assert ["NOT", "country", "=", "'UA'", str(left)] in [line[:5] for line in lines]
    assert ["country", "=", "'UA'", str(inside)] in lines


def test_missing_values_that_decide_are_counted(answer, run, shop):
    document = answer("segments", "preview", "country <> 'UA'", "-w", shop)
    assert document["missing_decided"] > 0
    shown = run("segments", "preview", "country <> 'UA'", "-w", shop).stdout
    assert f"For {document['missing_decided']} a missing value decided" in shown


def test_a_rule_and_its_negation_are_everybody(answer, shop):
    one = answer("segments", "preview", "country = 'UA'", "-w", shop)
    other = answer("segments", "preview", "NOT country = 'UA'", "-w", shop)
    assert one["customers"] + other["customers"] == one["of"]


def test_saving_twice_changes_nothing(answer, own_shop):
    line = ("segments", "save", "ua", RULE, "-w", own_shop)
    assert (answer(*line)["version"], answer(*line)["version"]) == (1, 1)
    assert answer(*line)["changed"] is False


def test_saving_another_rule_shows_what_it_moves(answer, run, own_shop):
    before = answer("segments", "show", "regulars", "-w", own_shop)["customers"]
    document = answer("segments", "save", "regulars", "frequency >= 5", "-w", own_shop)
    assert document["version"] == 2
    assert document["label"] == "Regulars"
    effect = document["effect"]
    assert effect["leave"]["customers"] + effect["stay"]["customers"] == before
    shown = run("segments", "save", "regulars", "frequency >= 2", "-w", own_shop).stdout
    assert "enter" in shown


def test_an_effect_is_only_shown(answer, shop):
    document = answer("segments", "effect", "regulars", "frequency >= 5", "-w", shop)
    assert document["enter"]["customers"] == 0
    assert document["used_by"] == ["segment abroad"]
    assert answer("segments", "show", "regulars", "-w", shop)["version"] == 1


def test_the_list_has_sizes_of_the_last_refresh(answer, run, shop):
    rows = {each["name"]: each for each in answer("segments", "list", "-w", shop)["segments"]}
    members = answer("segments", "members", "regulars", "-w", shop)
    assert rows["regulars"]["customers"] == members["customers"]
    assert rows["regulars"]["as_of"] == "2024-07-01"
    assert "regulars" in run("segments", "list", "-w", shop).stdout


def test_people_see_a_few_members_and_how_to_get_all(run, answer, shop):
    count = answer("segments", "members", "regulars", "-w", shop)["customers"]
    shown = run("segments", "members", "regulars", "--limit", 3, "-w", shop).stdout
    assert f"{count} members, 3 shown" in shown
    assert "segmentry export members regulars" in shown


def test_members_of_a_past_day(answer, shop):
    ids = [
        {each["customer_id"] for each in
         answer("segments", "members", "regulars", "--as-of", day, "-w", shop)["members"]}
        for day in ("2024-03-01", "2024-07-01")
    ]  # fmt: skip
    assert ids[0] < ids[1]


def test_history_adds_up(answer, run, shop):
    points = answer("segments", "history", "regulars", "-w", shop)["points"]
    size = 0
    for each in points:
        size += sum(each["entered"].values()) - sum(each["left"].values())
        assert size == each["customers"]
    assert [each["as_of"] for each in points] == sorted(each["as_of"] for each in points)
    assert points[-1]["as_of"] == "2024-07-01"
    assert "2024-07-01" in run("segments", "history", "regulars", "-w", shop).stdout


def test_an_explanation_shows_the_orders_that_decide(answer, run, shop):
    member = answer("segments", "members", "regulars", "-w", shop)["members"][0]["customer_id"]
    document = answer("segments", "explain", "regulars", member, "-w", shop)
    [condition] = document["conditions"]
    assert document["member"] is True
    assert condition["met"] is condition["decisive"] is True
    assert condition["value"] >= 3
    assert {"fact", "order_id", "ordered_at"} <= condition["evidence"][0].keys()
    shown = run("segments", "explain", "regulars", member, "-w", shop).stdout
    assert f"{member} is in regulars" in shown


def test_that_a_customer_is_not_in_is_an_answer_too(run, answer, shop):
    members = answer("segments", "members", "regulars", "-w", shop)["members"]
    inside = {each["customer_id"] for each in members}
    outside = next(f"C{number:03}" for number in range(1, 81) if f"C{number:03}" not in inside)
    result = run("segments", "explain", "regulars", outside, "-w", shop)
    assert result.exit_code == 0
    assert f"{outside} is not in regulars" in result.stdout


def test_what_is_used_cannot_be_removed(run, own_shop):
    refused = run("segments", "remove", "regulars", "-w", own_shop)
    assert refused.exit_code == 2
    assert "abroad" in refused.stderr
    assert run("segments", "remove", "abroad", "-w", own_shop).exit_code == 0
    assert run("segments", "remove", "regulars", "-w", own_shop).exit_code == 0
    assert "No segments yet" in run("segments", "list", "-w", own_shop).stdout


def test_members_are_exported(run, answer, shop, tmp_path):
    line = ("export", "members", "regulars", "--to", tmp_path / "m.csv", "-w", shop)
    document = answer(*line)
    with (tmp_path / "m.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    listed = answer("segments", "members", "regulars", "-w", shop)["members"]
    assert [each["customer_id"] for each in rows] == [each["customer_id"] for each in listed]
    assert document["rows"] == len(rows)
    assert "Wrote" in run(*line).stdout


@pytest.mark.parametrize("ending", ["csv", "tsv.gz", "parquet", "jsonl"])
def test_features_are_exported_one_row_a_customer(answer, shop, tmp_path, ending):
    path = tmp_path / f"f.{ending}"
    document = answer("export", "features", "--to", path, "-w", shop)
    assert document["rows"] == 80
    wanted = {"customer_id", "country", "recency_days", "frequency", "monetary", "r_score",
              "f_score", "m_score", "rfm_group", "lifecycle_stage"}  # fmt: skip
    assert wanted <= set(document["columns"])
    assert path.stat().st_size > 0
    if ending == "parquet":
        assert pq.read_table(path).num_rows == 80
    if ending == "jsonl":
        assert json.loads(path.read_text(encoding="utf-8").splitlines()[0])["customer_id"]


def test_features_say_what_is_locked_and_what_unlocks_it(answer, run, shop):
    document = answer("features", "-w", shop)
    kinds = {each["name"]: each["kind"] for each in document["features"]}
    assert kinds["country"] == "trait"
    assert kinds["recency_days"] == "aggregate"
    assert kinds["rfm_group"] == "group"
    locked = {each["name"]: each["unlock"] for each in document["locked"]}
    assert "birth_on" in locked["age_years"]
    assert "What would unlock it" in run("features", "-w", shop).stdout


def test_lineage_goes_down_to_columns(answer, shop):
    columns = {each["name"]: each["columns"] for each in answer("features", "-w", shop)["features"]}
    assert columns["monetary"] == ["orders.gross_amount"]


def test_a_card_answers_five_questions_of_a_segment_a_group_or_a_rule(answer, shop):
    saved = answer("segments", "card", "regulars", "-w", shop)
    rule = answer("segments", "card", "frequency >= 3", "-w", shop)
    assert [each["question"] for each in saved["answers"]] == [
        "who", "what", "why", "when", "where"
    ]  # fmt: skip
    assert _counted(saved) == _counted(rule)
    group = answer("segments", "card", "lifecycle/Active", "-w", shop)
    sizes = answer("groups", "lifecycle", "-w", shop)["groups"]
    assert group["customers"] == next(e["customers"] for e in sizes if e["name"] == "Active")
    assert group["rule"] == "lifecycle_stage = 'Active'"


def _counted(card):
    """A card without the rules of its values, which say who asked."""
    shown = [[each | {"rule": ""} for each in answer["traits"]] for answer in card["answers"]]
    return card["customers"], shown, [each["means"] for each in card["answers"]]


def test_a_card_of_nobody_and_of_no_such_group(answer, run, shop):
    nobody = answer("segments", "card", "frequency > 10000", "-w", shop)
    assert nobody["customers"] == 0
    assert not any(each["traits"] for each in nobody["answers"])
    unknown = run("segments", "card", "lifecycle/Activ", "-w", shop)
    assert unknown.exit_code != 0
    assert "Did you mean `Active`?" in unknown.stderr


def test_people_see_a_card(run, shop):
    shown = run("segments", "card", "regulars", "-w", shop).stdout
    assert "Who" in shown
    assert "vs base" in shown
    assert "The data hold no reasons" in shown
