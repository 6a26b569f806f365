"""A mapping suggested from the names and the content of a source, with reasons and questions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from segmentry.core.types import Type
from segmentry.data.column_format import TEXT_SOURCE, ColumnFormat
from segmentry.data.entity import ENTITIES, entity as entity_of
from segmentry.data.format import ambiguity, infer, option_value, reading
from segmentry.data.inference import Inference
from segmentry.data.mapping import Mapping, signature_of
from segmentry.data.matching import LINE_PARTS, Match, match, typed
from segmentry.data.number_form import currencies
from segmentry.data.staged import Staged
from segmentry.data.synonym import safe_name
from segmentry.data.tables import TABLES
from segmentry.engines.duckdb import DuckDB, quote

SAMPLE = 200_000
"""Records looked at to see what belongs to an order, what to a line, and which extras have a type;
formats of mapped columns are decided by all records."""
MOST_EXTRAS = 300
READABLE = 0.5
"""Share of values that must be readable as the attribute's type."""
TECHNICAL = ("_fivetran", "_airbyte", "_dlt", "__index_level", "unnamed_")
IDENTIFIER = ("_id", "_no", "_code", "_key", "zip", "phone", "sku", "number")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a column was taken: `target` is `entity.attribute`, or empty when it was left out."""

    column: str
    target: str
    why: str


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer to a question: what it means, and the mapping it gives."""

    label: str
    mapping: Mapping


@dataclass(frozen=True, slots=True)
class Question:
    """Something only a person can decide. Loading with the suggested mapping would be refused."""

    column: str
    text: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """A required attribute for which no column was found, and what to do."""

    target: str
    fix: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A mapping that loads as it is if `questions` and `missing` are empty."""

    mapping: Mapping
    reasons: tuple[Reason, ...]
    questions: tuple[Question, ...]
    missing: tuple[Missing, ...]


@dataclass(slots=True)
class Findings:
    """What was found about the columns beside their names."""

    formats: dict[str, ColumnFormat] = field(default_factory=dict)
    open: dict[str, Inference] = field(default_factory=dict)
    reasons: list[Reason] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    extras: dict[str, dict[str, str]] = field(default_factory=dict)
    currencies: set[str] = field(default_factory=set)
    constants: dict[str, dict[str, str]] = field(default_factory=dict)


def suggest(
    session: DuckDB, staged: Staged, *, entity: str | None = None, timezone: str = "UTC"
) -> Suggestion:
    """The most likely mapping of a staged source.

    Nothing ambiguous is decided here: a column that can be read in two ways becomes a question.

    Args:
        session: Where the source was staged.
        staged: The source.
        entity: The entity its records are, when the user said so; `None`: found out.
        timezone: The workspace's zone.

    Raises:
        UnknownNameError: There is no such entity.
    """
    if entity is not None:
        entity_of(entity)
    found = match(staged.names, entity)
    if found is None:
        return _nothing(staged)
    findings = Findings()
    _leave_empty(session, staged, found, findings)
    _fill_from_content(session, staged, found)
    _decide_formats(session, staged, found, findings)
    if found.record == "touchpoints" and not found.has("touchpoints", "kind"):
        findings.constants["touchpoints"] = {"kind": _kind(found)}
    _place_extras(session, staged, found, findings)
    mapping = _mapping(staged, found, findings, timezone)
    return Suggestion(
        mapping,
        tuple(_reasons(staged, found, findings)),
        tuple(_questions(staged, mapping, findings)),
        tuple(_missing(found, findings)),
    )


def _nothing(staged: Staged) -> Suggestion:
    mapping = Mapping(
        read=staged.options, ignore=staged.names, signature=signature_of(staged.names)
    )
    fix = f"Say what the records are: {', '.join(ENTITIES)}; and map the columns."
    reasons = tuple(Reason(name, "", "fits no entity") for name in staged.names)
    return Suggestion(mapping, reasons, (), (Missing("entity", fix),))


def _leave_empty(session: DuckDB, staged: Staged, found: Match, findings: Findings) -> None:
    """Leave out columns that hold nothing, and those that copying tools add."""
    counts = session.rows(
        f"SELECT {', '.join(f'count({quote(name)})' for name in staged.names)}"
        f" FROM {quote(staged.table)}"
    )[0]
    for name, count in zip(staged.names, counts, strict=True):
        if staged.records and not count:
            why = "holds no value"
        elif name.lower().startswith(TECHNICAL):
            why = "was added by a copying tool"
        else:
            continue
        found.leave(name)
        findings.ignored.append(name)
        findings.reasons.append(Reason(name, "", why))


def _fill_from_content(session: DuckDB, staged: Staged, found: Match) -> None:
    """Find a missing time or amount where only one column can be it."""
    owner = "orders" if found.record in {"orders", "order_lines"} else found.record
    instant = ENTITIES[owner].instant
    free = [name for name in staged.names if name not in found.taken]
    if instant and not found.has(owner, instant):
        dates = [name for name in free if _looks(session, staged, name, Type.INSTANT)]
        if len(dates) == 1:
            found.take(owner, instant, (dates[0],), "the only column of dates")
    if found.record == "orders" and not found.has("orders", "amount"):
        free = [name for name in staged.names if name not in found.taken]
        amounts = [name for name in free if _has_fractions(session, staged, name)]
        if len(amounts) == 1:
            found.take("orders", "amount", (amounts[0],), "the only column with decimals")


def _sample(staged: Staged) -> str:
    return f"(SELECT * FROM {quote(staged.table)} LIMIT {SAMPLE})"


def _looks(session: DuckDB, staged: Staged, name: str, kind: Type) -> bool:
    """Whether nearly all values of a column are of a type, and look it."""
    source = staged.column(name).type_name
    if kind is Type.INSTANT and source != TEXT_SOURCE:
        return source.startswith(("TIMESTAMP", "DATE"))
    found = infer(session, staged, name, kind, staged.options)
    return found.present > 0 and found.readable >= 0.95 * found.present


def _has_fractions(session: DuckDB, staged: Staged, name: str) -> bool:
    x, source = quote(name), staged.column(name).type_name
    if source.startswith(("DOUBLE", "FLOAT", "DECIMAL")):
        statement = f"SELECT bool_or({x} % 1 <> 0) FROM {_sample(staged)}"
        return bool(session.value(statement))
    if source != TEXT_SOURCE:
        return False
    pattern = r"[^0-9]{0,4}\s*-?\d[\d\s]*[.,]\d{1,2}\s*[^0-9]{0,4}"
    return bool(
        session.value(
            f"SELECT count({x}) > 0 AND bool_and(regexp_full_match({x}, '{pattern}'))"
            f" FROM {_sample(staged)}"
        )
    )


# formats


def _decide_formats(
    session: DuckDB, staged: Staged, found: Match, findings: Findings
) -> None:
    """The format of every mapped column, by all its records; what most records contradict goes."""
    for name, kind in sorted(typed(found).items()):
        if kind is Type.TEXT and staged.column(name).type_name != TEXT_SOURCE:
            continue
        inference = infer(session, staged, name, kind, staged.options)
        if inference.present and inference.readable < READABLE * inference.present:
            examples = ", ".join(f"`{each}`" for each in inference.examples[:2])
            why = f"most values are no {kind.value} ({examples})"
            findings.reasons.append(Reason(name, "", why))
            found.leave(name)
            continue
        _note_format(name, kind, staged, inference, findings)


def _note_format(
    name: str, kind: Type, staged: Staged, inference: Inference, findings: Findings
) -> None:
    if inference.format is None:
        findings.open[name] = inference
        return
    findings.currencies |= currencies(inference.format.currency)
    plain_text = kind is Type.TEXT and not inference.format.whole
    if staged.column(name).type_name == TEXT_SOURCE and not plain_text and inference.present:
        findings.formats[name] = inference.format


# extra columns


def _place_extras(session: DuckDB, staged: Staged, found: Match, findings: Findings) -> None:
    """Keep further columns with what they describe: the order, the product or the line."""
    rest = [
        name
        for name in staged.names
        if name not in found.taken and name not in findings.ignored
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
        new = _free_name(name, owner, found, extras)
        extras[new] = name
        findings.reasons.append(Reason(name, f"{owner}.{new}", "kept as a further column"))
        _type_extra(session, staged, name, findings)


def _owners(
    session: DuckDB, staged: Staged, found: Match, rest: Sequence[str]
) -> dict[str, str]:
    """For lines: columns that are the same in all lines of an order, or of a product."""
    if found.record != "order_lines" or not rest:
        return {}
    owners: dict[str, str] = {}
    keys = (("products", ("order_lines", "product_id")), ("orders", ("order_lines", "order_id")))
    for owner, (entity, attribute) in keys:
        key = found.attributes.get(entity, {}).get(attribute)
        if key and (owner == "orders" or found.has("products", "product_id")):
            for name in _constant(session, staged, key[0], rest):
                owners[name] = owner
    return owners


def _constant(
    session: DuckDB, staged: Staged, key: str, columns: Sequence[str]
) -> list[str]:
    """Columns with one value in each group of records with the same key, if there are groups."""
    same = ", ".join(
        f"bool_and(s{n}) AND bool_or(k > 1 AND v{n} > 0)" for n in range(len(columns))
    )
    each = ", ".join(
        f"min({quote(name)}) IS NOT DISTINCT FROM max({quote(name)})"
        f" AND count({quote(name)}) IN (0, count(*)) AS s{n}, count({quote(name)}) AS v{n}"
        for n, name in enumerate(columns)
    )
    row = session.rows(
        f"SELECT {same} FROM (SELECT count(*) AS k, {each} FROM {_sample(staged)}"
        f" GROUP BY {quote(key)})"
    )[0]
    return [name for name, constant in zip(columns, row, strict=True) if constant]


def _free_name(name: str, owner: str, found: Match, taken: Iterable[str]) -> str:
    """A safe name that no attribute, physical column or other extra has."""
    base = safe_name(name) or f"column_{len(list(taken)) + 1}"
    reserved = {*ENTITIES[owner].attributes, *TABLES[owner].columns, *taken, *RESERVED}
    if base not in reserved:
        return base
    number = 2
    while f"{base}_{number}" in reserved:
        number += 1
    return f"{base}_{number}"


RESERVED = ("customer_id", "customer_no", "as_of", "load_id", "record_no")


def _type_extra(session: DuckDB, staged: Staged, name: str, findings: Findings) -> None:
    """Numbers, days and yes-or-no in a text column get their type if every value has it."""
    if staged.column(name).type_name != TEXT_SOURCE:
        return
    for kind in _kinds_of(session, staged, name):
        inference = infer(session, staged, name, kind, staged.options)
        sure = inference.format is not None and inference.readable == inference.present
        if sure and inference.format is not None and len(currencies(inference.format.currency)) < 2:
            findings.formats[name] = inference.format
            return


def _kinds_of(session: DuckDB, staged: Staged, name: str) -> list[Type]:
    """What a text column could be, by its first records: cheap, to leave out nearly all."""
    x = quote(name)
    digits, words, dates, zeros, total = session.rows(
        f"SELECT count(*) FILTER (regexp_full_match({x}, '{NUMBERISH}')),"
        f" count(*) FILTER (lower({x}) IN ('true', 'false', 'yes', 'no', 'y', 'n')),"
        f" count(*) FILTER (regexp_full_match({x}, '{DATEISH}')),"
        f" count(*) FILTER (regexp_full_match({x}, '\\s*[+-]?0\\d+')), count({x})"
        f" FROM (SELECT {x} FROM {quote(staged.table)} WHERE {x} IS NOT NULL LIMIT 2000)"
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


NUMBERISH = r"\s*[$€£₴]?\s*[-+(]?\d{1,12}([.,\s]\d+)*\)?\s*(%|[$€£₴])?\s*"
DATEISH = r"\s*\d{1,4}[-./]\d{1,2}[-./]\d{1,4}([T\s].*)?"


# the result


def _mapping(staged: Staged, found: Match, findings: Findings, timezone: str) -> Mapping:
    entities = {
        entity: {
            attribute: columns[0] if len(columns) == 1 else columns
            for attribute, columns in attributes.items()
        }
        for entity, attributes in found.attributes.items()
        if attributes
    }
    known = findings.currencies
    return Mapping(
        read=staged.options,
        entities=entities,
        constants=findings.constants,
        extras={owner: extras for owner, extras in findings.extras.items() if extras},
        ignore=tuple(findings.ignored),
        formats={
            name: written.model_copy(update={"timezone": staged.options.timezone or ""})
            for name, written in findings.formats.items()
        },
        currency=next(iter(known)) if len(known) == 1 else None,
        signature=signature_of(staged.names),
    )


def _reasons(staged: Staged, found: Match, findings: Findings) -> Iterable[Reason]:
    """One reason for each column, in the order of the source."""
    known = {each.column: each for each in findings.reasons}
    for name in staged.names:
        if name in found.why:
            target, why = found.why[name]
            yield Reason(name, target, why)
        elif name in known:
            yield known[name]


def _questions(staged: Staged, mapping: Mapping, findings: Findings) -> Iterable[Question]:
    for name, inference in findings.open.items():
        choices = tuple(
            Choice(
                reading(written),
                mapping.model_copy(update={"formats": mapping.formats | {name: written}}),
            )
            for written in inference.ambiguous
        )
        yield Question(name, ambiguity(staged, name, inference).message, choices)


def _missing(found: Match, findings: Findings) -> Iterable[Missing]:
    record = found.record
    if record == "order_lines":
        yield from _missing_of_lines(found)
        return
    for attribute in ENTITIES[record].required:
        constant = attribute in findings.constants.get(record, {})
        if not found.has(record, attribute) and not constant:
            meaning = ENTITIES[record].attributes[attribute].meaning
            yield Missing(
                f"{record}.{attribute}",
                f"No column was found for it ({meaning}): map one under `entities: {record}`.",
            )


def _missing_of_lines(found: Match) -> Iterable[Missing]:
    if not found.has("order_lines", "unit_price", "amount"):
        yield Missing(
            "order_lines.unit_price",
            "Map a column of prices or amounts, or load products with their price first.",
        )
    if found.has("order_lines", "order_id"):
        return
    for attribute in ("customer_id", "ordered_at"):
        if not found.has("orders", attribute):
            yield Missing(f"orders.{attribute}", "Map a column, or one with the order's number.")


def _kind(found: Match) -> str:
    """What contacts are, by the name of the column that says when."""
    when = found.attributes.get("touchpoints", {}).get("occurred_at", ("",))[0].lower()
    words = {"redem": "redeemed", "sent": "sent", "open": "opened", "click": "clicked"}
    words |= {"call": "called", "review": "reviewed"}
    return next((kind for start, kind in words.items() if start in when), "contacted")


__all__ = ["LINE_PARTS", "Choice", "Missing", "Question", "Reason", "Suggestion", "option_value", "suggest"]
