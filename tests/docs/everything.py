"""A shop in memory for which every column is loaded: what any rule on a page may name."""

from __future__ import annotations

from dataclasses import replace

from segmentry.core.types import Type
from segmentry.data import available, scores
from segmentry.data.available import Loaded
from segmentry.data.entity import ENTITIES
from segmentry.data.tables import SUMS, add_columns, make_tables, note_columns
from segmentry.engines.duckdb import DuckDB
from segmentry.features.declaration import library
from segmentry.features.known import Features, resolve
from segmentry.language.listed import ENTRIES
from segmentry.language.schema import Field, Schema
from segmentry.models.declaration import Model
from segmentry.segments.library import ready_made

EXTRAS = {
    "customers": {
        "newsletter": Type.BOOLEAN,
        "age": Type.INTEGER,
        "age_band": Type.TEXT,
        "home_ownership": Type.TEXT,
    },
    "orders": {"country": Type.TEXT, "region": Type.TEXT, "city": Type.TEXT},
    "touchpoints": {"rating": Type.NUMBER},
}
"""Columns that a file may have beside the entity's own attributes."""
SEGMENTS = frozenset({"newsletter", "vip", "staff"})
LISTS = frozenset({"wholesale"})
MODELS = (Model(name="clv", question="clv"), Model(name="leaving", question="churn"))


def columns() -> Loaded:
    """Every column that a load can fill, by entity."""
    found = {
        name: {each.name: each.type for each in entity.attributes.values()}
        for name, entity in ENTITIES.items()
    }
    for name in ("orders", "order_lines"):
        found[name] |= dict.fromkeys(SUMS, Type.MONEY)
    for name, extras in EXTRAS.items():
        found[name] |= extras
    return found


def features() -> Features:
    """Every feature of the library and of the ready-made segmentations; none is locked."""
    with DuckDB() as engine:
        make_tables(engine)
        for name, extras in EXTRAS.items():
            add_columns(engine, name, extras)
        note_columns(
            engine,
            ((entity, name, kind, name, False)
             for entity, each in columns().items() for name, kind in each.items()),
        )  # fmt: skip
        schema, traits = available.schema_of(engine), available.traits(engine)
    made = [each for one in ready_made() for each in one.declarations()]
    return resolve([*library(), *made], schema, traits)


def schema() -> Schema:
    """Facts, features, traits, scores of models, and a few segments."""
    known = features().schema
    facts = {**known.facts, ENTRIES.name: ENTRIES, scores.NAME: scores.FACT}
    scored = {name: Field(name, Type.NUMBER) for each in MODELS for name in each.scores}
    found = {**known.features, **scored}
    return replace(known, facts=facts, features=found, segments=SEGMENTS, lists=LISTS)
