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
    suspected = _suspected(session, staged)
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


def _suspected(session: DuckDB, staged: Staged) -> list[str]:
    """Columns with an apostrophe before a formula in a cell, and no formula without one in any.

    The first question is a range, which the engine answers for most columns without reading them;
    all columns are asked about in one row.
    """
    texts = [each.name for each in staged.columns if each.type_name == "VARCHAR"]
    if not texts:
        return []
    table = quote(staged.table)
    asked = ", ".join(
        f"bool_or({column} >= '''' AND {column} < '(' AND regexp_matches({column}, $1))"
        for column in map(quote, texts)
    )
    [written] = session.rows(f"SELECT {asked} FROM {table}", [AFTER])
    return [
        name
        for name, is_written in zip(texts, written, strict=True)
        if is_written and not _has_bare(session, table, name)
    ]


def _has_bare(session: DuckDB, table: str, name: str) -> bool:
    """Whether a cell of a column begins like a formula."""
    bare = f"SELECT 1 FROM {table} WHERE regexp_matches({quote(name)}, ?) LIMIT 1"
    return bool(session.rows(bare, [f"^[{RISKY}]"]))
