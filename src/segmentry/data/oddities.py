"""Odd ways of writing that a load reads past, but tells about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from segmentry.core.types import Type
from segmentry.data.column_format import TEXT_SOURCE
from segmentry.data.plan import LINKS
from segmentry.data.work import Work
from segmentry.engines.duckdb import quote

FLOATS = ("DOUBLE", "FLOAT")


def note_oddities(work: Work) -> None:
    """Count records with an id like `17850.0`, or with a blank where a number belongs."""
    float_ids, blanks = list(_float_ids(work)), list(_blanks(work))
    if float_ids:
        work.treat(work.plan.record, "float_ids", _count(work, float_ids), "read whole")
    if blanks:
        # Column by column, what begins with no blank is passed over without being read.
        there = [each for each in blanks if _count(work, [each])]
        count = _count(work, there) if there else 0
        work.treat(work.plan.record, "blank_values", count, "read as missing")


def _count(work: Work, tests: Sequence[str]) -> int:
    query = f"SELECT count(*) FROM {work.records.staged.table} WHERE {' OR '.join(tests)}"
    return int(work.session.value(query))


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
