"""Who was in which segment when, and why they came and went.

History is kept as intervals at the instants for which memberships were computed (the *points*): a
customer who is in at a point and was not at the point before entered at that point. Half-open:
`entered_at` is inside, `left_at` is not. The cause of a change is the rule, if it was another one
at the point before; else data, if the customer did something in between; else time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from segmentry.engines.duckdb import DuckDB
from segmentry.features.customers import Customers
from segmentry.language.node import Condition, Node

TABLES = (
    """CREATE TABLE IF NOT EXISTS membership (
        segment VARCHAR, part VARCHAR, customer_no INTEGER,
        entered_at TIMESTAMP, entered_cause VARCHAR, left_at TIMESTAMP, left_cause VARCHAR)""",
    """CREATE TABLE IF NOT EXISTS membership_point (
        segment VARCHAR, as_of TIMESTAMP, definition VARCHAR)""",
    """CREATE TABLE IF NOT EXISTS membership_size (
        segment VARCHAR, part VARCHAR, as_of TIMESTAMP,
        customers BIGINT, of_customers BIGINT, revenue_amount DECIMAL(18,4))""",
)


@dataclass(frozen=True)
class Divided:
    """Something that puts customers into parts: a segment (one part, '') or a segmentation.

    Args:
        node: A condition, or the value that names the part.
        definition: The text it was declared with; a change of it is a change of the rule.
    """

    name: str
    node: Node
    definition: str


def prepare(engine: DuckDB) -> None:
    """Make the tables if they are not there."""
    for statement in TABLES:
        engine.execute(statement)


def points(engine: DuckDB, segment: str) -> list[datetime]:
    """The instants for which a segment's membership is known, in order."""
    return [
        instant
        for (instant,) in engine.rows(
            "SELECT as_of FROM membership_point WHERE segment = ? ORDER BY as_of", [segment]
        )
    ]


def record(
    customers: Customers, divided: Sequence[Divided], *, activity: Iterable[tuple[str, str]]
) -> None:
    """Compute memberships at an instant and take the changes into the history, all or nothing.

    An instant that is already there is computed anew. It must not lie before the last point: see
    `rebuild`.

    Args:
        activity: Tables of facts and their instant columns, to tell data from time.
    """
    engine, instant = customers.desk, customers.as_of.instant
    with engine.transaction():
        _compute(customers, divided)
        _take_back(engine, [each.name for each in divided], instant)
        _note_causes(engine, divided, instant, activity)
        for statement in CHANGES:
            engine.execute(statement, {"as_of": instant})
        for each in divided:
            engine.execute(
                "INSERT INTO membership_point VALUES (?, ?, ?)",
                [each.name, instant, each.definition],
            )
        engine.execute(SIZES, {"as_of": instant})
        for table in ("computed_membership", "computed_customers", "cause_of"):
            engine.drop(table)


def forget(engine: DuckDB, names: Iterable[str]) -> None:
    """Remove the history of segments."""
    for table in ("membership", "membership_point", "membership_size"):
        for name in names:
            engine.execute(f"DELETE FROM {table} WHERE segment = ?", [name])


def _compute(customers: Customers, divided: Sequence[Divided]) -> None:
    """Rows (segment, part, customer_no, revenue) of everybody who is in, as a temporary table."""
    engine, revenue = customers.desk, customers.revenue
    outputs = {f"d{number}": each.node for number, each in enumerate(divided)}
    customers.land("computed_customers", outputs | revenue)
    parts = []
    for number, each in enumerate(divided):
        member = isinstance(each.node, Condition)
        part = "''" if member else f"d{number}"
        condition = f"d{number}" if member else f"d{number} IS NOT NULL"
        parts.append(
            f"SELECT {number} AS number, {part} AS part, customer_no FROM computed_customers"
            f" WHERE {condition}"
        )
    engine.execute("CREATE OR REPLACE TEMPORARY TABLE divided (number INTEGER, segment VARCHAR)")
    for number, each in enumerate(divided):
        engine.execute("INSERT INTO divided VALUES (?, ?)", [number, each.name])
    amount = "revenue" if revenue else "NULL::DECIMAL(18,4)"
    engine.execute(
        "CREATE OR REPLACE TEMPORARY TABLE computed_membership AS"
        f" SELECT segment, part, customer_no, {amount} AS revenue"
        f" FROM ({' UNION ALL '.join(parts)}) JOIN divided USING (number)"
        " JOIN computed_customers USING (customer_no)"
    )


def _take_back(engine: DuckDB, names: Iterable[str], instant: datetime) -> None:
    """Undo a point that is computed anew."""
    for name in names:
        for statement in (
            "DELETE FROM membership WHERE segment = $name AND entered_at = $as_of",
            """UPDATE membership SET left_at = NULL, left_cause = NULL
               WHERE segment = $name AND left_at = $as_of""",
            "DELETE FROM membership_point WHERE segment = $name AND as_of = $as_of",
            "DELETE FROM membership_size WHERE segment = $name AND as_of = $as_of",
        ):
            engine.execute(statement, {"name": name, "as_of": instant})


def _note_causes(
    engine: DuckDB,
    divided: Sequence[Divided],
    instant: datetime,
    activity: Iterable[tuple[str, str]],
) -> None:
    """Rows (segment, before, ruled): the point before, and whether the rule was another one."""
    engine.execute(
        "CREATE OR REPLACE TEMPORARY TABLE cause_of"
        " (segment VARCHAR, before TIMESTAMP, other_rule BOOLEAN)"
    )
    for each in divided:
        engine.execute(
            "INSERT INTO cause_of SELECT $name, max(as_of),"
            " coalesce(arg_max(definition, as_of) <> $definition, false)"
            " FROM membership_point WHERE segment = $name",
            {"name": each.name, "definition": each.definition},
        )
    before = engine.value("SELECT min(before) FROM cause_of")
    selects = [
        f"SELECT DISTINCT customer_no, {column} AS seen_at FROM {table}"
        f" WHERE {column} >= $before AND {column} < $as_of AND customer_no IS NOT NULL"
        for table, column in activity
    ]
    engine.execute(
        "CREATE OR REPLACE TEMPORARY TABLE active AS"
        " SELECT customer_no, max(seen_at) AS last_at FROM ("
        + " UNION ALL ".join(
            selects or ["SELECT 0 AS customer_no, $before AS seen_at WHERE $as_of IS NULL"]
        )
        + ") GROUP BY customer_no",
        {"before": before or instant, "as_of": instant},
    )


CAUSE = """CASE WHEN c.before IS NULL THEN 'first'
                WHEN c.other_rule THEN 'rule'
                WHEN a.last_at >= c.before THEN 'data'
                ELSE 'time' END"""

CHANGES = (
    f"""UPDATE membership AS m SET left_at = $as_of, left_cause = gone.cause
        FROM (SELECT o.segment, o.part, o.customer_no, {CAUSE} AS cause
              FROM membership AS o
              JOIN cause_of AS c USING (segment)
              LEFT JOIN active AS a USING (customer_no)
              ANTI JOIN computed_membership AS n USING (segment, part, customer_no)
              WHERE o.left_at IS NULL) AS gone
        WHERE m.left_at IS NULL AND m.segment = gone.segment AND m.part = gone.part
          AND m.customer_no = gone.customer_no""",
    f"""INSERT INTO membership
        SELECT n.segment, n.part, n.customer_no, $as_of, {CAUSE}, NULL, NULL
        FROM computed_membership AS n
        JOIN cause_of AS c USING (segment)
        LEFT JOIN active AS a USING (customer_no)
        ANTI JOIN (SELECT * FROM membership WHERE left_at IS NULL) AS o
          USING (segment, part, customer_no)""",
)

SIZES = """INSERT INTO membership_size
    SELECT segment, part, $as_of, count(*), (SELECT count(*) FROM computed_customers), sum(revenue)
    FROM computed_membership GROUP BY segment, part"""
