"""What is done for members of a segment, in which folder it is, and what uses it."""

from __future__ import annotations

import pytest

from segmentry.core.errors import DeclarationError, NotFoundError, UsageError
from segmentry.segments.content import Content
from segmentry.segments.segment import Segment


def test_a_segment_without_words_of_its_own_is_treated_as_the_group_most_members_are_in(shop):
    shop.segment("silent", "rfm_group IN ('VIP', 'Inactive') AND frequency >= 1")
    shop.segment("best", "rfm_group = 'VIP'")
    silent, best = shop.actions.of(["silent", "best"])
    assert (best.group, best.own) == ("VIP", False)
    assert best.playbook == shop.playbooks.of_group("rfm", "VIP").playbook
    by_hand = {
        group: shop.preview(f"rfm_group = '{group}' AND frequency >= 1").customers
        for group in ("VIP", "Inactive")
    }
    assert silent.group == max(by_hand, key=lambda group: by_hand[group])


def test_own_words_win_part_by_part_and_can_be_taken_back(shop):
    shop.segment("best", "rfm_group = 'VIP'")
    [before] = shop.actions.of(["best"])
    shop.actions.set("best", goal="Delight them")
    [after] = shop.actions.of(["best"])
    assert (after.own, after.playbook.goal) == (True, "Delight them")
    assert after.playbook.offer == before.playbook.offer
    shop.actions.reset("best")
    assert shop.actions.of(["best"]) == [before]


def test_of_a_few_members_no_group_is_told(shop):
    ids = ", ".join(f"'c{number}'" for number in range(5, 14))
    shop.segment("few", f"customer_id IN ({ids})")
    [found] = shop.actions.of(["few"])
    assert (found.group, found.playbook) == ("", None)


def test_what_cannot_be_written_is_refused(shop):
    shop.segment("best", "frequency >= 3")
    with pytest.raises(UsageError):
        shop.actions.set("best")
    with pytest.raises(NotFoundError):
        shop.actions.set("nobody", goal="x")


def test_a_segment_stays_in_its_folder_until_it_is_moved(shop):
    shop.segment("best", "frequency >= 3", "Best", " Win back ")
    assert shop.segment("best").declared.folder == "Win back"
    shop.segment("best", "frequency >= 4")
    assert shop.segment("best").declared.folder == "Win back"
    shop.segment("best", "frequency >= 4", folder="")
    assert shop.segment("best").declared.folder == ""
    for wrong in ("a\nb", "x" * 61):
        with pytest.raises(DeclarationError, match="folder"):
            shop.segment("best", "frequency >= 4", folder=wrong)


def test_no_folder_leaves_what_is_kept_of_a_segment_as_it_was():
    assert "folder" not in Segment(name="best", rule="true").model_dump()


def test_a_segment_that_content_is_for_is_in_use(shop):
    shop.segment("best", "frequency >= 3")
    variants = [{"segment": "best", "show": {"text": "Hello"}}]
    shop.contents.save(Content.model_validate({"name": "hero", "variants": variants}))
    assert shop.segment("best").used_by() == ["content hero"]
    with pytest.raises(UsageError, match="content hero"):
        shop.remove("best")
