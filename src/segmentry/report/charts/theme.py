"""Colours and type of the charts, for light and for dark paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

FONT: Final = (
    'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Vazirmatn, "Noto Sans Arabic", '
    "Tahoma, Arial, sans-serif"
)


@dataclass(frozen=True, slots=True)
class Theme:
    """What a chart may paint with. All colours are `#rrggbb`.

    Attributes:
        accent: The one colour that says "look here".
        quiet: The same hue for the second series of a pair.
        low, high: Ends of the sequential ramp of heat maps, chosen with even lightness steps.
        anchors: Colours of five groups in order. They differ in lightness as well as in hue, so
            they stay apart for colour-blind readers; other numbers of groups are mixed from them.
    """

    paper: str
    ink: str
    muted: str
    line: str
    accent: str
    quiet: str
    low: str
    high: str
    anchors: tuple[str, ...]
    font: str = FONT

    def group(self, position: int, of: int) -> str:
        """Colour of the group at `position` (from 0) among `of` groups."""
        last = len(self.anchors) - 1
        place = position * last / (of - 1) if of > 1 else 0.0
        left = min(int(place), last - 1)
        return mix(self.anchors[left], self.anchors[left + 1], place - left)

    def heat(self, share: float) -> str:
        """Colour of `share` (0..1) on the sequential ramp."""
        return mix(self.low, self.high, min(max(share, 0.0), 1.0))

    def ink_on(self, colour: str) -> str:
        """Ink or paper: whichever is easier to read on `colour`."""
        return max(self.ink, self.paper, key=lambda text: contrast(text, colour))


def channels(colour: str) -> tuple[float, float, float]:
    """Red, green and blue of `#rrggbb`, each 0..255."""
    return (int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16))


def mix(start: str, end: str, share: float) -> str:
    """The colour `share` (0..1) of the way from `start` to `end`."""
    pairs = zip(channels(start), channels(end), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    linear = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (channel / 255 for channel in channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


LIGHT: Final = Theme(
    paper="#ffffff",
    ink="#1a2129",
    muted="#5b6672",
    line="#dfe4e9",
    accent="#155a8a",
    quiet="#a9c6da",
    low="#edf3f7",
    high="#0f4a75",
    anchors=("#155a8a", "#2b969f", "#e6b53c", "#c2603d", "#c0c5cb"),
)
DARK: Final = Theme(
    paper="#171c22",
    ink="#e9edf1",
    muted="#9ba6b1",
    line="#323a43",
    accent="#6cb4e4",
    quiet="#496b84",
    low="#222b34",
    high="#86c6f0",
    anchors=("#4b93c9", "#5cc9cf", "#f0c95f", "#dd7f58", "#7f8891"),
)
