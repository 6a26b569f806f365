"""From a staged column to a typed value: SQL from fixed templates, escaped in one place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from segmentry.core.types import Type
from segmentry.data.column_format import ISO, TEXT_SOURCE, ColumnFormat
from segmentry.data.month_names import Calendar, month_numbers
from segmentry.data.solar_hijri import instant_of
from segmentry.data.zone import local_of_utc, utc_of_local
from segmentry.engines.duckdb import literal, quote
from segmentry.sql.dialects.duckdb import DUCKDB

SPACES = " \t\r\n\u00a0\u2007\u2009\u202f\u200e\u200f\ufeff"
"""Characters that mean nothing at the ends of a value."""
MINUS = r"\-−–"
"""For a class of characters in a pattern."""
TRUE_WORDS = (
    "true", "t", "yes", "y", "1", "1.0", "on", "так", "да", "tak", "بله", "آری", "subscribed",
    "opted_in", "single_opt_in", "confirmed_opt_in",
)  # fmt: skip
FALSE_WORDS = (
    "false", "f", "no", "n", "0", "0.0", "off", "ні", "нет", "nie", "خیر", "نه", "unsubscribed",
    "not_subscribed", "opted_out", "cleaned",
)  # fmt: skip
FAR_DIGITS = ("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
FAR_GROUPS = "٬"
"""Mark between groups of three digits in Persian and Arabic; it never means anything else."""
OFFSET = (
    r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?"
    r" ?(?:Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)"
)
"""ISO 8601 with an offset."""
NAIVE = r"\s*\d{4}-\d{1,2}-\d{1,2}(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)?\s*"
"""ISO 8601 without one. What is finer than microseconds is cut off."""


Naming = Callable[[str, str, Callable[[str], str]], str]
"""Gives a long value a short name, for what is then made of it."""


def named(name: str, value: str, then: Callable[[str], str]) -> str:
    """SQL that computes a long value once and uses it under a short name, a microsecond a row."""
    return f"list_transform([{value}], lambda {name}: {then(name)})[1]"


@dataclass(frozen=True, slots=True)
class Steps:
    """Long values as columns of the rows, each computed before what is made of it.

    In place of `named` for many rows, which it costs nothing.

    Args:
        of: What the values are steps to; different for each column that is made.
    """

    of: str
    values: dict[str, str] = field(default_factory=dict)

    def __call__(self, name: str, value: str, then: Callable[[str], str]) -> str:
        """What `then` makes of the column that holds the value."""
        column = quote(f"#{name} {self.of}")
        self.values[column] = value
        return then(column)

    def rows(self, source: str) -> str:
        """SQL of the rows of a relation with the columns."""
        for column, value in self.values.items():
            source = f"(SELECT *, {value} AS {column} FROM {source})"
        return source


def conversion(
    column_sql: str,
    source_type: str,
    target: Type,
    format: ColumnFormat,  # noqa: A002
    naming: Naming = named,
) -> str:
    """SQL of the typed value; NULL where the text is missing or cannot be read.

    Texts are trimmed. Money is rounded to four places. Integers written with a fraction of zero are
    integers; with another fraction they cannot be read. Numbers are finite.

    Args:
        column_sql: The quoted column.
        source_type: The engine's type of the staged column.
        target: The type wanted.
        format: How the text is written, from `resolve`.
        naming: How long values get short names; `Steps` where there are many rows.
    """
    if source_type == TEXT_SOURCE:
        return _of_text(column_sql, target, format, naming)
    return _of_typed(column_sql, source_type, target, format, naming)


def readable(column_sql: str, source_type: str, target: Type, format: ColumnFormat) -> str:  # noqa: A002
    """SQL condition, never NULL: there is a value and it can be read as `target`."""
    if target is Type.INSTANT:  # whether it can be read depends on no zone
        target, format = Type.DATE, format.model_copy(update={"timezone": ""})  # noqa: A001
    return f"{conversion(column_sql, source_type, target, format)} IS NOT NULL"


def unreadable(column_sql: str, source_type: str, target: Type, format: ColumnFormat) -> str:  # noqa: A002
    """SQL condition, never NULL: there is a value but it cannot be read as `target`."""
    if target is Type.TEXT:
        return "false"
    known = present(column_sql, source_type, format)
    is_read = readable(column_sql, source_type, target, format)
    return f"CASE WHEN {is_read} THEN false ELSE {known} END"


def present(column_sql: str, source_type: str, format: ColumnFormat) -> str:  # noqa: A002
    """SQL condition, never NULL: the field holds a value, not nothing or a word for missing."""
    if source_type == TEXT_SOURCE:
        words = ("", *format.missing)
        trimmed = f"trim({column_sql}, {literal(SPACES)})"
        return (
            f"CASE WHEN {_plain(column_sql)} THEN NOT {_equals_any(column_sql, words)}"
            f" ELSE coalesce(NOT {_is_word(trimmed, words)}, false) END"
        )
    if source_type in {"DOUBLE", "FLOAT"}:
        return f"({column_sql} IS NOT NULL AND NOT isnan({column_sql}))"
    return f"({column_sql} IS NOT NULL)"


def _plain(x: str) -> str:
    """Whether a text needs no trimming, as nearly all do: seen by its two ends."""
    return f"{x} BETWEEN '!' AND '~' AND {x}[-1] BETWEEN '!' AND '~'"


def _equals_any(x: str, words: Iterable[str]) -> str:
    """Whether a column is one of the words; words beyond its least and greatest value cost nothing.

    (The engine makes a join of a long IN, and then computes its operand for all rows, even inside
    a CASE that needs it for few.)
    """
    return f"({' OR '.join(f'{x} = {literal(each)}' for each in words)})"


def _is_word(x: str, words: Iterable[str]) -> str:
    """Whether an expression, computed once, is one of the words."""
    mark = "\x1f"
    listed, border = literal(mark + mark.join(words) + mark), literal(mark)
    return f"contains({listed}, {border} || {x} || {border})"


def _else(first: str, otherwise: str) -> str:
    """The first value, or the other where there is none; the other is then computed only there.

    (The engine computes repeated parts of the operands of `coalesce` for all rows.)
    """
    return f"CASE WHEN {first} IS NOT NULL THEN {first} ELSE {otherwise} END"


# text

TextTemplate = Callable[[str, ColumnFormat, Naming], str]


def _of_text(x: str, target: Type, written: ColumnFormat, naming: Naming) -> str:
    value = TEMPLATES[target](x, written, naming)
    numeric = [word for word in written.missing if any(char.isdigit() for char in word)]
    if numeric and target is not Type.TEXT:
        trimmed = f"trim({x}, {literal(SPACES)})"
        return f"CASE WHEN {_is_word(trimmed, numeric)} THEN NULL ELSE {value} END"
    return value


def _text(x: str, written: ColumnFormat, _: Naming) -> str:
    """The text trimmed."""
    trimmed, words = f"trim({x}, {literal(SPACES)})", ("", *written.missing)
    value = (
        f"CASE WHEN {_plain(x)} THEN CASE WHEN {_equals_any(x, words)} THEN NULL ELSE {x} END"
        f" WHEN {_is_word(trimmed, words)} THEN NULL ELSE {trimmed} END"
    )
    if not written.whole:
        return value
    return rf"regexp_replace({value}, '^([+-]?\d+)\.0+$', '\1')"


def _number(x: str, written: ColumnFormat, _: Naming) -> str:
    value = _decimal_text(x, written, "DOUBLE")
    return f"CASE WHEN isfinite({value}) THEN {value} END"


def _money(x: str, written: ColumnFormat, _: Naming) -> str:
    return _decimal_text(x, written, DUCKDB.types[Type.MONEY])


def _integer(x: str, written: ColumnFormat, _: Naming) -> str:
    exact = _decimal_text(x, written, "DECIMAL(28,6)")
    return f"CASE WHEN {exact} % 1 = 0 THEN CAST({exact} AS BIGINT) END"


def _decimal_text(x: str, written: ColumnFormat, kind: str) -> str:
    """Plain numbers are cast as they are; only what is left is taken apart."""
    decorated = _decorated(x, written, kind)
    if written.decimal == ".":
        return _else(f"TRY_CAST({x} AS {kind})", decorated)
    with_point = f"TRY_CAST(replace({x}, ',', '.') AS {kind})"
    return _else(f"CASE WHEN NOT contains({x}, '.') THEN {with_point} END", decorated)


def _decorated(x: str, written: ColumnFormat, kind: str) -> str:
    """A number with signs of currency, groups of digits, brackets or a minus after it."""
    near = literal(FAR_DIGITS[1] + written.decimal + "%")
    text = f"translate({x}, {literal(FAR_DIGITS[0] + '٫٪' + FAR_GROUPS)}, {near})"
    if written.currency:
        text = f"regexp_replace({text}, {literal(currency_pattern(written.currency))}, ' ', 'g')"
    text = f"trim({text}, {literal(SPACES)})"
    mark = re.escape(written.decimal)
    figures = f"regexp_replace({text}, {literal(f'[^0-9{mark}]')}, '', 'g')"
    if written.decimal == ",":
        figures = f"replace({figures}, ',', '.')"
    negative = f"CASE WHEN regexp_matches({text}, {literal(f'[({MINUS}]')}) THEN '-' ELSE '' END"
    value = f"TRY_CAST({negative} || {figures} AS {kind})"
    if written.percent:
        value = (
            f"CASE WHEN contains({text}, '%') THEN CAST({value} / 100 AS {kind}) ELSE {value} END"
        )
    valid = f"regexp_full_match({text}, {literal(number_pattern(written))})"
    return f"CASE WHEN {valid} THEN {value} END"


def number_pattern(written: ColumnFormat) -> str:
    """RE2 pattern of a number as written, currency taken away."""
    space = "[ \u00a0\u2007\u2009\u202f]"
    groups = {"": "", " ": space, "'": "['’]"}.get(written.thousands, re.escape(written.thousands))
    whole = rf"(?:\d{{1,3}}(?:{groups}\d{{3}})+|\d+)" if groups else r"\d+"
    mark = re.escape(written.decimal)
    number = rf"(?:{whole}(?:{mark}\d*)?|{mark}\d+)"
    percent = rf"{space}*%?" if written.percent else ""
    sign = f"[+{MINUS}]?"
    body = rf"{sign}{space}*{number}{percent}|{number}{percent}{space}*[{MINUS}]"
    return rf"(?:{body}|\({space}*{number}{percent}{space}*\))"


def currency_pattern(signs: Iterable[str]) -> str:
    """RE2 pattern of any of the signs, the longest first, whatever their case."""
    return "(?i)" + "|".join(re.escape(each) for each in sorted(signs, key=len, reverse=True))


def _boolean(x: str, _written: ColumnFormat, _: Naming) -> str:
    word = f"lower(trim({x}, {literal(SPACES)}))"
    return (
        f"CASE WHEN {_is_word(word, TRUE_WORDS)} THEN true"
        f" WHEN {_is_word(word, FALSE_WORDS)} THEN false END"
    )


def _date(x: str, written: ColumnFormat, naming: Naming) -> str:
    if written.epoch:
        return f"CAST({_epoch(f'TRY_CAST({x} AS DOUBLE)', written)} AS DATE)"
    return _rewritten(x, written, naming, _plain_date)


def _plain_date(x: str, written: ColumnFormat, _: Naming) -> str:
    local = local_of_utc(_with_offset(x), written.timezone or "UTC")
    return f"CAST({_wall_clock(x, written, local)} AS DATE)"


def _instant(x: str, written: ColumnFormat, naming: Naming) -> str:
    if written.epoch:
        return _epoch(f"TRY_CAST({x} AS DOUBLE)", written)
    return _rewritten(x, written, naming, _plain_instant)


def _plain_instant(x: str, written: ColumnFormat, naming: Naming) -> str:
    def utc(wall: str) -> str:
        instant = utc_of_local(wall, written.timezone or "UTC")
        return f"CASE WHEN {wall} IS NOT NULL THEN {instant} ELSE {_with_offset(x)} END"

    return naming("wall", _wall_clock(x, written, "NULL"), utc)


def _wall_clock(x: str, written: ColumnFormat, otherwise: str) -> str:
    """The day and time as they stand in a text without an offset."""
    found = "".join(f" WHEN {_is_time(x, each)} THEN {each}" for each in _readings(x, written))
    return f"CASE{found} ELSE {otherwise} END"


def near_digits(x: str) -> str:
    """SQL of a text with Persian and Arabic digits as plain ones."""
    return f"translate({x}, {literal(FAR_DIGITS[0])}, {literal(FAR_DIGITS[1])})"


def _rewritten(x: str, written: ColumnFormat, naming: Naming, then: TextTemplate) -> str:
    """What `then` makes of a text in plain digits, with months as numbers, where it is not so."""
    text = near_digits(x) if written.digits == "any" else x
    if written.months == "any":
        text = _with_month_numbers(text, written.calendar)
        numbered = tuple(re.sub("%[Bb]", "%m", each) for each in written.dates)
        written = written.model_copy(update={"dates": numbered})
    if text == x:
        return then(x, written, naming)
    return naming("given", text, lambda given: then(given, written, naming))


YEAR_WORD = r"(\d)\s*(?:року|рік|р|года|год|г|roku|r)\.?\s*$"
"""What stands after a year in some languages."""


def _with_month_numbers(x: str, calendar: Calendar) -> str:
    """SQL of a text with the name of a month as its number; the first word is taken for it."""
    text = f"translate(lower({x}), 'يك', 'یک')"
    text = f"regexp_replace({text}, {literal(YEAR_WORD)}, {literal(chr(92) + '1')})"
    word = rf"regexp_extract({text}, '\p{{L}}{{2,}}\.?')"
    numbers = ", ".join(f"{literal(k)}: '{n:02}'" for k, n in month_numbers(calendar).items())
    number = f"MAP {{{numbers}}}[rtrim({word}, '.')]"
    return f"CASE WHEN {number} IS NULL THEN {x} ELSE replace({text}, {word}, {number}) END"


def _readings(x: str, written: ColumnFormat) -> list[str]:
    """Short expressions, one of which gives the day and time as they stand, whatever the zone.

    A pattern that does not fit costs far more than one that does, so each is tried only on texts
    that look it.
    """
    patterns = written.dates or (ISO,)
    if written.calendar == "solar_hijri":
        return [instant_of(x, each) for each in patterns if each != ISO]
    loose = [each for each in patterns if each != ISO and not _packed(each)]
    found = [f"try_strptime({x}, [{', '.join(literal(each) for each in loose)}])"] if loose else []
    for pattern in patterns:
        if pattern == ISO:
            found += _iso_readings(x)
        elif _packed(pattern):
            digits = literal(rf"\s*\d{{{_digits(pattern)}}}\s*")
            parsed = f"try_strptime({x}, {literal(pattern)})"
            found.append(f"CASE WHEN regexp_full_match({x}, {digits}) THEN {parsed} END")
    return found


def _iso_readings(x: str) -> list[str]:
    """Nearly all are a day, or a day and a time to the second."""
    dashed = f"{x}[5] = '-'"
    whole = f"TRY_CAST(trim({x}) AS TIMESTAMP)"
    day, second = "'%Y-%m-%d'", "['%Y-%m-%d %H:%M:%S', '%Y-%m-%dT%H:%M:%S']"
    return [
        f"CASE WHEN strlen({x}) = 19 AND {dashed} THEN try_strptime({x}, {second}) END",
        f"CASE WHEN strlen({x}) = 10 AND {dashed} THEN try_strptime({x}, {day}) END",
        f"CASE WHEN regexp_full_match({x}, {literal(NAIVE)}) THEN {whole} END",
    ]


def _is_time(x: str, value: str) -> str:
    """Whether a reading succeeded. The engine takes the word `epoch` for the first of 1900.

    Years before 1500 are of another calendar, or wrong.
    """
    sensible = f"{value} BETWEEN TIMESTAMP '1500-01-01' AND TIMESTAMP '9999-12-31'"
    return f"{sensible} AND ({value} <> TIMESTAMP '1900-01-01' OR regexp_matches({x}, '[0-9]'))"


def _packed(pattern: str) -> bool:
    """Whether digits follow each other without a mark, so that only their number tells them."""
    return re.fullmatch(r"(?:%[YymdHMS])+", pattern) is not None


def _digits(pattern: str) -> int:
    return sum(4 if each == "Y" else 2 for each in pattern[1::2])


def _with_offset(x: str) -> str:
    text = f"trim({x}, {literal(SPACES)})"
    joined = f"regexp_replace({text}, ' ([+-])', '\\1')"
    instant = f"TRY_CAST({joined} AS TIMESTAMPTZ) AT TIME ZONE 'UTC'"
    return f"CASE WHEN regexp_full_match({text}, {literal(OFFSET)}) THEN {instant} END"


def _epoch(number: str, written: ColumnFormat) -> str:
    factor = 1_000_000 if written.epoch == "seconds" else 1_000
    return f"make_timestamp(TRY_CAST({number} * {factor} AS BIGINT))"


TEMPLATES: Mapping[Type, TextTemplate] = {
    Type.TEXT: _text,
    Type.INTEGER: _integer,
    Type.NUMBER: _number,
    Type.MONEY: _money,
    Type.BOOLEAN: _boolean,
    Type.DATE: _date,
    Type.INSTANT: _instant,
}


# typed columns

NUMERIC = re.compile(r"U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|DOUBLE|FLOAT|DECIMAL.*")
FLOATING = ("DOUBLE", "FLOAT")
TIMESTAMPS = ("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS")


def _of_typed(x: str, source: str, target: Type, written: ColumnFormat, naming: Naming) -> str:
    if target is Type.TEXT:
        return _typed_text(x, source)
    if target.is_temporal and source in {*TIMESTAMPS, "DATE", "TIMESTAMP WITH TIME ZONE"}:
        return _typed_moment(x, source, target, written)
    if target.is_temporal and written.epoch and NUMERIC.fullmatch(source):
        moment = _epoch(x, written)
        return moment if target is Type.INSTANT else f"CAST({moment} AS DATE)"
    if target.is_numeric and NUMERIC.fullmatch(source):
        return _typed_number(x, source, target)
    if target is Type.BOOLEAN and source == "BOOLEAN":
        return x
    return _of_text(f"({_typed_text(x, source)})", target, written, naming)


def _typed_text(x: str, source: str) -> str:
    """Integer-valued floats lose their `.0`: they are ids that some program made into numbers."""
    if source not in FLOATING:
        return f"CAST({x} AS VARCHAR)"
    whole = f"CAST(TRY_CAST({x} AS HUGEINT) AS VARCHAR)"
    return (
        f"CASE WHEN isnan({x}) THEN NULL WHEN {x} = trunc({x}) AND abs({x}) < 1e18 THEN {whole}"
        f" ELSE CAST({x} AS VARCHAR) END"
    )


def _typed_number(x: str, source: str, target: Type) -> str:
    if target is Type.INTEGER:
        return f"CASE WHEN {x} % 1 = 0 THEN TRY_CAST({x} AS BIGINT) END"
    value = f"TRY_CAST({x} AS {DUCKDB.types[target]})"
    if target is Type.NUMBER and source in FLOATING:
        return f"CASE WHEN isfinite({x}) THEN {value} END"
    return value


def _typed_moment(x: str, source: str, target: Type, written: ColumnFormat) -> str:
    timezone = written.timezone or "UTC"
    if source == "TIMESTAMP WITH TIME ZONE":
        utc = f"CAST({x} AT TIME ZONE 'UTC' AS TIMESTAMP)"
        return utc if target is Type.INSTANT else f"CAST({local_of_utc(utc, timezone)} AS DATE)"
    if target is Type.DATE:
        return f"CAST({x} AS DATE)"
    return utc_of_local(f"CAST({x} AS TIMESTAMP)", timezone)
