"""A mapping suggested from the names and the content of a source, with reasons and questions."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from segmentry.core.types import Type
from segmentry.data.clock_column import join_clock, leave_clock, owner_of_instant
from segmentry.data.column_format import TEXT_SOURCE
from segmentry.data.entity import ENTITIES
from segmentry.data.extra import constant_within, place_extras, sample
from segmentry.data.format import ambiguity, infer, reading
from segmentry.data.inference import Inference
from segmentry.data.mapping import Mapping as SourceMapping
from segmentry.data.mapping import Policies, signature_of
from segmentry.data.matching import Match, match, typed
from segmentry.data.number_form import WRITTEN, currencies
from segmentry.data.staged import Staged
from segmentry.data.suggestion import (
    Choice,
    Findings,
    Missing,
    Question,
    Reason,
    Suggestion,
)
from segmentry.data.synonym import entity_called, plain_name, without_unit
from segmentry.data.vendor import Recognised, is_technical, recognise
from segmentry.engines.duckdb import DuckDB, quote

READABLE = 0.5
"""Share of values that must be readable as the attribute's type."""


def suggest(
    session: DuckDB,
    staged: Staged,
    *,
    entity: str | None = None,
    timezone: str = "UTC",  # noqa: ARG001 - the zone of a later reader; formats name none
    features: Collection[str] = (),
) -> Suggestion:
    """The most likely mapping of a staged source: that of a vendor whose export it is, if known.

    Nothing ambiguous is decided here: a column that can be read in two ways becomes a question.

    Args:
        session: Where the source was staged.
        staged: The source.
        entity: What its records are, when the user said so, by the entity's name or a word for it
            in one of the languages; `None`: found out.
        timezone: The workspace's zone.
        features: Names of features; a further column that is called so is kept under another name.

    Raises:
        UnknownNameError: There is no such entity.
    """
    if entity is not None:
        entity = entity_called(entity).name
    vendor = recognise(staged.names, entity)
    if vendor is not None and vendor.needless:
        return _needless(staged, vendor)
    findings = Findings(vendor=vendor, features=features)
    _ignore(session, staged, findings)
    usable = [each for each in staged.names if each not in findings.ignored]
    found = vendor.match(usable) if vendor else match(usable, entity)
    if found is None:
        return _nothing(staged)
    _leave_sums_of_orders(session, staged, found)
    leave_clock(session, staged, found)
    _fill_from_content(session, staged, found, findings)
    join_clock(session, staged, found, findings)
    _decide_formats(session, staged, found, findings)
    _state_constants(found, findings)
    place_extras(session, staged, found, findings)
    mapping = _mapping(staged, found, findings)
    return Suggestion(
        mapping,
        tuple(_reasons(staged, found, findings)),
        tuple(_questions(staged, mapping, findings)),
        tuple(_missing(session, found, findings)),
    )


def _nothing(staged: Staged) -> Suggestion:
    mapping = SourceMapping(
        read=staged.options, ignore=staged.names, signature=signature_of(staged.names)
    )
    fix = f"Say what the records are: {', '.join(ENTITIES)}; and map the columns."
    if all(re.fullmatch(r"column_\d+", name) for name in staged.names):
        fix = "The file has no header: name its columns, as in `columns: [customer_id, …]`."
    reasons = tuple(Reason(name, "", "fits no entity") for name in staged.names)
    return Suggestion(mapping, reasons, (), (Missing("entity", fix),))


def _needless(staged: Staged, vendor: Recognised) -> Suggestion:
    """A table that is known, and known to say nothing about customers."""
    mapping = SourceMapping(
        read=staged.options,
        ignore=staged.names,
        vendor=str(vendor),
        signature=signature_of(staged.names),
    )
    message = f"this is {vendor}, which says nothing about customers: {vendor.needless}"
    fix = "Leave it out; or say what its records are, and map the columns."
    reasons = tuple(Reason(name, "", f"{vendor} is not needed") for name in staged.names)
    return Suggestion(mapping, reasons, (), (Missing("entity", fix, message),))


def _state_constants(found: Match, findings: Findings) -> None:
    """What the records do not say themselves: as the vendor's table is, or by their columns."""
    if findings.vendor is not None:
        for owner, constants in findings.vendor.declared.constants.items():
            findings.constants[owner] = dict(constants)
    given = findings.constants.setdefault("touchpoints", {})
    if found.record == "touchpoints" and not found.has("touchpoints", "kind"):
        given.setdefault("kind", _kind(found))
    if not given:
        del findings.constants["touchpoints"]


def _ignore(session: DuckDB, staged: Staged, findings: Findings) -> None:
    """Leave out columns that hold nothing, and those that copying tools add."""
    counts = session.rows(
        f"SELECT {', '.join(f'count({quote(name)})' for name in staged.names)}"
        f" FROM {quote(staged.table)}"
    )[0]
    for name, count in zip(staged.names, counts, strict=True):
        if staged.records and not count:
            why = "holds no value"
        elif is_technical(name):
            why = "was added by a copying tool"
        elif findings.vendor is not None and findings.vendor.leaves(name):
            why = f"says nothing about customers in {findings.vendor}"
        else:
            continue
        findings.ignored.append(name)
        findings.reasons.append(Reason(name, "", why))


def _leave_sums_of_orders(session: DuckDB, staged: Staged, found: Match) -> None:
    """Lines with a price and a quantity: leave amounts that are those of the whole order.

    They stand in the first line of an order only, or are the same in all lines of it.
    """
    lines = found.attributes.get("order_lines", {})
    if found.record != "order_lines" or not {"unit_price", "quantity", "order_id"} <= set(lines):
        return
    doubtful = [*lines.get("amount", ()), *lines.get("discount_amount", ())]
    if not doubtful or not staged.records:
        return
    price = quote(lines["unit_price"][0])
    same = constant_within(session, staged, lines["order_id"][0], doubtful)
    for name in doubtful:
        lacking = session.value(
            f"SELECT avg(CASE WHEN {quote(name)} IS NULL THEN 1.0 ELSE 0 END)"
            f" FROM {sample(staged)} WHERE {price} IS NOT NULL"
        )
        if name in same or (lacking or 0) > 0.2:
            found.leave(name)


def _fill_from_content(session: DuckDB, staged: Staged, found: Match, findings: Findings) -> None:
    """Find a missing time or amount where only one column can be it."""
    owner, instant = owner_of_instant(found)
    free = [name for name in staged.names if name not in {*found.taken, *findings.ignored}]
    if instant and not found.has(owner, instant) and found.has(owner, "customer_id"):
        dates = [name for name in free if _looks(session, staged, name, Type.INSTANT)]
        if len(dates) == 1:
            found.take(owner, instant, (dates[0],), "the only column of dates")
            free.remove(dates[0])
    if found.record == "orders" and not found.has("orders", "amount"):
        amounts = [name for name in free if _has_fractions(session, staged, name)]
        if len(amounts) == 1:
            found.take("orders", "amount", (amounts[0],), "the only column with decimals")


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
        statement = f"SELECT bool_or({x} % 1 <> 0) FROM {sample(staged)}"
        return bool(session.value(statement))
    if source != TEXT_SOURCE:
        return False
    pattern = r"[^0-9]{0,4}\s*-?\d[\d\s]*[.,]\d{1,2}\s*[^0-9]{0,4}"
    return bool(
        session.value(
            f"SELECT count({x}) > 0 AND bool_and(regexp_full_match({x}, '{pattern}'))"
            f" FROM {sample(staged)}"
        )
    )


# formats


def _decide_formats(session: DuckDB, staged: Staged, found: Match, findings: Findings) -> None:
    """The format of every mapped column, by all its records; what most records contradict goes."""
    for name, kind in sorted(typed(found).items()):
        if name in findings.clocks or (
            kind is Type.TEXT and staged.column(name).type_name != TEXT_SOURCE
        ):
            continue
        inference = infer(session, staged, name, kind, staged.options)
        if inference.present and inference.readable < READABLE * inference.present:
            examples = ", ".join(f"`{each}`" for each in inference.examples[:2])
            why = f"most values are no {kind.value} ({examples})"
            findings.left[found.why[name][0]] = f"`{name}` was taken for it, but {why}"
            found.leave(name)
            continue
        _note_format(name, kind, staged, inference, findings)


def _note_format(
    name: str, kind: Type, staged: Staged, inference: Inference, findings: Findings
) -> None:
    if inference.format is None:
        findings.open[name] = inference
        return
    known = currencies(inference.format.currency)
    if len(known) > 1:
        findings.mixed[name] = ", ".join(sorted(known))
        return
    findings.currencies |= known
    if kind is Type.MONEY:
        findings.currencies |= {code for code in [currency_of(name)] if code}
    plain_text = kind is Type.TEXT and not inference.format.whole
    if staged.column(name).type_name == TEXT_SOURCE and not plain_text and inference.present:
        findings.formats[name] = inference.format


def currency_of(name: str) -> str | None:
    """The currency that ends a column's name, as in `price_usd`."""
    plain = plain_name(name)
    unit = plain.removeprefix(without_unit(plain)).strip("_").removeprefix("in_")
    return WRITTEN.get(unit)


# the result


def _mapping(staged: Staged, found: Match, findings: Findings) -> SourceMapping:
    entities = {
        entity: {
            attribute: columns[0] if len(columns) == 1 else columns
            for attribute, columns in attributes.items()
        }
        for entity, attributes in found.attributes.items()
        if attributes
    }
    known, vendor = findings.currencies, findings.vendor
    timezone = staged.options.timezone or (vendor.timezone if vendor else "")
    return SourceMapping(
        read=staged.options,
        entities=entities,
        constants=findings.constants,
        extras={owner: extras for owner, extras in findings.extras.items() if extras},
        ignore=tuple(findings.ignored),
        policies=Policies(records="returned" if found.returned else "sold"),
        formats={
            name: written.model_copy(update={"timezone": timezone})
            for name, written in findings.formats.items()
        },
        currency=next(iter(known)) if len(known) == 1 else None,
        vendor=str(vendor) if vendor else "",
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


def _questions(staged: Staged, mapping: SourceMapping, findings: Findings) -> Iterable[Question]:
    for name, inference in findings.open.items():
        choices = tuple(
            Choice(
                reading(written),
                mapping.model_copy(update={"formats": mapping.formats | {name: written}}),
            )
            for written in inference.ambiguous
        )
        yield Question(name, ambiguity(staged, name, inference).message, choices)


def _missing(session: DuckDB, found: Match, findings: Findings) -> Iterable[Missing]:
    record = found.record
    for name, known in findings.mixed.items():
        fix = f"Amounts in `{name}` are in several currencies ({known}): split the file by them."
        yield Missing(found.why[name][0], fix)
    if record == "order_lines":
        yield from _missing_of_lines(session, found)
        return
    for attribute in ENTITIES[record].required:
        constant = attribute in findings.constants.get(record, {})
        if not found.has(record, attribute) and not constant:
            meaning = ENTITIES[record].attributes[attribute].meaning
            target = f"{record}.{attribute}"
            if findings.vendor is not None and target in findings.vendor.declared.lacks:
                yield Missing(target, f"{findings.vendor.declared.lacks[target]}.")
                continue
            why = findings.left.get(target, f"No column was found for it ({meaning})")
            yield Missing(target, f"{why}: map a column under `entities: {record}`.")


def _missing_of_lines(session: DuckDB, found: Match) -> Iterable[Missing]:
    if not found.has("order_lines", "unit_price", "amount") and not _has_prices(session):
        yield Missing(
            "order_lines.unit_price",
            "Map a column of prices or amounts, or load products with their price first.",
        )
    if found.has("order_lines", "order_id"):
        return
    for attribute in ("customer_id", "ordered_at"):
        if not found.has("orders", attribute) and not found.returned:
            yield Missing(f"orders.{attribute}", "Map a column, or one with the order's number.")


def _has_prices(session: DuckDB) -> bool:
    """Whether products with list prices have been loaded before."""
    if "products" not in session.tables():
        return False
    return bool(session.rows("SELECT 1 FROM products WHERE price IS NOT NULL LIMIT 1"))


def _kind(found: Match) -> str:
    """What contacts are, by the name of the column that says when."""
    when = found.attributes.get("touchpoints", {}).get("occurred_at", ("",))[0].lower()
    words = {"redem": "redeemed", "sent": "sent", "open": "opened", "click": "clicked"}
    words |= {"call": "called", "review": "reviewed"}
    return next((kind for start, kind in words.items() if start in when), "contacted")


__all__ = ["Choice", "Missing", "Question", "Reason", "Suggestion", "suggest"]
