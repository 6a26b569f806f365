"""Crossings are counts of two or three groups at once, with a rule for each cell."""

import pytest

from segmentry.core.errors import UnknownNameError, UsageError
from segmentry.segments.effect import moved

AS_OF = "2025-12-01"


@pytest.mark.parametrize("names", [("lifecycle", "rfm"), ("channel", "rfm", "city")])
def test_cells_are_what_their_rules_find(shop, names):
    found = shop.cross(names, AS_OF)
    features = [each.segmentation.feature for each in found.dimensions]
    rows = shop.columns([*features, "monetary"], AS_OF).to_arrow().to_pylist()
    places = [tuple(row[each] for each in features) for row in rows]
    crossed = [place for place in places if None not in place]
    assert found.customers == len(crossed)
    assert {each.groups: each.customers for each in found.cells} == {
        place: crossed.count(place) for place in crossed
    }
    assert sum(each.revenue_amount for each in found.cells) == found.revenue_amount
    for each in found.cells[:4]:
        assert shop.preview(each.rule, AS_OF).customers == each.customers
        assert (
            moved(shop.customers(AS_OF), shop.checked(each.rule)).revenue_amount
            == each.revenue_amount
        )
        assert each.mean_revenue_amount == each.revenue_amount / each.customers
        assert found.cell(*each.groups) == each


def test_the_index_is_one_where_nothing_depends(shop):
    found = shop.cross(["channel", "rfm"], AS_OF)
    sizes = [each.groups for each in found.dimensions]
    for cell in found.cells:
        alone = 1.0
        for groups, name in zip(sizes, cell.groups, strict=True):
            alone *= groups[name] / found.customers
        assert cell.index == pytest.approx(cell.share / alone)
    expected = sum(cell.share / cell.index for cell in found.cells)  # of the cells that are there
    assert expected <= 1 + 1e-9


@pytest.mark.parametrize("names", [["rfm"], ["rfm", "rfm"], ["rfm", "city", "channel", "payment"]])
def test_two_or_three_different_ones(shop, names):
    with pytest.raises(UsageError, match="two or three"):
        shop.cross(names, AS_OF)


def test_an_unknown_one_is_named(shop):
    with pytest.raises(UnknownNameError, match="lifecycle"):
        shop.cross(["lifecycl", "rfm"], AS_OF)


def test_a_cell_without_customers_is_not_there(shop):
    found = shop.cross(["lifecycle", "rfm"], AS_OF)
    assert found.cell("Prospect", "VIP") is None
    assert found.dimensions[0].groups["Prospect"] == 0, "prospects have no RFM group"
