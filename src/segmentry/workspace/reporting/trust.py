"""How far the data can be believed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from segmentry.data.checks import CheckResult, Severity
from segmentry.data.checks.texts import column_name, table_name
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
        treatments=tuple(_treatments(asked)),
        locked=tuple(_locked(asked)),
        merged=_merged(asked),
    )


def _check(asked: Asking, each: CheckResult) -> shown.CheckView:
    language = asked.words.language
    return shown.CheckView(
        name=each.name,
        label=each.texts.label(language),
        entity=table_name(asked.words, each.entity),
        severity=SEVERITIES[each.severity],
        passed=each.passed,
        failing=each.failing,
        of=each.of,
        message=each.sentence(language),
        fix=each.texts.fix(language),
        trend=(*(past.failing / past.of for past in each.trend if past.of), each.share),
    )


def _loads(asked: Asking) -> Iterator[shown.LoadView]:
    for source, entity, records, accepted, unchanged, rejected in asked.engine.rows(
        "SELECT source, entity, records, accepted, unchanged, rejected FROM loads"
        " WHERE entity <> 'scores'"
        " ORDER BY load_id, entity"
    ):
        yield shown.LoadView(
            source=source,
            entity=table_name(asked.words, entity),
            records=records,
            accepted=accepted,
            unchanged=unchanged,
            rejected=rejected,
        )


def _treatments(asked: Asking) -> Iterator[shown.Treatment]:
    for kind, count, entity, policy in asked.engine.rows(
        "SELECT kind, sum(records)::BIGINT, any_value(entity), policy FROM treatments"
        " GROUP BY kind, policy ORDER BY 2 DESC, kind"
    ):
        said = _policy(asked, entity, policy)
        yield shown.Treatment(label=asked.words(f"treatments.{kind}"), count=count, policy=said)


def _policy(asked: Asking, entity: str, policy: str) -> str:
    """What was done; of a cleaned column its name, and what was done to its values."""
    column, _, step = policy.rpartition(": ")
    if not column:
        return asked.words(f"policies.{policy.replace(' ', '_')}")
    named = column_name(asked.words, entity, column)
    return asked.words("policies.cleaned", column=named, step=asked.words(f"cleaning.{step}"))


def _locked(asked: Asking) -> Iterator[shown.LockedColumn]:
    """Locked columns of customers, with what they are about."""
    standings = {each.unlocking: each for each in asked.workspace.sensitive.fields()}
    for name, unlocking in sorted(asked.features.schema.locked.items()):
        if unlocking in standings:
            about = asked.words(f"sensitive.{standings[unlocking].recognised.category}")
            yield shown.LockedColumn(column_name(asked.words, "customers", name), about)


def _merged(asked: Asking) -> int:
    """Records that count for another customer, because somebody decided so."""
    return int(asked.engine.value("SELECT count(*) FROM customer_links") or 0)
