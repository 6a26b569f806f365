"""Help texts: written as docstrings, shown as paragraphs and examples."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import typer
from rich.markup import escape


def add(group: typer.Typer, name: str, command: Callable[..., None], panel: str = "") -> None:
    """Make a function a command of a group; its docstring is the help."""
    options: dict[str, Any] = {"rich_help_panel": panel} if panel else {}
    group.command(name, help=guide(command.__doc__ or ""), **options)(command)


def guide(text: str) -> str:
    r"""A text with its prose joined to paragraphs and its indented lines as they are, undimmed.

    >>> print(guide("One\ntwo.\n\nExample:\n  segmentry rfm"))
    One two.
    <BLANKLINE>
    Example:
      [not dim]segmentry rfm[/not dim]
    """
    return "\n\n".join(_paragraph(each) for each in inspect.cleandoc(text).split("\n\n"))


def _paragraph(text: str) -> str:
    lines = text.split("\n")
    if not any(each.startswith("  ") for each in lines):
        return escape(" ".join(lines))
    return "\n".join(
        f"  [not dim]{escape(each.strip())}[/not dim]" if each.startswith("  ") else escape(each)
        for each in lines
    )
