"""Which column of a source is which attribute of which entity: declared, text in and out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from segmentry.core.errors import MappingError, UnknownNameError
from segmentry.data.cleaning import Step
from segmentry.data.entity import entity
from segmentry.data.format import ColumnFormat
from segmentry.data.staged import ReadOptions, Staged

NON_PRODUCT_IDS = (
    "POST", "DOT", "M", "m", "C2", "D", "S", "B", "BANK CHARGES", "AMAZONFEE", "CRUK", "PADS",
    "gift_0001_*", "DCGS*",
)  # fmt: skip


class Policies(BaseModel):
    """What is done with records that are complete but special. Each is counted either way.

    Args:
        records: What lines or orders tell of: what was sold, or what was given back. Of the latter
            every quantity and amount counts as returned, whatever its sign.
        cancellations: Lines of orders that were cancelled.
        returns: Lines with a negative quantity or amount.
        zero_price: Lines that cost nothing.
        missing_customer: Orders without a customer; a guest counts in sums, not among customers.
        non_products: Lines that are postage, fees, samples.
        exact_duplicates: Records equal to an earlier one in every column.
        cancelled_order_prefix: Beginning of the order ids of cancellations, used only where all
            other order ids are digits; empty: none.
        non_product_ids: Product ids that are no products; `*` stands for any text.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    records: Literal["sold", "returned"] = "sold"
    cancellations: Literal["return", "reject", "ignore"] = "return"
    returns: Literal["return", "reject", "ignore"] = "return"
    zero_price: Literal["keep", "reject"] = "keep"
    missing_customer: Literal["guest", "reject"] = "guest"
    non_products: Literal["keep", "reject"] = "keep"
    exact_duplicates: Literal["keep", "reject"] = "keep"
    cancelled_order_prefix: str = "C"
    non_product_ids: tuple[str, ...] = NON_PRODUCT_IDS


class Mapping(BaseModel):
    """From columns of one source to attributes of entities. One file may feed several entities.

    Args:
        entities: Entity → attribute → source column. Several columns for one attribute are added
            up (numbers; one of them missing counts as 0, all missing is missing), or are the day
            and the time of an instant, in this order.
        constants: Entity → attribute → text, for what the file does not say row by row.
        extras: Entity → new column → source column.
        ignore: Source columns that are left out on purpose.
        formats: Source column → how its text is read; others are found out when loading.
        clean: Source column → what is done to its values before they are read, in order.
        currency: Currency of amounts that stand without one.
        vendor: The table of a vendor that the header was recognised as; empty: none.
        signature: `signature_of` the header for which it was made.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    read: ReadOptions = ReadOptions()
    entities: dict[str, dict[str, str | tuple[str, ...]]] = Field(default_factory=dict)
    constants: dict[str, dict[str, str]] = Field(default_factory=dict)
    extras: dict[str, dict[str, str]] = Field(default_factory=dict)
    ignore: tuple[str, ...] = ()
    formats: dict[str, ColumnFormat] = Field(default_factory=dict)
    clean: dict[str, tuple[Step, ...]] = Field(default_factory=dict)
    policies: Policies = Policies()
    currency: str | None = None
    vendor: str = ""
    signature: str = ""

    @field_validator("entities", "constants")
    @classmethod
    def _known(cls, given: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        for name, attributes in given.items():
            known = entity(name).attributes
            for attribute in attributes:
                if attribute not in known:
                    raise UnknownNameError(f"attribute of {name}", attribute, known)
        return given

    def columns_of(self, entity_name: str, attribute: str) -> tuple[str, ...]:
        """Source columns of an attribute: none, one, or several that add up."""
        given = self.entities.get(entity_name, {}).get(attribute, ())
        return (given,) if isinstance(given, str) else tuple(given)

    def columns(self) -> Iterator[str]:
        """Every source column the mapping reads, each once."""
        seen: set[str] = set()
        for name, attributes in self.entities.items():
            for attribute in attributes:
                seen.update(self.columns_of(name, attribute))
        for extras in self.extras.values():
            seen.update(extras.values())
        yield from sorted(seen)

    def check(self, staged: Staged) -> None:
        """Make sure that the source has every column the mapping reads.

        Raises:
            MappingError: It lacks one.
        """
        for name in (*self.columns(), *self.clean):
            staged.column(name)

    @classmethod
    def from_yaml(cls, text: str) -> Self:
        """Read a mapping as `to_yaml` writes it.

        Raises:
            MappingError: Not YAML, or it names what there is not; the message says where.
        """
        try:
            return cls.model_validate(yaml.safe_load(text) or {})
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            where = f"line {mark.line + 1}" if mark else ""
            raise MappingError("the mapping is not valid YAML.", where=where) from error
        except UnknownNameError as error:
            raise MappingError(error.message, where="mapping", fix=error.fix) from error
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            raise MappingError(f"{first['msg']}.", where=f"mapping, {place}") from error

    def to_yaml(self) -> str:
        """The mapping as text for people: ordered, commented, without what is at its default."""
        sections = [
            _section(self.model_dump(mode="json", include={name}, exclude_defaults=True), comment)
            for name, comment in COMMENTS.items()
        ]
        return "".join(each for each in sections if each)


COMMENTS = {
    "read": "How the file is written.",
    "entities": "What becomes what. Attribute: column; a list: its sum, or day and time.",
    "constants": "Attributes that are the same for every record.",
    "extras": "Further columns that are kept, as text unless `formats` says more. Name: column.",
    "ignore": "Columns left out on purpose.",
    "formats": "How the text of a column is read; what is not listed is found out when loading.",
    "clean": "What is cleaned, column by column; without a step, load again, and it is undone.",
    "policies": "What is done with special records.",
    "currency": "Currency of amounts that stand without one.",
    "vendor": "What the header was recognised as.",
    "signature": "The header this was made for; a file with the same header reuses it.",
}


def _section(content: dict[str, Any], comment: str) -> str:
    if not content:
        return ""
    # Inner collections on one line; the section itself never, or sections could not follow it.
    holds_collection = any(isinstance(each, dict | list) for each in content.values())
    text = yaml.safe_dump(
        content,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=None if holds_collection else False,
    )
    return f"# {comment}\n{text}\n"


def signature_of(names: Iterable[str]) -> str:
    """A short hash of column names; the same for another order of the same columns.

    >>> signature_of(["a", "b"]) == signature_of(["b", "a"])
    True
    """
    text = "\n".join(sorted(names))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


__all__ = ["NON_PRODUCT_IDS", "Mapping", "Policies", "signature_of"]
