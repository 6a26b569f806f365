"""What a mapping makes of a staged source: typed columns of its records, as SQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from segmentry.core.errors import MappingError
from segmentry.core.types import Type
from segmentry.data import clock
from segmentry.data.column_format import TEXT_SOURCE, type_of
from segmentry.data.convert import Steps, conversion, present, unreadable
from segmentry.data.entity import ENTITIES, NUMBER_OR_BAND, Attribute
from segmentry.data.format import ColumnFormat, infer, resolve
from segmentry.data.mapping import Mapping as SourceMapping
from segmentry.data.staged import Staged
from segmentry.data.tables import MONEY, TABLES
from segmentry.engines.duckdb import DuckDB, literal, quote

LINKS = ("order_id", "customer_id", "product_id", "company_id")
"""Attributes that mean the same in every entity; a source has one column for each."""

FEEDS: Mapping[str, tuple[str, ...]] = {
    "order_lines": ("orders", "customers", "products", "companies"),
    "orders": ("customers", "companies"),
    "events": ("customers", "products", "companies"),
    "touchpoints": ("customers",),
    "survey_answers": ("customers",),
    "consents": ("customers",),
    "costs": (),
    "customers": ("companies",),
    "products": (),
    "companies": (),
}
"""What a record of a source can be, the finest first, and what else it may tell about."""

RATE = "#rate"
"""What the record's amounts are multiplied with; missing when its currency has no rate."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A typed column of the records.

    Args:
        name: Its name in the typed table.
        sources: The columns it is read from; none for a constant.
        value: SQL of the typed value, over a staged row.
        unreadable: For each source column, the SQL condition that its value cannot be read.
        doubts: The same over a row with the typed column and the sources under their `raw_name`,
            so spelled that a value is looked at again only where it came out missing.
        steps: What of the staged rows the value is made of besides their columns.
    """

    name: str
    entity: str
    attribute: str
    type: Type
    sources: tuple[str, ...]
    value: str
    unreadable: Mapping[str, str] = field(default_factory=dict)
    doubts: tuple[str, ...] = ()
    extra: bool = False
    steps: Steps = field(default_factory=lambda: Steps(""))


def raw_name(source: str) -> str:
    """What a source column is called beside typed columns."""
    return f"#raw {source}"


@dataclass(frozen=True, slots=True)
class Plan:
    """All typed columns of the records, and what entity a record is.

    Args:
        record: The entity of which each record is one.
        entities: Every entity that the source feeds, `record` first.
        returned: Whether all records tell of what was given back.
        rate: SQL, over a staged row, of what amounts are multiplied with; missing when there is
            no rate. `None`: amounts are in the workspace's currency.
    """

    record: str
    entities: tuple[str, ...]
    cells: tuple[Cell, ...]
    returned: bool = False
    rate: str | None = None
    currency_column: str = ""

    def of(self, entity: str) -> tuple[Cell, ...]:
        """The columns that tell about an entity, its key and the customer's id left out."""
        table = TABLES[entity]
        shared = {link for link in LINKS if link in table.columns and link not in table.key}
        return tuple(
            each
            for each in self.cells
            if (each.name in shared if each.name in LINKS else each.entity == entity)
        )

    def cell(self, entity: str, attribute: str) -> Cell | None:
        """The column of an attribute, when there is one."""
        name = attribute if attribute in LINKS else f"{entity}.{attribute}"
        return next((each for each in self.cells if each.name == name), None)

    def column(self, entity: str, attribute: str) -> str | None:
        """The quoted typed column of an attribute, when there is one."""
        found = self.cell(entity, attribute)
        return quote(found.name) if found else None

    def or_null(self, entity: str, attribute: str) -> str:
        """The quoted typed column of an attribute, or NULL."""
        return self.column(entity, attribute) or "NULL"

    @property
    def instant(self) -> str | None:
        """The quoted typed column that says when, when there is one."""
        owner = "orders" if self.record == "order_lines" else self.record
        return self.column(owner, ENTITIES[owner].instant or "")


@dataclass(frozen=True, slots=True)
class Planner:
    """Turns a mapping into a plan for one staged source.

    Args:
        currency: The workspace's currency.
        rates: Currency → what one of it is worth in the workspace's.
    """

    session: DuckDB
    staged: Staged
    mapping: SourceMapping
    timezone: str
    currency: str
    rates: Mapping[str, Decimal]

    def plan(self) -> Plan:
        """The plan.

        Raises:
            MappingError: A column, a required attribute or a rate is missing, or the entities do
                not belong together.
            AmbiguousInputError: A column can be read in several ways and none was declared.
        """
        self.mapping.check(self.staged)
        record = self._record()
        cells = (*self._links(), *self._attributes(), *self._extras())
        returned = self.mapping.policies.records == "returned"
        cells = tuple(_given_back(record, cells)) if returned else cells
        plan = Plan(record, self._entities(record, cells), cells, returned, *self._rate())
        self._check_required(plan)
        return plan

    def _mapped(self) -> set[str]:
        return {name for name, given in self.mapping.entities.items() if given}

    def _record(self) -> str:
        mapped = self._mapped()
        for name, feeds in FEEDS.items():
            if name in mapped:
                strange = mapped - {name, *feeds}
                if strange:
                    raise MappingError(
                        f"records of {name} cannot tell about {' and '.join(sorted(strange))} too.",
                        where=self.staged.origin,
                        fix="Map one of them, and load the file a second time for the other.",
                    )
                return name
        raise MappingError(
            "the mapping maps no column.",
            where=self.staged.origin,
            fix="State under `entities` which column is which attribute.",
        )

    def _entities(self, record: str, cells: tuple[Cell, ...]) -> tuple[str, ...]:
        names = {each.name for each in cells}
        fed = self._mapped() | set(self.mapping.extras) | set(self.mapping.constants)
        if record == "order_lines" and "orders.ordered_at" in names:
            fed.add("orders")
        if "customer_id" in names and "customers" in FEEDS[record]:
            fed.add("customers")
        return (record, *(name for name in FEEDS[record] if name in fed))

    def _links(self) -> Iterator[Cell]:
        for link in LINKS:
            found = {
                name: self.mapping.columns_of(name, link)
                for name in self.mapping.entities
                if self.mapping.columns_of(name, link)
            }
            if len(set(found.values())) > 1:
                spelled = ", ".join(f"{name}: {' + '.join(cols)}" for name, cols in found.items())
                raise MappingError(
                    f"`{link}` comes from different columns ({spelled}).",
                    where=self.staged.origin,
                    fix="Map it to the same column everywhere.",
                )
            for name, sources in list(found.items())[:1]:
                yield self._cell(link, name, link, Type.TEXT, sources)

    def _attributes(self) -> Iterator[Cell]:
        for name, given in self.mapping.entities.items():
            for attribute in given:
                if attribute not in LINKS:
                    kind = ENTITIES[name].attributes[attribute].type
                    sources = self.mapping.columns_of(name, attribute)
                    cell = self._cell(f"{name}.{attribute}", name, attribute, kind, sources)
                    yield self._plain_number(cell) if attribute in NUMBER_OR_BAND else cell
        for name, constants in self.mapping.constants.items():
            for attribute, value in constants.items():
                yield self._constant(name, ENTITIES[name].attributes[attribute], value)

    def _extras(self) -> Iterator[Cell]:
        for name, extras in self.mapping.extras.items():
            for column, source in extras.items():
                kind = self._kind_of(source)
                yield self._cell(f"{name}.{column}", name, column, kind, (source,), extra=True)

    def _cell(
        self,
        name: str,
        entity: str,
        attribute: str,
        kind: Type,
        sources: tuple[str, ...],
        extra: bool = False,
    ) -> Cell:
        if kind is Type.INSTANT and len(sources) == 2:
            return self._of_day_and_clock(name, entity, attribute, *sources)
        values, problems, doubts, steps = [], {}, [], Steps(name)
        for source in sources:
            held, written = self.staged.column(source).type_name, self._format(source, kind)
            values.append(conversion(quote(source), held, kind, written, steps))
            problems[source] = unreadable(quote(source), held, kind, written)
            raw = quote(raw_name(source))
            doubts.append(
                f"CASE WHEN {quote(name)} IS NULL THEN {present(raw, held, written)} ELSE FALSE END"
                if len(sources) == 1
                else unreadable(raw, held, kind, written)
            )
        value = values[0] if len(values) == 1 else _added(values, kind, entity, attribute)
        if kind is Type.TEXT:
            return Cell(name, entity, attribute, kind, sources, value, extra=extra)
        return Cell(
            name, entity, attribute, kind, sources, value, problems, tuple(doubts), extra, steps
        )

    def _plain_number(self, cell: Cell) -> Cell:
        """A text of numbers only, as plain numbers; one with a band among them as it is."""
        [source, *more] = cell.sources
        held = self.staged.column(source).type_name
        if more or held != TEXT_SOURCE:
            return cell
        found = infer(self.session, self.staged, source, Type.MONEY, self.mapping.read)
        if found.format is None or not 0 < found.present == found.readable:
            return cell
        number = conversion(quote(source), held, Type.MONEY, found.format)
        text = rf"regexp_replace(CAST({number} AS VARCHAR), '\.?0+$', '')"
        whole = f"CAST(CAST({number} AS BIGINT) AS VARCHAR)"
        return replace(cell, value=f"CASE WHEN {number} % 1 = 0 THEN {whole} ELSE {text} END")

    def _of_day_and_clock(
        self, name: str, entity: str, attribute: str, day: str, time: str
    ) -> Cell:
        """An instant of which the day stands in one column and the time in another."""
        days, times = (self.staged.column(each).type_name for each in (day, time))
        written = self._format(day, Type.DATE)
        steps = Steps(name)
        value = clock.instant(quote(day), days, quote(time), times, written, steps)
        raw_day, raw_time = quote(raw_name(day)), quote(raw_name(time))
        problems = {
            day: unreadable(quote(day), days, Type.DATE, written),
            time: clock.unreadable(quote(time), times),
        }
        doubts = (
            f"({quote(name)} IS NULL AND {present(raw_day, days, written)})",
            clock.unreadable(raw_time, times),
        )
        kind = Type.INSTANT
        return Cell(
            name, entity, attribute, kind, (day, time), value, problems, doubts, steps=steps
        )

    def _constant(self, entity: str, attribute: Attribute, value: str) -> Cell:
        format_ = ColumnFormat(kind=attribute.type, timezone=self.timezone)
        spelled = conversion(literal(value), "VARCHAR", attribute.type, format_)
        if self.session.value(f"SELECT {spelled}") is None:
            raise MappingError(
                f"the constant `{value}` of {entity}.{attribute.name} is not a value of type "
                f"{attribute.type.value}.",
                where=self.staged.origin,
                fix="Correct it under `constants`.",
            )
        name = attribute.name if attribute.name in LINKS else f"{entity}.{attribute.name}"
        return Cell(name, entity, attribute.name, attribute.type, (), spelled)

    def _format(self, source: str, kind: Type) -> ColumnFormat:
        return resolve(
            self.session,
            self.staged,
            source,
            kind,
            declared=self.mapping.formats.get(source),
            options=self.mapping.read,
            timezone=self.timezone,
        )

    def _kind_of(self, source: str) -> Type:
        declared = self.mapping.formats.get(source)
        return declared.kind if declared else type_of(self.staged.column(source).type_name)

    def _rate(self) -> tuple[str | None, str]:
        """What amounts are multiplied with, and the column that decides it."""
        usual = (self.mapping.currency or self.currency).upper()
        for owner in ("orders", "costs"):
            sources = self.mapping.columns_of(owner, "currency")
            if sources:
                code = f"coalesce(upper(trim({quote(sources[0])})), {literal(usual)})"
                return self._rate_of(code), sources[0]
            usual = self.mapping.constants.get(owner, {}).get("currency", usual).upper()
        if usual == self.currency.upper():
            return None, ""
        if usual not in self._rates():
            raise MappingError(
                f"amounts are in {usual}, the workspace is in {self.currency}.",
                where=self.staged.origin,
                fix=f"Declare a rate: what one {usual} is worth in {self.currency}.",
            )
        return self._rate_of(literal(usual)), ""

    def _rates(self) -> dict[str, Decimal]:
        given = {code.upper(): rate for code, rate in self.rates.items()}
        return given | {self.currency.upper(): Decimal(1)}

    def _rate_of(self, code: str) -> str:
        cases = " ".join(
            f"WHEN {literal(name)} THEN {rate:f}" for name, rate in self._rates().items()
        )
        return f"CAST(CASE {code} {cases} END AS DECIMAL(18,8))"

    def _check_required(self, plan: Plan) -> None:
        wanted = set(ENTITIES[plan.record].required)
        if plan.record == "order_lines":
            _check_lines(self.session, plan, self.staged.origin)
            wanted.clear()
        for entity, link in (("customers", "customer_id"), ("products", "product_id")):
            if entity in plan.entities and entity != plan.record:
                wanted.add(link)
        if "companies" in plan.entities:
            wanted.add("company_id")
        for attribute in sorted(wanted):
            if plan.column(plan.record, attribute) is None:
                raise _unmapped(plan.record, attribute, self.staged.origin)


def _check_lines(session: DuckDB, plan: Plan, origin: str) -> None:
    owned = plan.returned or plan.column("orders", "customer_id")
    made = owned and plan.column("orders", "ordered_at")
    if plan.column("order_lines", "order_id") is None and not made:
        raise _unmapped("order_lines", "order_id", origin)
    priced = plan.column("order_lines", "amount") or plan.column("order_lines", "unit_price")
    if priced is None and not session.rows(
        "SELECT 1 FROM products WHERE price IS NOT NULL LIMIT 1"
    ):
        raise MappingError(
            "order_lines need an `amount` or a `unit_price`, but no column is mapped to either.",
            where=origin,
            fix="Map one, or load products with their `price` first.",
        )


def _unmapped(entity: str, attribute: str, origin: str) -> MappingError:
    known = ENTITIES[entity].attributes.get(attribute)
    meaning = f" ({known.meaning})" if known else ""
    return MappingError(
        f"{entity} need `{attribute}`{meaning}, but no column is mapped to it.",
        where=origin,
        fix=f"Map a column to {entity}.{attribute}.",
    )


BACK = "orders.amount", "order_lines.amount", "order_lines.quantity"


def _given_back(record: str, cells: tuple[Cell, ...]) -> Iterator[Cell]:
    """The columns of records of returns, negative; a line without a quantity gives one back."""
    for each in cells:
        yield replace(each, value=f"-abs({each.value})") if each.name in BACK else each
    if record == "order_lines" and all(each.name != BACK[-1] for each in cells):
        yield Cell(BACK[-1], record, "quantity", Type.NUMBER, (), "CAST(-1 AS DOUBLE)")


def _added(values: list[str], kind: Type, entity: str, attribute: str) -> str:
    if not kind.is_numeric:
        raise MappingError(
            f"{entity}.{attribute} is not a number, so several columns cannot be added up for it.",
            fix="Map it to one column.",
        )
    known = " + ".join(f"coalesce({each}, 0)" for each in values)
    total = f"CASE WHEN coalesce({', '.join(values)}) IS NOT NULL THEN {known} END"
    return f"TRY_CAST({total} AS {MONEY})" if kind is Type.MONEY else total


__all__ = ["LINKS", "RATE", "Cell", "Plan", "Planner", "raw_name"]
