"""One query per segment, as an analyst writes it and as the usual products run it.

Each computes what it needs from the facts, then keeps the members in a table.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from benchmarks.scale.clock import timed
from benchmarks.scale.declared import Known, Leaf, Rule, rules
from benchmarks.scale.source import NEXT as DAY

ZONE = ZoneInfo("Europe/Kyiv")
COUNTED = {"orders": "f.is_purchase", "order_lines": "f.kind = 'purchase'", "events": "TRUE"}
AT = {"orders": "ordered", "order_lines": "ordered", "events": "occurred"}
KEY = {"orders": "order_id", "events": "event_id"}


def connect(folder: str | Path, memory: str = "4GB") -> duckdb.DuckDBPyConnection:
    """The tables of a workspace, to read."""
    config = {"memory_limit": memory, "threads": "2"}
    return duckdb.connect(f"{folder}/warehouse.duckdb", read_only=True, config=config)


def start_of(days: int) -> datetime:
    """The instant, naive UTC, at which the local day that many days before the last began."""
    local = datetime.combine(DAY - timedelta(days=days), time(), ZONE)
    return local.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)


def rows(known: Known) -> str:
    """SQL from FROM on: the rows that a feature reads."""
    at = f"f.{AT[known.fact]}_at"
    tests = [COUNTED[known.fact], f"{at} < TIMESTAMP '{start_of(0)}'"]
    if known.days:
        tests.append(f"{at} >= TIMESTAMP '{start_of(known.days)}'")
    if known.by and known.function != "share":
        tests.append(filtered(known))
    joined = " JOIN products p USING (product_id)" if known.by == "category" else ""
    return f"FROM {known.fact} f{joined} WHERE {' AND '.join(tests)}"


def filtered(known: Known) -> str:
    """SQL of the filter."""
    return f"{'p' if known.by == 'category' else 'f'}.{known.by} = '{known.value}'"


def aggregate(known: Known) -> str:
    """SQL of the value over the rows of a customer."""
    match known.function:
        case "count":
            return "count(*)"
        case "days_since_last":
            return f"DATE '{DAY}' - max(f.{AT[known.fact]}_on)"
        case "last":
            order = f"row(f.{AT[known.fact]}_at, f.{KEY[known.fact]})"
            return f"arg_max(f.{known.column}, {order}) FILTER (f.{known.column} IS NOT NULL)"
        case "share" if known.column:
            part = f"sum(f.{known.column}) FILTER ({filtered(known)})"
            return f"coalesce({part}, 0)::DOUBLE / nullif(sum(f.{known.column}), 0)::DOUBLE"
        case "share":
            return f"count(*) FILTER ({filtered(known)}) / count(*)"
        case _:
            return f"{known.function}(f.{known.column})"


def query(rule: Rule) -> str:
    """The members of a segment."""
    steps = {each: f"f{number}" for number, each in enumerate(_knowns(rule))}
    spelled = {leaf: _condition(leaf, steps) for leaf in rule.leaves}
    heads = ", ".join(
        f"{name} AS (SELECT f.customer_no, {aggregate(each)} AS v {rows(each)} GROUP BY ALL)"
        for each, name in steps.items()
    )
    joins = "".join(f" LEFT JOIN {name} USING (customer_no)" for name in steps.values())
    return (
        f"{f'WITH {heads} ' if heads else ''}SELECT customer_no FROM customers c{joins}"
        f" WHERE (c.known_at IS NULL OR c.known_at < TIMESTAMP '{start_of(0)}')"
        f" AND ({rule.joined(spelled)})"
    )


def _knowns(rule: Rule) -> list[Known]:
    return list(dict.fromkeys(leaf.known for leaf in rule.leaves if isinstance(leaf.known, Known)))


def _condition(leaf: Leaf, steps: dict[Known, str]) -> str:
    if isinstance(leaf.known, str):
        return f"coalesce(c.{leaf.known} {leaf.compared}, FALSE)"
    value = f"{steps[leaf.known]}.v"
    if leaf.known.function == "count":
        return f"coalesce({value}, 0) {leaf.compared}"
    return f"coalesce({value} {leaf.compared}, FALSE)"


def run(folder: str, sample: int = 40) -> dict[str, int]:
    """Evaluate an evenly spread sample of the segments; gives how many members each has."""
    every = rules()
    found = {}
    with connect(folder) as engine:
        for rule in every[:: len(every) // sample]:
            with timed("segment"):
                engine.execute(f"CREATE OR REPLACE TEMP TABLE members AS {query(rule)}")
                [(count,)] = engine.execute("SELECT count(*) FROM members").fetchall()
            found[rule.name] = count
    return found
