"""The gate: locked fields leave the schema, so nothing that reads through it can name them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from segmentry.core.types import Type
from segmentry.data.sensitive.decision import Standing
from segmentry.data.sensitive.scan import LABELS, Recognised
from segmentry.language.schema import Consented, Fact, Field, Schema
from segmentry.sql.expression import Column, Expression, all_of, call, literal
from segmentry.sql.operators import Op


def guarded(schema: Schema, standings: Iterable[Standing]) -> Schema:
    """The schema without locked fields; it knows them as locked, with what would unlock them.

    Rows about something locked (answers to a question) are no rows of their fact. Traits bound to
    consent are known as such; as long as no consents are loaded they are locked.
    """
    locked = [each for each in standings if each.hidden]
    if not locked:
        return schema
    columns = {each.field: each for each in locked if not each.recognised.label}
    hidden = {
        name: columns[held]
        for name, field in schema.features.items()
        if (held := _held(field, "customers")) in columns
    }
    bound = {name: each for name, each in hidden.items() if each.consent and has_consents(schema)}
    shut = {name: each for name, each in hidden.items() if name not in bound}
    return replace(
        schema,
        facts={
            name: _guarded(fact, columns, [each for each in locked if each.recognised.label])
            for name, fact in schema.facts.items()
        },
        features={name: each for name, each in schema.features.items() if name not in hidden},
        locked={**schema.locked, **{name: each.unlocking for name, each in shut.items()}},
        consented={
            name: Consented(schema.features[name], each.consent) for name, each in bound.items()
        },
        sensitive={**schema.sensitive, **{each.unlocking: each.about for each in locked}},
    )


def has_consents(schema: Schema) -> bool:
    """Whether it is loaded who consented to what."""
    return "consents" in schema.facts and "purpose" in schema.facts["consents"].fields


def hidden_columns(columns: Iterable[str], entity: str, standings: Iterable[Standing]) -> set[str]:
    """Columns of a stored table whose values must not be shown as they stand.

    Where some rows are locked (answers to a question), only the labels may be shown.
    """
    locked = [each for each in standings if each.hidden and each.recognised.entity == entity]
    found = {each.recognised.column for each in locked if not each.recognised.label}
    if any(each.recognised.label for each in locked):
        found |= {each for each in columns if each not in LABELS[entity]}
    return found


def _held(field: Field, table: str) -> str:
    """The stored column behind a field, as `table.column`."""
    if isinstance(field.derived, Column):
        return f"{field.derived.relation or field.dimension or table}.{field.derived.name}"
    return f"{field.dimension or table}.{field.name}"


def _guarded(fact: Fact, columns: dict[str, Standing], labels: Sequence[Standing]) -> Fact:
    hidden = {
        name: columns[held].unlocking
        for name, field in fact.fields.items()
        if (held := _held(field, fact.table)) in columns
    }
    own = [
        each.recognised
        for each in labels
        if each.recognised.entity == fact.table and each.recognised.column in fact.fields
    ]
    if not hidden and not own:
        return fact
    return replace(
        fact,
        fields={name: each for name, each in fact.fields.items() if name not in hidden},
        where=all_of([fact.where, *_without(own)]),
        locked=hidden | {each.name: each.unlocking for each in labels if each.recognised in own},
    )


def _without(labels: Sequence[Recognised]) -> Iterator[Expression]:
    """Conditions that leave rows with these labels out; rows without a label stay."""
    for column in dict.fromkeys(each.column for each in labels):
        named = [literal(each.label) for each in labels if each.column == column]
        said = call(Op.IN, Column(column, Type.TEXT), *named)
        yield call(Op.NOT, call(Op.MET, said))
