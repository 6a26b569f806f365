"""What a model takes over a large workspace: learning from its past, then scoring everybody.

Each question is asked in a process of its own and nothing is kept in the workspace.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.scale.clock import spent
from segmentry.features.customers import Customers
from segmentry.models.clv import lifetime
from segmentry.models.declaration import Model
from segmentry.models.prediction import fitted
from segmentry.workspace.workspace import Workspace

QUESTIONS = ("churn", "buys_again", "spend", "clv")
MEGABYTE = 1024


def run(workspace: Path) -> None:
    """Ask each question of a workspace."""
    print(f"{'':12}{'fit CPU s':>11}{'fit s':>8}{'score CPU s':>13}{'score s':>9}{'peak MB':>9}")
    for question in QUESTIONS:
        command = [sys.executable, "-m", "benchmarks.models", str(workspace), question]
        subprocess.run(command, check=True)


def ask(folder: str, question: str) -> None:
    """Fit a model as of the newest data, score with it, and print what both took."""
    took: list[float] = []
    with Workspace.open(folder) as workspace:
        model = Model(name="asked", question=question, horizon_days=60)
        with _taking(took):
            found = _fit(workspace, model)
        with _taking(took):
            scored = len(found.scores(workspace.customers()))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE
    fit, fit_s, score, score_s = took
    print(
        f"{question:12}{fit:11.1f}{fit_s:8.1f}{score:13.1f}{score_s:9.1f}{peak:9,.0f}"
        f"   {scored:,} scored",
        flush=True,
    )


def _fit(workspace: Workspace, model: Model) -> Any:
    customers: Customers = workspace.customers()
    if model.question == "clv":
        return lifetime.fit(customers, model.ahead_days, float(model.yearly_discount), model.method)
    return fitted.fit(workspace.customers, model.target(), customers.as_of, sample=model.sample)


@contextmanager
def _taking(took: list[float]) -> Iterator[None]:
    cpu, wall = spent(), time.perf_counter()
    yield
    took += [spent() - cpu, time.perf_counter() - wall]


if __name__ == "__main__":
    ask(*sys.argv[1:])
