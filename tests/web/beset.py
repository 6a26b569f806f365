"""A shop in which every text that a person can give is hostile."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Sequence
from pathlib import Path

from tests.web.hostile import hostile

from segmentry.data.staged import ReadOptions
from segmentry.language.literal import quoted
from segmentry.segments.segment import FOLDER, LONGEST_FOLDER
from segmentry.workspace.workspace import Workspace

HOSTILE = hostile()
WHOLE = [each for each in HOSTILE if "\0" not in each]
"""Those that a file of text can hold."""
TOGETHER = 8
"""How many stand in the label of one segment."""
OWNER, PASSWORD = f'<img src=x onerror="{HOSTILE[1]}">', "green lamp under the bridge"


def beset(folder: Path) -> list[str]:
    """Make it, loaded and refreshed; the labels of its segments."""
    with Workspace.create(folder, currency="EUR", timezone="UTC") as shop:
        for entity, rows in (
            ("customers", _people()),
            ("products", _things()),
            ("order_lines", _bought()),
        ):
            file = _written(folder.parent / f"{entity}.csv", rows)
            shop.loader().load(file, entity, options=ReadOptions(header=True))
        shop.load(customers=_with_zeros(folder.parent / "zeros.jsonl"))
        labels = [" ".join(WHOLE[n : n + TOGETHER]) for n in range(0, len(WHOLE), TOGETHER)]
        for number, label in enumerate(labels):
            city = quoted(WHOLE[number * TOGETHER].strip())
            rule = f"frequency >= 1 OR city = {city}"
            shop.segment(f"beset_{number}", rule, label, folder_of(number))
        parts = {part: HOSTILE[n] for n, part in enumerate(("goal", "offer", "message", "channel"))}
        shop.playbooks.set("rfm", "VIP", **parts)
        shop.refresh()
        shop.access.people.add(OWNER, "admin", PASSWORD)
    return labels


def folder_of(number: int) -> str:
    """The folder that a segment is in; none where no folder may be called so."""
    text = WHOLE[number * TOGETHER].strip()
    return text if len(text) <= LONGEST_FOLDER and re.fullmatch(FOLDER, text) else ""


def _people() -> list[list[str]]:
    strange = [each for each in WHOLE if each.strip()][::45]
    rows = [["customer_id", "name", "city", "Wish", *strange]]
    many = len(WHOLE)
    for n, text in enumerate(WHOLE):
        others = [WHOLE[(n + 13 * k) % many] for k in range(len(strange))]
        rows.append([text, text, WHOLE[(n + 7) % many], WHOLE[(n + 11) % many], *others])
    return rows


def _things() -> list[list[str]]:
    rows = [["product_id", "name", "category", "brand"]]
    return rows + [[text, text, WHOLE[n // 2 * 2], text] for n, text in enumerate(WHOLE)]


def _bought() -> list[list[str]]:
    rows = [
        ["order_id", "line_no", "customer_id", "ordered_at", "product_id", "quantity", "unit_price",
         "channel"]
    ]  # fmt: skip
    for n, text in enumerate(WHOLE):
        for k in range(1 + n % 3):
            thing = WHOLE[(n * 7 + k) % len(WHOLE)]
            day = f"2024-0{1 + k}-{1 + n % 28:02}"
            rows.append([f"{text}{k}", "1", text, day, thing, "1", f"{n % 50 + 3}.5", text])
    return rows


def _written(file: Path, rows: Sequence[Sequence[str]]) -> Path:
    with file.open("w", newline="", encoding="utf-8") as sink:
        csv.writer(sink, quoting=csv.QUOTE_ALL).writerows(rows)
    return file


def _with_zeros(file: Path) -> Path:
    rows = [json.dumps({"customer_id": each, "city": each}) for each in HOSTILE if "\0" in each]
    file.write_text("\n".join(rows), encoding="utf-8")
    return file
