"""Running the checks: all counts of a table in one scan, samples only where rows fail."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pyarrow as pa

from segmentry.core.time import AsOf
from segmentry.data.available import Loaded, loaded_columns
from segmentry.data.checks import amounts, complete, keys, timely, traps, valid, values
from segmentry.data.checks.check import AnyCheck, Check, CheckResult, Past, Tally
from segmentry.data.checks.clock import years_off
from segmentry.data.checks.personal import PERSONAL, mask
from segmentry.engines.duckdb import DuckDB, quote
from segmentry.language.schema import Schema

FAMILIES = (complete, valid, timely, keys, amounts, traps, values)
SAMPLE = 5
_KEPT: dict[str, pa.DataType] = {
    "run_at": pa.timestamp("us"),
    "check_name": pa.string(),
    "entity": pa.string(),
    "failing": pa.int64(),
    "of": pa.int64(),
}
RESULTS = pa.schema(_KEPT)
"""How results are kept."""


def all_checks(loaded: Loaded) -> list[AnyCheck]:
    """Every check for which the data is loaded."""
    return [
        each
        for family in FAMILIES
        for each in family.checks(loaded)
        if all(_there(needed, loaded) for needed in each.needs)
    ]


def _there(needed: str, loaded: Loaded) -> bool:
    entity, column = needed.split(".", 1)
    return entity in loaded and (column == "*" or column in loaded[entity])


def run_checks(
    session: DuckDB, schema: Schema, as_of: AsOf, masked: Collection[str] = PERSONAL
) -> list[CheckResult]:
    """Run every check that the loaded data allows; locked fields are not looked at.

    Changes nothing.

    Args:
        session: Where the tables are.
        schema: What is available; without a single fact only customers and products are checked.
        as_of: Moment against which freshness and future dates are judged.
        masked: Columns whose values are masked in samples; empty shows everything.
    """
    locked = {("customers", name) for name in schema.locked}
    locked |= {(fact.table, name) for fact in schema.facts.values() for name in fact.locked}
    loaded = {
        name: {each: kind for each, kind in columns.items() if (name, each) not in locked}
        for name, columns in loaded_columns(session).items()
        if schema.facts or name in ("customers", "products", "companies")
    }
    if not loaded:
        return []
    checks = all_checks(loaded)
    counts = dict(_counts(session, checks, as_of))
    past = _past(session)
    return [
        _result(session, check, *counts[check.name, check.entity], past, as_of, masked)
        for check in checks
    ]


def remember(session: DuckDB, results: Iterable[CheckResult], run_at: datetime) -> None:
    """Keep what was found, for the trend of later runs; a second time at the same moment replaces.

    Args:
        run_at: When the checks ran, naive UTC, from the caller.
    """
    found = [
        {
            "run_at": run_at,
            "check_name": each.name,
            "entity": each.entity,
            "failing": each.failing,
            "of": each.of,
        }
        for each in results
    ]
    with session.transaction():
        session.execute("DELETE FROM check_results WHERE run_at = ?", [run_at])
        session.append("check_results", pa.Table.from_pylist(found, RESULTS))


# counting


def _counts(
    session: DuckDB, checks: Iterable[AnyCheck], as_of: AsOf
) -> Iterator[tuple[tuple[str, str], tuple[int, int]]]:
    by_source: dict[str, list[Check]] = {}
    for check in checks:
        if isinstance(check, Tally):
            failing, of = session.rows(_spelled(check.query, as_of))[0]
            yield (check.name, check.entity), (int(failing or 0), int(of or 0))
        else:
            by_source.setdefault(check.rows, []).append(check)
    for source, group in by_source.items():
        counts = ", ".join(
            f"count(*) FILTER (({each.among}) AND ({each.failing})), count(*) FILTER ({each.among})"
            for each in group
        )
        found = session.rows(_spelled(f"SELECT {counts} FROM {source} t", as_of))[0]
        for position, each in enumerate(group):
            of = int(session.value(each.of)) if each.of else found[2 * position + 1]
            yield (each.name, each.entity), (found[2 * position], of)


def _spelled(sql: str, as_of: AsOf) -> str:
    instant, day = f"TIMESTAMP '{as_of.instant}'", f"DATE '{as_of.day}'"
    return sql.replace("{as_of}", instant).replace("{day}", day)


# results


def _result(
    session: DuckDB,
    check: AnyCheck,
    failing: int,
    of: int,
    past: dict[tuple[str, str], list[Past]],
    as_of: AsOf,
    masked: Collection[str],
) -> CheckResult:
    result = CheckResult(
        check.name,
        check.entity,
        check.severity,
        check.texts,
        failing,
        of,
        check.tolerance,
        trend=tuple(past.get((check.name, check.entity), ())),
    )
    if isinstance(check, Tally) or not failing:
        return result
    shift = years_off(session, check) if check.clock and not result.passed else None
    texts = replace(check.texts, shift=shift)
    return replace(result, texts=texts, sample=tuple(_sample(session, check, as_of, masked)))


def _sample(
    session: DuckDB, check: Check, as_of: AsOf, masked: Collection[str]
) -> Iterator[dict[str, Any]]:
    """The first failing rows by what is shown, so that two runs show the same; equal ones once."""
    shown = ", ".join(quote(each) for each in check.shown)
    query = (
        f"SELECT DISTINCT {shown} FROM {check.rows} t WHERE ({check.among}) AND ({check.failing})"
        f" ORDER BY ALL LIMIT {SAMPLE}"
    )
    for row in session.rows(_spelled(query, as_of)):
        values = zip(check.shown, row, strict=True)
        yield {name: mask(value) if name in masked else value for name, value in values}


def _past(session: DuckDB) -> dict[tuple[str, str], list[Past]]:
    found: dict[tuple[str, str], list[Past]] = {}
    for run_at, name, entity, failing, of in session.rows(
        "SELECT run_at, check_name, entity, failing, of FROM check_results ORDER BY run_at"
    ):
        found.setdefault((name, entity), []).append(Past(run_at, failing, of))
    return found


__all__ = ["PERSONAL", "all_checks", "mask", "remember", "run_checks"]
