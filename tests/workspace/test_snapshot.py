"""The features of the last refresh: files that are there whole, or not at all."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from segmentry.features.column_files import ColumnFiles
from segmentry.features.columns import by_number, columns
from segmentry.features.compile import CUSTOMERS
from segmentry.workspace import snapshot
from segmentry.workspace.workspace import Workspace

WHEN = "2025-12-01"


def folders(shop: Workspace) -> list[str]:
    return sorted(each.name for each in (shop.folder / snapshot.FOLDER).iterdir())


def take(shop: Workspace, when: str = WHEN) -> None:
    with shop.engine.transaction():
        shop.warehouse.take(shop.customers(when))


def take_back(shop: Workspace) -> None:
    with shop.engine.transaction():
        shop.warehouse.take(shop.customers("2025-06-01"))
        raise RuntimeError


def test_columns_come_from_the_files_and_are_those_of_a_query(shop):
    take(shop)
    asked = shop.customers(WHEN)
    names = list(asked.features.schema.features)
    found = columns(asked, names)
    rows = asked.engine.fetch(asked.query(asked.named(names)))
    expected = by_number(asked.as_of, rows, names)
    assert isinstance(asked.source.columns, ColumnFiles)
    assert found.known.tolist() == expected.known.tolist()
    for name in names:
        assert found.column(name).to_pylist() == expected.column(name).to_pylist(), name


def test_what_stands_in_the_files_is_not_computed_again(shop):
    take(shop)
    asked = shop.customers(WHEN)
    before = columns(asked, ["monetary", "frequency"])
    with shop.engine.transaction():
        shop.engine.execute("DROP VIEW counted_orders")
        found = columns(asked, ["monetary", "frequency"])
        shop.engine.execute("ROLLBACK; BEGIN")
    assert found.values == before.values


def test_a_snapshot_that_is_taken_back_leaves_the_one_before(shop):
    take(shop)
    before = folders(shop)
    rows = shop.engine.rows("SELECT * FROM customer_features ORDER BY ALL")
    with pytest.raises(RuntimeError):
        take_back(shop)
    assert shop.customers(WHEN).source.columns is not None
    assert shop.engine.rows("SELECT * FROM customer_features ORDER BY ALL") == rows
    take(shop)
    assert len(folders(shop)) == 2, "what was taken back is removed, and so will be the one before"
    assert before[0] in folders(shop)


def test_half_a_snapshot_that_a_killed_process_left_is_removed(shop):
    take(shop)
    left = shop.folder / snapshot.FOLDER / "0123.new"
    left.mkdir()
    (left / "frequency.arrow").write_bytes(b"half")
    take(shop)
    assert "0123.new" not in folders(shop)


def test_without_its_files_a_snapshot_is_none(shop):
    take(shop)
    for each in (shop.folder / snapshot.FOLDER).glob("*/*"):
        each.unlink()
    folder = shop.folder
    shop.close()
    with Workspace.open(folder) as again:
        assert again.customers(WHEN).source == CUSTOMERS


def test_a_reopened_workspace_serves_its_snapshot(shop):
    take(shop)
    rows = shop.engine.rows("SELECT * FROM customer_features ORDER BY ALL")
    folder = shop.folder
    shop.close()
    with Workspace.open(folder) as again:
        assert again.customers(WHEN).source.ready
        assert again.engine.rows("SELECT * FROM customer_features ORDER BY ALL") == rows


def test_forgetting_leaves_no_file(shop: Workspace, make_shop: Callable[..., Workspace]):
    take(shop)
    shop.warehouse.forget()
    assert folders(shop) == []
    assert shop.customers(WHEN).source == CUSTOMERS
