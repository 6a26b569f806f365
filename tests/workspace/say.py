"""Make a small shop in a folder and say what it holds, as one hash: run under odd surroundings."""

import sys
from pathlib import Path

from tests.workspace.content import content, fingerprint
from tests.workspace.test_order import EVERYTHING, SEGMENTS, WHEN

from segmentry.core.time import now
from segmentry.workspace.workspace import Workspace


def main(folder: Path, threads: int) -> None:
    """Orders come as text, with local times; all else as frames."""
    file = folder / "orders.csv"
    rows = EVERYTHING["orders"].to_pylist()
    names = list(rows[0])
    lines = [
        ",".join("" if row[name] is None else str(row[name]) for name in names) for row in rows
    ]
    file.write_text("\n".join([",".join(names), *lines]), encoding="utf-8")
    with Workspace.create(folder / "shop", timezone="Europe/Kyiv") as shop:
        shop.settings = shop.settings.model_copy(update={"threads": threads})
        shop.load(file)
        shop.load(**{name: table for name, table in EVERYTHING.items() if name != "orders"})
        for name, rule in SEGMENTS.items():
            shop.segment(name, rule)
        shop.refresh(WHEN)
        found = fingerprint(content(shop, WHEN))
    sys.stdout.write(f"{found} {now()}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
