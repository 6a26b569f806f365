"""Steps that clean a source: declared, counted, told, undone by loading without them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pydantic import ValidationError

from segmentry.core.errors import MappingError, UsageError
from segmentry.data.cleaning import Step, clean
from segmentry.data.cleaning_suggest import suggest_cleaning
from segmentry.data.load import LoadResult, load
from segmentry.data.mapping import Mapping
from segmentry.data.source import stage
from segmentry.engines.duckdb import DuckDB
from segmentry.workspace.workspace import Workspace

MAP = {"customers": {"customer_id": "id", "income": "income", "marital_status": "state"}}


def cleaned(session: DuckDB, values: list[Any], *steps: dict[str, Any]) -> list[Any]:
    staged = stage(session, pa.table({"x": values, "n": list(range(len(values)))}))
    mapping = Mapping.model_validate({"clean": {"x": steps}})
    after, done = clean(session, staged, mapping)
    rows = [
        value
        for (value,) in session.rows(f"SELECT x FROM {after.table} ORDER BY {after.record_no}")
    ]
    assert [each.step.kind for each in done] == [next(iter(step)) for step in steps]
    assert session.value(f"SELECT count(*) FROM {staged.table}") == len(values)
    return rows


@pytest.mark.parametrize(
    ("values", "steps", "after"),
    [
        ([" a  b\u00a0", None, "c"], [{"trim": True}], ["a b", None, "c"]),
        (["Київ", "ŁÓDŹ"], [{"case": "lower"}], ["київ", "łódź"]),
        (["new york", "LVIV"], [{"case": "title"}], ["New York", "Lviv"]),
        (["technolgy", "it's", "Technolgy"], [{"replace": {"technolgy": "technology", "it's": "it"}}], ["technology", "it", "Technolgy"]),
        (["?", "-", "5"], [{"missing": ["?", "-"]}], [None, None, "5"]),
        (["5", "666666", "$90,000", "x"][:3], [{"limits": {"most": 200000}}], ["5", None, "$90,000"]),
        (["5", "-7", "900"], [{"limits": {"least": 0, "most": 100, "beyond": "clip"}}], ["5", "0", "100"]),
        ([5, -7, 900], [{"limits": {"least": 0, "most": 100, "beyond": "clip"}}], [5, 0, 100]),
        ([1.5, 900.0, None], [{"limits": {"most": 100}}], [1.5, None, None]),
        ([" YOLO "], [{"trim": True}, {"case": "lower"}, {"missing": ["yolo"]}], [None]),
    ],
)  # fmt: skip
def test_steps(
    session: DuckDB, values: list[Any], steps: list[dict[str, Any]], after: list[Any]
) -> None:
    assert cleaned(session, values, *steps) == after


@pytest.mark.parametrize(
    "step",
    [{}, {"trim": True, "case": "lower"}, {"limits": {}}, {"limits": {"least": 5, "most": 1}}, {"replace": {}}, {"case": "odd"}],
)  # fmt: skip
def test_a_step_does_one_thing(step: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Step.model_validate(step)


def test_what_does_not_fit_is_refused(session: DuckDB) -> None:
    with pytest.raises(MappingError, match="no text"):
        cleaned(session, [1, 2], {"trim": True})
    with pytest.raises(MappingError, match="`x`"):
        Mapping.model_validate({"clean": {"x": [{"trim": True}]}}).check(
            stage(session, pa.table({"y": [1]}))
        )


def run(session: DuckDB, rows: list[dict[str, Any]], **mapping: Any) -> LoadResult:
    staged = stage(session, pa.Table.from_pylist(rows))
    given = Mapping.model_validate({"entities": MAP} | mapping)
    return load(
        session, staged, given, timezone="UTC", currency="EUR", rates={},
        loaded_at=datetime(2026, 1, 1),
    )  # fmt: skip


PEOPLE = [
    {"id": "1", "income": "50000", "state": "Single"}, {"id": "2", "income": "666666", "state": "YOLO"},
    {"id": "3", "income": "60000", "state": "single"},
]  # fmt: skip
STEPS = {
    "income": [{"limits": {"most": 200000}}],
    "state": [{"case": "lower"}, {"missing": ["yolo"]}],
}


def state(session: DuckDB) -> list[tuple[Any, ...]]:
    return session.rows("SELECT customer_id, income, marital_status FROM customers ORDER BY 1")


def test_loading_without_the_steps_undoes_them(session: DuckDB) -> None:
    result = run(session, PEOPLE, clean=STEPS)
    assert state(session) == [("1", "50000", "single"), ("2", None, None), ("3", "60000", "single")]
    told = {each.policy: each.records for each in result.treatments if each.kind == "cleaned"}
    assert told == {"income: limits": 1, "state: case": 2, "state: missing": 1}
    assert session.rows(
        "SELECT column_name, value, cleaned, records FROM cleaned_values ORDER BY ALL"
    ) == [
        ("income", "666666", None, 1), ("state", "Single", "single", 1), ("state", "YOLO", None, 1),
    ]  # fmt: skip
    again = run(session, PEOPLE, clean=STEPS)
    assert again.entities["customers"].accepted == 0
    run(session, PEOPLE)
    assert ("2", "666666", "YOLO") in state(session)
    assert session.value("SELECT count(*) FROM customers") == 3


def test_what_names_a_record_stays_as_it_was_loaded(session: DuckDB) -> None:
    steps = {"id": [{"replace": {"1": "one"}}]}
    run(session, PEOPLE)
    with pytest.raises(MappingError, match="stand there twice"):
        run(session, PEOPLE, clean=steps)
    assert session.value("SELECT count(*) FROM customers") == 3
    with DuckDB(threads=1) as fresh:
        run(fresh, PEOPLE, clean=steps)
        run(fresh, PEOPLE, clean=steps | STEPS)  # another column may change
        with pytest.raises(MappingError, match="stand there twice"):
            run(fresh, PEOPLE)
        assert state(fresh)[2] == ("one", "50000", "single")


def test_a_mapping_with_steps_is_text(session: DuckDB) -> None:
    mapping = Mapping.model_validate({"entities": MAP, "clean": STEPS})
    assert Mapping.from_yaml(mapping.to_yaml()) == mapping


def test_suggested_steps_mend_what_was_found(session: DuckDB) -> None:
    table = pa.table({
        "sector": ["technolgy"] * 3 + ["retail"] * 300,
        "month": ["June"] * 2 + ["Jul"] * 301,
        "income": [str(1000 + n) for n in range(302)] + ["666666"],
    })  # fmt: skip
    staged = stage(session, table)
    steps = {each.column: each for each in suggest_cleaning(session, staged)}
    assert steps["sector"].step.replace == {"technolgy": "technology"}
    assert steps["month"].step.replace == {"June": "Jun"}
    assert steps["income"].records == 1
    mapping = Mapping(clean={name: (each.step,) for name, each in steps.items()})
    after, done = clean(session, staged, mapping)
    assert {each.column: each.records for each in done} == {"sector": 3, "month": 2, "income": 1}
    assert suggest_cleaning(session, after) == ()


def test_steps_of_a_workspace(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("customer_id,email,income\n1,a@b.cc,5\n2,c@d.cc,666666\n")
    with Workspace.create(tmp_path / "shop") as shop:
        shop.load(path)
        step = Step.model_validate({"limits": {"most": 1000}})
        shop.cleaning.add(path, "income", step)
        assert shop.cleaning.steps(path) == {"income": (step,)}
        assert shop.engine.rows("SELECT income FROM customers ORDER BY customer_id") == [
            ("5",),
            (None,),
        ]
        with pytest.raises(UsageError, match="no such"):
            shop.cleaning.remove(path, "email")
        shop.cleaning.remove(path, "income")
        assert shop.cleaning.steps(path) == {}
        assert shop.engine.rows("SELECT income FROM customers ORDER BY customer_id") == [
            ("5",),
            ("666666",),
        ]
