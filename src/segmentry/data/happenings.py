"""Events, touchpoints, answers, consents, costs: facts that are rows as their file has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from segmentry.data.customers import merge_seen
from segmentry.data.plan import Plan
from segmentry.data.records import BAD, TABLE
from segmentry.data.tables import MADE_KEYS, TABLES
from segmentry.data.work import EntityCounts, Work
from segmentry.engines.duckdb import quote


@dataclass(frozen=True, slots=True)
class Naming:
    """How a row without an id is called.

    Args:
        parts: Attributes that make its name.
        unique: Whether rows of one name contradict each other; otherwise they are counted up.
        first: SQL that decides which of the contradicting ones stays; the greatest does.
    """

    parts: tuple[str, ...]
    unique: bool = False
    first: tuple[str, ...] = ()

    def made(self, plan: Plan) -> str:
        """SQL of the name, before it is counted up."""
        columns = (plan.or_null(plan.record, each) for each in self.parts)
        listed = ", ".join(f"coalesce(CAST({each} AS VARCHAR), '')" for each in columns)
        return f"concat_ws('|', {listed})"


NAMINGS: Mapping[str, Naming] = {
    "events": Naming(("customer_id", "occurred_at", "name")),
    "touchpoints": Naming(("customer_id", "occurred_at", "kind")),
    "costs": Naming(("spent_at", "campaign", "channel")),
    "survey_answers": Naming(("customer_id", "survey", "question", "answered_at")),
    # Of a yes and a no at the same moment the no holds.
    "consents": Naming(
        ("customer_id", "channel", "purpose", "recorded_at"), True, ('NOT "consents.given"',)
    ),
}


def load_happenings(work: Work) -> None:
    """Bring the records in as rows of their entity's table."""
    records, plan = work.records, work.plan
    entity = plan.record
    table, naming = TABLES[entity], NAMINGS[entity]
    instant = plan.instant or "NULL"
    given = plan.column(entity, MADE_KEYS[entity]) or "NULL"
    made = naming.made(plan)
    key, own = (f"coalesce({given}, {made})",), f"{given} IS NOT NULL"
    repeated = work.settle_repeats(
        key, naming.first or (instant,), "TRUE" if naming.unique else own
    )
    found = work.occurrences(key, candidates="FALSE" if naming.unique else f"{given} IS NULL")
    nth = "''" if naming.unique else f"'|' || {found.nth()}"
    values = {
        MADE_KEYS[entity]: f"coalesce({given}, {made} || {nth})",
        table.instant or "": f"t.{instant}",
    }
    joins = found.join()
    if "customer_no" in table.columns:
        _merge_customers(work, instant)
        values["customer_no"] = "c.customer_no"
        joins += " LEFT JOIN customers c USING (customer_id)"
    for cell in plan.of(entity):
        values.setdefault(cell.attribute, f"t.{quote(cell.name)}")
    source = f"FROM {TABLE} t{joins} WHERE NOT t.{BAD}"
    merged = work.merge_facts(entity, table.instant or "", values, source)
    work.counts[entity] = EntityCounts.of(merged, repeated=repeated, rejected=records.rejected())


def _merge_customers(work: Work, instant: str) -> None:
    seen = (
        f"SELECT customer_id, min({instant}) AS seen_at FROM {TABLE}"
        f" WHERE {work.records.good()} GROUP BY customer_id"
    )
    work.counts["customers"] = EntityCounts.of(merge_seen(work.records, seen, instant))


__all__ = ["load_happenings"]
