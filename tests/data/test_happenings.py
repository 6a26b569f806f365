"""Events, touchpoints, answers, consents and costs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from segmentry.data.load import LoadResult
from segmentry.engines.duckdb import DuckDB

Load = Callable[..., LoadResult]
AT = datetime(2024, 2, 29, 23, 30)
EVENTS = {"events": {"customer_id": "who", "occurred_at": "at", "name": "what"}}


def row(**fields: Any) -> dict[str, Any]:
    return {"who": "ann", "at": AT} | fields


def test_events_without_ids_are_all_kept(session: DuckDB, load_rows: Load) -> None:
    rows = [row(what="view", page="/a"), row(what="view", page="/b"), row(what="view", page="/b")]
    result = load_rows(
        rows,
        entities={"events": EVENTS["events"] | {"page": "page"}},
        timezone="Europe/Kyiv",
    )
    assert session.rows("SELECT event_id, occurred_on, occurred_hour FROM events ORDER BY 1") == [
        (f"ann|2024-02-29 21:30:00|view|{nth}", date(2024, 2, 29), 23) for nth in (1, 2, 3)
    ]
    assert result.entities["events"].accepted == 3
    assert result.entities["customers"].accepted == 1
    again = load_rows(
        rows[::-1], entities={"events": EVENTS["events"] | {"page": "page"}}, timezone="Europe/Kyiv"
    )
    assert again.entities["events"].unchanged == 3


def test_events_with_ids_update(session: DuckDB, load_rows: Load) -> None:
    entities = {"events": EVENTS["events"] | {"event_id": "id"}}
    load_rows([row(id="1", what="view"), row(id="2", what="view")], entities=entities)
    counts = load_rows(
        [row(id="1", what="cart"), row(id="2", what="view"), row(id="2", what="view")],
        entities=entities,
    ).entities["events"]
    assert (counts.records, counts.updated, counts.unchanged) == (3, 1, 2)
    assert session.rows("SELECT event_id, name FROM events ORDER BY 1") == [
        ("1", "cart"), ("2", "view"),
    ]  # fmt: skip


def test_an_event_of_nobody_is_refused(load_rows: Load) -> None:
    result = load_rows([row(what="view"), row(who=None, what="view")], entities=EVENTS)
    assert result.entities["events"].rejected == 1


def test_events_make_customers_known_earlier(session: DuckDB, load_rows: Load) -> None:
    orders = {"orders": {"customer_id": "who", "ordered_at": "at", "amount": "sum"}}
    load_rows([row(sum=5, at=datetime(2024, 6, 1))], entities=orders)
    load_rows([row(what="view")], entities=EVENTS)
    assert session.rows("SELECT customer_id, known_at FROM customers") == [("ann", AT)]


def test_touchpoints_answers_and_costs(session: DuckDB, load_rows: Load) -> None:
    load_rows(
        [row(kind="sent", campaign="may"), row(kind="opened", campaign="may")],
        entities={
            "touchpoints": {
                "customer_id": "who", "occurred_at": "at", "kind": "kind", "campaign": "campaign",
            }
        },
    )  # fmt: skip
    load_rows(
        [row(q="why", a="gift"), row(q="why", a="price"), row(q="age", a=None)],
        entities={
            "survey_answers": {
                "customer_id": "who", "answered_at": "at", "question": "q", "answer": "a",
            }
        },
    )  # fmt: skip
    load_rows(
        [{"at": AT, "sum": 100, "campaign": "may"}],
        entities={"costs": {"spent_at": "at", "amount": "sum", "campaign": "campaign"}},
    )
    assert session.rows("SELECT kind FROM touchpoints ORDER BY 1") == [("opened",), ("sent",)]
    assert session.rows("SELECT question, answer FROM survey_answers ORDER BY 1, 2") == [
        ("age", None), ("why", "gift"), ("why", "price"),
    ]  # fmt: skip
    assert session.rows("SELECT spent_on, amount, campaign FROM costs") == [(AT.date(), 100, "may")]


def test_of_a_yes_and_a_no_at_once_the_no_holds(session: DuckDB, load_rows: Load) -> None:
    entities = {
        "consents": {
            "customer_id": "who", "channel": "by", "given": "given", "recorded_at": "at",
        }
    }  # fmt: skip
    rows = [row(by="email", given=True), row(by="email", given=False), row(by="sms", given=True)]
    for arrived in (rows, rows[::-1]):
        counts = load_rows(arrived, entities=entities).entities["consents"]
        assert (counts.records, counts.rejected) == (3, 1)
    assert session.rows("SELECT channel, given FROM consents ORDER BY 1") == [
        ("email", False), ("sms", True),
    ]  # fmt: skip


def test_extra_columns_of_facts_are_kept(session: DuckDB, load_rows: Load) -> None:
    load_rows(
        [row(what="view", depth=3)], entities=EVENTS, extras={"events": {"scroll_depth": "depth"}}
    )
    assert session.rows("SELECT scroll_depth FROM events") == [(3,)]
    assert session.rows(
        "SELECT type, source_column, extra FROM loaded_columns WHERE column_name = 'scroll_depth'"
    ) == [("integer", "depth", True)]
