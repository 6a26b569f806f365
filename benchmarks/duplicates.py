"""Duplicates among a hundred thousand customers in three languages: how well, how fast."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.people import customers
from segmentry.workspace.workspace import Workspace


@dataclass(frozen=True)
class Found:
    """Pairs of records that were made one customer, against those that are one."""

    precision: float
    recall: float
    seconds: float


def run(_: Path, divisor: int, runs: int) -> None:
    """Search and merge, and count the pairs that were joined rightly, wrongly and not."""
    records = 100_000 // divisor
    print(f"Duplicates, {records:,} customers, Ukrainian, Polish and English, on two cores")
    print("| seed | precision | recall | seconds |\n|---|---|---|---|")
    for seed in range(20, 20 + runs):
        found = search(records, seed)
        print(f"| {seed} | {found.precision:.4f} | {found.recall:.4f} | {found.seconds:.1f} |")


def search(records: int, seed: int) -> Found:
    """Plant duplicates in a new workspace, search, and merge all that is suggested."""
    table, persons = customers(records, seed)
    with tempfile.TemporaryDirectory() as folder:
        shop = Workspace.create(Path(folder) / "shop")
        shop.settings = shop.settings.model_copy(update={"threads": 2})
        with shop:
            shop.load(customers=table)
            started = time.perf_counter()
            shop.duplicates.find()
            shop.duplicates.merge_all()
            seconds = time.perf_counter() - started
            return Found(*_quality(shop, table.column("customer_id").to_pylist(), persons), seconds)


def _quality(shop: Workspace, ids: list[str], persons: list[int]) -> tuple[float, float]:
    person = dict(zip(ids, persons, strict=True))
    joined = shop.engine.rows(
        "WITH p AS (SELECT customer_id, person_no FROM customer_persons"
        " JOIN customers USING (customer_no))"
        " SELECT a.customer_id, b.customer_id FROM p a JOIN p b"
        " ON a.person_no = b.person_no AND a.customer_id < b.customer_id"
    )
    right = sum(person[one] == person[other] for one, other in joined)
    _, copies = np.unique(persons, return_counts=True)
    return right / max(len(joined), 1), right / int((copies * (copies - 1) // 2).sum())
