"""In which order and form a column of dates is written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from segmentry.core.types import Type
from segmentry.data.column_format import ISO, ColumnFormat
from segmentry.data.convert import FAR_DIGITS, near_digits
from segmentry.data.inference import Inference, checked, tried
from segmentry.data.month_names import Calendar, month_numbers
from segmentry.data.shape import Shape, Texts, shapes, spread, without_missing
from segmentry.data.solar_hijri import EARLIEST, LATEST
from segmentry.data.staged import DateOrder, ReadOptions
from segmentry.engines.duckdb import literal

TIME = (
    r"(?:(?P<gap>[T,\s]\s*)(?P<clock>99?:99(?P<seconds>:99(?P<fraction>\.9{1,6})?)?)"
    r"(?P<half>\s*[AaPp]\.?[Mm]\.?)?)?"
)
NUMERIC = re.compile(r"(?P<a>9{1,4})(?P<s>[./\- ])(?P<b>99?)(?P=s)(?P<c>9{1,4})(?P<dot>\.)?" + TIME)
PACKED = re.compile(r"99999999" + TIME)
MONTH = r"(?P<month>[^\W\d_]{2,12}\.?)"
YEAR_WORD = r"( ?(року|рік|р|года|год|г|roku|r)\.?)?"
NAMED = (
    re.compile(rf"99?(?P<s1>[ \-/.]*){MONTH}(?P<s2>[ \-/.,]*)(?P<y>9999|99){YEAR_WORD}" + TIME),
    re.compile(rf"{MONTH}(?P<s1>[ \-/.]*)99?(?P<s2>[ \-/.,]+)(?P<y>9999|99){YEAR_WORD}" + TIME),
)
ISO_SHAPE = re.compile(r"9999-99?-99?([ T]99?:99(:99(\.9+)?)?( ?(Z|UTC|GMT|[+-]99(:?99)?))?)?")
ENGLISH = frozenset({
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
})  # fmt: skip
YEAR = r"(?:^|[^0-9])([0-9]{4})(?:$|[^0-9])|^[^0-9]*([0-9]{4})[0-9]{4}(?:$|[^0-9])"
"""Four digits that stand alone, or the first four of eight."""


@dataclass(slots=True)
class Found:
    """Patterns proved by their shape, and numeric shapes that wait for their order."""

    patterns: dict[str, int] = field(default_factory=dict)
    calendar: Calendar = "gregorian"
    months: Literal["english", "any"] = "english"
    open: list[tuple[re.Match[str], Shape]] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)


def infer_date(texts: Texts, target: Type, options: ReadOptions) -> Inference:
    """The format of a column of dates or instants, proved by its rows or ambiguous.

    `01/02/2024` proves nothing; one `14/02/2024` anywhere in the column does. Dates with dots are
    day first wherever dates are written with dots. Both a 14/02 and a 02/14 leave it ambiguous.
    """
    sample = spread(texts)
    base = _writing(texts, target, sample)
    if base.calendar == "gregorian":
        iso = checked(texts, base)
        if iso.readable == iso.present:
            return iso
    some = _read_from(texts, base, options, sample)
    if some.format is not None and some.readable == some.present:
        return some  # what a few rows prove, every row fits
    return _read_from(texts, _writing(texts, target, "true"), options, "true")


def _writing(texts: Texts, target: Type, where: str) -> ColumnFormat:
    """Digits and calendar of the rows that meet a condition.

    Days are of the Solar Hijri calendar when most of their years could be of that alone.
    """
    x, far = near_digits(texts.sql), f"[{FAR_DIGITS[0]}]"
    year = f"TRY_CAST(coalesce({_group(x, 1)}, {_group(x, 2)}) AS INTEGER)"
    any_far, usual = texts.row(
        f"bool_or(regexp_matches({texts.sql}, {literal(far)})), median({year})", where
    )
    solar = usual is not None and EARLIEST <= usual <= LATEST
    return ColumnFormat(
        kind=target,
        digits="any" if any_far else "plain",
        calendar="solar_hijri" if solar else "gregorian",
    )


def _group(x: str, number: int) -> str:
    return f"nullif(regexp_extract({x}, {literal(YEAR)}, {number}), '')"


def _read_from(texts: Texts, base: ColumnFormat, options: ReadOptions, where: str) -> Inference:
    """The format that the rows meeting a condition prove, and how many of all rows it reads."""
    found = Found(calendar=base.calendar)
    for shape in without_missing(shapes(texts, f"{texts.sql} IS NOT NULL AND {where}"), base):
        _sort(shape, found)
    orders: Sequence[DateOrder] = ["ymd"]  # nothing waits for an order
    if found.open:
        orders = _orders(found, _largest(texts, found, where), options)
    written = base.model_copy(update={"months": found.months})
    return tried(texts, _decided(written, orders, found))


def _decided(base: ColumnFormat, orders: Sequence[DateOrder], found: Found) -> Inference:
    formats = tuple(base.model_copy(update={"dates": _patterns(found, order)}) for order in orders)
    if len(formats) == 1:
        return Inference(formats[0], examples=tuple(found.strange[:3]))
    examples = tuple(shape.example for _, shape in found.open)
    return Inference(None, formats, examples=examples[:3])


def _sort(shape: Shape, found: Found) -> None:
    """Put a shape where it belongs."""
    text = shape.text
    if ISO_SHAPE.fullmatch(text) and found.calendar == "gregorian":
        _count(found, ISO, shape)
    elif match := NUMERIC.fullmatch(text):
        if len(match["a"]) == 4:
            _count(found, _numeric(match, "ymd"), shape)
        elif len(match["c"]) in {2, 4} and len(match["a"]) <= 2:
            found.open.append((match, shape))
        else:
            found.strange.append(shape.example)
    elif match := PACKED.fullmatch(text):
        _count(found, "%Y%m%d" + _time(match), shape)
    elif pattern := _named(text, found):
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


def _named(text: str, found: Found) -> str | None:
    """Pattern of a date with the name of its month; `None` if it is none.

    Names that the engine does not know itself are noted, and all names then stand as `%B`.
    """
    for day_first, shape in zip((True, False), NAMED, strict=True):
        match = shape.fullmatch(text)
        word = match["month"].lower() if match else ""
        if match is None or not _is_month(word, found):
            continue
        month = "%B" if (word in ENGLISH and len(word) > 3) or found.months == "any" else "%b"
        parts = ("%d", month) if day_first else (month, "%d")
        year = "%Y" if len(match["y"]) == 4 else "%y"
        return f"{parts[0]}{match['s1']}{parts[1]}{match['s2']}{year}{_time(match)}"
    return None


def _is_month(word: str, found: Found) -> bool:
    if found.calendar == "gregorian" and word in ENGLISH | {each[:3] for each in ENGLISH}:
        return True
    if word.rstrip(".").translate(PERSIAN) not in month_numbers(found.calendar):
        return False
    found.months = "any"
    return True


PERSIAN = str.maketrans("يك", "یک")


def _patterns(found: Found, order: DateOrder) -> tuple[str, ...]:
    """The patterns, the most frequent first; ISO among them when rows are in it."""
    counts = dict(found.patterns)
    for match, shape in found.open:
        pattern = _numeric(match, order)
        counts[pattern] = counts.get(pattern, 0) + shape.rows
    if set(counts) <= {ISO}:
        return ()
    return tuple(sorted(counts, key=lambda each: (-counts[each], each)))


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


def _largest(texts: Texts, found: Found, where: str) -> tuple[int, int]:
    """The largest first and second number among dates whose order is not known."""
    marks = sorted({match["s"] for match, _ in found.open})
    text = f"trim({near_digits(texts.sql)})"
    numbers = [
        f"max(TRY_CAST(split_part({text}, {literal(mark)}, {n}) AS UTINYINT))"
        for n in (1, 2)
        for mark in marks
    ]
    known = [value or 0 for value in texts.row(", ".join(numbers), where)]
    return max(known[: len(marks)]), max(known[len(marks) :])
