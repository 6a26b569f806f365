"""People are forgotten in another engine too: nothing of them is in its tables or its files."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from tests.engines.servers import NotInstalledError
from tests.engines.start import THOROUGH, address
from tests.engines.test_workspace import DAYS, OTHERS, START, shop

from segmentry.core.types import Type
from segmentry.sql.expression import Column, Select, Table
from segmentry.workspace.workspace import Workspace

GONE = ["c7", "c11"]
END = START + timedelta(days=DAYS)


def ids(workspace: Workspace, table: str) -> set[str]:
    query = Select(Table(table), {"id": Column("customer_id", Type.TEXT)})
    return {str(each) for (each,) in workspace.warehouse.engine.rows(query)}


@pytest.mark.parametrize("engine", [each for each in OTHERS if each != "spark" or THOROUGH])
def test_an_engine_forgets_them_too(tmp_path: Path, engine: str) -> None:
    try:
        with address(engine) as url, shop(tmp_path / "shop", url) as made:
            assert ids(made, "counted_customers") >= set(GONE)
            regulars = {each["customer_id"] for each in members(made)}
            made.erasure.erase(GONE, by="owner")
            held = made.warehouse.engine.tables()
            assert held == {"segmentry_workspace"}
            assert kept_files(tmp_path / "shop") <= {"segmentry_workspace"}
            assert {each["customer_id"] for each in members(made)} == regulars - set(GONE)
            made.refresh(END)
            for table in ("counted_customers", "customer_features"):
                assert ids(made, table)
                assert not ids(made, table) & set(GONE)
    except NotInstalledError as error:
        pytest.skip(str(error))


def members(made: Workspace) -> list[dict]:
    return made.segment("regulars").members(END).to_arrow().to_pylist()


def kept_files(shop: Path) -> set[str]:
    """The tables that an engine keeps as files."""
    return {each.name.rpartition("-")[0] for each in (shop / "lake" / "tables").glob("*")}
