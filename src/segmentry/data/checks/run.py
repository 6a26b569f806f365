"""Running the checks: counts first, those of a table together; samples only where rows fail."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import chain
from typing import Any

import pyarrow as pa

from segmentry.core.time import AsOf
from segmentry.data.available import Loaded, loaded_columns
from segmentry.data.checks import amounts, complete, keys, timely, traps, valid, values
from segmentry.data.checks.check import AnyCheck, Check, CheckResult, Past, Tally
from segmentry.data.checks.clock import years_off
from segmentry.data.checks.counts import EACH, keep, take
from segmentry.data.checks.personal import PERSONAL, mask
from segmentry.engines.duckdb import DuckDB, literal, quote
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
    counted = list(_counted(session, schema, as_of))
    past = _past(session) if counted else {}
    return [
        _shown(session, check, replace(result, trend=tuple(past.get(_name(check), ()))), masked)
        for check, result in counted
    ]


def count_checks(session: DuckDB, schema: Schema, as_of: AsOf) -> list[CheckResult]:
    """The same without what is only shown: no samples, no trend.

    Changes nothing.
    """
    return [result for _, result in _counted(session, schema, as_of)]


def remember(session: DuckDB, results: Iterable[CheckResult], run_at: datetime) -> None:
    """Keep what was found, for the trend of later runs; a second time at the same moment replaces.

    What was counted for it is kept too, so that the next run counts only what came since.

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
        keep(session)


# counting


def _counted(
    session: DuckDB, schema: Schema, as_of: AsOf
) -> Iterator[tuple[AnyCheck, CheckResult]]:
    """Each check, as of the instant, with what it counts."""
    loaded = _open(session, schema)
    if not loaded:
        return
    checks = [_prepared(each, as_of) for each in all_checks(loaded)]
    pairs = (each.pair for each in checks if isinstance(each, Check) and each.pair)
    totals = take(session, chain(*(each.counts for each in checks), *pairs))
    alike = _asked_together(session, checks)
    for check in checks:
        if isinstance(check, Check) and check.pair:
            found = tuple(totals[each.id] for each in check.pair)
        elif isinstance(check, Check) and check.each:
            found = alike[check.query].get(check.each.id, (0, 0))
        else:
            found = session.rows(check.query)[0]
        failing, of = (int(each or 0) for each in found)
        yield check, _result(check, failing, of)


def _asked_together(
    session: DuckDB, checks: Iterable[AnyCheck]
) -> Mapping[str, Mapping[str, tuple[Any, ...]]]:
    """Query → id of a count → both numbers, of what is asked of several counts at once."""
    ids: dict[str, list[str]] = {}
    for check in checks:
        if isinstance(check, Check) and check.each:
            ids.setdefault(check.query, []).append(literal(check.each.id))
    return {
        query: {row[0]: row[1:] for row in session.rows(query.replace(EACH, ", ".join(every)))}
        for query, every in ids.items()
    }


def _open(session: DuckDB, schema: Schema) -> Loaded:
    """The loaded columns that are not locked."""
    locked = {("customers", name) for name in schema.locked}
    locked |= {(fact.table, name) for fact in schema.facts.values() for name in fact.locked}
    return {
        name: {each: kind for each, kind in columns.items() if (name, each) not in locked}
        for name, columns in loaded_columns(session).items()
        if schema.facts or name in ("customers", "products", "companies")
    }


def _prepared(check: AnyCheck, as_of: AsOf) -> AnyCheck:
    """A check as of an instant, with its query."""
    query = _spelled(check.query, as_of)
    if isinstance(check, Tally):
        return replace(check, query=query)
    failing, among = _spelled(check.failing, as_of), _spelled(check.among, as_of)
    source = _spelled(check.source, as_of)
    return replace(check, query=query, failing=failing, among=among, source=source).counted()


def _spelled(sql: str, as_of: AsOf) -> str:
    instant, day = f"TIMESTAMP '{as_of.instant}'", f"DATE '{as_of.day}'"
    return sql.replace("{as_of}", instant).replace("{day}", day)


def _result(check: AnyCheck, failing: int, of: int) -> CheckResult:
    return CheckResult(
        check.name, check.entity, check.severity, check.texts, failing, of, check.tolerance
    )


def _name(check: AnyCheck) -> tuple[str, str]:
    return check.name, check.entity


# what is shown


def _shown(
    session: DuckDB, check: AnyCheck, result: CheckResult, masked: Collection[str]
) -> CheckResult:
    """A result with failing rows, and with what would put them right."""
    if isinstance(check, Tally) or not result.failing:
        return result
    shift = years_off(session, check) if check.clock and not result.passed else None
    texts = replace(check.texts, shift=shift)
    return replace(result, texts=texts, sample=tuple(_sample(session, check, masked)))


def _sample(session: DuckDB, check: Check, masked: Collection[str]) -> Iterator[dict[str, Any]]:
    """The first failing rows by what is shown, so that two runs show the same; equal ones once."""
    shown = ", ".join(quote(each) for each in check.shown)
    query = (
        f"SELECT DISTINCT {shown} FROM {check.rows} t WHERE ({check.among}) AND ({check.failing})"
        f" ORDER BY ALL LIMIT {SAMPLE}"
    )
    for row in session.rows(query):
        values = zip(check.shown, row, strict=True)
        yield {name: mask(value) if name in masked else value for name, value in values}


def _past(session: DuckDB) -> dict[tuple[str, str], list[Past]]:
    found: dict[tuple[str, str], list[Past]] = {}
    for run_at, name, entity, failing, of in session.rows(
        "SELECT run_at, check_name, entity, failing, of FROM check_results ORDER BY run_at"
    ):
        found.setdefault((name, entity), []).append(Past(run_at, failing, of))
    return found


__all__ = ["PERSONAL", "all_checks", "count_checks", "mask", "remember", "run_checks"]
