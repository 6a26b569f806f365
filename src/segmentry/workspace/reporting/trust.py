"""How far the data can be believed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from segmentry.data.checks import CheckResult, Severity
from segmentry.report import content as shown
from segmentry.workspace.reporting.asking import Asking

SEVERITIES: Mapping[Severity, shown.Severity] = {
    Severity.INFO: "info",
    Severity.WARNING: "warn",
    Severity.ERROR: "error",
}


def trust(asked: Asking) -> shown.Trust:
    """Checks, loads, treatments, locked columns and duplicates."""
    score, results = asked.workspace.check(asked.as_of)
    return shown.Trust(
        score=score.score,
        checks=tuple(_check(asked, each) for each in results),
        loads=tuple(_loads(asked)),
        treatments=tuple(
            shown.Treatment(label=kind.replace("_", " "), count=count, policy=policy)
            for kind, count, policy in asked.engine.rows(
                "SELECT kind, sum(records)::BIGINT, policy FROM treatments"
                " GROUP BY kind, policy ORDER BY 2 DESC, kind"
            )
        ),
        locked=tuple(
            shown.LockedColumn(name, asked.features.schema.sensitive[unlocking])
            for name, unlocking in sorted(asked.features.schema.locked.items())
            if unlocking in asked.features.schema.sensitive
        ),
        merged=_merged(asked),
    )


def _check(asked: Asking, each: CheckResult) -> shown.CheckView:
    return shown.CheckView(
        name=each.name,
        label=each.name.replace("_", " ").capitalize(),
        entity=_table(asked, each.entity),
        severity=SEVERITIES[each.severity],
        passed=each.passed,
        failing=each.failing,
        of=each.of,
        message=each.sentence(),
        trend=(*(past.failing / past.of for past in each.trend if past.of), each.share),
    )


def _loads(asked: Asking) -> Iterator[shown.LoadView]:
    for source, entity, records, accepted, unchanged, rejected in asked.engine.rows(
        "SELECT source, entity, records, accepted, unchanged, rejected FROM loads"
        " ORDER BY load_id, entity"
    ):
        yield shown.LoadView(
            source=source,
            entity=_table(asked, entity),
            records=records,
            accepted=accepted,
            unchanged=unchanged,
            rejected=rejected,
        )


def _table(asked: Asking, entity: str) -> str:
    key = f"entities.{entity}"
    return asked.words(key) if key in asked.words else entity.replace("_", " ")


def _merged(asked: Asking) -> int:
    """Records that count for another customer, because somebody decided so."""
    return int(asked.engine.value("SELECT count(*) FROM customer_links") or 0)
