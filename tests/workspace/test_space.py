"""A disk without room is found before the work begins."""

import shutil

import pytest

from segmentry.core.errors import OutOfResourcesError
from segmentry.workspace import space


def test_a_load_or_refresh_without_room_does_not_begin(shop, monkeypatch, tmp_path):
    before = shop.columns(["frequency"]).to_arrow()
    orders = tmp_path / "orders.csv"
    orders.write_text("order_id,customer_id,ordered_at,amount\nx,c1,2025-05-05,3\n")
    with monkeypatch.context() as patch:
        usage = shutil._ntuple_diskusage(10**9, 10**9 - 4096, 4096)
        patch.setattr(space.shutil, "disk_usage", lambda _: usage)
        for begin in (shop.refresh, lambda: shop.load(orders)):
            with pytest.raises(OutOfResourcesError, match=r"at least 1 MB, 0\.0 MB are free"):
                begin()
    assert shop.catalogue.runs.latest() == []
    assert shop.columns(["frequency"]).to_arrow() == before
    shop.load(orders)
    shop.refresh()


def test_a_file_takes_a_part_of_its_size_and_a_database_is_not_asked(tmp_path):
    file = tmp_path / "a.csv"
    file.write_bytes(b"x" * 4000)
    assert space.of_source(file) == space.of_source(str(file)) == 1000
    assert space.of_source("sqlite:///a.db") == space.of_source(object()) == 0
