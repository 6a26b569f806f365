"""A feature as a person declares it: a name, an expression, words for people."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

Kind = Literal["trait", "aggregate", "formula", "group", "score"]


LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The safe loader; the one in C, where it is built, is ten times as quick."""


class Feature(BaseModel):
    """One thing known of every customer as of an instant.

    Args:
        expression: What it is, in the language of rules; for a trait, the customer's column.
        hidden: A step of another feature that is of no interest by itself.
        traits: Columns of customers or companies that it reads and a load may bring; without them
            it is locked.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")
    kind: Kind = "formula"
    expression: str
    label: str = ""
    description: str = ""
    unit: str = ""
    theme: str = ""
    hidden: bool = False
    traits: tuple[str, ...] = ()


@cache
def library() -> tuple[Feature, ...]:
    """The features that come with Segmentry, in the order of their files."""
    folder = resources.files(__package__) / "library"
    files = sorted(folder.iterdir(), key=lambda each: each.name)
    return tuple(
        Feature(**{"theme": file.name.removesuffix(".yaml").lstrip("0123456789_")} | row)
        for file in files
        if file.name.endswith(".yaml")
        for row in yaml.load(file.read_text(encoding="utf-8"), LOADER)  # noqa: S506 - a safe loader
    )
