"""Columns that are no attribute: with what they are kept, under which name, with which type."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from segmentry.core.types import Type
from segmentry.data.column_format import TEXT_SOURCE, ColumnFormat
from segmentry.data.convert import near_digits
from segmentry.data.entity import ENTITIES
from segmentry.data.format import infer
from segmentry.data.matching import Match
from segmentry.data.number_form import currencies
from segmentry.data.staged import Staged
from segmentry.data.suggestion import Findings, Reason
from segmentry.data.synonym import place_called, safe_name
from segmentry.data.tables import TABLES
from segmentry.engines.duckdb import DuckDB, quote

SAMPLE = 200_000
"""Records looked at to see what belongs to an order, what to a line."""
MOST_EXTRAS = 300
IDENTIFIER = ("_id", "_no", "_code", "_key", "zip", "phone", "sku", "number")


def place_extras(session: DuckDB, staged: Staged, found: Match, findings: Findings) -> None:
    """Keep further columns with what they describe: the order, the product or the line."""
    rest = [
        name for name in staged.names if name not in found.taken and name not in findings.ignored
    ]
    if found.record == "consents" or len(rest) > MOST_EXTRAS:
        for name in rest if found.record == "consents" else rest[MOST_EXTRAS:]:
            findings.ignored.append(name)
            findings.reasons.append(Reason(name, "", "beyond the columns that are kept"))
        rest = [] if found.record == "consents" else rest[:MOST_EXTRAS]
    owners = _owners(session, staged, found, rest)
    for name in rest:
        owner = owners.get(name, found.record)
        extras = findings.extras.setdefault(owner, {})
        new = _free_name(name, owner, extras, findings.features)
        extras[new] = name
        findings.reasons.append(Reason(name, f"{owner}.{new}", "kept as a further column"))
        _type_extra(session, staged, name, findings)


def _owners(session: DuckDB, staged: Staged, found: Match, rest: Sequence[str]) -> dict[str, str]:
    """For lines: columns that are the same in all lines of an order, or of a product."""
    if found.record != "order_lines" or not rest:
        return {}
    if found.returned and not found.has("order_lines", "order_id"):
        return dict.fromkeys(rest, "orders")  # which are made of what the records say
    owners: dict[str, str] = {}
    keys = (("products", ("order_lines", "product_id")), ("orders", ("order_lines", "order_id")))
    for owner, (entity, attribute) in keys:
        key = found.attributes.get(entity, {}).get(attribute)
        if key and (owner == "orders" or found.has("products", "product_id")):
            for name in constant_within(session, staged, key[0], rest):
                owners[name] = owner
    return owners


def constant_within(session: DuckDB, staged: Staged, key: str, columns: Sequence[str]) -> list[str]:
    """Columns with one value in each group of records with the same key, if there are groups."""
    same = ", ".join(f"bool_and(s{n}) AND bool_or(k > 1 AND v{n} > 0)" for n in range(len(columns)))
    each = ", ".join(
        f"min({quote(name)}) IS NOT DISTINCT FROM max({quote(name)})"
        f" AND count({quote(name)}) IN (0, count(*)) AS s{n}, count({quote(name)}) AS v{n}"
        for n, name in enumerate(columns)
    )
    row = session.rows(
        f"SELECT {same} FROM (SELECT count(*) AS k, {each} FROM {sample(staged)}"
        f" GROUP BY {quote(key)})"
    )[0]
    return [name for name, constant in zip(columns, row, strict=True) if constant]


def _free_name(name: str, owner: str, taken: Mapping[str, str], features: Collection[str]) -> str:
    """A safe name that no attribute, physical column, other extra or feature has."""
    base = safe_name(name) or f"column_{len(taken) + 1}"
    place = place_called(name)
    if owner == "orders" and place not in taken:
        base = place or base
    if owner in OF_CUSTOMERS and base in features:
        base = f"given_{base}"
    reserved = {*ENTITIES[owner].attributes, *TABLES[owner].columns, *taken, *RESERVED}
    if base not in reserved:
        return base
    number = 2
    while f"{base}_{number}" in reserved:
        number += 1
    return f"{base}_{number}"


OF_CUSTOMERS = ("customers", "companies")
"""Entities whose further columns are traits, so that they stand beside features."""
RESERVED = ("customer_id", "customer_no", "as_of", "load_id", "record_no")


def _type_extra(session: DuckDB, staged: Staged, name: str, findings: Findings) -> None:
    """Numbers, days and yes-or-no in a text column get their type if every value has it."""
    if staged.column(name).type_name == TEXT_SOURCE:
        written = likely_format(session, staged, name)
        if written is not None:
            findings.formats[name] = written


def likely_format(session: DuckDB, staged: Staged, name: str) -> ColumnFormat | None:
    """The format by which every value of a text column is a number, a day, or yes or no."""
    for kind in _kinds_of(session, staged, name):
        inference = infer(session, staged, name, kind, staged.options)
        written = inference.format
        sure = written is not None and inference.readable == inference.present
        if sure and written is not None and len(currencies(written.currency)) < 2:
            return written
    return None


def _kinds_of(session: DuckDB, staged: Staged, name: str) -> list[Type]:
    """What a text column could be, by its first records: cheap, to leave out nearly all."""
    x = quote(name)
    digits, words, dates, zeros, total = session.rows(
        f"SELECT count(*) FILTER (regexp_full_match({x}, '{NUMBERISH}')),"
        f" count(*) FILTER (lower({x}) IN ('true', 'false', 'yes', 'no', 'y', 'n')),"
        f" count(*) FILTER (regexp_full_match({x}, '{DATEISH}')),"
        f" count(*) FILTER (regexp_full_match({x}, '\\s*[+-]?0\\d+')), count(nullif(trim({x}), ''))"
        f" FROM (SELECT {near_digits(x)} AS {x} FROM {quote(staged.table)}"
        f" WHERE {x} IS NOT NULL LIMIT 2000)"
    )[0]
    if not total:
        return []
    if words == total:
        return [Type.BOOLEAN]
    if dates > 0.9 * total:
        return [Type.INSTANT]
    if digits > 0.9 * total and not zeros and not safe_name(name).endswith(IDENTIFIER):
        return [Type.NUMBER]
    return []


NUMBERISH = r"\s*[$€£₴]?\s*[-+(]?(\d{1,12}|\d{1,3}([.,٬\s]\d{3})+)([.,٫]\d+)?\)?\s*(%|[$€£₴])?\s*"
DATEISH = r"\s*\d{1,4}[-./]\d{1,2}[-./]\d{1,4}([T\s].*)?"


def sample(staged: Staged) -> str:
    """The first records, as a relation."""
    return f"(SELECT * FROM {quote(staged.table)} LIMIT {SAMPLE})"
