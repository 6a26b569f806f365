"""Imported by the process from which all others are forked: it has kept a small shop once already.

What is read, compiled and cached on the way then need not be by each of hundreds of processes.
"""

import os
import tempfile
from contextlib import redirect_stdout, suppress
from pathlib import Path

from tests.torture import child, state

ORDERS = """order_id,customer_id,ordered_at,amount,channel
O1,C1,2024-01-01 08:00,10.00,web
O2,C2,2024-01-20 08:00,20.00,shop
O3,C1,2024-02-20 08:00,30.00,web
"""
STEPS = (
    ("init", "shop", "--timezone", "Europe/Kyiv"),
    ("load", "orders.csv", "--yes", "-w", "shop"),
    ("segments", "save", "regulars", "frequency >= 2", "-w", "shop"),
    ("refresh", "-w", "shop"),
)


def practise() -> None:
    """Keep a small shop for a moment."""
    here = Path.cwd()
    with tempfile.TemporaryDirectory() as folder, Path(os.devnull).open("w") as nowhere:
        os.chdir(folder)
        Path("orders.csv").write_text(ORDERS)
        for argv in STEPS:
            with suppress(SystemExit), redirect_stdout(nowhere):
                child.COMMAND(list(argv), prog_name="segmentry")
        state.seen(Path("shop"))
        os.chdir(here)


practise()
