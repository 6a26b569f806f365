"""What is written in README.md and docs/: fenced blocks, tables, code, links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A fenced block, and where it stands."""

    where: str
    language: str
    content: str

    def __str__(self) -> str:
        return self.where


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def blocks(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page."""
    text = read(page)
    for found in _FENCE.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        yield Block(f"{page.relative_to(ROOT)}:{line}", found[1], found[2])


def prose(page: Path) -> str:
    """A page without its fenced blocks."""
    return _FENCE.sub("", read(page))


def code(text: str) -> list[str]:
    """What stands between single backticks."""
    return re.findall(r"`([^`\n]+)`", text)


def tables(page: Path) -> Iterator[tuple[list[str], list[list[str]]]]:
    """The tables of a page: head and rows of cells."""
    for found in re.finditer(r"(?:^\|.*\|\n)+", prose(page), re.MULTILINE):
        head, _, *rows = [
            [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            for line in found[0].splitlines()
        ]
        yield head, rows


def rows(page: Path, first: str) -> Iterator[tuple[list[str], list[str]]]:
    """Head and cells of every row of the tables whose first column has this head."""
    yield from ((head, row) for head, body in tables(page) if head[0] == first for row in body)


def anchors(page: Path) -> set[str]:
    """What a link may point at on a page."""
    heads = re.findall(r"^#+ (.*)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each).strip().lower().replace(" ", "-") for each in heads}
