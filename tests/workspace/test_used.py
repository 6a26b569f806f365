"""A refresh that keeps only what is read says the same; the rest is computed when asked for."""

from __future__ import annotations

from typing import Any

from tests.workspace.content import content

from segmentry.features.column_files import ColumnFiles
from segmentry.features.columns import by_number, columns
from segmentry.language.value import Name
from segmentry.segments.leaves import READY, ready
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


def test_what_is_not_kept_is_put_beside_what_is_kept(shop: Workspace) -> None:
    """Column by column, with the answers of one query over everything."""
    shop.settings = shop.settings.model_copy(update={"features": "used"})
    shop.refresh(WHEN)
    customers = shop.customers(WHEN)
    names = sorted(customers.features.schema.features)
    rows = customers.engine.fetch(customers.query(customers.named(names)))
    plain = by_number(customers.as_of, rows, names)
    made: list[str] = []
    with ready(customers, map(Name, names)) as here:
        assert here.source.columns is not None
        found = columns(here, names)
        made += [name for name in here.source.columns if name not in customers.source.columns]
        for name in names:
            seen = found.column(name).cast(plain.column(name).type)
            assert seen.to_pylist() == plain.column(name).to_pylist(), name
        tables = [name for (name,) in shop.engine.rows("SHOW TABLES")]
        assert not any(name.startswith(READY) for name in tables)
    assert "season_group" in made
    assert "monetary" not in made
