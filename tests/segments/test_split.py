"""Random splits: stable, near their shares, independent of one another."""

from decimal import Decimal

import pyarrow as pa
import pytest

from segmentry.core.errors import UsageError
from segmentry.segments.split import read_parts, split
from segmentry.workspace.workspace import Workspace

PARTS = {"a": Decimal("0.45"), "b": Decimal("0.45"), "holdout": Decimal("0.1")}


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    with Workspace.create(tmp_path_factory.mktemp("work") / "shop") as made:
        ids = [f"c{number}" for number in range(5_000)]
        made.load(customers=pa.table({"customer_id": ids, "city": ["x", "y"] * 2_500}))
        made.segment("ours", "city = 'x'")
        yield made


def parts_of(shop, name):
    rows = shop.columns([name], "2026-01-01")
    return {row["customer_id"]: row[name] for row in rows}


def test_parts_are_near_their_shares_and_only_the_segment_is_divided(shop):
    shop.segment("ours").split("test", PARTS)
    found = {each.name: each.customers for each in shop.divide("test", "2026-01-01").groups}
    assert sum(found.values()) == 2_500
    for name, share in PARTS.items():
        assert abs(found[name] / 2_500 - float(share)) < 0.04
    assert {number for number, part in parts_of(shop, "test").items() if part is None} == {
        f"c{number}" for number in range(1, 5_000, 2)
    }


def test_nobody_changes_parts_when_others_come_and_salts_are_independent(shop):
    shop.segment("ours").split("steady", PARTS)
    before = parts_of(shop, "steady")
    shop.load(customers=pa.table({"customer_id": ["newcomer"], "city": ["x"]}))
    after = parts_of(shop, "steady")
    assert {name: part for name, part in after.items() if name != "newcomer"} == before
    shop.segment("ours").split("again", PARTS, salt="steady")
    assert parts_of(shop, "again") == after
    shop.segment("ours").split("other", PARTS)
    other = parts_of(shop, "other")
    both = sum(after[each] == other[each] == "a" for each in after)
    assert abs(both / 2_500 - 0.45**2) < 0.04


@pytest.mark.parametrize(
    "text", ["a=1", "a=0.5,b=0.6", "a=0.5,b", "a=0.5,a=0.5", "a=0,b=1", "a=-1,b=2"]
)
def test_shares_must_make_one(text):
    with pytest.raises(UsageError):
        split("test", "", read_parts(text))
