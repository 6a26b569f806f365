"""Every group has its playbook; a person's own words win and can be taken back."""

import pytest

from segmentry.core.errors import NotFoundError, UnknownNameError, UsageError
from segmentry.features.known import Features
from segmentry.language.schema import Schema
from segmentry.segments.library import ready_made
from segmentry.segments.playbook import Playbook, named
from segmentry.workspace.wording import Wording

SILENT = {"sex", "education", "marital_status", "home_ownership"}
"""Traits that alone give no reason to act."""


@pytest.mark.parametrize("one", ready_made(), ids=lambda each: each.name)
def test_every_group_has_all_parts(one):
    wording = Wording("en", Features(Schema(), {}), tuple(ready_made()))
    groups = [each.name for each in one.groups] + ([] if not one.by else ["of a value", "Unknown"])
    for group in groups:
        found = wording.playbook(one, group)
        if one.name in SILENT and group != "Unknown":
            assert found is None
        else:
            assert all(getattr(found, part) for part in Playbook.PARTS), group


def test_names_of_playbooks_tell_groups_apart():
    for one in ready_made():
        names = [named(one.name, each.name) for each in one.groups]
        assert len(set(names)) == len(names)
        assert all(Playbook(name=each) for each in names)


def test_own_words_win_part_by_part_and_can_be_taken_back(shop):
    before = shop.playbooks.of_group("rfm", "VIP")
    shop.playbooks.set("rfm", "VIP", offer="A seat at the tasting")
    shop.playbooks.set("rfm", "VIP", goal="Delight them")
    after = shop.playbooks.of_group("rfm", "VIP")
    assert (before.own, after.own) == (False, True)
    assert (after.playbook.offer, after.playbook.goal) == ("A seat at the tasting", "Delight them")
    assert after.playbook.avoid == before.playbook.avoid
    shop.playbooks.reset("rfm", "VIP")
    assert shop.playbooks.of_group("rfm", "VIP") == before
    with pytest.raises(NotFoundError):
        shop.playbooks.reset("rfm", "VIP")


def test_groups_made_by_values_share_one_and_may_have_their_own(shop):
    shop.playbooks.set("city", "Київ", offer="A walk")
    shop.playbooks.set("city", "any", channel="Posters")
    found = {each.group: each.playbook for each in shop.playbooks.of("city")}
    assert list(found) == ["київ", "any", "Unknown"]
    assert (found["київ"].offer, found["any"].channel) == ("A walk", "Posters")
    assert shop.playbooks.of_group("city", "Łódź").playbook.channel == "Posters"
    assert found["Unknown"].channel != "Posters"


def test_own_words_are_declarations_as_text(shop, tmp_path):
    shop.playbooks.set("rfm", "VIP", offer="A seat")
    shop.definitions.export(tmp_path)
    assert "A seat" in (tmp_path / "playbooks" / "rfm.vip.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("segmentation", "group", "parts", "error"),
    [
        ("rfm", "Vip", {"offer": "x"}, UnknownNameError),
        ("rfmm", "VIP", {"offer": "x"}, UnknownNameError),
        ("rfm", "VIP", {}, UsageError),
    ],
)
def test_what_is_not_there_is_named(shop, segmentation, group, parts, error):
    with pytest.raises(error):
        shop.playbooks.set(segmentation, group, **parts)
