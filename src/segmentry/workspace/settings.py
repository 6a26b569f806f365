"""`segmentry.yaml`: what a person decides about a workspace."""

from __future__ import annotations

import re
import secrets
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from segmentry.core.errors import DeclarationError, NotFoundError, UsageError
from segmentry.core.time import zone
from segmentry.core.whole import whole
from segmentry.data.identity.counted import Unit
from segmentry.engines.address import OWN, check_address
from segmentry.workspace.access.limits import Limits

FILE = "segmentry.yaml"
NEXT = "segmentry.yaml.next"
Language = Literal["en", "uk", "ru", "pl", "fa"]
Extent = Literal["all", "used"]


class Settings(BaseModel):
    """Settings of a workspace. Currency and time zone are fixed once data is loaded.

    Args:
        unit: Who is one customer: each person, or each company with its contacts.
        country: The shop's own, in two letters; phone numbers without a country are of it.
        rates: What one unit of another currency is worth in the workspace's, to convert at load.
        segmentations: Parameters of ready-made segmentations, by name.
        engine: Where customers are computed: `duckdb`, `postgresql://user@host/database`, `spark`,
            `spark://host:port`, `sc://host:port`, or `env:NAME` for an address in the environment.
        engine_schema: In which PostgreSQL keeps the tables; each workspace has one of its own.
        features: Which a refresh computes: `all` that change with a customer's own rows alone, or
            those that segments and groups in the history read (`used`); others when asked for.
        memory_limit: What the engine may hold in memory; more spills to disk.
        threads: Cores the engine may use; all when not set.
        access: How long a session lasts and how much may be asked of `segmentry serve`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    name: str
    currency: str = "EUR"
    timezone: str = "UTC"
    language: Language = "en"
    unit: Unit = Unit.PERSON
    country: str | None = Field(default=None, pattern=r"^[A-Z]{2}$")
    rates: dict[str, Decimal] = Field(default_factory=dict)
    segmentations: dict[str, dict[str, Any]] = Field(default_factory=dict)
    engine: str = OWN
    engine_schema: str = Field(default="segmentry", pattern=r"^[a-z][a-z0-9_]{0,62}$")
    features: Extent = "all"
    memory_limit: str | None = "4GB"
    threads: int | None = Field(default=None, ge=1)
    access: Limits = Limits()

    @field_validator("currency")
    @classmethod
    def _currency(cls, code: str) -> str:
        if not re.fullmatch(r"[A-Z]{3}", code):
            raise UsageError(
                f"`{code}` is not a currency.", fix="Write its three capital letters: EUR, UAH."
            )
        return code

    @field_validator("engine")
    @classmethod
    def _engine(cls, address: str) -> str:
        return check_address(address)

    @field_validator("timezone")
    @classmethod
    def _zone(cls, name: str) -> str:
        zone(name)
        return name


def write(folder: Path, settings: Settings) -> None:
    """Write `segmentry.yaml`, whole or not at all."""
    with whole(folder / FILE) as draft:
        draft.write_text(_text(settings), encoding="utf-8")


def prepare(folder: Path, settings: Settings) -> str:
    """Write settings that begin to hold once they are agreed on; returns the mark to agree on.

    They belong to declarations that are kept elsewhere, with the mark, all at once: whoever opens
    the folder after a crash in between sees by the mark whether that happened.
    """
    mark = f"# {secrets.token_hex(8)}"
    with whole(folder / NEXT) as draft:
        draft.write_text(f"{mark}\n{_text(settings)}", encoding="utf-8")
    return mark


def pending(folder: Path) -> bool:
    """Whether there are settings that wait to be agreed on."""
    return (folder / NEXT).exists()


def finish(folder: Path, agreed: str) -> None:
    """Settings that wait begin to hold if theirs is the mark that was agreed on, else they go."""
    mark, _, text = (folder / NEXT).read_text(encoding="utf-8").partition("\n")
    if mark == agreed:
        with whole(folder / FILE) as draft:
            draft.write_text(text, encoding="utf-8")
    (folder / NEXT).unlink()


def _text(settings: Settings) -> str:
    values = settings.model_dump(mode="json", exclude_none=True)
    values["access"] = settings.access.model_dump(exclude_defaults=True)
    if not values["access"]:
        del values["access"]
    return yaml.safe_dump(values, sort_keys=False, allow_unicode=True)


def read(folder: Path) -> Settings:
    """Read `segmentry.yaml`.

    Raises:
        NotFoundError: The folder is not a workspace.
        DeclarationError: The file says something it cannot say.
    """
    file = folder / FILE
    if not file.is_file():
        raise NotFoundError(
            f"`{folder}` is not a workspace.",
            fix="Name one with -w DIR, or make one in a new folder: `segmentry init DIR`.",
        )
    try:
        return parse(yaml.safe_load(file.read_text(encoding="utf-8")) or {})
    except yaml.YAMLError as error:
        raise DeclarationError(f"`{file}` is not YAML: {error}.") from error


def parse(values: dict[str, Any]) -> Settings:
    """Settings from plain values.

    Raises:
        DeclarationError: A value does not fit, with its name.
        UsageError: There is no such time zone.
    """
    try:
        return Settings(**values)
    except ValidationError as error:
        first = error.errors()[0]
        cause = first.get("ctx", {}).get("error")
        if isinstance(cause, UsageError):
            raise cause from error
        name = ".".join(map(str, first["loc"]))
        raise DeclarationError(f"setting `{name}`: {first['msg']}.", where=FILE) from error
