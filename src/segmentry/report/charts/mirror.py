"""Charts for languages that are written from right to left."""

from __future__ import annotations

import re
from typing import Any, Final

from segmentry.report.charts.parts import Option

SIDES: Final = {
    "left": "right",
    "right": "left",
    "insideLeft": "insideRight",
    "insideRight": "insideLeft",
    "source": "target",
    "target": "source",
}
"""What changes place. The ends of a flow do, since it runs from right to left."""
_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08FF]")
RIGHT_TO_LEFT_ISOLATE, POP_ISOLATE = "\u2067", "\u2069"


def mirrored(option: Option) -> Option:
    """The chart seen in a mirror, its texts readable: time and shares run from right to left.

    Texts in a right-to-left script are set apart, so that punctuation and numbers in them stand
    where they belong.
    """
    turned: Option = _turned(option)
    for axis in _each(turned.get("xAxis")):
        axis["inverse"] = not axis.get("inverse", False)
    for axis in _each(turned.get("yAxis")):
        axis["position"] = SIDES[axis.get("position", "left")]
    for series in _each(turned.get("series")):
        if series.get("type") == "sankey":
            last = max((node["depth"] for node in series["data"]), default=0)
            for node in series["data"]:
                node["depth"] = last - node["depth"]
            series["label"] = {"position": "left"} | series.get("label", {})
    return turned


def _each(part: Any) -> list[Option]:
    return part if isinstance(part, list) else [part] if part else []


def _turned(part: Any, key: str = "") -> Any:
    """The part with sides changed; every dict and list is new."""
    if isinstance(part, dict):
        return {SIDES.get(name, name): _turned(value, name) for name, value in part.items()}
    if isinstance(part, list):
        return _turned_list(part, key)
    if isinstance(part, str):
        return _apart(SIDES.get(part, part) if key != "name" else part)
    return part


def _turned_list(part: list[Any], key: str) -> Any:
    match key, part:
        case "padding", [top, right, bottom, left]:
            return [top, left, bottom, right]
        case "borderRadius", [top_left, top_right, bottom_right, bottom_left]:
            return [top_right, top_left, bottom_left, bottom_right]
        case "position", [_, _]:  # from the upper left corner
            return "insideTopRight"
        case _:
            return [_turned(each, key) for each in part]


def _apart(text: str) -> str:
    if not _RIGHT_TO_LEFT.search(text):
        return text
    if text.startswith("<"):  # a tooltip, which is HTML
        return f'<div dir="rtl">{text}</div>'
    lines = text.split("\n")  # each is a paragraph of its own
    return "\n".join(f"{RIGHT_TO_LEFT_ISOLATE}{line}{POP_ISOLATE}" for line in lines)
