"""Odd ways of writing that a load reads past, but tells about."""

from __future__ import annotations

from collections.abc import Iterator

from segmentry.core.types import Type
from segmentry.data.column_format import TEXT_SOURCE
from segmentry.data.plan import LINKS
from segmentry.data.work import Work
from segmentry.engines.duckdb import quote

FLOATS = ("DOUBLE", "FLOAT")


def note_oddities(work: Work) -> None:
    """Count, in one scan, records with an id like `17850.0`, or a blank where a number belongs."""
    found = {
        "float_ids": ("read whole", list(_float_ids(work))),
        "blank_values": ("read as missing", list(_blanks(work))),
    }
    asked = {kind: tests for kind, (_, tests) in found.items() if tests}
    if not asked:
        return
    counts = ", ".join(f"count(*) FILTER ({' OR '.join(tests)})" for tests in asked.values())
    row = work.session.rows(f"SELECT {counts} FROM {work.records.staged.table}")[0]
    for kind, count in zip(asked, row, strict=True):
        work.treat(work.plan.record, kind, int(count), found[kind][0])


def _float_ids(work: Work) -> Iterator[str]:
    for cell in work.plan.cells:
        for source in cell.sources if cell.name in LINKS else ():
            held, x = work.records.staged.column(source).type_name, quote(source)
            if held == TEXT_SOURCE:
                yield f"(ends_with({x}, '.0') AND TRY_CAST({x} AS DOUBLE) > 0)"
            elif held in FLOATS:
                yield f"({x} IS NOT NULL AND NOT isnan({x}))"


def _blanks(work: Work) -> Iterator[str]:
    for cell in work.plan.cells:
        for source in cell.sources if cell.type is not Type.TEXT else ():
            if work.records.staged.column(source).type_name == TEXT_SOURCE:
                x = quote(source)
                yield f"({x} BETWEEN ' ' AND '!' AND trim({x}) = '')"


__all__ = ["note_oddities"]
