import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from segmentry.core.errors import EngineError
from segmentry.engines.lake import DATA, MANIFEST, Lake, fitted, schema_of, write_rows


def put(lake: Lake, name: str, *values: int) -> Path:
    folder = lake.room(name)
    write_rows(folder, pa.table({"x": values}))
    lake.put(name, folder)
    return folder


def read(lake: Lake, name: str) -> list[int]:
    return [x for each in lake.tables[name] for x in pq.read_table(each)["x"].to_pylist()]


def test_what_is_published_is_there_for_the_next_one(tmp_path: Path):
    lake = Lake(tmp_path / "lake")
    assert lake.tables == {}
    put(lake, "orders", 1, 2)
    folder = lake.room("orders")
    write_rows(folder, pa.table({"x": [3]}))
    lake.add("orders", folder)
    put(lake, "Замовлення / 1", 4)
    again = Lake(tmp_path / "lake")
    assert read(again, "orders") == [1, 2, 3]
    assert read(again, "Замовлення / 1") == [4]


def test_a_transaction_is_all_or_nothing(tmp_path: Path):
    lake = Lake(tmp_path)
    put(lake, "a", 1)
    with pytest.raises(RuntimeError), lake.transaction():  # noqa: PT012
        put(lake, "a", 2)
        put(lake, "b", 2)
        assert read(lake, "a") == [2]
        raise RuntimeError
    assert set(lake.tables) == {"a"}
    assert read(lake, "a") == [1]
    with lake.transaction():
        put(lake, "a", 3)
        put(lake, "b", 3)
        assert read(Lake(tmp_path), "a") == [1]  # others still see the state before
    assert [read(Lake(tmp_path), name) for name in "ab"] == [[3], [3]]


def test_what_a_killed_process_left_is_not_seen_and_goes(tmp_path: Path):
    lake = Lake(tmp_path)
    put(lake, "a", 1)
    write_rows(lake.room("a"), pa.table({"x": [9]}))  # written, but never published
    (tmp_path / (MANIFEST + ".new")).write_text('{"form": 1, "tab')
    again = Lake(tmp_path)
    assert read(again, "a") == [1]
    put(again, "b", 2)
    assert {each.name for each in (tmp_path / DATA).iterdir()} == {
        each.name for parts in again.tables.values() for each in parts
    }


def test_a_folder_outlives_its_table_by_one_publication(tmp_path: Path):
    lake = Lake(tmp_path)
    first = put(lake, "a", 1)
    put(lake, "a", 2)
    assert first.exists()
    lake.drop("a")
    assert not first.exists()
    lake.drop("a")  # nothing to do


def test_the_manifest_of_a_later_version_is_refused(tmp_path: Path):
    put(Lake(tmp_path), "a", 1)
    manifest = json.loads((tmp_path / MANIFEST).read_text())
    (tmp_path / MANIFEST).write_text(json.dumps(manifest | {"form": 99}))
    with pytest.raises(EngineError, match="later version"):
        Lake(tmp_path)


def test_rows_come_with_types_that_every_engine_reads(tmp_path: Path):
    given = pa.table(
        {
            "hour": pa.array([1, None], pa.uint8()),
            "nothing": pa.nulls(2),
            "code": pa.array(["a", "b"]).dictionary_encode(),
            "at": pa.array([0, 1], pa.timestamp("ms")),
        }
    )
    write_rows(tmp_path / "t", given)
    kinds = [pa.int16(), pa.string(), pa.string(), pa.timestamp("us")]
    assert schema_of(tmp_path / "t").types == kinds
    write_rows(tmp_path / "empty", given.slice(0, 0))
    assert schema_of(tmp_path / "empty").types == kinds


def test_added_rows_fit_the_table_by_name():
    schema = pa.schema({"x": pa.int64(), "y": pa.string()})
    rows = fitted(pa.table({"x": pa.array([1], pa.int32())}), schema).read_all()
    assert rows.to_pylist() == [{"x": 1, "y": None}]
    with pytest.raises(EngineError, match="no column `z`"):
        fitted(pa.table({"z": [1]}), schema)
