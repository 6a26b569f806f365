"""What a workspace shows to those who ask, so that two of them can be compared."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from segmentry.data.entity import ENTITIES
from segmentry.features.compile import CUSTOMERS
from segmentry.segments.segment import RECORDED
from segmentry.workspace import history
from segmentry.workspace.workspace import Workspace

HASTY = (".new", ".tmp", ".partial")
"""Endings of files that are being written."""
FEW = ("recency_days", "frequency", "monetary", "median_gap_days", "rfm_group")


@dataclass(frozen=True)
class Seen:
    """A workspace as it answers.

    Args:
        answers: What was asked → a digest of the answer, or the answer itself where it is short.
        books: For each load and entity: records, accepted, unchanged, rejected.
        runs: How each run ended, oldest first.
    """

    answers: dict[str, str]
    books: list[tuple[int, str, int, int, int, int]]
    runs: list[str]


def seen(folder: Path) -> Seen:
    """Ask a workspace everything; opens it as any command would."""
    if not (folder / "segmentry.yaml").exists():
        return Seen({"there": "nothing"}, [], [])
    with Workspace.open(folder) as workspace:
        answers = dict(_answers(workspace))
        books = workspace.engine.rows(
            "SELECT load_id, entity, records, accepted, unchanged, rejected FROM loads ORDER BY ALL"
        )
        runs = [str(each["status"]) for each in reversed(workspace.catalogue.runs.latest(1000))]
    return Seen(answers, books, runs)


def _answers(workspace: Workspace) -> Iterator[tuple[str, str]]:
    yield "settings", workspace.settings.model_dump_json()
    for entity in ENTITIES:
        if entity in workspace.engine.tables():
            rows = workspace.engine.rows(
                f'SELECT count(*), bit_xor(hash(t))::VARCHAR FROM "{entity}" AS t'
            )
            yield f"facts: {entity}", str(rows[0])
    yield (
        "books",
        str(
            workspace.engine.rows(
                "SELECT load_id, source, entity, records, accepted, updated, unchanged, rejected"
                " FROM loads ORDER BY ALL"
            )
        ),
    )
    yield (
        "refused",
        str(workspace.engine.rows("SELECT * EXCLUDE (record) FROM rejected_records ORDER BY ALL")),
    )
    yield "definitions", _digest(str(sorted(workspace.definitions.texts().items())))
    yield "lists", str([(each.name, each.members) for each in workspace.lists.all()])
    yield "entries", str([workspace.lists.entries(each.name) for each in workspace.lists.all()])
    yield (
        "decisions",
        str(
            [(each.kind, each.customers, each.undone_by) for each in workspace.duplicates.history()]
        ),
    )
    if workspace.data_through() is not None:
        yield from _computed(workspace)


def _computed(workspace: Workspace) -> Iterator[tuple[str, str]]:
    yield "features", _features(workspace)
    for each in workspace.segments():
        yield f"members: {each.name}", _rows(each.members().to_arrow())
        yield f"history: {each.name}", str(each.history())
    for each in workspace.segmentations():
        if each.family in RECORDED:
            yield f"sizes: {each.name}", str(history.sizes(workspace.engine, each.feature))
            first = each.groups[0].name
            found = history.points(workspace.engine, each.feature, first)
            yield f"history: {each.name}/{first}", _digest(str(found))


def _features(workspace: Workspace) -> str:
    """All of them where a refresh has kept them; else a few, which are computed from the facts."""
    kept = workspace.customers().source != CUSTOMERS
    return _rows((workspace.table() if kept else workspace.columns(FEW)).to_arrow())


def leftovers(folder: Path) -> list[str]:
    """Files that somebody was writing and nobody finished."""
    return sorted(
        str(each.relative_to(folder))
        for each in folder.rglob("*")
        if each.name.endswith(HASTY) or (each.is_file() and each.name.startswith("."))
    )


def _rows(table: pa.Table) -> str:
    return f"{table.num_rows} rows {_digest(str(table.to_pydict()))}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
