"""Exports of known systems, recognised by their header: one declaration file a vendor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from typing import Any, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from segmentry.data.entity import entity
from segmentry.data.matching import Match
from segmentry.data.plan import FEEDS
from segmentry.data.synonym import plain_name

TECHNICAL = ("_fivetran", "_airbyte", "_dlt", "__index_level", "unnamed_")
"""Beginnings of the names of columns that copying tools add."""

VERSIONS = frozenset({"fivetran_start", "fivetran_end"})
"""Columns of a copying tool that tell a table of past versions from one of things as they are."""

LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Names = tuple[str, ...]


class VendorTable(BaseModel):
    """One table of a vendor. All names are plain, as `plain_name` gives them.

    Args:
        has: Sets of names; a header that has all of one set, and maybe more, is this table.
        whole: Sets of names; a header that is one of them, no more and no less, is this table.
        synced: The same, but only beside columns that a copying tool adds: names too common to
            tell a table by.
        entities: Entity → attribute → names of its column, the first that holds something is
            taken. Empty: the table says nothing about customers.
        constants: Entity → attribute → text.
        leave: Columns that are left out; `*` stands for any text.
        lacks: `entity.attribute` → what to do about a required attribute the table does not have.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    has: tuple[Names, ...] = ()
    whole: tuple[Names, ...] = ()
    synced: tuple[Names, ...] = ()
    entities: dict[str, dict[str, Names]] = Field(default_factory=dict)
    constants: dict[str, dict[str, str]] = Field(default_factory=dict)
    leave: Names = ()
    lacks: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _known(self) -> Self:
        if not (self.has or self.whole or self.synced):
            raise ValueError("nothing tells this table from others")
        stated: list[tuple[str, Iterable[str]]] = [*self.entities.items(), *self.constants.items()]
        stated += [(name, (attribute,)) for name, attribute in map(_parts, self.lacks)]
        for name, attributes in stated:
            for attribute in attributes:
                if attribute not in entity(name).attributes:
                    raise ValueError(f"{name} has no attribute `{attribute}`")
        return self

    @property
    def record(self) -> str | None:
        """What its records are; `None` when they say nothing about customers."""
        return next((name for name in FEEDS if name in self.entities), None)

    def fit(self, own: frozenset[str], *, synced: bool) -> int:
        """By how many names a header is this table; 0 when it is not.

        Args:
            own: The header's plain names without those that a copying tool adds.
            synced: Whether a copying tool added some.
        """
        found = [len(names) for names in self.has if own >= set(names)]
        exact = (*self.whole, *self.synced) if synced else self.whole
        found += [2 * len(names) for names in exact if own - VERSIONS == set(names)]
        return max(found, default=0)


class Vendor(BaseModel):
    """A system whose exports are known.

    Args:
        vendor: What people call it.
        timezone: Zone of instants written without an offset; empty: the workspace's.
        tables: Table → how it is known and what it means.
        not_needed: Reason → tables that say nothing about customers → how they are known.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    vendor: str
    timezone: str = ""
    tables: dict[str, VendorTable] = Field(default_factory=dict)
    not_needed: dict[str, dict[str, VendorTable]] = Field(default_factory=dict)

    def known(self) -> Iterator[tuple[str, VendorTable, str]]:
        """Every table: its name, how it is known, and why it is not needed, if it is not."""
        for name, table in self.tables.items():
            yield name, table, ""
        for reason, tables in self.not_needed.items():
            for name, table in tables.items():
                yield name, table, reason


@dataclass(frozen=True, slots=True)
class Recognised:
    """A header that is a known table of a vendor.

    Args:
        needless: Why it need not be loaded; empty when it holds something about customers.
    """

    vendor: str
    table: str
    timezone: str
    declared: VendorTable
    needless: str = ""

    def __str__(self) -> str:
        return f"{self.vendor} {self.table}"

    def match(self, columns: Sequence[str]) -> Match:
        """The declared meaning of the columns that are there.

        Args:
            columns: Names as they stand, without those that hold nothing.
        """
        named = {plain_name(column): column for column in reversed(columns)}
        found = Match(self.declared.record or "")
        for owner, attributes in self.declared.entities.items():
            for attribute, names in attributes.items():
                column = next((named[name] for name in names if name in named), None)
                if column is not None:
                    found.take(owner, attribute, (column,), f"as {self} has it")
        return found

    def leaves(self, column: str) -> bool:
        """Whether a column is to be left out; one that can be an attribute never is."""
        name = plain_name(column)
        if any(
            name in names for each in self.declared.entities.values() for names in each.values()
        ):
            return False
        return any(fnmatchcase(name, each) for each in self.declared.leave)


def _parts(target: str) -> tuple[str, str]:
    name, _, attribute = target.partition(".")
    return name, attribute


@cache
def vendors() -> tuple[Vendor, ...]:
    """All known vendors, by the names of their files."""
    folder = files("segmentry.data").joinpath("vendors")
    found = sorted((each for each in folder.iterdir()), key=lambda each: each.name)
    return tuple(
        Vendor.model_validate(yaml.load(each.read_text(encoding="utf-8"), LOADER))  # noqa: S506 - a safe loader
        for each in found
        if each.name.endswith(".yaml")
    )


def recognise(columns: Sequence[str], entity: str | None = None) -> Recognised | None:
    """The vendor's table that a header is; `None` when it is none that is known.

    Letter case, quotes and marks between words do not matter, nor does the order of columns. Of
    several the one with most names in common is taken, of equals the first.

    Args:
        entity: What the records are, if known; then only tables of such records count.
    """
    own = frozenset(plain_name(each) for each in columns if not is_technical(each))
    synced = any(is_technical(each) for each in columns)
    own |= VERSIONS & {plain_name(each) for each in columns}
    best: tuple[int, Recognised | None] = (0, None)
    for vendor in vendors():
        for name, table, reason in vendor.known():
            fit = table.fit(own, synced=synced)
            if fit > best[0] and entity in (None, table.record):
                best = fit, Recognised(vendor.vendor, name, vendor.timezone, table, reason)
    return best[1]


def is_technical(column: str) -> bool:
    """Whether a copying tool added a column."""
    return column.strip('"').lower().startswith(TECHNICAL)


__all__ = ["Recognised", "Vendor", "VendorTable", "is_technical", "recognise", "vendors"]
