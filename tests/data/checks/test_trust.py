"""The trust score: bounded, monotone, explained."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from segmentry.data.checks.check import CheckResult, Severity
from segmentry.data.checks.texts import Texts
from segmentry.data.checks.trust import trust

ODD = Texts("stray_dates", "orders")
SAID = "happened years before or after all others"


def result(
    failing: int, of: int, severity: Severity = Severity.ERROR, tolerance: float = 0
) -> CheckResult:
    return CheckResult("stray_dates", "orders", severity, ODD, failing, of, tolerance)


RESULTS = st.builds(
    lambda of, share, severity, tolerance: result(int(of * share), of, severity, tolerance),
    st.integers(0, 1000),
    st.floats(0, 1),
    st.sampled_from(Severity),
    st.floats(0, 0.5),
)


def test_nothing_failing_is_a_hundred() -> None:
    assert trust([result(0, 10), result(0, 0)]).score == 100
    assert trust([result(0, 10)]).reasons == ()


def test_one_failing_row_among_many_is_seen() -> None:
    assert trust([result(1, 1_000_000)]).score == 99
    assert trust([result(1, 100)]).score == 96
    assert trust([result(100, 100)]).score == 60


def test_what_is_tolerated_costs_nothing() -> None:
    assert trust([result(5, 100, tolerance=0.05)]).score == 100


def test_reasons_come_dearest_first() -> None:
    found = trust([result(1, 10, Severity.INFO), result(1, 10), result(1, 10, Severity.WARNING)])
    assert found.reasons == (f"1 of 10 orders {SAID}.",) * 3
    several = trust([result(1, 10, Severity.INFO), result(2, 10)])
    assert several.reasons == (f"2 of 10 orders {SAID}.", f"1 of 10 orders {SAID}.")


@given(st.lists(RESULTS, max_size=20), RESULTS)
def test_more_failing_never_scores_higher(others: list[CheckResult], one: CheckResult) -> None:
    worse = result(one.of, one.of, one.severity, one.tolerance)
    scores = [trust([*others, worse]).score, trust([*others, one]).score, trust(others).score]
    assert scores == sorted(scores)
    assert 0 <= scores[0] <= 100
