"""Lifetime value: fit and score customers who buy as BG/NBD says, beside `lifetimes`.

`lifetimes` needs an environment of its own, whose Python is named with `--lifetimes`; it gets the
ready summary, a row a customer, and so do we.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

SIZES = (100_000, 1_000_000, 10_000_000)
BESIDE = 1_000_000
"""The size at which the other is run, too."""
HORIZON, DISCOUNT = 365, 0.1


def run(folder: Path, divisor: int, runs: int, lifetimes: str = "") -> None:  # noqa: ARG001
    """Every size in a process of its own; CPU seconds by stage."""
    stages = {}
    print(
        f"{'customers':>12}{'histories':>12}{'group':>8}{'fit':>8}{'values':>8}{'join':>8}  CPU s"
    )
    for size in (each // divisor for each in SIZES):
        command = [sys.executable, "-m", "benchmarks.clv", str(_summary(folder, size))]
        found = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        stages[size] = [float(each) for each in found[:6]]
        groups, *seconds = stages[size]
        print(f"{size:12,}{int(groups):12,}" + "".join(f"{each:8.2f}" for each in seconds))
        print("   ", " ".join(found[6:]))
    small, large = BESIDE // divisor, SIZES[-1] // divisor
    growth = sum(stages[large][2:4]) / sum(stages[small][2:4])
    whole = sum(stages[large][2:5]) / sum(stages[small][2:5])
    print(f"growth to ten times: {growth:.1f} without group and join, {whole:.1f} with the join")
    if lifetimes:
        _beside(lifetimes, _summary(folder, small), sum(stages[small][1:5]))


def _beside(python: str, file: Path, ours: float) -> None:
    done = subprocess.run(
        [python, "-c", THEIRS, str(file), str(HORIZON)], check=True, capture_output=True, text=True
    )
    seconds, *parameters = done.stdout.split()
    print(f"lifetimes {float(seconds):.2f} CPU s, {' '.join(parameters)}")
    print(f"ours over theirs: {ours / float(seconds):.3f}")


THEIRS = """
import sys, time, warnings
warnings.filterwarnings("ignore")
import lifetimes, pandas
rows = pandas.read_parquet(sys.argv[1])
x, tx, t = rows.purchase_days - 1, rows.since_first - rows.since_last, rows.since_first
start = time.process_time()
model = lifetimes.BetaGeoFitter().fit(x, tx, t)
model.conditional_expected_number_of_purchases_up_to_time(float(sys.argv[2]), x, tx, t)
model.conditional_probability_alive(x, tx, t)
print(time.process_time() - start, *(f"{k}={v:.5f}" for k, v in model.params_.items()))
"""


def _summary(folder: Path, customers: int, seed: int = 5) -> Path:
    """One row a customer: purchase days, days since the first and the last, amount paid."""
    name = folder / f"clv_{customers}_{seed}.parquet"
    if name.exists():
        return name
    folder.mkdir(parents=True, exist_ok=True)
    draw = np.random.default_rng(seed)
    age = draw.integers(1, 731, customers).astype(float)
    rate = np.maximum(draw.gamma(0.243, 1 / 30.9, customers), 1e-12)
    leaves = draw.beta(0.793, 2.426, customers)
    count, last = np.ones(customers, np.int64), np.zeros(customers)
    there, at = np.arange(customers), np.zeros(customers)
    while len(there):
        at = at + draw.standard_exponential(len(there)) / rate[there]
        inside = at < age[there]
        there, at = there[inside], at[inside]
        count[there] += 1
        last[there] = at
        stays = draw.random(len(there)) >= leaves[there]
        there, at = there[stays], at[stays]
    spent = draw.gamma(6.0 * count) / draw.gamma(4.0, 1 / 15.0, customers)
    table = pa.table({
        "customer_no": np.arange(customers),
        "purchase_days": count,
        "since_first": age.astype(np.int64),
        "since_last": (age - np.ceil(last)).astype(np.int64),
        "spent": np.maximum(spent.round(2), 0.01),
    })  # fmt: skip
    pq.write_table(table, name)
    return name


def measured(file: str) -> None:
    """Print groups, then CPU seconds of grouping, fitting, values of groups, join, Pareto/NBD."""
    import scipy.optimize
    import scipy.special  # noqa: F401

    from segmentry.core.time import AsOf
    from segmentry.engines.duckdb import DuckDB
    from segmentry.models.clv.bg_nbd import BgNbd
    from segmentry.models.clv.counts import History
    from segmentry.models.clv.estimate import fit
    from segmentry.models.clv.gamma_gamma import fit_spending
    from segmentry.models.clv.outlook import outlook
    from segmentry.models.clv.pareto_nbd import ParetoNbd

    with DuckDB() as desk:
        desk.create("summary", f"SELECT * FROM read_parquet('{file}')", temporary=True)
        now = History(desk, "summary", AsOf.parse("2026-01-01", "UTC"))
        marks = [time.process_time()]
        every, spending = now.purchases(), now.spending()
        rows = now.cells(every)
        marks.append(time.process_time())
        found, spend = fit(BgNbd.start(rows), rows), fit_spending(spending)
        marks.append(time.process_time())
        ahead = outlook(found.model, every, HORIZON, DISCOUNT)
        marks.append(time.process_time())
        values = {
            "discounted": ahead.discounted,
            "clv_orders": ahead.orders,
            "clv_alive": ahead.alive,
            "clv_next_days": pa.array(ahead.next_days, from_pandas=True),
        }
        now.joined(every, values, spend.model if spend else None)
        marks.append(time.process_time())
        pareto = fit(ParetoNbd.start(rows), rows).parameters
        marks.append(time.process_time())
    print(len(every), *np.diff(marks), "rows:", len(rows), len(spending.frequency))
    print(*(f"{name}={value:.5f}" for name, value in pareto.items()))
    print(*(f"{name}={value:.5f}" for name, value in found.parameters.items()))


if __name__ == "__main__":
    measured(sys.argv[1])
