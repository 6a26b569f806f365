"""What stands in each column: type, fill, extremes, frequent values, forms, what looks wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from segmentry.core.types import Type
from segmentry.data.available import loaded_columns, sensitive_fields
from segmentry.data.checks.orders import TIME_OF_ORDERS
from segmentry.data.checks.personal import PERSONAL, mask
from segmentry.data.checks.values import Values, of_column
from segmentry.data.column_format import TEXT_SOURCE, ColumnFormat, type_of
from segmentry.data.convert import Steps, conversion
from segmentry.data.entity import entity as entity_of
from segmentry.data.extra import likely_format
from segmentry.data.sensitive.decision import Standing
from segmentry.data.sensitive.gate import hidden_columns
from segmentry.data.sensitive.scan import sensitive_columns
from segmentry.data.staged import Staged
from segmentry.data.synonym import plain_name, synonyms
from segmentry.engines.duckdb import DuckDB, literal, quote

FREQUENT = 5
FORMS = 5
EXAMPLES = 3
APART = 0.5
"""Share of days outside the time of all orders from which on another clock is likely."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that looks wrong. `check` is the name of the check that finds it in loaded data.

    Args:
        column: Where; empty when it is about whole records.
        examples: Values that show it, masked in personal columns.
    """

    check: str
    column: str
    count: int
    meaning: str
    fix: str
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """What is known of a column.

    Args:
        type: What its values are; text where nothing else fits all of them.
        least: Smallest value, for texts the first by letters.
        median: Of numbers, days and instants; else missing.
        frequent: The most frequent values and how often they stand there; none if all differ.
        forms: How the texts look, digits as 9 and words as a, the most frequent first.
        personal: Whether values are masked.
    """

    name: str
    type: Type
    rows: int
    filled: int
    distinct: int
    least: Any
    most: Any
    median: Any
    frequent: tuple[tuple[Any, int], ...]
    forms: tuple[tuple[str, int], ...]
    personal: bool

    @property
    def filled_share(self) -> float:
        """Share of rows with a value, 0 when there are no rows."""
        return self.filled / self.rows if self.rows else 0.0


@dataclass(frozen=True, slots=True)
class Profile:
    """All columns of a file or a table, and what looks wrong in them."""

    source: str
    rows: int
    columns: tuple[ColumnProfile, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Column:
    """A column to look at: `raw` as it stands, `value` as it is read."""

    name: str
    kind: Type
    table: str
    raw: str
    value: str
    personal: bool


def profile_source(session: DuckDB, staged: Staged, timezone: str = "UTC") -> Profile:
    """The columns of a staged source, each by the type that all its values fit.

    Columns that are sensitive by their names or values are left out.
    """
    hidden = sensitive_columns(session, staged)
    names = [each for each in staged.names if each not in hidden]
    columns = [_of_source(session, staged, name, timezone) for name in names]
    return _profile(session, staged.origin, columns, tuple(_of_records(session, staged)))


def profile_entity(
    session: DuckDB, name: str, sensitive: Iterable[Standing] | None = None
) -> Profile:
    """The filled columns of a loaded table; nothing loaded is no columns, locked ones neither.

    Args:
        sensitive: The sensitive fields; all that are recognised are locked when not given.

    Raises:
        UnknownNameError: There is no such entity.
    """
    table = entity_of(name).name
    known = sensitive_fields(session) if sensitive is None else sensitive
    locked = hidden_columns(session.columns(table), table, known)
    columns = [
        _Column(column, kind, quote(table), quote(column), quote(column), column in PERSONAL)
        for column, kind in loaded_columns(session).get(table, {}).items()
        if column in session.columns(table) and column not in locked
    ]
    return _profile(session, name, columns, ())


def _of_source(session: DuckDB, staged: Staged, name: str, timezone: str) -> _Column:
    held, x = staged.column(name).type_name, quote(name)
    if held == TEXT_SOURCE:
        written = likely_format(session, staged, name) or ColumnFormat()
        written = written.model_copy(update={"timezone": timezone})
        steps = Steps(name)
        value = conversion(x, held, written.kind, written, steps)
        rows = steps.rows(quote(staged.table))
        return _Column(name, written.kind, rows, x, value, is_personal(name))
    return _Column(name, type_of(held), quote(staged.table), x, x, is_personal(name))


def is_personal(name: str) -> bool:
    """Whether a column of a source, by its name, names or finds a person."""
    plain, known = plain_name(name), synonyms()["customers"]
    return plain in PERSONAL or any(
        plain in known[attribute].everywhere for attribute in sorted(PERSONAL & set(known))
    )


def _profile(
    session: DuckDB, source: str, columns: Sequence[_Column], whole: tuple[Finding, ...]
) -> Profile:
    found = tuple(_column(session, each) for each in columns)
    looked = (_look(session, each, known) for each, known in zip(columns, found, strict=True))
    findings = (*whole, *(finding for each in looked for finding in each))
    return Profile(source, found[0].rows if found else 0, found, findings)


def _column(session: DuckDB, column: _Column) -> ColumnProfile:
    ordered = column.kind.is_numeric or column.kind.is_temporal
    middle = f"median({column.value})" if ordered else "NULL"
    v = column.value
    rows, filled, distinct, least, most, median = session.rows(
        f"SELECT count(*), count(v), count(DISTINCT v), min(v), max(v), {middle.replace(v, 'v')}"
        f" FROM (SELECT {v} AS v FROM {column.table})"
    )[0]
    shown = mask if column.personal else _as_it_is
    frequent = _frequent(session, column, filled, distinct)
    return ColumnProfile(
        column.name, column.kind, rows, filled, distinct, shown(least), shown(most), shown(median),
        tuple((shown(value), count) for value, count in frequent),
        tuple(_forms(session, column)), column.personal,
    )  # fmt: skip


def _as_it_is(value: object) -> object:
    return value


def _frequent(
    session: DuckDB, column: _Column, filled: int, distinct: int
) -> Sequence[tuple[Any, int]]:
    if distinct == filled:
        return ()
    return session.rows(
        f"SELECT v, count(*) FROM (SELECT {column.value} AS v FROM {column.table})"
        f" WHERE v IS NOT NULL GROUP BY v ORDER BY 2 DESC, 1 LIMIT {FREQUENT}"
    )


def _forms(session: DuckDB, column: _Column) -> Sequence[tuple[str, int]]:
    text = f"CAST({column.raw} AS VARCHAR)"
    form = rf"regexp_replace(regexp_replace({text}, '\p{{L}}+', 'a', 'g'), '\p{{Nd}}', '9', 'g')"
    return session.rows(
        f"SELECT left({form}, 40), count(*) FROM {column.table} WHERE {text} IS NOT NULL"
        f" GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {FORMS}"
    )


# what looks wrong


def _look(session: DuckDB, column: _Column, known: ColumnProfile) -> Iterator[Finding]:
    plain = plain_name(column.name)
    if known.rows > 1 and known.distinct == 1 and known.filled == known.rows:
        yield Finding(
            "constant_columns", column.name, known.rows, "holds one and the same value everywhere",
            "Leave it out; it divides nobody.", (str(known.least),),
        )  # fmt: skip
    yield from _oddly_written(session, column)
    if not column.personal:
        values = Values("records", plain, column.kind, column.table, column.value)
        for check in of_column(values):
            source = f"{check.rows} t WHERE {check.failing}"
            count = session.value(f"SELECT count(*) FROM {source}")
            if count:
                told = session.rows(
                    f"SELECT DISTINCT value FROM {source} ORDER BY 1 LIMIT {EXAMPLES}"
                )
                examples = tuple(str(value) for (value,) in told)
                meaning, fix = check.texts.meaning(), check.texts.fix()
                yield Finding(check.name, column.name, count, meaning, fix, examples)
    if column.kind.is_temporal and "orders" in session.tables():
        yield from _other_clock(session, column, known)


def _oddly_written(session: DuckDB, column: _Column) -> Iterator[Finding]:
    """Blanks where values should stand; ids that became numbers with decimals."""
    text = f"CAST({column.raw} AS VARCHAR)"
    blank, floats = session.rows(
        f"SELECT count(*) FILTER ({text} <> '' AND trim({text}) = ''), count(*) FILTER"
        rf" (regexp_full_match({text}, '\d+\.0') AND {literal(column.name)} ILIKE '%id')"
        f" FROM {column.table}"
    )[0]
    if blank:
        yield Finding(
            "blank_values", column.name, blank, "has values of nothing but spaces",
            "They are read as missing; look what the source means by them.",
        )  # fmt: skip
    if floats:
        yield Finding(
            "float_ids", column.name, floats, "has ids written as numbers with decimals",
            "They are read as whole ones; export ids as text.",
        )  # fmt: skip


def _other_clock(session: DuckDB, column: _Column, known: ColumnProfile) -> Iterator[Finding]:
    """Days that mostly lie outside the time of the orders that are loaded."""
    outside = session.value(
        f"SELECT count(*) FILTER ({column.value} NOT BETWEEN first_order AND last_order"
        f" + INTERVAL 1 DAY) FROM {column.table} CROSS JOIN {TIME_OF_ORDERS}"
    )
    if known.filled and outside > APART * known.filled:
        yield Finding(
            "other_clock", column.name, outside, "is dated outside the time of all loaded orders",
            "The source is likely on another clock, or of other years.",
            (str(known.least), str(known.most)),
        )  # fmt: skip


def _of_records(session: DuckDB, staged: Staged) -> Iterator[Finding]:
    """Records that repeat, wholly or but for the first column; names that stand twice."""
    listed = ", ".join(map(quote, staged.names))
    table, fix = quote(staged.table), "Look whether they were exported twice."
    copies = session.value(
        f"SELECT count(*) - count(DISTINCT ({listed})) FROM (SELECT {listed} FROM {table})"
    )
    if copies:
        meaning = "equal an earlier record in every column"
        yield Finding("exact_duplicates", "", copies, meaning, fix)
    first, *rest = staged.names
    if len(rest) > 7:
        others = ", ".join(map(quote, rest))
        twins, ids = session.rows(
            f"SELECT count(*) - count(DISTINCT ({others})),"
            f" count(*) - count(DISTINCT {quote(first)}) FROM {table}"
        )[0]
        if twins and not ids:
            meaning = f"equal an earlier record in everything but `{first}`"
            yield Finding("equal_but_id", first, twins, meaning, fix)
    for notice in staged.notices:
        if "more than once" in notice:
            fix = "The second one got another name; look which is meant."
            yield Finding("doubled_header", "", 1, notice.rstrip("."), fix)


__all__ = ["ColumnProfile", "Finding", "Profile", "is_personal", "profile_entity", "profile_source"]
