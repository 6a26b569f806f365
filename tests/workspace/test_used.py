"""A refresh that keeps only what is read says the same; the rest is computed when asked for."""

from __future__ import annotations

from typing import Any

from tests.workspace.content import content

from segmentry.features.column_files import ColumnFiles
from segmentry.workspace.workspace import Workspace

WHEN = "2025-12-01"
RELATIVE = {"distinctive_category", "distinctive_category_group", "price_level", "price_group"}


def kept(shop: Workspace) -> set[str]:
    files = shop.customers(WHEN).source.columns
    assert isinstance(files, ColumnFiles)
    return set(files) & set(shop.features().known)


def standings(shop: Workspace) -> list[Any]:
    live = shop.live
    return [live.standing(f"c{number}") for number in range(8, 20)]


def test_what_is_not_kept_is_computed_when_it_is_asked_for(shop: Workspace) -> None:
    shop.segment("teas", "distinctive_category = 'tea'")
    shop.segment("dear", "average_order_amount > base_median(average_order_amount)")
    shop.refresh(WHEN)
    everything, alone = content(shop, WHEN), standings(shop)
    assert RELATIVE - kept(shop) == {"distinctive_category_group", "price_level", "price_group"}
    all_kept = len(kept(shop))
    shop.settings = shop.settings.model_copy(update={"features": "used"})
    shop.refresh(WHEN)
    assert {"monetary", "rfm_group", "distinctive_category"} <= kept(shop)
    assert "season_group" not in kept(shop)
    assert len(kept(shop)) < all_kept / 2
    assert content(shop, WHEN) == everything
    assert standings(shop) == alone
