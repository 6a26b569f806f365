"""Lists: from files, frozen, by hand; what did not match; since when and until when."""

from datetime import datetime

import pyarrow as pa
import pytest

from segmentry.core.errors import (
    DeclarationError,
    DuplicateNameError,
    MappingError,
    NotFoundError,
    UnknownNameError,
    UsageError,
)
from segmentry.data.lists import By

WHEN = "2026-01-01"


def ids(rows):
    return {row["customer_id"] for row in rows}


def counts(shop, rule, when=WHEN):
    return shop.preview(rule, when).customers


def test_a_list_holds_for_all_times_and_keeps_what_did_not_match(shop):
    made = shop.lists.add("staff", pa.table({"id": ["c7", " c9 ", "c9", "", None, "nobody"]}))
    assert (made.members, made.unmatched, made.origin) == (2, 1, "frame")
    assert [each.given for each in shop.lists.entries("staff") if not each.customer_id] == [
        "nobody"
    ]
    assert counts(shop, "in_list('staff')") == counts(shop, "in_list('staff')", "2025-01-05") == 2
    assert counts(shop, "NOT in_list('staff')") == 58


def test_what_matched_nobody_is_looked_for_again_at_a_refresh(shop):
    shop.lists.add("staff", pa.table({"id": ["c7", "newcomer"]}))
    shop.load(customers=pa.table({"customer_id": ["newcomer"], "city": ["Kyiv"]}))
    shop.refresh(WHEN)
    assert shop.lists.named("staff").unmatched == 0
    assert counts(shop, "in_list('staff')") == 2


def test_members_are_found_by_mail_and_phone(make_shop, tmp_path):
    people = pa.table(
        {
            "customer_id": ["a", "b", "c", "d"],
            "email": ["Ann@Example.com", "bo@example.com", "bo@example.com ", None],
            "phone": ["+380 44 111-22-33", "(044) 5", "6", None],
        }
    )
    orders = pa.table({"order_id": ["1"], "customer_id": ["a"], "ordered_at": [datetime(2025, 5, 1)],
                       "amount": [1.0]})  # fmt: skip
    shop = make_shop({"customers": people, "orders": orders})
    file = tmp_path / "mails.csv"
    file.write_text("E-mail,Name\n ann@example.COM,x\nbo@example.com,y\nzo@example.com,z\n")
    made = shop.lists.add("mails", file, by=By.EMAIL)
    assert (made.members, made.unmatched) == (3, 1)  # two customers share an address
    made = shop.lists.add("calls", pa.table({"n": ["00380441112233", "044 5"]}), by=By.PHONE)
    assert (made.members, made.unmatched) == (2, 0)


def test_which_column_is_meant_must_be_clear(shop):
    table = pa.table({"one": ["c1"], "two": ["c2"]})
    with pytest.raises(MappingError, match="--column"):
        shop.lists.add("staff", table)
    with pytest.raises(UsageError, match="customers have no email"):
        shop.lists.add("staff", table, by=By.EMAIL, column="one")
    shop.lists.add("staff", table, column="two")
    assert counts(shop, "in_list('staff')") == 1


def test_names_are_taken_once_and_asked_for_rightly(shop):
    shop.lists.add("staff", pa.table({"id": ["c7"]}))
    with pytest.raises(DuplicateNameError, match="lists remove staff"):
        shop.lists.add("staff", pa.table({"id": ["c8"]}))
    with pytest.raises(DeclarationError, match="cannot be the name"):
        shop.lists.add("included:staff", pa.table({"id": ["c8"]}))
    with pytest.raises(UnknownNameError, match="Did you mean `staff`"):
        shop.preview("in_list('staf')", WHEN)
    shop.segment("our", "in_list('staff')")
    with pytest.raises(UsageError, match="segment our"):
        shop.lists.remove("staff")
    shop.remove("our")
    shop.lists.remove("staff")
    with pytest.raises(NotFoundError):
        shop.lists.named("staff")


def test_a_snapshot_is_frozen_and_known_from_its_instant_on(shop):
    shop.segment("keen", "frequency >= 2")
    then = ids(shop.segment("keen").members("2025-07-01"))
    later = ids(shop.segment("keen").members(WHEN))
    assert then < later
    made = shop.lists.snapshot("july", "keen", "2025-07-01")
    assert made.members == len(then)
    shop.segment("of_july", "in_list('july')")
    for when, expected in (("2025-06-30", set()), ("2025-07-01", then), (WHEN, then)):
        assert ids(shop.segment("of_july").members(when)) == expected


def test_by_hand_goes_before_the_rule_from_its_day_until_its_end(shop):
    segment = shop.segment("keen", "frequency >= 2")
    rule = ids(segment.members(WHEN))
    inside, outside = min(rule), min({f"c{n}" for n in range(60)} - rule)
    shop.lists.include("keen", outside, "a friend", since="2025-12-01", until="2026-02-01")
    shop.lists.exclude("keen", inside, "on leave", since=WHEN)
    assert ids(segment.members(WHEN)) == rule - {inside} | {outside}
    assert outside not in ids(segment.members("2025-11-30"))
    assert outside in ids(segment.members("2025-12-01"))
    assert outside in ids(segment.members("2026-02-01"))  # it sees the last day before
    assert outside not in ids(segment.members("2026-02-02"))
    assert segment.preview(WHEN).customers == len(rule)
    shop.segment("near", "in_segment('keen')")
    assert ids(shop.segment("near").members(WHEN)) == ids(segment.members(WHEN))
    found = segment.explain(outside, WHEN)
    assert found.member
    assert "included by hand: a friend" in [each.change for each in found.conditions]
    found = segment.explain(inside, WHEN)
    assert not found.member
    assert "excluded by hand: on leave" in [each.change for each in found.conditions]
    assert [(each.customer_id, each.included) for each in shop.lists.by_hand("keen")] == sorted(
        [(outside, True), (inside, False)]
    )
    shop.lists.forget("keen", inside)
    shop.lists.forget("keen", outside)
    assert ids(segment.members(WHEN)) == rule


def test_a_later_decision_ends_the_one_before(shop):
    segment = shop.segment("keen", "frequency >= 100")
    shop.lists.include("keen", "c7", "first", since="2025-06-01")
    shop.lists.exclude("keen", "c7", "second", since="2025-09-01")
    shop.lists.include("keen", "c7", "third", since="2025-10-01")
    for when, inside in (("2025-08-31", True), ("2025-09-01", False), ("2025-10-01", True)):
        assert ("c7" in ids(segment.members(when))) is inside
    assert segment.explain("c7", WHEN).conditions[1].value == "third"


def test_the_history_takes_it_in_without_being_computed_anew(shop):
    segment = shop.segment("keen", "frequency >= 2")
    shop.refresh(WHEN)
    before = segment.history()
    outside = min({f"c{n}" for n in range(60)} - ids(segment.members(WHEN)))
    shop.lists.include("keen", outside, "a friend", since="2026-01-02")
    assert not shop.refresh("2026-01-05").rebuilt
    after = segment.history()
    assert after[: len(before)] == before
    assert after[-1].entered == {"data": 1}
    assert after[-1].customers == before[-1].customers + 1


def test_features_computed_before_do_not_answer_with_an_old_list(shop):
    shop.lists.add("staff", pa.table({"id": ["c7"]}))
    shop.definitions.declare("feature", "is_staff", {"expression": "if(in_list('staff'), 1, 0)"})
    shop.refresh(WHEN)
    assert counts(shop, "is_staff = 1") == 1
    shop.segment("our", "is_staff = 1")
    shop.engine.execute("DELETE FROM list_entries")
    assert counts(shop, "is_staff = 1") == 0


def test_by_hand_needs_a_reason_a_customer_and_a_segment(shop):
    shop.segment("keen", "frequency >= 2")
    for segment, customer, reason, until, error in (
        ("keen", "c7", " ", None, UsageError),
        ("keen", "nobody", "why", None, NotFoundError),
        ("none", "c7", "why", None, NotFoundError),
        ("keen", "c7", "why", "2020-01-01", UsageError),
    ):
        with pytest.raises(error):
            shop.lists.include(segment, customer, reason, until=until)
    with pytest.raises(NotFoundError, match="by hand"):
        shop.lists.forget("keen", "c7")
