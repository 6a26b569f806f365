"""What sets the groups of a segmentation apart from the base: means, favorites, categories."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from segmentry.core.time import AsOf
from segmentry.data.identity.counted import counted
from segmentry.engines.duckdb import DuckDB, quote


@dataclass(frozen=True)
class Share:
    """A value's share inside a group, and that share over the base's."""

    name: str
    share: float
    index: float | None


@dataclass(frozen=True)
class Mean:
    """A feature's mean over a group's members who have a value, and over the whole base's."""

    feature: str
    mean: float | None
    base: float | None


@dataclass(frozen=True)
class Profile:
    """One group against the base."""

    group: str
    customers: int
    means: tuple[Mean, ...]
    favorites: Mapping[str, tuple[Share, ...]]
    """For each text feature, its most common values among the members."""
    categories: tuple[Share, ...]
    """Product categories by share of what the group spent."""


def profiles(
    engine: DuckDB,
    table: str,
    group: str,
    *,
    numbers: Sequence[str],
    texts: Sequence[str],
    as_of: AsOf,
    has_categories: bool,
) -> dict[str, Profile]:
    """Profiles of all groups of a feature.

    Args:
        table: A table with one row per customer, with the group and the features as columns.
    """
    means = _means(engine, table, group, numbers)
    favorites = {name: _favorites(engine, table, group, name) for name in texts}
    categories = _categories(engine, table, group, as_of) if has_categories else {}
    sizes = engine.rows(
        f"SELECT {quote(group)}, count(*) FROM {quote(table)}"
        f" WHERE {quote(group)} IS NOT NULL GROUP BY ALL"
    )
    return {
        name: Profile(
            group=name,
            customers=customers,
            means=tuple(
                Mean(each, means[name][place], means[None][place])
                for place, each in enumerate(numbers)
            ),
            favorites={each: tuple(found.get(name, ())) for each, found in favorites.items()},
            categories=tuple(categories.get(name, ())),
        )
        for name, customers in sizes
    }


def _means(
    engine: DuckDB, table: str, group: str, names: Sequence[str]
) -> dict[str | None, tuple[float | None, ...]]:
    columns = ", ".join(f"avg({quote(each)})::DOUBLE" for each in names) or "NULL"
    rows = engine.rows(
        f"SELECT {quote(group)}, grouping({quote(group)}), {columns} FROM {quote(table)}"
        f" WHERE {quote(group)} IS NOT NULL GROUP BY ROLLUP ({quote(group)})"
    )
    return {None if whole else name: tuple(values) for name, whole, *values in rows}


def _favorites(
    engine: DuckDB, table: str, group: str, name: str, most: int = 3
) -> dict[str, list[Share]]:
    rows = engine.rows(
        f"""WITH counted AS (
            SELECT {quote(group)} AS part, {quote(name)}::VARCHAR AS value, count(*) AS customers
            FROM {quote(table)}
            WHERE {quote(group)} IS NOT NULL AND {quote(name)} IS NOT NULL GROUP BY ALL)
        SELECT part, value, customers / sum(customers) OVER (PARTITION BY part),
               sum(customers) OVER (PARTITION BY value) / sum(customers) OVER ()
        FROM counted ORDER BY part, customers DESC, value"""
    )
    return _shares(rows, most)


def _categories(
    engine: DuckDB, table: str, group: str, as_of: AsOf, most: int = 5
) -> dict[str, list[Share]]:
    rows = engine.rows(
        f"""WITH spent AS (
            SELECT c.{quote(group)} AS part, p.category AS value,
                   sum(l.gross_amount)::DOUBLE AS paid
            FROM {counted("order_lines")} AS l JOIN products AS p USING (product_id)
            JOIN {quote(table)} AS c USING (customer_no)
            WHERE l.kind = 'purchase' AND l.ordered_at < $as_of AND p.category IS NOT NULL
              AND c.{quote(group)} IS NOT NULL GROUP BY ALL)
        SELECT part, value, paid / nullif(sum(paid) OVER (PARTITION BY part), 0),
               sum(paid) OVER (PARTITION BY value) / nullif(sum(paid) OVER (), 0)
        FROM spent ORDER BY part, paid DESC, value""",
        {"as_of": as_of.instant},
    )
    return _shares(rows, most)


def _shares(
    rows: Iterable[tuple[str, str, float | None, float | None]], most: int
) -> dict[str, list[Share]]:
    found: dict[str, list[Share]] = {}
    for part, value, share, base in rows:
        kept = found.setdefault(part, [])
        if len(kept) < most and share is not None:
            kept.append(Share(value, share, share / base if base else None))
    return found
