"""Records of a source as typed rows of a temporary table, and the refusal of those that are bad."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from segmentry.core.errors import InternalError, MappingError
from segmentry.core.types import Type
from segmentry.data.entity import ENTITIES
from segmentry.data.plan import RATE, Cell, Plan, raw_name
from segmentry.data.staged import BY_PLACE, RECORD, Staged
from segmentry.data.tables import MONEY
from segmentry.engines.duckdb import DuckDB, literal, quote

TABLE = "typed_records"
NUMBER = '"#"'
"""Record number in the source."""
BAD = '"#bad"'
"""Whether the record was refused."""
AMOUNT = '"#amount"'
"""What the record says was paid, in the workspace's currency; negative for a return."""

READING = {
    Type.INTEGER: ("is not a whole number", "Write a whole number"),
    Type.NUMBER: ("is not a number", "Write a number"),
    Type.MONEY: ("is not an amount", "Write an amount"),
    Type.BOOLEAN: ("is neither yes nor no", "Write yes or no"),
    Type.DATE: ("is not a day", "Write a day that exists, in the form of the other records"),
    Type.INSTANT: ("is not a time", "Write a time that exists, in the form of the other records"),
    Type.TEXT: ("is not text", "Write text"),
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why records are refused.

    Args:
        condition: SQL over a typed record; missing counts as no.
        sources: Columns of the source to show.
    """

    condition: str
    sources: tuple[str, ...]
    reason: str
    fix: str


@dataclass(frozen=True, slots=True)
class Records:
    """The typed records of one load."""

    session: DuckDB
    staged: Staged
    plan: Plan
    load_id: int

    def read(self) -> None:
        """Type every record in one pass; refuse those with an unreadable or missing value.

        Raises:
            MappingError: Most values of a column cannot be read.
        """
        self.session.create(TABLE, self._typed(), temporary=True)
        self._refuse_malformed()
        if not self.session.value(f"SELECT count(*) FILTER ({BAD}) FROM {TABLE}"):
            return
        for cell in self.plan.cells:
            for source, condition in cell.unreadable.items():
                self._refuse_unreadable(cell, source, condition)
        self._refuse_without_rate()
        for cell in self._required():
            self._refuse_missing(cell)

    def good(self) -> str:
        """SQL condition of records that were not refused."""
        return f"NOT {BAD}"

    def count(self, condition: str = "TRUE") -> int:
        """How many good records meet a condition."""
        return int(
            self.session.value(f"SELECT count(*) FROM {TABLE} WHERE {self.good()} AND {condition}")
        )

    def rejected(self) -> int:
        """How many records were refused, malformed ones included."""
        refused = self.session.value(f"SELECT count(*) FILTER ({BAD}) FROM {TABLE}")
        return int(refused) + len(self.staged.malformed)

    def refuse(self, refusal: Refusal) -> None:
        """Refuse good records that meet a condition."""
        chosen = f"{self.good()} AND ({refusal.condition})"
        self._write(f"SELECT {NUMBER} FROM {TABLE} WHERE {chosen}", refusal)
        self.session.execute(f"UPDATE {TABLE} SET {BAD} = TRUE WHERE {chosen}")

    def drop(self) -> None:
        """Let go of the temporary table."""
        self.session.drop(TABLE)

    # typing

    def _typed(self) -> str:
        """Values first, then whether one is missing or unreadable.

        A value is looked at again only where it came out missing.
        """
        inner = {cell.name: self._value(cell) for cell in self.plan.cells}
        doubtful = [cell for cell in self.plan.cells if cell.doubts]
        raw = {raw_name(source): quote(source) for cell in doubtful for source in cell.sources}
        problems = [f"{quote(cell.name)} IS NULL" for cell in self._required()]
        problems += [doubt for cell in doubtful for doubt in cell.doubts]
        if self.plan.currency_column:
            inner[RATE] = self.plan.rate or ""
            problems.append(f"{quote(RATE)} IS NULL")
        listed = ", ".join(f"{sql} AS {quote(name)}" for name, sql in (inner | raw).items())
        values = ", ".join(quote(cell.name) for cell in self.plan.cells)
        bad = " OR ".join(problems) or "FALSE"
        return (
            f"SELECT {NUMBER}, {values}{self._made()}, ({bad}) AS {BAD}"
            f" FROM (SELECT {quote(RECORD)} AS {NUMBER}, {listed} FROM {self._source()})"
        )

    def _source(self) -> str:
        """Staged rows with their numbers and the steps to their values."""
        source = quote(self.staged.table)
        if self.staged.record_no == BY_PLACE:
            source = f"(SELECT *, {BY_PLACE} AS {quote(RECORD)} FROM {source})"
        for cell in self.plan.cells:
            source = cell.steps.rows(source)
        return source

    def _value(self, cell: Cell) -> str:
        if cell.type is not Type.MONEY or self.plan.rate is None:
            return cell.value
        return f"TRY_CAST(CAST({cell.value} AS DECIMAL(38,4)) * {self.plan.rate} AS {MONEY})"

    def _made(self) -> str:
        made = ""
        if self.plan.record == "order_lines":
            made = f", {self._line_amount()} AS {AMOUNT}"
            if self.plan.column("order_lines", "order_id") is None:
                made += f", {_made_order_id(self.plan)} AS order_id"
        elif self.plan.record == "orders":
            made = f", {quote('orders.amount')} AS {AMOUNT}"
        return made

    def _line_amount(self) -> str:
        amount = self.plan.or_null("order_lines", "amount")
        price = self.plan.column("order_lines", "unit_price")
        quantity = self.plan.column("order_lines", "quantity")
        if price is None:
            return f"CAST({amount} AS {MONEY})"
        product = times(quantity, price) if quantity else price
        return product if amount == "NULL" else f"coalesce({amount}, {product})"

    def _required(self) -> list[Cell]:
        """Columns without which a record is refused whatever the policies say."""
        record = self.plan.record
        wanted = set(ENTITIES[record].required) - {"customer_id"}
        if record not in ("orders", "order_lines"):
            wanted = set(ENTITIES[record].required)
        found = (self.plan.cell(record, attribute) for attribute in sorted(wanted))
        return [each for each in found if each is not None]

    # refusing

    def _refuse_malformed(self) -> None:
        malformed = self.staged.malformed
        if not malformed:
            return
        fields = ("record_no", "value", "reason", "fix")
        rows = pa.table({name: [getattr(each, name) for each in malformed] for name in fields})
        with self.session.registered("malformed_records", rows):
            self.session.execute(
                f"INSERT INTO rejected_records SELECT {self._owner()}, record_no, '', value,"
                " reason, fix, NULL FROM malformed_records"
            )

    def _refuse_unreadable(self, cell: Cell, source: str, condition: str) -> None:
        column = quote(source)
        failing, present = self.session.rows(
            f"SELECT count(*) FILTER ({condition}), count({column}) FROM {self.staged.table}"
        )[0]
        if not failing:
            return
        what, fix = READING[cell.type]
        if failing > 1 and failing * 2 > present:
            raise MappingError(
                f"{failing:,} of {present:,} values of column `{source}` cannot be read as "
                f"{cell.entity}.{cell.attribute}: {self._examples(column, condition)}.",
                where=self.staged.origin,
                fix=f"Map another column to it, or state the form of `{source}` under `formats`.",
                column=source,
            )
        numbers = (
            f"SELECT {self.staged.record_no} AS {NUMBER} FROM {self.staged.table} WHERE {condition}"
        )
        self._write(numbers, Refusal("", (source,), f"the value {what}", f"{fix}."))

    def _examples(self, column: str, condition: str) -> str:
        found = self.session.rows(
            f"SELECT DISTINCT left(CAST({column} AS VARCHAR), 40) FROM {self.staged.table}"
            f" WHERE {condition} ORDER BY 1 LIMIT 3"
        )
        return ", ".join(f"`{value}`" for (value,) in found)

    def _refuse_without_rate(self) -> None:
        source = self.plan.currency_column
        if not source:
            return
        condition = f"({self.plan.rate}) IS NULL"
        failing = int(
            self.session.value(f"SELECT count(*) FROM {self.staged.table} WHERE {condition}")
        )
        examples = self._examples(quote(source), condition)
        if failing * 2 > self.staged.records:
            raise MappingError(
                f"{failing:,} of {self.staged.records:,} records are in a currency without a rate:"
                f" {examples}.",
                where=self.staged.origin,
                fix="Declare what one of it is worth in the workspace's currency.",
            )
        if failing:
            numbers = (
                f"SELECT {self.staged.record_no} AS {NUMBER} FROM {self.staged.table}"
                f" WHERE {condition}"
            )
            fix = "Declare a rate: what one of it is worth in the workspace's currency."
            self._write(numbers, Refusal("", (source,), "there is no rate for the currency", fix))

    def _refuse_missing(self, cell: Cell) -> None:
        shown = " + ".join(cell.sources)
        named = "Fill it in, or leave the record out."
        told = ", ".join(map(literal, (shown, *cell.sources, self.plan.currency_column)))
        numbers = (
            f"SELECT {NUMBER} FROM {TABLE} WHERE {quote(cell.name)} IS NULL AND {NUMBER} NOT IN"
            f" (SELECT record_no FROM rejected_records WHERE load_id = {self.load_id}"
            f" AND column_name IN ({told}))"
        )
        reason = f"the {cell.attribute} is missing"
        self._write(numbers, Refusal("", cell.sources, reason, named))

    def _write(self, numbers: str, refusal: Refusal) -> None:
        """List the records whose numbers a query gives, with the source's own values."""
        value = "NULL"
        if refusal.sources:
            shown = [f"CAST(s.{quote(each)} AS VARCHAR)" for each in refusal.sources]
            value = f"concat_ws(' + ', {', '.join(shown)})" if len(shown) > 1 else shown[0]
        self.session.execute(
            f"INSERT INTO rejected_records SELECT {self._owner()}, {NUMBER},"
            f" {literal(' + '.join(refusal.sources))}, {value}, {literal(refusal.reason)},"
            f" {literal(refusal.fix)}, to_json(s)"
            f" FROM ({numbers}) JOIN {self.staged.table} s ON {self.staged.is_record(NUMBER)}"
        )

    def _owner(self) -> str:
        """Load, source and entity, as they stand in every list of rejected records."""
        return f"{self.load_id}, {literal(self.staged.origin)}, {literal(self.plan.record)}"

    def check_complete(self, settled: int) -> None:
        """Make sure that no record was lost.

        Raises:
            InternalError: Records are not the sum of those settled and those refused.
        """
        if settled + self.rejected() != self.staged.records:
            raise InternalError(
                f"{self.staged.records} records were read, but {settled} were taken and "
                f"{self.rejected()} refused; nothing was changed.",
                where=self.staged.origin,
            )


def _made_order_id(plan: Plan) -> str:
    """Lines that name no order belong to one by customer and time.

    Returns belong together when they agree in everything that they say of an order, and never to
    an order of something sold.
    """
    instant = plan.column("orders", "ordered_at")
    if not plan.returned:
        return f"concat_ws('|', {quote('customer_id')}, CAST({instant} AS VARCHAR))"
    said = sorted(quote(each.name) for each in plan.of("orders") if each.sources)
    parts = (f"coalesce(CAST({each} AS VARCHAR), '')" for each in said)
    return f"concat_ws('|', 'return', {', '.join(parts)})"


def times(quantity: str, price: str) -> str:
    """SQL of a quantity times a price: exact, rounded once; missing when it is too large.

    (Products of decimals are computed in 64 bits where both fit, and fail when the result does not;
    with wider ones they are 20 times as slow.)
    """
    small = f"abs({quantity}) < 10000 AND abs({price}) < 10000"
    fast = f"CAST(CAST({quantity} AS DECIMAL(18,6)) * {price} AS {MONEY})"
    wide = f"TRY_CAST(TRY_CAST({quantity} AS DECIMAL(38,6)) * {price} AS {MONEY})"
    return f"CASE WHEN {small} THEN {fast} ELSE {wide} END"


__all__ = ["AMOUNT", "BAD", "NUMBER", "TABLE", "Records", "Refusal", "times"]
