"""Apostrophes that keep a spreadsheet from running what begins with `=`, `+`, `-`, `@`, taken off.

A column was written so when in every cell that would begin like a formula an apostrophe stands
before it, and there is such a cell. Our own exports are written so, and those of careful others.
"""

from __future__ import annotations

from dataclasses import replace

from segmentry.data.staged import Staged
from segmentry.engines.duckdb import DuckDB, quote

RISKY = r"=+\-@\t\r\n\x00＝＋－＠"
"""First characters that spreadsheet programs take for the beginning of a formula; the wide ones do
where people type East Asian scripts."""
BEFORE = rf"^'*[{RISKY}]"
"""What gets an apostrophe in front when it is written: formulas, and what looks already so."""
AFTER = rf"^'+[{RISKY}]"
"""What loses one when it is read."""


def take_off(session: DuckDB, staged: Staged) -> Staged:
    """The source without such apostrophes; a notice names the columns."""
    texts = [each.name for each in staged.columns if each.type_name == "VARCHAR"]
    suspected = [name for name in texts if _is_written(session, staged, name)]
    for name in suspected:
        column = quote(name)
        session.execute(
            f"UPDATE {quote(staged.table)} SET {column} = substr({column}, 2)"
            f" WHERE regexp_matches({column}, ?)",
            [AFTER],
        )
    if not suspected:
        return staged
    shown = ", ".join(f"`{each}`" for each in suspected)
    notice = f"Apostrophes before what looks like a formula are taken off in {shown}."
    return replace(staged, notices=(*staged.notices, notice))


def _is_written(session: DuckDB, staged: Staged, name: str) -> bool:
    """Whether a cell has an apostrophe before a formula, and no cell is a formula without one.

    The first question is a range, which the engine answers for most columns without reading them.
    """
    column, table = quote(name), quote(staged.table)
    begins = f"SELECT 1 FROM {table} WHERE {column} >= '''' AND {column} < '('"
    if not session.rows(f"{begins} AND regexp_matches({column}, ?) LIMIT 1", [AFTER]):
        return False
    bare = f"SELECT 1 FROM {table} WHERE regexp_matches({column}, ?) LIMIT 1"
    return not session.rows(bare, [f"^[{RISKY}]"])
