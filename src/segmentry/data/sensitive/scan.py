"""Which loaded fields give a special category away: by their names and by what stands in them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from segmentry.core.types import Type
from segmentry.data.column_format import TEXT_SOURCE
from segmentry.data.entity import ENTITIES
from segmentry.data.sensitive.recognise import category_of_name, category_of_values
from segmentry.data.sensitive.words import version
from segmentry.data.staged import Staged
from segmentry.data.synonym import plain_name, synonyms
from segmentry.data.tables import SUMS
from segmentry.engines.duckdb import DuckDB, literal, quote
from segmentry.locale import messages

Loaded = Mapping[str, Mapping[str, Type]]

OF_PEOPLE = ("customers", "survey_answers")
"""Entities whose columns speak of people; an order's weight is a parcel's."""
NEVER = {
    "customers": {
        "customer_id", "email", "phone", "name", "first_name", "last_name", "sex", "birth_on",
        "signed_up_at", "country", "region", "city", "postal_code", "company_id",
    },
}  # fmt: skip
"""Attributes whose meaning is settled; cities and surnames may sound like anything."""
LABELS = {"survey_answers": ("question", "survey"), "events": ("name",)}
"""Columns whose values say what a row is about: each such value is a field of its own."""
SAMPLE_ROWS = 200_000
MOST_VALUES = 200
RECOGNISED, BASIS = "recognised_fields", "recognised_from"


@dataclass(frozen=True)
class Recognised:
    """A field that gives a special category away.

    Args:
        label: For rows of one label (the answers to a question), the label; else empty.
        by: `name` or `values`.
    """

    entity: str
    column: str
    label: str
    category: str
    by: str

    @property
    def field(self) -> str:
        """What the field is called in decisions: `customers.religion`, or a question."""
        return field_name(self.entity, self.column, self.label)

    @property
    def name(self) -> str:
        """What people call the field: the column of a customer, or the question itself."""
        if self.label:
            return self.label
        return self.column if self.entity == "customers" else self.field


def field_name(entity: str, column: str, label: str = "") -> str:
    """What a field is called in decisions.

    >>> field_name("customers", "religion")
    'customers.religion'
    >>> field_name("survey_answers", "question", "Do you pray?")
    'survey_answers.question=Do you pray?'
    """
    return f"{entity}.{column}={label}" if label else f"{entity}.{column}"


def recognised(session: DuckDB, loaded: Loaded) -> list[Recognised]:
    """Every field recognised among the loaded ones; looked at anew only after a load.

    Of a column's values the most common are looked at, in the first 200,000 rows.
    """
    basis = _basis(session, loaded)
    known = {RECOGNISED, BASIS} <= session.tables()
    if known and session.value(f"SELECT basis FROM {BASIS}") == basis:
        return [Recognised(*row) for row in session.rows(f"SELECT * FROM {RECOGNISED}")]
    found = sorted(_scan(session, loaded), key=lambda each: each.field)
    with session.transaction():
        session.execute(
            f"CREATE OR REPLACE TABLE {RECOGNISED} (entity VARCHAR, column_name VARCHAR,"
            " label VARCHAR, category VARCHAR, recognised_by VARCHAR)"
        )
        for each in found:
            session.execute(
                f"INSERT INTO {RECOGNISED} VALUES (?, ?, ?, ?, ?)",
                [each.entity, each.column, each.label, each.category, each.by],
            )
        session.execute(f"CREATE OR REPLACE TABLE {BASIS} (basis VARCHAR)")
        session.execute(f"INSERT INTO {BASIS} VALUES (?)", [basis])
    return found


def sensitive_columns(session: DuckDB, staged: Staged) -> frozenset[str]:
    """Columns of a source that is not loaded yet, recognised by name or by values.

    A column called like something whose meaning is settled (a city) is not judged by its values.
    """
    found = set()
    for name in staged.names:
        if category_of_name(name):
            found.add(name)
        elif plain_name(name) not in _settled_names():
            text = staged.column(name).type_name == TEXT_SOURCE
            values = _values(session, staged.table, name) if text else []
            found |= {name} if category_of_values(values) else set()
    return frozenset(found)


@cache
def _settled_names() -> frozenset[str]:
    """What columns of settled meaning are called."""
    return frozenset(
        name
        for entity, attributes in synonyms().items()
        for attribute, known in attributes.items()
        if attribute in NEVER.get(entity, ENTITIES[entity].attributes)
        for name in (attribute, *known.everywhere)
    )


def newly_recognised(session: DuckDB, loaded: Loaded) -> list[str]:
    """Notices of the fields that the last load was the first to bring; they are locked."""
    before: set[str] = set()
    if RECOGNISED in session.tables():
        before = {Recognised(*row).field for row in session.rows(f"SELECT * FROM {RECOGNISED}")}
    fresh = [each for each in recognised(session, loaded) if each.field not in before]
    words = messages("en")
    return [
        f"Locked as sensitive ({words(f'sensitive.{category}')}): "
        f"{', '.join(each.name for each in fresh if each.category == category)}."
        " See `segmentry sensitive list`."
        for category in dict.fromkeys(each.category for each in fresh)
    ]


def _basis(session: DuckDB, loaded: Loaded) -> str:
    load = session.value("SELECT max(load_id) FROM loads")
    columns = sorted((entity, name) for entity, each in loaded.items() for name in each)
    return hashlib.sha256(f"{load} {version()} {columns}".encode()).hexdigest()


def _scan(session: DuckDB, loaded: Loaded) -> Iterator[Recognised]:
    sources = {
        (entity, column): source
        for entity, column, source in session.rows(
            "SELECT entity, column_name, source_column FROM loaded_columns"
        )
    }
    for entity, column, kind in _columns(loaded):
        names = [column, sources.get((entity, column)) or ""]
        if category := _of_names(names, entity):
            yield Recognised(entity, column, "", category, "name")
            continue
        values = _values(session, entity, column) if kind is Type.TEXT else []
        if category := category_of_values(values):
            yield Recognised(entity, column, "", category, "values")
    for entity, columns in LABELS.items():
        for column in columns:
            if column in loaded.get(entity, {}):
                yield from _labels(session, entity, column, loaded[entity])


def _columns(loaded: Loaded) -> Iterator[tuple[str, str, Type]]:
    """The columns that may be about anything: extras, and what is known of customers."""
    for entity, columns in loaded.items():
        settled = NEVER.get(entity, {*ENTITIES[entity].attributes, *SUMS})
        for name, kind in columns.items():
            if name not in settled:
                yield entity, name, kind


def _labels(
    session: DuckDB, entity: str, column: str, columns: Mapping[str, Type]
) -> Iterator[Recognised]:
    answers = "answer" if entity == "survey_answers" and "answer" in columns else ""
    for (label,) in session.rows(
        f"SELECT DISTINCT {quote(column)} FROM {quote(entity)} WHERE {quote(column)} IS NOT NULL"
    ):
        if category := _of_names([label], entity):
            yield Recognised(entity, column, label, category, "name")
        elif answers and column == "question":
            values = _values(session, entity, answers, f"question = {literal(label)}")
            if category := category_of_values(values):
                yield Recognised(entity, column, label, category, "values")


def _of_names(names: Iterable[str], entity: str) -> str | None:
    found = (category_of_name(each, of_person=entity in OF_PEOPLE) for each in names if each)
    return next(filter(None, found), None)


def _values(session: DuckDB, entity: str, column: str, where: str = "TRUE") -> list[str]:
    """The most common different values of a text column."""
    rows = session.rows(
        f"SELECT {quote(column)} AS value FROM (SELECT {quote(column)} FROM {quote(entity)}"
        f" WHERE {quote(column)} IS NOT NULL AND {where} LIMIT {SAMPLE_ROWS})"
        f" GROUP BY value ORDER BY count(*) DESC, value LIMIT {MOST_VALUES}"
    )
    return [value for (value,) in rows]
