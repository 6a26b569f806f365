"""Declarations as text: written, compared, brought in, all or nothing."""

import json
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.language.strategies import SHOP, random_rule

from segmentry.core.errors import DeclarationError, NotFoundError, UsageError
from segmentry.segments.segment import Group, Segment, Segmentation
from segmentry.workspace.declarations import KINDS, SEGMENT, SEGMENTATION
from segmentry.workspace.definition_text import UnreadError, read, written

WHEN = "2026-01-01"


def write(folder, name, text):
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def names(plan):
    return {(each.kind, each.name): each.action for each in plan.changes}


# as text


@given(st.integers(0, 10_000), st.text(max_size=30))
@settings(max_examples=200)
def test_every_rule_and_label_survives_the_file(seed, label):
    rule = random_rule(Random(seed), SHOP).text()
    kind = KINDS[SEGMENT]
    text = written(kind, "some", Segment(name="some", rule=rule, label=label))
    found, _ = read(kind, "some", "some.yaml", text)
    assert (found.rule, found.label) == (rule.strip(), label)
    assert written(kind, "some", found) == text


@given(st.lists(st.tuples(st.text(min_size=1, max_size=9), st.integers(0, 500)), max_size=4))
@settings(max_examples=60)
def test_every_segmentation_survives_the_file(drawn):
    kind = KINDS[SEGMENTATION]
    groups = tuple(
        Group(name=name, rule=random_rule(Random(seed), SHOP, 1).text()) for name, seed in drawn
    )
    made = Segmentation(name="mine", feature="mine", groups=(*groups, Group(name="Rest")))
    text = written(kind, "mine", made)
    found, _ = read(kind, "mine", "mine.yaml", text)
    assert found == made
    assert written(kind, "mine", found) == text


def test_a_rule_is_a_block_so_that_lines_can_be_compared():
    rule = "frequency >= 3\nAND city = 'Київ: #1'"
    text = written(KINDS[SEGMENT], "some", Segment(name="some", rule=rule, label="yes"))
    assert text == "rule: |\n  frequency >= 3\n  AND city = 'Київ: #1'\nlabel: 'yes'\n"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("rule: a = 1\nlabel: 2\n", 2, "`label`"),
        ("rule: a = 1\nlable: x\n", 2, "no field `lable`"),
        ("label: x\n", 1, "`rule` is missing"),
        ("rule: a = 1\nrule: b = 1\n", 2, "said twice"),
        ("rule: 'a\n", 2, "not YAML"),
        ("- a\n", 1, "a mapping is needed"),
        ("name: other\nrule: a = 1\n", 1, "the name is that of the file"),
        ("rule: a = 1\nversion: x\n", 2, "`version`"),
    ],
)
def test_what_is_wrong_with_a_file_has_its_line(text, line, said):
    with pytest.raises(UnreadError) as caught:
        read(KINDS[SEGMENT], "some", "some.yaml", text)
    [problem] = caught.value.problems
    assert problem.line == line
    assert said in str(problem)


# out and in


@pytest.fixture
def folder(shop):
    return shop.definitions.folder


def test_export_then_plan_is_empty_and_bytes_are_the_same(shop, folder):
    shop.segment("few", "frequency <= 2", label="Few")
    shop.segment("near", "in_segment('few')\nAND city = 'Kyiv'")
    shop.definitions.declare("feature", "twice", {"expression": "frequency * 2"})
    shop.definitions.declare(
        "segmentation", "size", {"groups": [{"name": "Big", "rule": "twice > 4"}, {"name": "Rest"}]}
    )
    files = shop.definitions.export().files
    before = [each.read_bytes() for each in files]
    assert len(files) == 4
    assert shop.definitions.plan().changes == ()
    assert shop.definitions.apply().changes == ()
    assert [each.read_bytes() for each in shop.definitions.export().files] == before
    assert shop.segment("near").declared.version == 1


def test_a_folder_of_one_workspace_makes_another_alike(shop, make_shop, draw, tmp_path):
    shop.segment("few", "frequency <= 2", label="Few")
    shop.definitions.declare("feature", "twice", {"expression": "frequency * 2", "label": "Twice"})
    shop.definitions.export(tmp_path / "text")
    frames, things = draw
    other = make_shop(things(range(60)), frames(1, shop_start(), 365, range(5, 60)))
    plan = other.definitions.apply(tmp_path / "text")
    assert names(plan) == {("feature", "twice"): "new", ("segment", "few"): "new"}
    assert other.definitions.texts() == shop.definitions.texts()
    assert other.preview("twice > 2", WHEN).customers == shop.preview("twice > 2", WHEN).customers


def shop_start():
    from datetime import datetime

    return datetime(2025, 1, 1)


def test_the_plan_says_whom_it_moves(shop, folder):
    shop.segment("few", "frequency <= 2")
    shop.segment("near", "in_segment('few') AND city = 'Kyiv'")
    write(folder, "segments/few.yaml", "rule: frequency <= 1\n")
    plan = shop.definitions.plan(when=WHEN)
    assert names(plan) == {("segment", "few"): "changed"}
    assert plan.changes[0].used_by == ("segment near",)
    assert plan.left == (("segment", "near"),)
    expected = shop.segment("few").effect("frequency <= 1", WHEN)
    assert plan.movement.segments["few"] == expected
    assert expected.leave.customers > 0
    kyiv = shop.effect("frequency <= 2 AND city = 'Kyiv'", "frequency <= 1 AND city = 'Kyiv'", WHEN)
    assert plan.movement.segments["near"] == kyiv  # moved by what it uses


def test_parameters_are_text_too_and_move_groups(shop, folder):
    before = {each.name: each.customers for each in shop.divide("rfm", WHEN).groups}
    write(folder, "parameters.yaml", "rfm: {lost_after_days: 60}\n")
    plan = shop.definitions.plan(when=WHEN)
    moves = plan.movement.groups["rfm_group"]
    assert moves
    assert {each.after for each in moves} == {"Lost"}
    shop.definitions.carry_out(plan)
    after = {each.name: each.customers for each in shop.divide("rfm", WHEN).groups}
    assert after["Lost"] - before["Lost"] == sum(each.customers for each in moves)
    reopened = type(shop).open(shop.folder)
    assert reopened.settings.segmentations == {"rfm": {"lost_after_days": 60}}
    assert shop.definitions.plan().changes == ()


def test_everything_wrong_is_said_at_once_and_nothing_is_done(shop, folder):
    shop.segment("few", "frequency <= 2")
    write(folder, "features/twice.yaml", "expression: |\n  frequency * 2\n  +\n")
    write(folder, "features/four.yaml", "expression: twice * 2\n")
    write(folder, "features/monetary.yaml", "expression: frequency\n")
    write(folder, "segments/round.yaml", "rule: in_segment('round')\n")
    write(
        folder, "segments/typo.yaml", "label: x\nrule: |\n  frequency > 1\n  AND citty = 'Kyiv'\n"
    )
    write(folder, "segments/few.yaml", "rule: frequency <= 1\n")
    write(folder, "segments/Bad.yaml", "rule: frequency <= 1\n")
    write(folder, "segmentations/size.yaml",
          "groups:\n- name: Rest\n- name: A\n  rule: frequency >\n")  # fmt: skip
    write(folder, "parameters.yaml", "rfm: {colour: 3}\n")
    plan = shop.definitions.plan()
    found = {(each.file, each.line) for each in plan.problems}
    assert found == {
        ("features/twice.yaml", 3),
        ("features/monetary.yaml", 1),
        ("segments/round.yaml", 1),
        ("segments/typo.yaml", 4),
        ("segments/Bad.yaml", 1),
        ("segmentations/size.yaml", 4),
        ("segmentations/size.yaml", 2),
        ("parameters.yaml", 1),
    }  # that `four` reads `twice` is no second mistake
    [typo] = [each for each in plan.problems if each.file == "segments/typo.yaml"]
    assert (typo.line, typo.column) == (4, 7)
    assert "Did you mean `city`" in typo.message
    with pytest.raises(DeclarationError) as caught:
        shop.definitions.apply()
    assert len(caught.value.details["problems"]) == len(plan.problems)
    json.dumps(caught.value.as_json())
    assert shop.segment("few").rule == "frequency <= 2"
    assert shop.settings.segmentations == {}


def test_prune_removes_what_has_no_file(shop, folder):
    shop.segment("few", "frequency <= 2")
    shop.segment("near", "city = 'Kyiv'")
    write(folder, "segments/near.yaml", "rule: city = 'Kyiv'\n")
    plan = shop.definitions.plan(prune=True, when=WHEN)
    assert names(plan) == {("segment", "few"): "removed"}
    assert (
        plan.movement.segments["few"].leave.customers == shop.segment("few").preview(WHEN).customers
    )
    shop.definitions.carry_out(plan)
    assert [each.name for each in shop.segments()] == ["near"]


def test_prune_refuses_what_is_still_used(shop, folder):
    shop.segment("few", "frequency <= 2")
    write(folder, "segments/near.yaml", "rule: in_segment('few')\n")
    [problem] = shop.definitions.plan(prune=True).problems
    assert problem.file == "segments/near.yaml"
    assert "unknown segment `few`" in problem.message


def test_nothing_is_kept_when_the_catalogue_fails(shop, folder, monkeypatch):
    write(folder, "segments/few.yaml", "rule: frequency <= 1\n")
    write(folder, "parameters.yaml", "rfm: {bins: 4}\n")
    plan = shop.definitions.plan()

    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr(shop.catalogue, "change", fail)
    with pytest.raises(OSError, match="disk full"):
        shop.definitions.carry_out(plan)
    assert type(shop).open(shop.folder).settings.segmentations == {}
    assert shop.segments() == []


def test_other_files_are_left_and_named(shop, folder):
    write(folder, "segments/mine.yaml", "rule: frequency = 1\n")
    exported = shop.definitions.export()
    assert [each.name for each in exported.others] == ["mine.yaml"]
    assert (folder / "segments/mine.yaml").exists()
    with pytest.raises(NotFoundError, match="no folder"):
        shop.definitions.plan(folder / "nowhere")


# own features and segmentations


def test_own_features_and_groups_are_like_the_others(shop):
    shop.definitions.declare("feature", "twice", {"expression": "frequency * 2"})
    shop.segment("keen", "twice >= 4")
    shop.definitions.declare(
        "segmentation",
        "keenness",
        {"groups": [{"name": "Keen", "rule": "in_segment('keen')"}, {"name": "Rest"}]},
    )
    keen = shop.segment("keen").preview(WHEN).customers
    sizes = {each.name: each.customers for each in shop.divide("keenness", WHEN).groups}
    assert sizes == {"Keen": keen, "Rest": 60 - keen}
    assert shop.preview("keenness = 'Keen'", WHEN).customers == keen
    assert shop.segment("keen").used_by() == ["feature keenness"]
    shop.refresh(WHEN)
    shop.segment("keen", "twice >= 6")  # the snapshot must not answer with the old rule
    assert (
        shop.preview("keenness = 'Keen'", WHEN).customers
        == shop.preview("twice >= 6", WHEN).customers
    )


def test_removing_what_is_used_is_refused(shop):
    shop.definitions.declare("feature", "twice", {"expression": "frequency * 2"})
    shop.segment("keen", "twice >= 4")
    with pytest.raises(UsageError, match="segment keen"):
        shop.definitions.remove("feature", "twice")
    shop.remove("keen")
    shop.definitions.remove("feature", "twice")
    assert "twice" not in shop.features()
    with pytest.raises(NotFoundError):
        shop.definitions.remove("feature", "twice")


@pytest.mark.parametrize(
    ("name", "expression", "said"),
    [
        ("frequency", "monetary", "two features called"),
        ("city", "monetary", "two features called"),
        ("odd", "odd + 1", "uses itself"),
        ("odd", "frequency + city", "odd"),
        ("odd", "in_segment('nobody')", "unknown segment"),
    ],
)
def test_own_features_must_hold(shop, name, expression, said):
    with pytest.raises(DeclarationError, match=said):
        shop.definitions.declare("feature", name, {"expression": expression})
    assert shop.kept().own_features() == []
