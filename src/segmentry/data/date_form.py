"""In which order and form a column of dates is written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from segmentry.core.types import Type
from segmentry.data.column_format import ISO_DATES, ColumnFormat
from segmentry.data.convert import SPACES
from segmentry.data.inference import Inference
from segmentry.data.shape import Shape, shapes, without_missing
from segmentry.data.staged import DateOrder, ReadOptions
from segmentry.engines.duckdb import DuckDB, literal, quote

TIME = (
    r"(?:(?P<gap>[T,\s]\s*)(?P<clock>99?:99(?P<seconds>:99(?P<fraction>\.9{1,6})?)?)"
    r"(?P<half>\s*[AaPp]\.?[Mm]\.?)?)?"
)
NUMERIC = re.compile(r"(?P<a>9{1,4})(?P<s>[./\- ])(?P<b>99?)(?P=s)(?P<c>9{1,4})(?P<dot>\.)?" + TIME)
PACKED = re.compile(r"99999999" + TIME)
MONTH, GAP = r"(?P<month>[A-Za-z]{3,9})", r"[ \-/.,]"
NAMED = (
    re.compile(
        r"99?(?P<s1>[ \-/.]*)(?P<month>[A-Za-z]{3,9})(?P<s2>[ \-/.,]+)(?P<y>9999|99)" + TIME
    ),
    re.compile(
        r"(?P<month>[A-Za-z]{3,9})(?P<s1>[ \-/.]*)99?(?P<s2>[ \-/.,]+)(?P<y>9999|99)" + TIME
    ),
)
OFFSET = re.compile(r"9999-99-99[ T]99:99(:99(\.9+)?)? ?(Z|UTC|GMT|[+-]99(:?99)?)")
MONTHS = frozenset({
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
})  # fmt: skip


@dataclass(slots=True)
class Found:
    """Rows in ISO, patterns proved by their shape, numeric shapes that wait for their order."""

    iso: int = 0
    patterns: dict[str, int] = field(default_factory=dict)
    open: list[tuple[re.Match[str], Shape]] = field(default_factory=list)
    offsets: int = 0
    strange: list[str] = field(default_factory=list)


def infer_date(
    session: DuckDB, table: str, column: str, target: Type, options: ReadOptions
) -> Inference:
    """The format of a column of dates or instants, proved by its rows or ambiguous.

    `01/02/2024` proves nothing; one `14/02/2024` anywhere in the column does. Dates with dots are
    day first wherever dates are written with dots. Both a 14/02 and a 02/14 leave it ambiguous.
    """
    base = ColumnFormat(kind=target)
    x = quote(column)
    iso = f"try_strptime({x}, [{', '.join(literal(each) for each in ISO_DATES)}])"
    sensible = f"{iso} >= TIMESTAMP '1000-01-01'"
    good, total = session.rows(
        f"SELECT count(*) FILTER ({sensible}), count({x}) FROM {quote(table)}"
    )[0]
    if good == total:
        return Inference(base, (), total, good)
    rest = f"{x} IS NOT NULL AND NOT coalesce({sensible}, false)"
    others, _ = shapes(session, table, column, rest)
    values, missing = without_missing(others, base)
    found = Found(iso=good)
    for shape in values:
        _sort(shape, found)
    orders: Sequence[DateOrder] = ["ymd"]  # nothing waits for an order
    if found.open:
        orders = _orders(found, _largest(session, table, column, rest), options)
    return _decided(base, orders, found, total - missing)


def _decided(
    base: ColumnFormat, orders: Sequence[DateOrder], found: Found, present: int
) -> Inference:
    formats = tuple(base.model_copy(update={"dates": _patterns(found, order)}) for order in orders)
    several = len(formats) > 1
    waiting = [shape for _, shape in found.open]
    examples = [shape.example for shape in waiting] if several else found.strange
    return Inference(
        None if several else formats[0],
        formats if several else (),
        present,
        found.iso
        + found.offsets
        + sum(found.patterns.values())
        + sum(shape.rows for shape in waiting),
        tuple(examples[:3]),
    )


def _sort(shape: Shape, found: Found) -> None:
    """Put a shape where it belongs."""
    text = shape.text
    if OFFSET.fullmatch(text):
        found.offsets += shape.rows
    elif match := NUMERIC.fullmatch(text):
        if len(match["a"]) == 4:
            _count(found, _numeric(match, "ymd"), shape)
        elif len(match["c"]) in {2, 4} and len(match["a"]) <= 2:
            found.open.append((match, shape))
        else:
            found.strange.append(shape.example)
    elif match := PACKED.fullmatch(text):
        _count(found, "%Y%m%d" + _time(match), shape)
    elif pattern := _named(text):
        _count(found, pattern, shape)
    else:
        found.strange.append(shape.example)


def _count(found: Found, pattern: str, shape: Shape) -> None:
    found.patterns[pattern] = found.patterns.get(pattern, 0) + shape.rows


def _numeric(match: re.Match[str], order: DateOrder) -> str:
    year = "%Y" if 4 in {len(match["a"]), len(match["c"])} else "%y"
    parts = {"y": year, "m": "%m", "d": "%d"}
    return match["s"].join(parts[each] for each in order) + (match["dot"] or "") + _time(match)


def _time(match: re.Match[str]) -> str:
    if match["clock"] is None:
        return ""
    hours = "%I" if match["half"] else "%H"
    seconds = (":%S" if match["seconds"] else "") + (".%f" if match["fraction"] else "")
    half = "" if not match["half"] else (" %p" if match["half"][0].isspace() else "%p")
    return f"{match['gap']}{hours}:%M{seconds}{half}"


def _named(text: str) -> str | None:
    """Pattern of a date with the name of its month, in English; `None` if it is none."""
    for day_first, shape in zip((True, False), NAMED, strict=True):
        match = shape.fullmatch(text)
        word = match["month"].lower() if match else ""
        if match is None or word not in MONTHS | {each[:3] for each in MONTHS}:
            continue
        month = "%B" if word in MONTHS and len(word) > 3 else "%b"
        parts = ("%d", month) if day_first else (month, "%d")
        year = "%Y" if len(match["y"]) == 4 else "%y"
        return f"{parts[0]}{match['s1']}{parts[1]}{match['s2']}{year}{_time(match)}"
    return None


def _patterns(found: Found, order: DateOrder) -> tuple[str, ...]:
    """The patterns, the most frequent first; ISO among them when rows are in it."""
    counts = dict(found.patterns)
    for match, shape in found.open:
        pattern = _numeric(match, order)
        counts[pattern] = counts.get(pattern, 0) + shape.rows
    if not counts:
        return ()
    patterns = sorted(counts, key=lambda each: (-counts[each], each))
    return (*patterns, *ISO_DATES) if found.iso else tuple(patterns)


def _orders(found: Found, largest: tuple[int, int], options: ReadOptions) -> Sequence[DateOrder]:
    """The orders of day, month and year that all numeric rows allow; both when they disagree."""
    if options.date_order is not None:
        return [options.date_order]
    first, second = largest
    if first > 31:
        return ["ymd"]
    if first > 12 and second <= 12:
        return ["dmy"]
    if second > 12 and first <= 12:
        return ["mdy"]
    if first <= 12 and all(match["s"] == "." for match, _ in found.open):
        return ["dmy"]
    return ["dmy", "mdy"]


def _largest(session: DuckDB, table: str, column: str, rest: str) -> tuple[int, int]:
    text = f"trim({quote(column)}, {literal(SPACES)})"
    pattern = literal(r"^(\d{1,2})[./\- ](\d{1,2})[./\- ]\d{2,4}")
    parts = (f"TRY_CAST(regexp_extract({text}, {pattern}, {n}) AS INTEGER)" for n in (1, 2))
    found = session.rows(
        f"SELECT {', '.join(f'coalesce(max({each}), 0)' for each in parts)}"
        f" FROM {quote(table)} WHERE {rest}"
    )
    first, second = found[0]
    return int(first), int(second)
