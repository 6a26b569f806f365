"""A shop with products, traits and a model: for questions that orders alone do not answer."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path

from segmentry.workspace.workspace import Workspace

PRODUCTS = {"tea": "drinks", "jam": "spreads", "bread": "bakery", "rice": "dry", "salt": "dry"}


def bake(folder: Path) -> Path:
    """A workspace of 1,100 customers in 240 days, loaded and refreshed; jam goes with bread."""
    draw, first = random.Random(2), datetime(2024, 1, 1, 8)
    lines = ["order_id,line_no,customer_id,ordered_at,product_id,quantity,unit_price"]
    for number in range(4_500):
        held = [each for each in PRODUCTS if draw.random() < 0.3] or ["salt"]
        if "bread" in held and "jam" not in held and draw.random() < 0.6:
            held.append("jam")
        at = first + timedelta(days=draw.random() * 240)
        who = draw.randrange(1_100)
        lines += [
            f"o{number},{place},c{who},{at:%Y-%m-%d %H:%M:%S},{each},1,{2 + len(each)}.50"
            for place, each in enumerate(held)
        ]
    things = [f"{each},{each.title()},{kind}" for each, kind in PRODUCTS.items()]
    people = [
        f"c{each},{('UA', 'PL')[each % 2]},c{each}@example.org,{('yes', 'no')[each % 3 > 0]}"
        for each in range(1_100)
    ]
    files = {
        "order_lines": lines,
        "products": ["product_id,name,category", *things],
        "customers": ["customer_id,country,email,religion", *people],
    }
    with Workspace.create(folder, currency="EUR", timezone="UTC") as shop:
        for name, rows in files.items():
            path = folder.parent / f"{name}.csv"
            path.write_text("\n".join(rows), encoding="utf-8")
            shop.load(**{name: path})
        shop.segment("abroad", "country = 'PL'", "Abroad")
        shop.refresh()
    return folder
