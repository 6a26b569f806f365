"""What people without the right `personal` are shown: no customer, and nothing about a few.

Fields that say who a customer is are marked `x-personal` in the schema of an answer, and left out.
Numbers are told apart by what they are called, or by a mark `x-count`: counts of customers are
rounded down to whole tens and withheld below ten, with all that is measured of so few; other
measures have two digits; what is of no customer (a version, a limit in days) stays. A name that
nobody thought of is a measure.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from segmentry.answers.plain import Document

PERSONAL, COUNTED, CROSSED = "x-personal", "x-count", "x-crossed"
DIGITS = 2
SIZES = frozenset({
    "customers", "members", "buyers", "new_customers", "customers_before", "customers_after",
    "rule_customers", "tried_customers", "answered",
})  # fmt: skip
"""How many customers the numbers beside it are of."""
COUNTS = SIZES | frozenset({
    "of", "missing_decided", "none", "unmatched", "missing", "there", "others", "asked", "complete",
    "scored", "memberships", "entered", "left", "votes", "enter", "leave", "stay", "in_both",
    "only_one", "only_other", "both", "reached", "left_out", "touched", "total",
})  # fmt: skip
"""Other numbers of customers."""
OPEN = frozenset({
    "accepted", "active_days", "age", "at_least", "before_days", "bins", "broken_at", "cluster",
    "column", "conditions", "days", "decision", "entries_count", "f_score", "failing", "features",
    "groups", "horizon_days", "id", "items", "k", "least_answered_share", "least_orders", "line",
    "next_id", "number", "period_days", "place", "points", "position", "r_score", "record",
    "records", "rejected", "renew_after_days", "rows", "rule_version", "score", "seconds", "seed",
    "segments", "share_done", "since_days", "step", "tested", "tried", "trust", "unchanged",
    "undoes", "undone_by", "updated", "version", "window_days",
})  # fmt: skip
"""Numbers that are about no customer."""
SHARES = frozenset({
    "accuracy", "confidence", "precision", "recall", "share_of_one", "share_of_other", "shares",
    "within",
})  # fmt: skip
"""Shares of customers that are not called so."""
RATIOS = frozenset({"index", "base_index", "index_chance", "lift", "other_lift"})
"""How a share compares with another: who knows one of them knows both."""
ESTIMATE = frozenset({"value", "low", "high"})
"""The parts of an estimate: it is what the thing around it is called."""
BY_KIND = frozenset({"entered", "left", "unmatched", "votes"})
"""Whose parts are counts, whatever they are called."""
SHARE_DIGITS, TINY = 4, 1e-9
REASON = "fewer than {few} customers"
MASKED = "who the customers are takes the right `personal`"


@dataclass(frozen=True)
class _Frame:
    """In what a number stands.

    Args:
        small: Whether it is of too few customers to be told.
        outer: Of how many the object around it is a part, rounded; unknown at first.
        own: How many it is about, rounded.
        faint: Whether a share beside it is of too few.
        hidden: Whether its counts are not told either.
    """

    small: bool = False
    outer: int | None = None
    own: int | None = None
    faint: bool = False
    hidden: bool = False


@dataclass
class _Screen:
    few: int
    withheld: list[Document] = field(default_factory=list)

    def shown(self, value: Any, schema: Mapping[str, Any], path: str, frame: _Frame) -> Any:
        """A value of an answer as it may be shown."""
        if schema.get(PERSONAL):
            return self._hidden(value, path)
        if isinstance(value, dict):
            return self._object(value, schema, path, frame)
        if isinstance(value, list):
            if CROSSED in schema:
                frame = replace(frame, small=True)
            return self._list(value, schema.get("items", {}), path, frame)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return self._number(value, path, frame, counted=COUNTED in schema)
        return value

    def _list(
        self, value: list[Any], items: Mapping[str, Any], path: str, frame: _Frame
    ) -> list[Any]:
        """The items that may be shown; a value that only a few customers have may name them."""
        with_them = self._giving_away(value)
        shown = [
            self.shown(
                each,
                items,
                f"{path}[{place}]",
                replace(frame, hidden=True, small=True) if place == with_them else frame,
            )
            for place, each in enumerate(value)
            if not self._is_rare(each)
        ]
        if len(shown) < len(value):
            self._withhold(path)
        return shown

    def _giving_away(self, cells: list[Any]) -> int | None:
        """The cell that has to be withheld too: all others and the total would tell of a few."""
        sizes = {
            place: size for place, cell in enumerate(cells) if (size := _size(cell)) is not None
        }
        small = [size for size in sizes.values() if size < self.few]
        if not small or sum(small) >= self.few:
            return None
        return min(
            (place for place, size in sizes.items() if size >= self.few),
            key=sizes.__getitem__,
            default=None,
        )

    def _is_rare(self, item: Any) -> bool:
        if not isinstance(item, dict) or not isinstance(item.get("value"), str):
            return False
        size = _size(item)
        return size is not None and size < self.few

    def _object(
        self, value: Document, schema: Mapping[str, Any], path: str, around: _Frame
    ) -> Document:
        frame = self._frame(value, around)
        known, others = _parts(schema)
        return {
            name: self.shown(
                each, known.get(name, others), f"{path}.{name}" if path else name, frame
            )
            for name, each in value.items()
        }

    def _frame(self, value: Document, around: _Frame) -> _Frame:
        size = _size(value)
        own = around.own if size is None else self._tens(size)
        of = value.get("of")
        outer = (
            self._tens(int(of))
            if of is not None and _is_count(of)
            else (around.outer if size is None else around.own)
        )
        small = around.small or (size is not None and size < self.few)
        frame = _Frame(small, outer, own, hidden=around.hidden)
        faint = any(
            _is_share(name) and _figure(each) < self._step(name, frame)
            for name, each in value.items()
        )
        return replace(frame, faint=faint)

    def _number(self, value: float, path: str, frame: _Frame, *, counted: bool) -> float | None:
        name, around = _called(path), _called(path.rpartition(".")[0])
        if name in ESTIMATE:
            name = around
        if name in OPEN:
            return value
        told: float | None
        if counted or name in COUNTS or around in BY_KIND:
            told = None if frame.hidden else self._tens(int(value)) or None
        else:
            told = self._measure(value, name, frame)
        if told is None:
            self._withhold(path)
        return told

    def _measure(self, value: float, name: str, frame: _Frame) -> float | None:
        if frame.small or (name in RATIOS and frame.faint):
            return None
        if not _is_share(name):
            return rounded(value, 1 if name in RATIOS else DIGITS)
        step = self._step(name, frame)
        return round(math.floor(value / step + TINY) * step, SHARE_DIGITS) or None

    def _step(self, name: str, frame: _Frame) -> float:
        """What ten customers are of those whose share it is; a tenth, where that is not known."""
        base = frame.outer if name == "customer_share" else frame.own or frame.outer
        return self.few / base if base else 1 / self.few

    def _tens(self, count: int) -> int:
        return count - count % self.few

    def _withhold(self, path: str) -> None:
        self.withheld.append({"field": path, "reason": REASON.format(few=self.few)})

    def _hidden(self, value: Any, path: str) -> Any:
        self.withheld.append({"field": path, "reason": MASKED})
        return [] if isinstance(value, list) else None


def screened(document: Document, schema: Mapping[str, Any], few: int) -> Document:
    """An answer as people without the right `personal` see it; what was left out is `withheld`.

    >>> told = {"customers": 47, "revenue_amount": 1234.5}
    >>> screened(told, {}, 10)
    {'customers': 40, 'revenue_amount': 1200, 'withheld': []}
    >>> screened(told | {"customers": 9}, {}, 10)["revenue_amount"] is None
    True
    """
    screen = _Screen(few)
    shown: Document = screen.shown(document, schema, "", _Frame())
    return shown | {"withheld": screen.withheld}


def says_who(value: Any, schema: Mapping[str, Any]) -> bool:
    """Whether an answer says who a customer is.

    >>> says_who({"members": ["c1"]}, {"properties": {"members": {"x-personal": True}}})
    True
    """
    if schema.get(PERSONAL):
        return bool(value)
    if isinstance(value, dict):
        known, others = _parts(schema)
        return any(says_who(each, known.get(name, others)) for name, each in value.items())
    return isinstance(value, list) and any(says_who(x, schema.get("items", {})) for x in value)


def loosened(schema: Any, name: str = "") -> Any:
    """A schema of answers in which whatever may be withheld may be missing."""
    if isinstance(schema, list):
        return [loosened(each, name) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: loosened(each, name) for key, each in schema.items() if key != "properties"}
    if "properties" in schema:
        made["properties"] = {
            key: loosened(each, key) for key, each in schema["properties"].items()
        }
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else list(kinds)
    numeric = {"number", "integer"} & set(kinds) and name not in OPEN
    hidden = schema.get(PERSONAL) and kinds and "array" not in kinds
    if (numeric or hidden) and "null" not in kinds:
        made["type"] = [*kinds, "null"]
        if "enum" in made:
            made["enum"] = [*made["enum"], None]
    return made


def rounded(value: float, digits: int = DIGITS) -> float:
    """A measure with a few digits.

    >>> rounded(1234.5), rounded(0.04567), rounded(7), rounded(0)
    (1200, 0.046, 7, 0)
    """
    if value == 0 or not math.isfinite(value):
        return value
    found = round(value, digits - 1 - math.floor(math.log10(abs(value))))
    return int(found) if found == int(found) else found


def _size(cell: Any) -> int | None:
    """How many customers a cell is of; `None` where it does not say."""
    if not isinstance(cell, dict):
        return None
    return min((cell[name] for name in SIZES if _is_count(cell.get(name))), default=None)


def _figure(value: Any) -> float:
    """A number, or that of an estimate; what is none is more than any share."""
    found: Any = value.get("value") if isinstance(value, dict) else value
    return float(found) if isinstance(found, int | float) else math.inf


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_share(name: str) -> bool:
    about_money = "revenue" in name or "profit" in name
    return (name.endswith("share") or name in SHARES) and not about_money


def _called(path: str) -> str:
    return path.rpartition(".")[2].partition("[")[0]


def _parts(schema: Mapping[str, Any]) -> tuple[dict[str, Any], Mapping[str, Any]]:
    """What the schema says of each part of an object, and of parts that it does not name."""
    known = dict(schema.get("properties", {}))
    for way in ("oneOf", "anyOf", "allOf"):
        for each in schema.get(way, []):
            known = _parts(each)[0] | known
    others = schema.get("additionalProperties", {})
    return known, others if isinstance(others, dict) else {}
