"""Small drawings that need no script: sparkline, histogram, ring, share bar."""

from __future__ import annotations

from collections.abc import Sequence
from math import pi

from segmentry.report.markup import Markup, el

WIDTH, HEIGHT, EDGE = 84, 22, 3
BARS_WIDTH, BARS_HEIGHT = 240, 40


def sparkline(values: Sequence[float], label: str) -> Markup:
    """A line of the values from left to right, its end marked; nothing for fewer than two.

    The scale runs from the least to the most value: it shows the shape, not the size.
    """
    if len(values) < 2:
        return Markup("")
    low, high = min(values), max(values)
    across = (WIDTH - 2 * EDGE) / (len(values) - 1)
    points = [
        (
            EDGE + index * across,
            HEIGHT
            - EDGE
            - ((value - low) / (high - low) if high > low else 0.5) * (HEIGHT - 2 * EDGE),
        )
        for index, value in enumerate(values)
    ]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    x, y = points[-1]
    return el(
        "svg",
        el("polyline", points=path),
        el("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r="2.2"),
        class_="spark",
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        width=str(WIDTH),
        height=str(HEIGHT),
        role="img",
        aria_label=label,
    )


def histogram(
    shares: Sequence[float], base: Sequence[float], names: Sequence[str], label: str
) -> Markup:
    """A bar for each share, the highest marked, and the base's share as a line across it."""
    highest = max([*shares, *base]) or 1.0
    across = BARS_WIDTH / len(shares)
    peak = max(range(len(shares)), key=lambda at: shares[at])
    drawn: list[Markup] = []
    for at, (share, of_base, name) in enumerate(zip(shares, base, names, strict=True)):
        left, height = at * across + across * 0.1, share / highest * BARS_HEIGHT
        bar = el(
            "rect",
            el("title", name),
            x=f"{left:.1f}",
            y=f"{BARS_HEIGHT - height:.1f}",
            width=f"{across * 0.8:.1f}",
            height=f"{height:.1f}",
            class_="peak" if at == peak else None,
        )
        line = BARS_HEIGHT - of_base / highest * BARS_HEIGHT
        drawn += [bar, el("path", d=f"M{left - across * 0.1:.1f} {line:.1f}h{across:.1f}")]
    return el(
        "svg",
        *drawn,
        class_="histogram",
        viewBox=f"0 0 {BARS_WIDTH} {BARS_HEIGHT}",
        preserveAspectRatio="none",
        role="img",
        aria_label=label,
    )


def ring(score: int | None, text: str, label: str) -> Markup:
    """A score from 0 to 100 as a ring with its text inside; `None` is an empty ring."""
    radius = 42
    full = 2 * pi * radius
    filled = full * min(max(score or 0, 0), 100) / 100
    arc = el(
        "circle",
        class_="ring-value",
        cx="50",
        cy="50",
        r=str(radius),
        stroke_dasharray=f"{filled:.1f} {full:.1f}",
        transform="rotate(-90 50 50)",
    )
    return el(
        "svg",
        el("circle", class_="ring-track", cx="50", cy="50", r=str(radius)),
        arc if filled else None,
        el("text", text, x="50", y="59", text_anchor="middle"),
        class_="ring",
        viewBox="0 0 100 100",
        role="img",
        aria_label=label,
    )


def share_bar(parts: Sequence[tuple[float, str, str]]) -> Markup:
    """One bar divided by (share, light colour, dark colour); parts of nothing are left out."""
    return el(
        "span",
        *(
            el("span", style=f"flex:{share:.5f};--light:{light};--dark:{dark}")
            for share, light, dark in parts
            if share > 0
        ),
        class_="sharebar",
        aria_hidden="true",
    )
