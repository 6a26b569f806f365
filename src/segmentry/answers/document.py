"""The shapes that other programs rely on: what each `--json` document holds.

Described in docs/reference/json.md, one schema each in docs/reference/schemas/. Fields may be
added; none is renamed or taken away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from segmentry.answers.plain import Document, instant, placed
from segmentry.core.time import AsOf

if TYPE_CHECKING:
    from segmentry.data.checks import CheckResult, Trust
    from segmentry.features.known import Features
    from segmentry.segments.effect import Effect, Moved
    from segmentry.segments.explain import Explanation
    from segmentry.segments.preview import ConditionCount, Preview
    from segmentry.workspace.bound_segment import BoundSegment
    from segmentry.workspace.division import Division
    from segmentry.workspace.history import Point
    from segmentry.workspace.loading import Loaded
    from segmentry.workspace.wording import Wording

COUNTS = ("records", "accepted", "updated", "unchanged", "rejected")


# loading


def loaded(result: Loaded) -> Document:
    """What became of one source."""
    return {
        "source": result.source,
        "entities": {
            name: {count: getattr(each, count) for count in COUNTS}
            for name, each in result.entities.items()
        },
        "rejected_file": _path(result.rejected_file),
        "mapping_file": _path(result.mapping_file),
        "treatments": [
            {
                "entity": each.entity,
                "kind": each.kind,
                "records": each.records,
                "policy": each.policy,
            }
            for each in result.treatments
        ],
        "notices": list(result.notices),
        "dry_run": result.rehearsed,
    }


def all_loaded(files: list[Document], *, dry_run: bool) -> Document:
    """What became of several sources: counts summed by entity, and each by itself in `files`."""
    done = [each for each in files if "error" not in each]
    errors = [each["error"] for each in files if "error" in each]
    summed: dict[str, dict[str, int]] = {}
    for each in done:
        for name, counts in each["entities"].items():
            total = summed.setdefault(name, dict.fromkeys(COUNTS, 0))
            for count in COUNTS:
                total[count] += counts[count]
    return {
        "entities": summed,
        "rejected_file": _first(done, "rejected_file"),
        "mapping_file": _first(done, "mapping_file"),
        "treatments": [treated for each in done for treated in each["treatments"]],
        "notices": [notice for each in done for notice in each["notices"]],
        "dry_run": dry_run,
        "files": files,
    } | ({"error": errors[0]} if errors else {})


def _first(files: Iterable[Document], field: str) -> str | None:
    return next((each[field] for each in files if each[field]), None)


def _path(path: object) -> str | None:
    return None if path is None else str(path)


# checking


def check(
    trust: Trust, results: Iterable[CheckResult], basis: Document, zone: str, language: str = "en"
) -> Document:
    """The trust score and every check."""
    return basis | {
        "trust": trust.score,
        "checks": [
            {
                "name": each.name,
                "entity": each.entity,
                "severity": str(each.severity),
                "passed": each.passed,
                "failing": each.failing,
                "of": each.of,
                "message": each.sentence(language),
                "fix": each.texts.fix(language),
                "sample": [_placed(row, zone) for row in each.sample],
                "trend": [
                    {"run_at": instant(past.run_at), "failing": past.failing, "of": past.of}
                    for past in each.trend
                ],
            }
            for each in results
        ],
    }


# knowing and dividing


def features(found: Features, traits: Iterable[str], wording: Wording) -> Document:
    """What is known of customers, and what would unlock the rest."""
    known = [
        {
            "name": each.name,
            "kind": each.declaration.kind,
            "label": wording.feature(each.name),
            "type": each.field.type.value,
            "unit": each.declaration.unit,
            "theme": each.declaration.theme,
            "description": each.declaration.description,
            "expression": each.declaration.expression,
            "columns": found.columns(each.name),
        }
        for each in found.shown
    ]
    kept = [
        {
            "name": name,
            "kind": "trait",
            "label": wording.feature(name),
            "type": found.schema.features[name].type.value,
            "unit": "",
            "theme": "traits",
            "description": "",
            "expression": name,
            "columns": found.columns(name),
        }
        for name in traits
    ]
    locked = [{"name": name, "unlock": unlock} for name, unlock in found.schema.locked.items()]
    return {"features": known + kept, "locked": locked}


def division(found: Division, wording: Wording, basis: Document) -> Document:
    """A segmentation: its groups, and why their limits are what they are."""
    return {
        "name": found.name,
        "label": wording.segmentation(found.segmentation),
        **basis,
        "as_of": found.as_of,
        "customers": found.customers,
        "mean": dict(found.mean),
        "groups": [
            {
                "name": each.name,
                "label": wording.group(found.segmentation, each.name),
                "rule": found.segmentation.rule_of(each.name),
                "customers": each.customers,
                "customer_share": each.customer_share,
                "revenue_amount": each.revenue_amount,
                "revenue_share": each.revenue_share,
            }
            for each in found.groups
        ],
        "reasons": wording.reasons(found),
    }


# segments


def segment(bound: BoundSegment, sentence: str) -> Document:
    """A segment as it was declared."""
    declared = bound.declared
    return {
        "name": declared.name,
        "label": declared.label,
        "folder": declared.folder,
        "rule": declared.rule,
        "version": declared.version,
        "sentence": sentence,
    }


def preview(rule: str, found: Preview, sentence: str, basis: Document) -> Document:
    """Exact counts of a rule."""
    return {
        "rule": rule,
        **basis,
        "as_of": found.as_of,
        "customers": found.customers,
        "of": found.of,
        "missing_decided": found.missing_decided,
        "conditions": _counted(found.conditions),
        "kept": _counted(found.kept),
        "sentence": sentence,
        "sql": found.sql,
    }


def _counted(conditions: Iterable[ConditionCount]) -> list[Document]:
    return [{"text": each.text, "customers": each.customers} for each in conditions]


def explanation(found: Explanation, timezone: str) -> Document:
    """Why a customer is in a segment or not."""
    return {
        "customer_id": found.customer_id,
        "as_of": found.as_of,
        "member": found.member,
        "conditions": [
            {
                "text": each.text,
                "met": each.met,
                "value": placed(each.value, timezone),
                "decisive": each.decisive,
                "change": each.change,
                "evidence": [_placed(row, timezone) for row in each.evidence],
            }
            for each in found.conditions
        ],
    }


def _placed(row: Mapping[str, Any], timezone: str) -> Document:
    return {name: placed(value, timezone) for name, value in row.items()}


def history(points: Iterable[Point], timezone: str) -> list[Document]:
    """A segment's size at each point, and the changes since the point before, by cause."""
    return [
        {
            "as_of": str(AsOf(each.as_of, timezone)),
            "customers": each.customers,
            "of": each.of,
            "revenue_amount": each.revenue_amount,
            "entered": dict(each.entered),
            "left": dict(each.left),
        }
        for each in points
    ]


def effect(found: Effect) -> Document:
    """Who would enter, leave and stay, and the revenue each part has brought."""
    return {
        "as_of": found.as_of,
        "enter": _moved(found.enter),
        "leave": _moved(found.leave),
        "stay": _moved(found.stay),
    }


def _moved(found: Moved) -> Document:
    return {
        "customers": found.customers,
        "revenue_amount": found.revenue_amount,
        "sample": list(found.sample),
    }


# runs


def run(found: Mapping[str, Any]) -> Document:
    """A run with its steps."""
    started, ended = found["started_at"], found["ended_at"]
    return {
        "id": found["id"],
        "kind": found["kind"],
        "as_of": found["as_of"],
        "status": found["status"],
        "started_at": instant(started),
        "ended_at": instant(ended),
        "seconds": (ended - started).total_seconds() if ended else None,
        "problem": found["problem"] or "",
        "asked_by": found["asked_by"],
        "result": found["result"],
        "steps": [
            {
                "name": each["name"],
                "status": each["status"],
                "seconds": each["seconds"],
                "problem": each["problem"] or "",
            }
            for each in found["steps"]
        ],
    }
