"""Which decimal mark, grouping and currency signs a column of numbers is written with."""

from __future__ import annotations

import re
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Literal

from segmentry.core.types import Type
from segmentry.data.column_format import ColumnFormat
from segmentry.data.inference import Inference, tried
from segmentry.data.shape import Shape, Texts, shapes, spread, without_missing
from segmentry.data.staged import ReadOptions

Mark = Literal["", ",", ".", " ", "'"]

CURRENCIES = {
    "USD": ("$", "US$", "usd"),
    "EUR": ("€", "eur"),
    "GBP": ("£", "gbp"),
    "UAH": ("₴", "грн", "грн.", "uah"),
    "RUB": ("₽", "руб", "руб.", "р.", "rub"),
    "PLN": ("zł", "zl", "pln"),
    "JPY": ("¥", "jpy"),
    "TRY": ("₺", "try"),
    "INR": ("₹", "rs", "rs.", "inr"),
    "ILS": ("₪", "ils"),
    "CZK": ("kč", "czk"),
    "IRR": ("ریال", "irr"),
    "IRT": ("تومان", "irt"),
    "CHF": ("chf", "fr."),
}
"""Currencies and how they are written beside amounts, whatever the case."""
WRITTEN = {sign.lower(): code for code, signs in CURRENCIES.items() for sign in signs}
CODE = re.compile(r"[A-Z]{3}")
NUMBER = re.compile(
    r"(?P<open>\()?\s*[+\-−–]?\s*(?P<before>[^\d\s.,٬٫()%٪+\-−–]+\.?)?\s*[+\-−–]?\s*"
    r"(?P<core>9[9.,'’٬٫\s\u00a0]*|[.,٫]9+)\s*(?P<percent>[%٪])?\s*"
    r"(?P<after>[^\d\s,٬٫()%٪+\-−–]+)?\s*[\-−–]?\s*(?(open)\))"
)
FAR_MARKS = re.compile("٬|٫9*$")
"""Persian and Arabic marks, which mean the same whatever the column's own marks are."""
SPACED = re.compile(r"[\s\u00a0\u2007\u2009\u202f]")


@dataclass(slots=True)
class Evidence:
    """Rows that prove a mark, and rows that could mean either."""

    decimal: dict[str, int] = field(default_factory=dict)
    groups: dict[Mark, int] = field(default_factory=dict)
    undecided: dict[str, int] = field(default_factory=dict)
    """`1,234` or `1.234`: by the mark."""
    currency: dict[str, int] = field(default_factory=dict)
    percent: bool = False
    examples: list[str] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)


def infer_number(texts: Texts, target: Type, options: ReadOptions) -> Inference:
    """The format of a column of numbers, proved by its rows or ambiguous.

    `1,234` alone proves nothing; `0,125`, `1,5`, `1,234,567`, `$1,234` and `1.234,5` do.
    """
    base, x = ColumnFormat(kind=target), texts.sql
    plain = f"TRY_CAST({x} AS DOUBLE)"
    numbers, total = texts.row(f"count({plain}), count({x})")
    evidence = _evidence_of_plain(texts, f"{plain} IS NOT NULL")
    if total == numbers:
        return replace(_decided(evidence, base, options), present=total, readable=numbers)
    left = f"{x} IS NOT NULL AND {plain} IS NULL"
    some = _decided(_weighed(texts, f"{left} AND {spread(texts)}", evidence), base, options)
    if some.format is not None:
        some = tried(texts, some)
        if some.readable == some.present:
            return some  # what a few rows prove, every row fits
    return tried(texts, _decided(_weighed(texts, left, evidence), base, options))


def _evidence_of_plain(texts: Texts, is_plain: str) -> Evidence:
    """What the first number with a point proves that has other than three digits after it."""
    x, evidence = texts.sql, Evidence()
    dotted = f"contains({x}, '.') AND {is_plain}"
    grouped = f"{x}[-4] = '.' AND {x} NOT LIKE '%0.___' AND {x} NOT LIKE '%e%'"
    if texts.first(f"{dotted} AND NOT ({grouped})") is not None:
        evidence.decimal["."] = 1
    elif (example := texts.first(dotted)) is not None:
        evidence.undecided["."] = 1
        evidence.examples.append(example)
    return evidence


def _weighed(texts: Texts, where: str, plain: Evidence) -> Evidence:
    """The evidence of plain numbers, and of the rows that meet a condition."""
    evidence = deepcopy(plain)
    for shape in without_missing(shapes(texts, where), ColumnFormat()):
        _weigh(shape, evidence)
    return evidence


def _weigh(shape: Shape, evidence: Evidence) -> None:
    match = NUMBER.fullmatch(shape.text)
    if match is None or not _signs(match, shape, evidence):
        evidence.strange.append(shape.example)
        return
    evidence.percent |= match["percent"] is not None
    core = SPACED.sub(" ", match["core"].strip()).replace("’", "'")
    core = FAR_MARKS.sub("", core)
    for group in (" ", "'"):
        if re.search(rf"9{group}9", core):
            _add(evidence.groups, group, shape.rows)
            core = core.replace(group, "")
    _weigh_marks(core, shape, evidence, money=bool(match["before"] or match["after"]))


def _signs(match: re.Match[str], shape: Shape, evidence: Evidence) -> bool:
    for found in (match["before"], match["after"]):
        if found is None:
            continue
        if found.lower() not in WRITTEN and not CODE.fullmatch(found):
            return False
        _add(evidence.currency, found, shape.rows)
    return True


def _weigh_marks(core: str, shape: Shape, evidence: Evidence, *, money: bool) -> None:
    """Marks in a number. Beside a currency sign, three digits after a mark are a group."""
    dots, commas = core.count("."), core.count(",")
    if not dots and not commas:
        return
    if dots and commas:
        last: Mark = "." if core.rindex(".") > core.rindex(",") else ","
        _add(evidence.decimal, last, shape.rows)
        _add(evidence.groups, _other(last), shape.rows)
    elif dots + commas > 1:
        _add(evidence.groups, "." if dots else ",", shape.rows)
    else:
        mark: Mark = "." if dots else ","
        looks_grouped = re.fullmatch(rf"9{{1,3}}{re.escape(mark)}999", core) is not None
        if looks_grouped and money and not shape.leading_zero:
            _add(evidence.groups, mark, shape.rows)
        elif looks_grouped and not shape.leading_zero:
            _add(evidence.undecided, mark, shape.rows)
            evidence.examples.append(shape.example)
        else:
            _add(evidence.decimal, mark, shape.rows)


def _other(mark: str) -> Mark:
    return "," if mark == "." else "."


def _add(counts: dict[str, int] | dict[Mark, int], key: str, rows: int) -> None:
    counts[key] = counts.get(key, 0) + rows  # type: ignore[index, call-overload]


def _decided(evidence: Evidence, base: ColumnFormat, options: ReadOptions) -> Inference:
    readings = _readings(evidence, options)
    formats = tuple(
        base.model_copy(
            update={
                "decimal": decimal,
                "thousands": thousands,
                "currency": tuple(sorted(evidence.currency)),
                "percent": evidence.percent,
            }
        )
        for decimal, thousands in readings
    )
    examples = evidence.examples if len(formats) > 1 else evidence.strange
    return Inference(
        formats[0] if len(formats) == 1 else None,
        formats if len(formats) > 1 else (),
        examples=tuple(examples[:3]),
        notices=_notices(evidence),
    )


def _readings(evidence: Evidence, options: ReadOptions) -> list[tuple[str, Mark]]:
    """Pairs of decimal mark and grouping that the evidence allows, the likelier first."""
    marks = {mark for mark in (".", ",") if mark in evidence.decimal or _groups(evidence, mark)}
    if options.decimal is not None:
        marks = {options.decimal}
    elif options.thousands in {".", ","}:
        marks = {_other(options.thousands)}
    elif not marks and evidence.undecided and _plain_groups(evidence):
        marks = set(evidence.undecided)  # 1 234,567: grouped by spaces, so the comma is decimal
    if not marks and evidence.undecided:
        marks = {".", ","}
    elif not marks:
        marks = {"."}
    return [(mark, _thousands(mark, evidence, options)) for mark in sorted(marks, key=".,".index)]


def _groups(evidence: Evidence, decimal: str) -> bool:
    """Whether the other mark is proved to group digits."""
    return _other(decimal) in evidence.groups


def _plain_groups(evidence: Evidence) -> bool:
    return any(mark in evidence.groups for mark in (" ", "'"))


def _thousands(decimal: str, evidence: Evidence, options: ReadOptions) -> Mark:
    if options.thousands is not None:
        return options.thousands
    other = _other(decimal)
    if other in evidence.groups or other in evidence.undecided:
        return other
    return next((mark for mark in (" ", "'") if mark in evidence.groups), "")


def currencies(signs: Iterable[str]) -> set[str]:
    """Currencies that signs and codes stand for: `грн` and `UAH` are one."""
    return {WRITTEN.get(each.lower(), each.upper()) for each in signs}


def _notices(evidence: Evidence) -> tuple[str, ...]:
    found = currencies(evidence.currency)
    if len(found) < 2:
        return ()
    return (f"Amounts in several currencies: {', '.join(sorted(found))}.",)
