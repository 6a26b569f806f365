"""A newcomer finds the way by `--help` alone, and need not wait for it."""

import subprocess
import sys

import pytest
import typer

from segmentry.cli.main import app
from segmentry.cli.reference import below

COMMANDS = [path for path, _ in below(typer.main.get_command(app))]
HEAVY = ("duckdb", "pyarrow", "sqlalchemy", "sqlglot", "pydantic", "yaml", "numpy", "pandas")

MEASURE = """
import resource, sys
sys.argv = ["segmentry", "--help"]
try:
    {statement}
except SystemExit:
    pass
used = resource.getrusage(resource.RUSAGE_SELF)
print("heavy", [name for name in {heavy} if name in sys.modules])
print("seconds", used.ru_utime + used.ru_stime)
"""


def measured(statement: str) -> tuple[str, float]:
    code = MEASURE.format(statement=statement, heavy=HEAVY)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    return done[-2], float(done[-1].split()[1])


def test_the_root_help_shows_the_path_in_order(run):
    shown = run("--help").stdout
    places = [
        shown.index(f"segmentry {each}")
        for each in ("init", "load", "check", "refresh", "rfm", "report")
    ]
    assert places == sorted(places)


ALONE = [path for path in COMMANDS if not any(each.startswith(f"{path} ") for each in COMMANDS)]
"""Commands that are no groups of others."""
ENDLESS = {"serve"}
"""They run until they are stopped, so there is no result to print."""


@pytest.mark.parametrize("path", COMMANDS)
def test_every_command_has_an_example_of_itself_and_takes_a_workspace_and_json(run, path):
    shown = run(*path.split(), "--help").stdout
    examples = shown.partition("Example")[2].partition("╭")[0]
    assert f"segmentry {path}" in examples
    if path in ALONE:
        assert "--workspace" in shown
        assert ("--json" in shown) == (path not in ENDLESS)


def test_no_command_at_all_shows_the_help(run):
    assert "From a shop's files to named segments" in run().stdout


def test_version(run):
    assert run("--version").stdout.startswith("segmentry 0.")


def test_help_imports_nothing_heavy_and_takes_little_more_than_what_draws_it():
    heavy, seconds = measured("from segmentry.cli.main import main; main()")
    assert heavy == "heavy []"
    _, drawing = measured("import rich.markdown, rich.traceback, typer.main, typer.rich_utils")
    assert seconds < 4 * drawing


def test_importing_the_package_imports_nothing_heavy():
    heavy, _ = measured("import segmentry")
    assert heavy == "heavy []"
